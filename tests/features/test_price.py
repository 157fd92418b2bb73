from __future__ import annotations

from math import isnan, log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.ingest.entry import Entry
from counterfoil.ingest.schema import Listing
from tests.features.asked import code, reading, told, value
from tests.worlds import at, listed, listing

SHOES = ["Giày Dép Nam"]
NAN = float("nan")


def shoe(number: int, price: Any, **more: Any) -> Listing:
    return listing(f"m{number}", title=f"Giày số {number}", price=price, category_path=SHOES, **more)


def market(*prices: int, **more: Any) -> list[Entry]:
    """Listings of other sellers, at their prices."""
    return [listed(at(n), f"other{n}", shoe(n, price, **more)) for n, price in enumerate(prices)]


HUNDRED = market(*[100_000] * 6)


@pytest.mark.parametrize(
    ("price", "cheaper", "dearer", "reason"),
    [
        ("50000", log(2), 0.0, "UNIT_PRICE_LOW"),
        ("200000", 0.0, log(2), "UNIT_PRICE_HIGH"),
        ("99000000", 0.0, 4.0, "UNIT_PRICE_HIGH"),
        (None, NAN, NAN, None),
        ("0", NAN, NAN, None),
    ],
)
def test_cheaper_and_dearer_are_log_ratios_against_the_reference(
    price: str | None, cheaper: float, dearer: float, reason: str | None
) -> None:
    row = reading(shoe(99, price), *HUNDRED)
    assert value("cheaper_by", row) == pytest.approx(cheaper, abs=0.011, nan_ok=True)
    assert value("dearer_by", row) == pytest.approx(dearer, abs=0.011, nan_ok=True)
    assert value("cheaper_than_category", row) == pytest.approx(cheaper, abs=0.011, nan_ok=True)
    found = code("cheaper_by", row) or code("dearer_by", row)
    assert found == reason


@pytest.mark.parametrize(("price", "hidden"), [(None, 1.0), ("0", 1.0), ("2100", 0.0)])
def test_a_price_of_nought_is_hidden_and_never_cheap(price: str | None, hidden: float) -> None:
    row = reading(shoe(99, price), *HUNDRED)
    assert value("price_missing", row) == hidden
    assert code("price_missing", row) == ("PRICE_HIDDEN" if hidden else None)
    assert isnan(value("price_scale", row)) == bool(hidden)
    assert isnan(value("price_digits", row)) == bool(hidden)


@pytest.mark.parametrize(("count", "known"), [(0, False), (4, False), (5, True)])
def test_a_level_speaks_from_five_listings_on(count: int, known: bool) -> None:
    row = reading(shoe(99, "50000"), *market(*[100_000] * count))
    assert isnan(value("cheaper_than_category", row)) is not known
    assert isnan(value("cheaper_by", row)) is not known


def test_the_own_price_is_left_out_of_its_reference() -> None:
    own = listed(at(50), "s1", shoe(99, "50000"))
    assert value("cheaper_by", reading(shoe(99, "50000"), *HUNDRED, own)) == value(
        "cheaper_by", reading(shoe(99, "50000"), *HUNDRED)
    )
    four_and_own = [*market(*[100_000] * 4), own]
    assert isnan(value("cheaper_by", reading(shoe(99, "50000"), *four_and_own)))


def test_the_price_of_one_piece_counts_in_a_pack() -> None:
    single = market(*[100_000] * 6)
    pack = {"amount": "200000", "currency": "VND", "pack_quantity": 4}
    assert value("cheaper_than_category", reading(shoe(99, pack), *single)) == pytest.approx(log(2), abs=0.011)


def test_another_currency_has_no_reference_here() -> None:
    row = reading(shoe(99, {"amount": "2.50", "currency": "USD"}), *HUNDRED)
    assert isnan(value("cheaper_by", row))
    assert value("price_scale", row) == pytest.approx(log(2.5), abs=0.01)


def test_the_brand_level_holds_a_listing_against_its_own_brand_alone() -> None:
    branded = [listed(at(9), f"b{n}", shoe(50 + n, 400_000, brand="Xưởng Nhỏ")) for n in range(6)]
    row = reading(shoe(99, "200000", brand="Xưởng Nhỏ"), *HUNDRED, *branded)
    assert value("cheaper_than_brand", row) == pytest.approx(log(2), abs=0.011)
    assert value("dearer_than_brand", row) == 0.0
    assert value("cheaper_than_category", row) < log(2) / 2
    assert isnan(value("cheaper_than_brand", reading(shoe(99, "200000"), *HUNDRED)))


def test_the_evidence_of_a_price_names_its_reference_and_its_count() -> None:
    found = told("cheaper_by", reading(shoe(99, "50000"), *HUNDRED))
    assert found is not None
    assert found.evidence["unit_price"] == "50000"
    assert found.evidence["currency"] == "VND"
    assert found.evidence["reference_n"] == 6
    assert found.evidence["reference_level"] == "category×pack"
    assert found.evidence["percent"] == 50


@pytest.mark.parametrize(
    ("more", "discount", "spread", "digits"),
    [
        ({}, NAN, NAN, 1.0),
        ({"list_amount": "200000"}, 0.5, NAN, 1.0),
        ({"list_amount": "100000"}, 0.0, NAN, 1.0),
        ({"list_amount": "50000"}, 0.0, NAN, 1.0),
        ({"list_amount": "0"}, NAN, NAN, 1.0),
        ({"amount": "199000", "amount_max": "398000"}, NAN, log(2), 3.0),
        ({"amount_max": "100000"}, NAN, 0.0, 1.0),
    ],
)
def test_what_a_price_says_by_itself(more: dict[str, str], discount: float, spread: float, digits: float) -> None:
    row = reading(shoe(99, {"amount": "100000", "currency": "VND"} | more))
    assert value("list_discount", row) == pytest.approx(discount, nan_ok=True)
    assert value("price_spread", row) == pytest.approx(spread, nan_ok=True)
    assert value("price_digits", row) == digits
    assert code("list_discount", row) == ("LIST_DISCOUNT" if discount > 0 else None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(2_001, 9_000_000), min_size=5, max_size=12), st.integers(2_001, 9_000_000))
def test_a_listing_is_never_both_cheaper_and_dearer(prices: list[int], price: int) -> None:
    row = reading(shoe(99, str(price)), *market(*prices))
    assert value("cheaper_by", row) >= 0
    assert value("dearer_by", row) >= 0
    assert 0 in (value("cheaper_by", row), value("dearer_by", row))
