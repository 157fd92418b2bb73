"""Slices are read off what is shown, and what is not shown is in no slice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.features.catalogue import catalogue
from counterfoil.features.reading import Reading
from counterfoil.features.slices import MEANINGS, NEW, SMALL_FOLLOWERS, SMALL_LISTINGS, meaning, slices
from counterfoil.ingest.schema import Listing
from counterfoil.knowledge.categories import CATEGORY_IDS
from counterfoil.synth.typed import without_accents
from tests.features.asked import NOW, reading
from tests.worlds import listing


def inside(what: Listing, **seller: Any) -> set[str]:
    """The slices of one row, those of category and platform aside."""
    return {name for name, rows in slices([reading(what, **seller)]).items() if rows[0] and "/" not in name}


@pytest.mark.parametrize(
    ("stats", "official", "small"),
    [
        ({"followers": 499, "listing_count": 49}, False, True),
        ({"followers": 499}, False, True),
        ({"listing_count": 49}, False, True),
        ({"followers": 500, "listing_count": 3}, False, False),
        ({"followers": 3, "listing_count": 50}, False, False),
        ({"followers": 3}, True, False),
        ({"followers": 3}, None, False),
        ({}, False, False),
    ],
)
def test_a_small_shop_has_no_badge_and_little_of_all_that_is_shown(
    stats: dict[str, int], official: bool | None, small: bool
) -> None:
    assert ("small_shop" in inside(listing(), official_store=official, stats=stats)) == small


@given(st.integers(0, 400 * 86_400))
def test_a_new_seller_registered_within_90_days_of_the_sighting(seconds: int) -> None:
    shown = inside(listing(), registered_at=NOW - timedelta(seconds=seconds))
    assert ("new_seller" in shown) == (seconds < 90 * 86_400)


def test_age_counts_to_when_the_listing_was_seen_and_not_to_when_it_is_asked_about() -> None:
    young = listing(observed_at=NOW - timedelta(days=50))
    assert "new_seller" in inside(young, registered_at=NOW - timedelta(days=100))


def test_a_seller_of_whom_nothing_is_shown_is_in_no_slice() -> None:
    assert inside(listing(title="Giày thể thao nam")) == set()
    assert inside(listing(title="Giày thể thao nam"), seller_id=None) == set()


def test_an_official_store_is_one_the_platform_badges() -> None:
    assert inside(listing(), official_store=True) == {"official_store"}
    assert inside(listing(), official_store=False) == set()


@pytest.mark.parametrize(
    "what",
    [
        listing(title="Giày Nike đã qua sử dụng 95%"),
        listing(title="Túi Gucci second hand"),
        listing(title="Giày Nike", condition="used"),
        listing(title="Máy ảnh Canon", condition="refurbished"),
    ],
)
def test_second_hand_goods_say_so_in_title_or_condition(what: Listing) -> None:
    assert "second_hand" in inside(what)


def test_the_slice_of_second_hand_goods_is_the_feature_of_that_name() -> None:
    rows = [reading(listing(title=title)) for title in ("Giày Nike cũ 2hand", "Giày Nike mới", "Túi da thanh lý")]
    column = catalogue().values(rows)[:, catalogue().names.index("used_goods")]
    assert slices(rows)["second_hand"].tolist() == (column == 1).tolist()


@pytest.mark.parametrize(
    ("title", "grey"),
    [
        ("Son Dior xách tay Pháp", True),
        ("Giay Adidas xach tay My", True),
        ("Túi xách tay nữ", False),
        ("Không bán hàng xách tay", False),
        ("Giày Nike rep 1:1 xách tay", False),
        ("Son Dior chính hãng", False),
    ],
)
def test_a_grey_importer_says_hand_carried_and_nothing_stronger(title: str, grey: bool) -> None:
    assert ("grey_importer" in inside(listing(title=title))) == grey


@pytest.mark.parametrize(
    ("title", "more", "bare"),
    [
        ("Giay the thao nam chong tron", {}, True),
        ("CHINH HANG CHARLES & KEITH TUI XACH KOA HANG THIET KE", {}, True),
        ("Giày thể thao nam", {}, False),
        ("Giay thể thao nam chong tron", {}, False),
        ("Nike Air Max 90 sneakers for men original box", {}, False),
        ("Tai nghe bluetooth mini", {}, False),
        ("Giay the thao nam chong tron", {"language": "vi-VN"}, True),
        ("Giay the thao nam chong tron", {"language": "en"}, False),
        ("男鞋", {}, False),
        ("", {}, False),
    ],
)
def test_an_accentless_title_is_of_vietnamese_words_without_any_accent(
    title: str, more: dict[str, Any], bare: bool
) -> None:
    what = listing(title=title or "!", **more)
    assert ("accentless" in inside(what)) == bare


@given(st.lists(st.sampled_from(["giày", "thao", "chống", "trơn", "đế", "chiều", "cao", "đã"]), min_size=3, max_size=9))
def test_a_vietnamese_title_is_in_the_slice_exactly_without_its_accents(words: list[str]) -> None:
    title = " ".join(["thể", *words])
    assert "accentless" not in inside(listing(title=title))
    assert "accentless" in inside(listing(title=without_accents(title)))


def test_each_category_and_platform_that_is_there_is_a_slice_and_a_row_is_in_one_of_each_at_most() -> None:
    rows: list[Reading] = [
        reading(listing(platform=platform, category_path=path))
        for platform, path in (("Shopee", ["Giày Dép Nam"]), ("lazada", ["Túi ví nữ"]), (None, []), ("shopee", ["?!"]))
    ]
    found = {name: one.tolist() for name, one in slices(rows).items() if "/" in name}
    assert found == {
        "category/bags": [False, True, False, False],
        "category/shoes": [True, False, False, False],
        "platform/lazada": [False, True, False, False],
        "platform/shopee": [True, False, False, True],
    }


def test_every_slice_says_what_it_is() -> None:
    names = {*slices([reading(listing(category_path=["Giày Dép Nam"]))]), *(f"category/{one}" for one in CATEGORY_IDS)}
    assert all(meaning(name) for name in names)
    assert set(MEANINGS) == {name for name in names if "/" not in name}


def test_no_rows_are_in_the_fixed_slices_all_the_same() -> None:
    empty = slices([])
    assert set(empty) == set(MEANINGS)
    assert all(one.dtype == np.bool_ and len(one) == 0 for one in empty.values())


def test_the_page_on_fairness_lists_every_slice_with_its_limits() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "fairness.md").read_text(encoding="utf-8")
    assert [name for name in MEANINGS if f"| `{name}` |" not in page] == []
    assert f"fewer than {SMALL_FOLLOWERS} followers and {SMALL_LISTINGS} listings" in page
    assert f"less than {NEW.days} days" in page
