from __future__ import annotations

from math import isnan, log1p
from typing import Any

import pytest

from counterfoil.features.catalogue import catalogue
from tests.features.asked import NOW, code, reading, told, value
from tests.worlds import activity, at, listed, listing, verdict

DAY = 1440
WHAT = listing("mine", title="Túi xách da")
SELLER = [one.name for one in catalogue().features if one.family == "seller"]


def other(days_ago: float, number: int, **more: Any) -> Any:
    return listed(at((60 - days_ago) * DAY), "s1", listing(f"o{number}", title=f"Giày số {number}", **more))


def shown(name: str, **seller: Any) -> float:
    return value(name, reading(WHAT, **seller))


def test_without_a_seller_every_seller_feature_is_missing_and_none_is_nought() -> None:
    row = reading(WHAT, other(3, 1), seller_id=None)
    for name in SELLER:
        assert isnan(value(name, row)), name
        assert told(name, row) is None, name


def test_what_a_platform_does_not_show_is_missing_and_never_nought() -> None:
    row = reading(WHAT)
    counted = {"listings_d7", "listings_d30", "listings_d90", "counterfeit_rate", "verdicts_known", "complaint_rate"}
    assert {name for name in SELLER if not isnan(value(name, row))} == counted


@pytest.mark.parametrize(
    ("name", "seller", "expected"),
    [
        ("seller_rating", {"stats": {"rating_average": 4.7}}, 4.7),
        ("seller_rating", {"stats": {"rating_average": 3.7, "rating_counts": {"5": 20}}}, 4.2),
        ("bad_rating_share", {"stats": {"rating_counts": {"good": 70, "normal": 5, "bad": 5}}}, 0.06),
        ("rating_count", {"stats": {"rating_counts": {"good": 70, "normal": 5, "bad": 5}}}, 80.0),
        ("rating_count", {"stats": {"rating_counts": {"good": 0, "normal": 0, "bad": 0}}}, 0.0),
        ("ratings_per_listing", {"stats": {"rating_counts": {"5": 30}, "listing_count": 9}}, 3.0),
        ("listing_count", {"stats": {"listing_count": 12}}, 12.0),
        ("followers", {"stats": {"followers": 0}}, 0.0),
        ("followers", {"stats": {"followers": 99}}, log1p(99)),
        ("response_rate", {"stats": {"response_rate": 0.25}}, 0.25),
        ("response_hours", {"stats": {"response_seconds": 5_400}}, 1.5),
        ("official_store", {"official_store": True}, 1.0),
        ("official_store", {"official_store": False}, 0.0),
        ("identity_verified", {"identity_verified": False}, 0.0),
        ("seller_age_days", {"registered_at": at(50 * DAY)}, 10.0),
        ("seller_age_days", {"registered_at": at(61 * DAY)}, 0.0),
        ("listings_per_day", {"registered_at": at(51 * DAY), "stats": {"listing_count": 20}}, 2.0),
        ("ratings_per_day", {"registered_at": at(51 * DAY), "stats": {"rating_counts": {"5": 40}}}, 4.0),
    ],
)
def test_what_a_platform_shows(name: str, seller: dict[str, Any], expected: float) -> None:
    assert shown(name, **seller) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "seller", "expected"),
    [
        ("official_store", {"official_store": True}, "OFFICIAL_STORE"),
        ("official_store", {"official_store": False}, None),
        ("identity_verified", {"identity_verified": True}, "IDENTITY_VERIFIED"),
        ("identity_verified", {"identity_verified": False}, "IDENTITY_NOT_VERIFIED"),
        ("seller_age_days", {"registered_at": at(50 * DAY)}, "SELLER_NEW"),
        ("seller_age_days", {"registered_at": at(-200 * DAY)}, "SELLER_ESTABLISHED"),
        ("bad_rating_share", {"stats": {"rating_counts": {"good": 9, "bad": 1, "normal": 0}}}, "BAD_RATINGS"),
        ("bad_rating_share", {"stats": {"rating_counts": {"good": 99, "bad": 1, "normal": 0}}}, "GOOD_RATINGS"),
        ("bad_rating_share", {"stats": {"rating_counts": {"good": 0, "bad": 0, "normal": 0}}}, None),
    ],
)
def test_the_reasons_of_what_a_platform_shows(name: str, seller: dict[str, Any], expected: str | None) -> None:
    assert code(name, reading(WHAT, **seller)) == expected


def test_other_listings_are_counted_once_each_by_windows_without_the_own() -> None:
    log = [other(80 - 40, 1), other(20, 2), other(5, 3), other(4, 3), listed(at(59 * DAY), "s1", WHAT)]
    row = reading(WHAT, *log)
    assert [value(f"listings_d{days}", row) for days in (7, 30, 90)] == [1.0, 2.0, 3.0]
    assert value("seller_seen_days", row) == 40.0


