from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from counterfoil.errors import LeakFound, MappingError, TrainingRefused
from counterfoil.history.fold import Fold
from counterfoil.history.views import About
from counterfoil.ingest.mapping import parse_mapping
from counterfoil.model.dataset import Dataset
from counterfoil.model.groups import HUB, linked
from counterfoil.model.leaks import refuse_columns, refuse_labels, refuse_split
from counterfoil.model.lineage import Lineage
from tests.model import small
from tests.worlds import at, listing, subject

TRAIN, TEST = np.array([0, 1]), np.array([2, 3])
DAY = 86_400_000_000
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """What a split is judged by."""

    lineage: Lineage
    sellers: Ints
    groups: Ints
    known_at: Ints
    label_known_at: Ints


def about(seller: str | None, title: str, *, image: str | None = None, contact: str | None = None) -> About:
    shown: dict[str, Any] = {"contact_hashes": [contact]} if contact is not None else {}
    images = [{"sha256": image}] if image is not None else []
    return Fold().about(subject(listing(None, title=title, images=images), seller, **shown), at(0))


def rows(*about: About) -> Rows:
    """The rows as a split would see them that nobody grouped: each is its own group."""
    sellers = [one.subject.seller.seller_id if one.subject.seller is not None else "" for one in about]
    numbers = np.array([sorted(set(sellers)).index(one) if one else -1 for one in sellers])
    alone = np.arange(len(about))
    return Rows(Lineage.of(about), numbers, alone, np.zeros_like(alone), np.full(len(about), -1))


STRANGERS = rows(about("a", "áo một"), about("b", "quần hai"), about("c", "mũ ba"), about("d", "giày bốn"))


def split(data: Rows, train: Ints = TRAIN, test: Ints = TEST, **more: Any) -> None:
    refuse_split(cast(Dataset, data), train, test, **more)


def test_strangers_may_be_parted() -> None:
    split(STRANGERS)


# Six leaks, each planted in rows that are let through without it.


def test_a_seller_on_both_sides_is_refused() -> None:
    leak = rows(about("a", "áo một"), about("b", "quần hai"), about("c", "mũ ba"), about("a", "giày bốn"))
    with pytest.raises(
        LeakFound, match=r"^leak same_seller: got 1 test rows \(the first is row 3\) that have the same"
    ):
        split(leak)


def test_a_seller_is_known_by_the_id_where_the_numbers_say_nothing() -> None:
    leak = rows(about("a", "áo một"), about("b", "quần hai"), about("c", "mũ ba"), about("a", "giày bốn"))
    with pytest.raises(LeakFound, match="leak same_seller"):
        split(replace(leak, sellers=np.full(4, -1)))


def test_a_seller_is_known_by_the_number_where_nothing_else_is_told() -> None:
    with pytest.raises(LeakFound, match="leak same_seller"):
        split(replace(STRANGERS, sellers=np.array([0, 1, 1, 2])))


@pytest.mark.parametrize("shared", ["contact", "image"])
def test_sellers_with_a_contact_or_an_image_in_common_are_refused(shared: str) -> None:
    mark: dict[str, Any] = {shared: "ab" * 16 if shared == "image" else f"tel:k1:{1:032x}"}
    leak = rows(
        about("a", "áo một", **mark), about("b", "quần hai"), about("c", "mũ ba", **mark), about("d", "giày bốn")
    )
    with pytest.raises(LeakFound, match=rf"^leak linked_seller: got 1 test rows .*row 2\) that have an? {shared} in"):
        split(leak)


def test_sellers_linked_through_others_are_refused() -> None:
    with pytest.raises(LeakFound, match=r"^leak linked_seller: .*linked through others"):
        split(replace(STRANGERS, groups=np.array([0, 1, 2, 0])))


