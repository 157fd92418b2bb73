from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.history.fold import Fold
from counterfoil.history.views import About
from counterfoil.ingest.entry import Finding
from counterfoil.model.groups import HUB, linked_groups
from tests.worlds import at, listing, subject


def row(seller_id: str | None, title: str, *, found: tuple[str, ...] = (), **seller: Any) -> About:
    asked = subject(listing(None, title=title), seller_id, **seller)
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


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), max_size=12), st.randoms())
def test_the_order_of_rows_changes_no_group(cells: list[tuple[int, int, int]], dice: Any) -> None:
    rows = [row(f"s{s}", f"áo {t}", contact_hashes=[tel(c)]) for s, t, c in cells]
    order = list(range(len(rows)))
    dice.shuffle(order)
    one, other = groups(*rows), groups(*(rows[i] for i in order))
    for i in range(len(rows)):
        for j in range(i):
            assert (one[order[i]] == one[order[j]]) == (other[i] == other[j])
