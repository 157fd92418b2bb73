from __future__ import annotations

from math import isnan, log1p
from typing import Any

import pytest

from counterfoil.knowledge.categories import CATEGORY_IDS
from tests.features.asked import code, reading, value
from tests.worlds import at, listing

DAY = 1440


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("sold_count", {"stats": {"sold_count": 0}}, 0.0),
        ("sold_count", {"stats": {"sold_count": 99}}, log1p(99)),
        ("listing_ratings", {"stats": {"rating_count": 7}}, log1p(7)),
        ("listing_ratings", {"stats": {"rating_counts": {"5": 3, "1": 4}}}, log1p(7)),
        ("listing_rating", {"stats": {"rating_average": 3.7, "rating_count": 10}}, 4.2),
        ("listing_rating", {"stats": {"rating_average": 3.7, "rating_count": 0}}, 4.7),
        ("favourites", {"stats": {"favourites": 4}}, log1p(4)),
        ("image_count", {"stats": {"image_count": 0}}, 0.0),
        ("image_count", {"images": [{"sha256": "aa"}, {"sha256": "bb"}]}, 2.0),
        ("image_count", {"images": [{"sha256": "aa"}], "stats": {"image_count": 5}}, 5.0),
        ("listing_age_days", {"created_at": at(57.5 * DAY)}, 2.5),
    ],
)
def test_what_an_offer_shows(name: str, more: dict[str, Any], expected: float) -> None:
    assert value(name, reading(listing(**more))) == pytest.approx(expected)


@pytest.mark.parametrize(
    "name",
    ["category_number", "listing_age_days", "sold_count", "listing_ratings", "listing_rating", "favourites", "image_count"],
)  # fmt: skip
def test_what_an_offer_does_not_show_is_missing(name: str) -> None:
    assert isnan(value(name, reading(listing())))


def test_a_rating_without_a_count_is_missing() -> None:
    assert isnan(value("listing_rating", reading(listing(stats={"rating_average": 4.0}))))


def test_a_category_is_its_place_in_the_fixed_list() -> None:
    row = reading(listing(category_path=["Giày Dép Nam"]))
    assert CATEGORY_IDS[int(value("category_number", row))] == row.about.keys.category


@pytest.mark.parametrize(("days", "expected"), [(29, "LISTING_NEW"), (30, "LISTING_OLD"), (0, "LISTING_NEW")])
def test_an_offer_is_new_for_a_month(days: int, expected: str) -> None:
    assert code("listing_age_days", reading(listing(created_at=at((60 - days) * DAY)))) == expected