def test_a_burst_is_told_from_five_listings_in_a_week() -> None:
    four = [other(3, number) for number in range(4)]
    assert code("listings_d7", reading(WHAT, *four)) is None
    found = told("listings_d7", reading(WHAT, *four, other(2, 9)))
    assert found is not None
    assert found.evidence["listings_d7"] == 5


def test_breadth_is_per_root_of_the_listings_and_missing_without_any() -> None:
    log = [
        other(9, 1, brand="Nike", category_path=["Giày Dép Nam"]),
        other(8, 2, brand="Adidas", category_path=["Giày Dép Nam"]),
        other(7, 3, brand="Gucci", category_path=["Túi ví nữ"]),
        other(6, 4, brand="Nike", category_path=["Túi ví nữ"]),
    ]
    row = reading(WHAT, *log)
    assert value("brand_breadth", row) == pytest.approx(3 / 2)
    assert value("category_breadth", row) == pytest.approx(2 / 2)
    assert isnan(value("brand_breadth", reading(WHAT)))


def test_verdicts_on_other_listings_raise_the_rate_and_the_own_is_left_out() -> None:
    log = [other(50, 1), other(49, 2), listed(at(12 * DAY), "s1", WHAT)]
    judged = [verdict(at(13 * DAY), "v1", "o1"), verdict(at(14 * DAY), "v2", "o2", "genuine")]
    row = reading(WHAT, *log, *judged)
    assert value("counterfeit_rate", row) == pytest.approx((1 + 0.25) / (2 + 5))
    assert value("verdicts_known", row) == 2.0
    assert code("counterfeit_rate", row) == "SELLER_HAS_VERDICTS"
    with_own = reading(WHAT, *log, *judged, verdict(at(15 * DAY), "v3", "mine"))
    assert value("counterfeit_rate", with_own) == value("counterfeit_rate", row)
    cleared = reading(WHAT, *log, judged[1])
    assert code("counterfeit_rate", cleared) == "SELLER_CLEARED"
    assert value("counterfeit_rate", cleared) < value("counterfeit_rate", reading(WHAT, *log)) == 0.05


def test_the_share_of_hand_carried_goods_is_that_of_the_other_listings_and_has_a_reason() -> None:
    carried = [listed(at(n * DAY), "s1", listing(f"c{n}", title=f"Son Dior {n} xách tay Pháp")) for n in range(3)]
    row = reading(WHAT, *carried, other(9, 1))
    assert value("hand_carried_share", row) == 3 / 4
    found = told("hand_carried_share", row)
    assert found is not None
    assert (found.code, dict(found.evidence)) == ("SELLER_IMPORTS", {"hand_carried": 3, "listings": 4})
    own = reading(listing("c0", title="Son Dior 0 xách tay Pháp"), *carried)
    assert dict((told("hand_carried_share", own) or found).evidence) == {"hand_carried": 2, "listings": 2}


def test_a_seller_who_never_says_hand_carried_has_a_share_of_nought_and_an_unknown_one_none() -> None:
    row = reading(WHAT, other(9, 1))
    assert value("hand_carried_share", row) == 0.0
    assert told("hand_carried_share", row) is None
    copies = listed(at(DAY), "s1", listing("c", title="Túi LV xách tay super fake"))
    assert value("hand_carried_share", reading(WHAT, copies)) == 0.0
    assert isnan(value("hand_carried_share", reading(listing("mine", title="Son Dior xách tay Pháp"))))


def test_complaints_and_returns_are_shrunk_shares_of_orders() -> None:
    log = [other(40, 1), activity(at(30 * DAY), "a1", "o1", orders=100, returns=10, counterfeit_complaints=6)]
    row = reading(WHAT, *log)
    assert value("complaint_rate", row) == pytest.approx((6 + 0.5) / (100 + 200))
    assert value("return_rate", row) == pytest.approx((10 + 1.25) / (100 + 50))
    assert code("complaint_rate", row) == "BUYER_COMPLAINTS"
    assert isnan(value("return_rate", reading(WHAT, other(40, 1))))


def test_ages_count_to_the_sighting_and_not_to_the_moment_of_asking() -> None:
    seen = listing("mine", title="Túi", observed_at=at(20 * DAY), created_at=at(15 * DAY))
    row = reading(seen, registered_at=at(10 * DAY), as_of=NOW)
    assert value("seller_age_days", row) == 10.0
    assert value("listing_age_days", row) == 5.0
