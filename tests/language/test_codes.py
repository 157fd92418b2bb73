from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.codes import read_gtin


def _check_digit(payload: str) -> str:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return str(-total % 10)


@pytest.mark.parametrize(
    ("code", "prefix_class", "issuer"),
    [
        ("4006381333931", "national", "GS1 Germany"),
        ("6291041500213", "national", "GS1 Emirates"),
        ("8806088269696", "national", "GS1 South Korea"),
        ("036282818705", "national", "GS1 US"),
        ("90311017", "none", None),
        ("10614141000415", "national", "GS1 US"),
        ("09521234543213", "demo", None),
        ("8930000000019", "national", "GS1 Vietnam"),
        ("6901234567892", "national", "GS1 China"),
        ("0200000000011", "restricted", None),
        ("2000000000015", "restricted", None),
        ("9786040000019", "book", None),
        ("978-604-0-00001-9", "book", None),
        ("８９３0000000019", "national", "GS1 Vietnam"),
    ],
)
def test_valid_numbers_are_read_with_the_class_of_their_prefix(
    code: str, prefix_class: str, issuer: str | None
) -> None:
    reading = read_gtin(code)
    assert (reading.valid, reading.prefix_class, reading.issuer) == (True, prefix_class, issuer)


@pytest.mark.parametrize(
    ("prefix", "prefix_class"),
    [
        ("893", "national"), ("690", "national"), ("040", "restricted"), ("055", "coupon"), ("140", "unassigned"),
        ("984", "unassigned"), ("977", "serial"), ("979", "book"), ("980", "coupon"),
        ("981", "coupon"), ("990", "coupon"), ("952", "demo"), ("299", "restricted"),
        ("020", "restricted"), ("758", "unassigned"), ("965", "unassigned"),
    ],
)  # fmt: skip
def test_each_range_of_prefixes_has_its_class(prefix: str, prefix_class: str) -> None:
    payload = prefix + "123456789"
    assert read_gtin(payload + _check_digit(payload)).prefix_class == prefix_class


@given(st.text(alphabet="0123456789", min_size=11, max_size=11), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(tail: str, place: int, step: int) -> None:
    payload = "8" + tail
    code = payload + _check_digit(payload)
    assert read_gtin(code).valid
    wrong = code[: place + 1] + str((int(code[place + 1]) + step) % 10) + code[place + 2 :]
    assert not read_gtin(wrong).valid


@given(st.text(max_size=20))
def test_whatever_is_stated_is_read(code: str) -> None:
    reading = read_gtin(code)
    assert reading.valid or (reading.prefix_class, reading.issuer) == ("none", None)


@pytest.mark.parametrize("code", ["", "123", "8930000000018", "٨٩٣0000000019", "893000000001X", "\ud800"])
def test_other_texts_are_no_valid_numbers(code: str) -> None:
    assert not read_gtin(code).valid
