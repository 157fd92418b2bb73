from __future__ import annotations

from math import isnan
from typing import Any

import pytest

from tests.features.asked import code, reading, told, value
from tests.worlds import listing


def ean(twelve: str) -> str:
    """Twelve digits and the check digit that belongs to them."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-total % 10)


GOOD, IN_STORE = ean("893000000001"), ean("200000000001")
WRONG = GOOD[:-1] + str((int(GOOD[-1]) + 1) % 10)
NAN = float("nan")


@pytest.mark.parametrize(
    ("brand", "title", "missing", "only_in_title", "differs"),
    [
        (None, "Giày thể thao", 1, 0, 0),
        ("OEM", "Giày thể thao", 1, 0, 0),
        ("No Brand", "Giày Nike Air", 1, 1, 0),
        (None, "Giày Nike Air", 1, 1, 0),
        ("Nike", "Giày Nike Air", 0, 0, 0),
        ("Adidas", "Giày Nike Air", 0, 0, 1),
        ("Nike", "Giày thể thao", 0, 0, 0),
    ],
)
def test_the_brand_field_against_the_title(
    brand: str | None, title: str, missing: int, only_in_title: int, differs: int
) -> None:
    row = reading(listing(title=title, brand=brand))
    found = [value(name, row) for name in ("brand_missing", "brand_only_in_title", "brand_title_differs")]
    assert found == [missing, only_in_title, differs]
    assert code("brand_only_in_title", row) == ("BRAND_ONLY_IN_TITLE" if only_in_title else None)


def test_a_brand_in_the_title_is_quoted_where_it_stands() -> None:
    title = "👟 Giày NIKE Air"
    found = told("brand_only_in_title", reading(listing(title=title)))
    assert found is not None
    start, end = found.evidence["span"]
    assert title[start:end] == found.evidence["quote"] == "NIKE"


@pytest.mark.parametrize(
    ("gtins", "given", "fails", "odd", "reasons"),
    [
        ([], 0.0, NAN, NAN, [None, None]),
        ([GOOD], 1.0, 0.0, 0.0, [None, None]),
        ([WRONG], 1.0, 1.0, NAN, ["GTIN_CHECK_FAILS", None]),
        (["12"], 1.0, 1.0, NAN, ["GTIN_CHECK_FAILS", None]),
        ([IN_STORE], 1.0, 0.0, 1.0, [None, "GTIN_PREFIX_ODD"]),
        ([GOOD, WRONG], 1.0, 1.0, 0.0, ["GTIN_CHECK_FAILS", None]),
    ],
)
def test_codes_are_checked_and_none_given_is_missing(
    gtins: list[str], given: float, fails: float, odd: float, reasons: list[Any]
) -> None:
    row = reading(listing(gtins=gtins))
    assert value("gtin_given", row) == given
    assert value("gtin_check_fails", row) == pytest.approx(fails, nan_ok=True)
    assert value("gtin_prefix_odd", row) == pytest.approx(odd, nan_ok=True)
    assert [code(name, row) for name in ("gtin_check_fails", "gtin_prefix_odd")] == reasons


def test_the_office_that_licensed_a_prefix_moves_no_feature() -> None:
    offices = [ean(prefix + "000000001") for prefix in ("893", "690", "400", "000")]
    names = ("gtin_given", "gtin_check_fails", "gtin_prefix_odd")
    found = {tuple(value(name, reading(listing(gtins=[one]))) for name in names) for one in offices}
    assert len(found) == 1
    assert not any(isnan(part) for part in found.pop())