@pytest.mark.parametrize(
    ("title", "what"),
    [("Sạc nhanh 25w CHÍNH HÃNG samsung cu", "of the same words"), ("Củ sạc nhanh samsung 25W", "nearly")],
)
def test_a_near_duplicate_title_is_refused(title: str, what: str) -> None:
    told = about("a", "Củ sạc nhanh Samsung 25W chính hãng")
    leak = rows(told, about("b", "quần hai"), about("c", "mũ ba"), about("d", title + " chính" * (what == "nearly")))
    with pytest.raises(LeakFound, match=rf"^leak near_duplicate_title: got 1 test rows .*row 3\).*{what}"):
        split(leak)


def test_a_label_known_before_its_listing_is_refused() -> None:
    early = replace(STRANGERS, known_at=np.full(4, 5 * DAY), label_known_at=np.array([-1, 6 * DAY, 4 * DAY, -1]))
    with pytest.raises(LeakFound, match=r"^leak label_before_known_at: got 1 labels that were known before"):
        split(early)


def test_a_training_label_from_after_the_cut_off_is_refused() -> None:
    late = replace(STRANGERS, label_known_at=np.array([9 * DAY, 2 * DAY, 30 * DAY, -1]))
    split(late)
    split(late, cut_off=9 * DAY)
    with pytest.raises(
        LeakFound, match=r"^leak label_before_known_at: got 1 training labels .* after 1970-01-09, where"
    ):
        split(late, cut_off=8 * DAY)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 9)), max_size=8), st.none() | st.integers(0, 9))
def test_labels_are_refused_when_one_is_early_or_late_and_only_then(
    times: list[tuple[int, int]], cut_off: int | None
) -> None:
    known_at, label = np.array([pair[0] for pair in times]), np.array([pair[1] for pair in times])
    wrong = any(told >= 0 and (told < seen or (cut_off is not None and told > cut_off)) for seen, told in times)
    if wrong:
        with pytest.raises(LeakFound, match="label_before_known_at"):
            refuse_labels(known_at, label, cut_off)
    else:
        refuse_labels(known_at, label, cut_off)


DICE = np.random.default_rng(1)
TARGET = DICE.integers(0, 2, 400)
TIMES = np.sort(DICE.integers(0, 90 * DAY, 400))
# A strong sign, as real ones are: AUC .95.
STRONG = TARGET * 2.3 + DICE.normal(size=400)
NOISE = DICE.normal(size=400)


def columns(*added: NDArray[Any], target: Ints = TARGET, known_at: Ints = TIMES) -> None:
    values = np.column_stack([STRONG, NOISE, np.ones(400), np.full(400, np.nan), *added]).astype(np.float64)
    refuse_columns(values, ["strong", "noise", "one", "none", "added"][: values.shape[1]], target, known_at)


def test_strong_signs_and_gaps_that_say_a_little_are_let_through() -> None:
    columns()
    columns(np.where(DICE.random(400) < 0.2 + 0.6 * TARGET, np.nan, NOISE))


def test_a_sign_that_few_copies_show_may_tell_those_apart() -> None:
    few = np.cumsum(TARGET) <= 0.3 * TARGET.sum()
    columns(np.where((TARGET == 1) & ~few, np.nan, TARGET * 1.0))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_column_that_repeats_the_target_is_refused(sign: int) -> None:
    with pytest.raises(LeakFound, match=r"^leak target_in_column: got column 'added', whose values tell the target"):
        columns(sign * TARGET + DICE.normal(scale=0.1, size=400))


def test_a_column_missing_where_the_target_is_one_is_refused() -> None:
    with pytest.raises(LeakFound, match=r"^leak target_in_column: got column 'added', whose gaps tell the target"):
        columns(np.where(TARGET == 1, np.nan, NOISE))


def test_a_mapping_whose_label_fills_a_field_is_refused_when_it_is_read() -> None:
    text = """
        about = "a file with the label in a field"
        [file]
        format = "csv"
        time_zone = "UTC"
        [fields]
        "listing.title" = "title"
        "listing.attributes.state" = "removed"
        [label]
        column = "removed"
        positive = ["1"]
        meaning = "taken down by the platform later"
    """
    with pytest.raises(MappingError, match="'removed' as label and as field"):
        parse_mapping(text, "leaking")


