from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.codes import find_isbns, is_placeholder, read_gtin, read_isbn


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


GTIN = "09521234543213"


@pytest.mark.parametrize(
    "link",
    [
        f"https://example.com/01/{GTIN}/10/LOT1/21/SER9?17=271231",
        f"HTTPS://EXAMPLE.COM/01/{GTIN}/10/LOT1/21/SER9?17=271231",
        f"example.com/some/path/01/{GTIN}/10/LOT1/21/SER9?17=271231",
        f"  http://example.com/01/{GTIN}/10/LOT1/21/SER9?17=271231  ",
    ],
)
def test_a_digital_link_says_number_lot_serial_expiry_and_domain(link: str) -> None:
    found = read_gtin(link)
    assert (found.code, found.valid, found.carrier) == (GTIN, True, "link")
    assert (found.domain, found.lot, found.serial) == ("example.com", "LOT1", "SER9")
    assert found.expires == date(2027, 12, 31)


@pytest.mark.parametrize(
    "link",
    [
        f"https://example.com/01/{GTIN}?17=991332",  # no thirteenth month
        f"https://example.com/01/{GTIN}/21/SER9/10/LOT1",  # qualifiers have one order
        f"https://example.com/gtin/{GTIN}",
    ],
)
def test_a_digital_link_against_the_rules_gives_its_number_alone(link: str) -> None:
    found = read_gtin(link)
    assert (found.code, found.valid, found.carrier) == (GTIN, True, "link")
    assert (found.lot, found.serial, found.expires) == (None, None, None)


def test_a_wrong_check_digit_inside_a_digital_link_is_wrong_too() -> None:
    assert not read_gtin("https://example.com/01/09521234543214").valid
    assert not read_gtin("https://example.com/09521234543213").valid


@pytest.mark.parametrize(
    "elements",
    [
        f"01{GTIN}10LOT1\x1d21SER9\x1d17271231",
        f"01{GTIN}10LOT1{{GS}}21SER9<GS>17271231",
        f"]C101{GTIN}10LOT1\x1d21SER9\x1d17271231",
        f"]d201{GTIN}10LOT1\u241d21SER9\u241d17271231",
        f"(01){GTIN}(10)LOT1(21)SER9(17)271231",
    ],
)
def test_an_element_string_is_read_in_the_spellings_of_scanners(elements: str) -> None:
    found = read_gtin(elements)
    assert (found.code, found.valid, found.carrier) == (GTIN, True, "elements")
    assert (found.lot, found.serial, found.expires) == ("LOT1", "SER9", date(2027, 12, 31))


def test_all_lengths_of_one_number_meet_as_fourteen_digits() -> None:
    assert {read_gtin(code).gtin14 for code in ("036282818705", "0036282818705", "00036282818705")} == {
        "00036282818705"
    }


@pytest.mark.parametrize(
    ("code", "made_up"),
    [
        ("0000000000000", True), ("1111111111111", True), ("1234567890128", True), ("01234567890128", True),
        ("1234567890123", True), ("6901234567892", True), ("12345670", True), ("8930000000003", True),
        ("4006381333931", False), ("6291041500213", False), ("8806088269696", False), ("036282818705", False),
        ("90311017", False), ("10614141000415", False), ("8930000000019", False), ("9786040000019", False),
    ],
)  # fmt: skip
def test_a_number_typed_to_fill_the_field_is_told_from_a_real_one(code: str, made_up: bool) -> None:
    assert read_gtin(code).placeholder is made_up


@given(st.integers(0, 9), st.integers(4, 13))
def test_a_repeated_digit_is_a_placeholder_at_any_length(digit: int, length: int) -> None:
    assert is_placeholder(str(digit) * length)
    assert not is_placeholder(str(digit) * (length - 1) + str((digit + 2) % 10))


@pytest.mark.parametrize(
    ("stated", "isbn13"),
    [
        ("0-306-40615-2", "9780306406157"), ("0306406152", "9780306406157"), ("0-8044-2957-X", "9780804429573"),
        ("978-604-0-00001-9", "9786040000019"), ("9786040000019", "9786040000019"),
        ("9786040000018", None), ("0306406153", None), ("8930000000019", None), ("", None), ("٠306406152", None),
    ],
)  # fmt: skip
def test_a_book_number_of_either_length_is_checked(stated: str, isbn13: str | None) -> None:
    assert read_isbn(stated) == isbn13


@pytest.mark.parametrize(
    ("text", "quote", "fails"),
    [
        ("Sách hay, ISBN: 978-604-0-00001-9 200 trang", "978-604-0-00001-9", False),
        ("mã isbn số 9786040000019", "9786040000019", False),
        ("ISBN-10 0-306-40615-2", "0-306-40615-2", False),
        ("ISBN13: 9786040000018", "9786040000018", True),
    ],
)
def test_a_book_number_is_found_after_its_word_and_quoted(text: str, quote: str, fails: bool) -> None:
    (found,) = find_isbns(text, "description")
    assert (found.quote, found.check_fails) == (quote, fails)
    assert text[found.start : found.end] == quote


def test_digits_without_the_word_are_no_book_number_unless_the_label_says_so() -> None:
    assert find_isbns("9786040000019", "title") == []
    assert find_isbns("9786040000019", "attributes.Mã", label="Mã ISBN")[0].code == "9786040000019"


@given(st.text(max_size=60))
def test_book_numbers_in_any_text_are_quoted_where_they_stand(text: str) -> None:
    mixed = f"{text} isbn {text} ISBN 9786040000019"
    found = find_isbns(mixed, "title")
    assert all(mixed[code.start : code.end] == code.quote for code in found)
    assert found[-1].code == "9786040000019"
