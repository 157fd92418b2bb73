from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.history.fold import Fold
from counterfoil.history.views import About
from counterfoil.ingest.entry import Finding
from counterfoil.model.groups import HUB, ROWS, linked, linked_groups
from tests.worlds import at, listing, subject


def row(
    seller_id: str | None, title: str, *, found: tuple[str, ...] = (), image: int | None = None, **seller: Any
) -> About:
    images = [{"sha256": f"{image:064x}"}] if image is not None else []
    asked = subject(listing(None, title=title, images=images), seller_id, **seller)
    findings = tuple(Finding("title", 0, 1, "phone", contact) for contact in found)
    return Fold().about(replace(asked, findings=findings), at(0))


def groups(*rows: About) -> list[int]:
    return [int(number) for number in linked_groups(rows)]


def tel(number: int) -> str:
    return f"tel:k1:{number:032x}"


def test_rows_of_one_seller_are_one_group_and_strangers_are_not() -> None:
    assert groups(row("a", "áo một"), row("b", "áo hai"), row("a", "áo ba")) == [0, 1, 0]


def test_sellers_with_a_contact_hash_in_common_are_one_group() -> None:
    assert groups(
        row("a", "áo một", contact_hashes=[tel(1)]),
        row("b", "áo hai", contact_hashes=[tel(2), tel(1)]),
        row("c", "áo ba", contact_hashes=[tel(3)]),
    ) == [0, 0, 1]


def test_a_contact_found_in_a_text_links_as_one_in_the_profile_does() -> None:
    assert groups(row("a", "áo một", found=(tel(1),)), row("b", "áo hai", contact_hashes=[tel(1)])) == [0, 0]


def test_links_reach_on_through_others() -> None:
    assert groups(
        row("a", "áo một", contact_hashes=[tel(1)]),
        row("b", "áo hai", contact_hashes=[tel(1), tel(2)]),
        row("c", "áo ba", contact_hashes=[tel(2)]),
        row("d", "BA áo"),
    ) == [0, 0, 0, 0]


def test_a_title_of_the_same_words_is_one_family_whatever_case_accents_and_order() -> None:
    assert groups(row("a", "Túi Xách da bò"), row("b", "da bo tui xach"), row("c", "túi xách da dê")) == [0, 0, 1]


def test_a_row_without_a_seller_stands_with_its_title_family() -> None:
    assert groups(row(None, "áo một"), row(None, "áo hai"), row("a", "một áo"), row(None, "áo hai")) == [0, 1, 0, 1]


def test_a_title_of_up_to_twenty_sellers_links_and_one_more_links_nobody() -> None:
    linked = [row(f"s{i}", "Áo thun nam") for i in range(HUB)]
    assert set(groups(*linked)) == {0}
    assert len(set(groups(*linked, row("one more", "Áo thun nam")))) == HUB + 1


def test_a_contact_that_many_sellers_share_links_nobody() -> None:
    couriers = [row(f"s{i}", f"áo {i} cái", contact_hashes=[tel(1)]) for i in range(HUB + 1)]
    assert len(set(groups(*couriers))) == HUB + 1


def test_one_seller_with_many_listings_of_a_title_is_no_hub() -> None:
    assert groups(*[row("a", "áo một")] * 30, row("b", "áo một")) == [0] * 31


def test_sellers_with_an_image_in_common_are_one_group() -> None:
    assert groups(row("a", "áo một", image=1), row("b", "áo hai", image=2), row("c", "áo ba", image=1)) == [0, 1, 0]


def test_an_image_that_many_sellers_share_links_nobody() -> None:
    assert len(set(groups(*(row(f"s{i}", f"áo {i} cái", image=1) for i in range(HUB + 1))))) == HUB + 1


def test_titles_that_differ_in_one_word_of_nine_are_one_family_and_in_one_of_eight_are_not() -> None:
    nine = "giày thể thao nam đế cao su màu"
    assert groups(row("a", f"{nine} đen"), row("b", f"{nine} trắng")) == [0, 0]
    assert groups(row("a", nine), row("b", nine.replace("màu", "êm"))) == [0, 1]


def test_a_word_added_to_a_title_leaves_it_in_its_family() -> None:
    assert groups(row("a", "Sạc nhanh Samsung 25W"), row("b", "Sạc nhanh Samsung 25W [HOT]")) == [0, 0]


def test_titles_without_spaces_are_compared_by_pairs_of_characters() -> None:
    long = "一體手柄彈簧液壓支撐桿陞降兒童桌學習桌角度調節阻尼器書桌"
    assert groups(row("a", long), row("b", long[:-1]), row("c", long[:8])) == [0, 0, 1]


def test_a_family_of_near_titles_of_many_sellers_links_nobody_but_the_same_title_still_does() -> None:
    nine = "giày thể thao nam đế cao su màu"
    near = [row(f"s{i}", f"{nine} số{i}") for i in range(HUB + 1)]
    assert len(set(groups(*near))) == HUB + 1
    assert groups(*near, row("copy", f"{nine} số0"))[-1] == 0


def chain(count: int, each: int) -> list[About]:
    """Sellers of whom each shares an image with the next, with `each` listings besides."""
    ends = [row(f"s{i}", f"áo đầu {i}", image=i + shift) for i in range(count) for shift in (0, 1)]
    return [*ends, *(row(f"s{i}", f"dép {i} mẫu {n}") for i in range(count) for n in range(each - 2))]


def test_images_chain_no_further_than_a_hundred_rows() -> None:
    # The largest allowed is 10 sellers with 10 listings each; the rest link among themselves.
    sizes = Counter(groups(*chain(15, 10))).values()
    assert ROWS == 100
    assert max(sizes) <= ROWS
    assert len(sizes) < 15
    assert len(set(groups(*chain(10, 10)))) == 1


def test_what_links_no_further_is_no_mark_of_the_lineage() -> None:
    numbers, lineage = linked(chain(15, 10))
    for marks in (lineage.image, lineage.wording, lineage.family):
        assert not marks.parted(numbers)[marks.codes].any()
    assert len(lineage.image.codes) < 30  # the two rows of each image that was left out have none now


def test_contacts_chain_as_far_as_they_reach() -> None:
    long = [row(f"s{i}", f"áo {i} cái", contact_hashes=[tel(i), tel(i + 1)]) for i in range(ROWS + 20)]
    assert set(groups(*long)) == {0}


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 5)] * 4), max_size=12), st.randoms())
def test_the_order_of_rows_changes_no_group(cells: list[tuple[int, int, int, int]], dice: Any) -> None:
    rows = [row(f"s{s}", f"áo thun nam cổ tròn {t}", contact_hashes=[tel(c)], image=i) for s, t, c, i in cells]
    order = list(range(len(rows)))
    dice.shuffle(order)
    one, other = groups(*rows), groups(*(rows[i] for i in order))
    for i in range(len(rows)):
        for j in range(i):
            assert (one[order[i]] == one[order[j]]) == (other[i] == other[j])