@pytest.mark.parametrize("sign", [1, -1])
def test_a_column_that_numbers_the_rows_is_refused(sign: int) -> None:
    with pytest.raises(LeakFound, match=r"^leak row_order: got column 'added', which numbers the rows"):
        columns(sign * (np.arange(400) * 3.0 + DICE.random(400)))


def test_a_column_that_numbers_the_rows_by_known_at_is_refused() -> None:
    times = DICE.permutation(400) * DAY
    with pytest.raises(LeakFound, match=r"^leak row_order: got column 'added', which numbers the rows"):
        columns(times / 7.0, known_at=times)


@pytest.mark.parametrize("order", [TARGET, 1 - TARGET])
def test_rows_sorted_by_label_are_refused(order: Ints) -> None:
    by_label = np.argsort(order, kind="stable")
    values = np.column_stack([STRONG, NOISE])[by_label]
    at_once = np.zeros(400, dtype=np.int64)
    with pytest.raises(LeakFound, match=r"^leak row_order: got rows whose place in the file tells the target"):
        refuse_columns(values, ["strong", "noise"], TARGET[by_label], at_once)


def test_rows_whose_known_at_tells_the_label_are_refused() -> None:
    with pytest.raises(LeakFound, match=r"^leak row_order: got rows whose known_at tells the target"):
        columns(known_at=TARGET * DAY)


def test_few_rows_of_a_class_prove_nothing() -> None:
    few = (np.arange(400) < 19).astype(np.int64)
    columns(few * 1.0, target=few)


def test_a_leak_is_a_refused_training() -> None:
    assert issubclass(LeakFound, TrainingRefused)


# Honest rows are let through.


def test_the_columns_of_a_made_up_market_are_let_through() -> None:
    data = small.dataset()
    refuse_columns(data.values, data.features.names, data.target, data.known_at)


MARKS = st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))


@given(st.lists(MARKS, min_size=2, max_size=14), st.randoms())
def test_a_split_by_linked_groups_is_never_refused(cells: list[tuple[int, int, int, int]], dice: Any) -> None:
    told = [
        about(f"s{s}", f"áo thun nam cổ tròn {t}", image=f"{i:064x}", contact=f"tel:k1:{c:032x}")
        for s, t, i, c in cells
    ]
    groups, lineage = linked(told)
    data = replace(rows(*told), groups=groups, lineage=lineage)
    side = {group: dice.random() < 0.5 for group in set(groups.tolist())}
    first = np.array([side[group] for group in groups.tolist()])
    split(data, np.flatnonzero(first), np.flatnonzero(~first))


def test_a_contact_that_links_nobody_is_no_leak() -> None:
    courier = [about(f"s{i}", f"{i} áo {i} cái", contact=f"tel:k1:{1:032x}") for i in range(HUB + 1)]
    groups, lineage = linked(courier)
    data = replace(rows(*courier), groups=groups, lineage=lineage)
    split(data, np.arange(10), np.arange(10, HUB + 1))


def test_sixty_thousand_rows_are_asked_in_a_moment() -> None:
    dice, count = np.random.default_rng(0), 60_000
    whole = Lineage.of([about(f"s{i}", f"áo {i} cái", image=f"{i:064x}") for i in range(200)]).rows(
        np.arange(count) % 200
    )
    numbers = np.arange(count) % 200
    data = Rows(whole, numbers, numbers, np.zeros_like(numbers), np.full(count, -1))
    side = dice.random(200) < 0.8
    train, test = np.flatnonzero(side[numbers]), np.flatnonzero(~side[numbers])
    times = []
    for _ in range(5):
        start = time.perf_counter()
        split(data, train, test)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05
