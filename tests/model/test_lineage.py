from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.errors import BundleMismatch
from counterfoil.history.fold import Fold
from counterfoil.history.views import About
from counterfoil.model.groups import HUB, linked
from counterfoil.model.lineage import Lineage
from counterfoil.model.marks import Marks
from counterfoil.model.trained_on import TrainedOn
from tests.worlds import at, listing, subject


def about(seller: str | None, title: str, *, image: int | None = None, contact: int | None = None) -> About:
    shown: dict[str, Any] = {"contact_hashes": [f"tel:k1:{contact:032x}"]} if contact is not None else {}
    images = [{"sha256": f"{image:064x}"}] if image is not None else []
    return Fold().about(subject(listing(None, title=title, images=images), seller, **shown), at(0))


LEARNT = [
    about("a", "Củ sạc nhanh Samsung 25W chính hãng", image=1, contact=1),
    about("b", "Giày thể thao nam", image=2),
    about("b", "Giày thể thao nam", contact=2),
    about(None, "Dép đi trong nhà"),
]


def met(trained: TrainedOn, *asked: About) -> dict[str, list[bool]]:
    return {kind: rows.tolist() for kind, rows in trained.overlap(asked).items()}


def test_a_row_is_known_again_by_each_kind_alone() -> None:
    asked = [
        about("a", "mũ len"),
        about("x", "mũ len", contact=2),
        about("x", "mũ len", image=2),
        about("x", "samsung 25W chính hãng, củ sạc NHANH!"),
        about("x", "mũ len", image=9, contact=9),
        about(None, "mũ len"),
    ]
    assert met(Lineage.of(LEARNT).summary(), *asked) == {
        "seller": [True, False, False, False, False, False],
        "contact": [False, True, False, False, False, False],
        "image": [False, False, True, False, False, False],
        "title": [False, False, False, True, False, False],
    }


def test_a_title_with_one_word_more_or_of_many_one_less_is_known_again() -> None:
    title = "Củ sạc nhanh Samsung 25W chính hãng"
    asked = [about("x", f"{title} HOT"), about("x", title.replace("hãng", "")), about("x", title.replace("Củ sạc", ""))]
    assert met(Lineage.of(LEARNT).summary(), *asked)["title"] == [True, True, False]


def test_words_that_no_training_title_has_make_another_title() -> None:
    assert met(Lineage.of(LEARNT).summary(), about("x", "Giày thể thao nam đế êm màu đen"))["title"] == [False]


def test_only_the_rows_that_were_learnt_from_are_known() -> None:
    some = Lineage.of(LEARNT).rows(np.array([1, 2])).summary()
    assert met(some, *LEARNT) == {
        "seller": [False, True, True, False],
        "contact": [False, False, True, False],
        "image": [False, True, False, False],
        "title": [False, True, True, False],
    }


def test_what_links_nobody_makes_nobody_known() -> None:
    nine = "giày thể thao nam đế cao su màu"
    many = [about(f"s{i}", f"{nine} số{i}", contact=7) for i in range(HUB + 1)]
    trained = linked(many)[1].summary()
    asked = met(trained, about("x", f"{nine} số99", contact=7), about("x", f"{nine} số3"))
    assert asked == {kind: [False, kind == "title"] for kind in ("seller", "contact", "image", "title")}


def test_no_rows_know_nobody() -> None:
    assert met(Lineage.of([]).summary(), *LEARNT) == {
        kind: [False] * 4 for kind in ("seller", "contact", "image", "title")
    }
    assert met(Lineage.of(LEARNT).summary()) == {kind: [] for kind in ("seller", "contact", "image", "title")}


CELLS = st.lists(st.tuples(*[st.integers(0, 4)] * 4), max_size=8)


@settings(deadline=None, max_examples=40)
@given(learnt=CELLS, asked=CELLS)
def test_what_is_read_back_knows_the_same_rows(
    learnt: list[tuple[int, ...]], asked: list[tuple[int, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    def of(cells: list[tuple[int, ...]]) -> list[About]:
        return [about(f"s{s}", f"áo thun nam cổ {t}", image=i, contact=c) for s, t, i, c in cells]

    trained = linked(of(learnt))[1].summary()
    path = tmp_path_factory.mktemp("lineage") / "lineage.npz"
    trained.save(path)
    assert met(TrainedOn.load(path), *of(asked)) == met(trained, *of(asked))


def test_the_file_says_no_name_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one.npz", "other.npz"):
        Lineage.of(LEARNT).summary().save(tmp_path / name)
    written = (tmp_path / "one.npz").read_bytes()
    assert written == (tmp_path / "other.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays.files} == {"u"}


@pytest.mark.parametrize("content", [b"", b"not an archive", None])
def test_a_file_that_is_something_else_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "lineage.npz"
    if content is None:
        np.savez(path, seller=np.zeros(1))
    else:
        path.write_bytes(content)
    with pytest.raises(BundleMismatch, match=r"in lineage.npz, expected"):
        TrainedOn.load(path)


def test_arrays_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "lineage.npz"
    Lineage.of(LEARNT).summary().save(path)
    with np.load(path) as arrays:
        changed = {**arrays, "sizes": arrays["sizes"][:-1]}
    np.savez(path, **changed)
    with pytest.raises(BundleMismatch, match=r"words in lineage.npz, expected"):
        TrainedOn.load(path)


ROWS = st.lists(st.lists(st.integers(0, 6), max_size=3), max_size=8)


@given(ROWS, st.data())
def test_marks_say_of_some_rows_what_they_say_of_all(rows: list[list[int]], data: st.DataObject) -> None:
    marks = Marks.of(rows)
    picked = data.draw(st.lists(st.integers(0, len(rows) - 1)) if rows else st.just([]))
    some = marks.subset(np.array(picked, dtype=np.int64))
    told = [set(some.keys[some.codes[some.starts[i] : some.starts[i + 1]]].tolist()) for i in range(len(some))]
    assert told == [set(rows[i]) for i in picked]
    assert some.present().tolist() == sorted({key for i in picked for key in rows[i]})


@given(ROWS, st.randoms())
def test_shared_marks_are_found_on_the_other_side(rows: list[list[int]], dice: Any) -> None:
    side = [dice.random() < 0.5 for _ in rows]
    some, others = (
        np.array([i for i, one in enumerate(side) if one == which], dtype=np.int64) for which in (True, False)
    )
    seen = {key for i in some for key in rows[i]}
    assert Marks.of(rows).shared(some, others).tolist() == [i for i in others if seen & set(rows[i])]


@given(ROWS, st.randoms())
def test_parted_marks_are_those_of_several_groups(rows: list[list[int]], dice: Any) -> None:
    groups = np.array([dice.randint(0, 2) for _ in rows], dtype=np.int64)
    marks = Marks.of(rows)
    parted = {int(key) for key in marks.keys[marks.parted(groups)]}
    assert parted == {
        key for row in rows for key in row if len({groups[i] for i, r in enumerate(rows) if key in r}) > 1
    }
    kept = marks.without(marks.parted(groups))
    assert kept.present().tolist() == sorted({key for row in rows for key in row} - parted)
