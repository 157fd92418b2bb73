from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.contact import MASK, find_contacts, mask

# No such number was given to anybody: built here, so that none is written out.
NUMBER = "0900" + "000" + "001"
E164 = "+84" + NUMBER[1:]


def _spelled(separator: str, *cuts: int) -> str:
    edges = [0, *cuts, len(NUMBER)]
    return separator.join(NUMBER[a:b] for a, b in pairwise(edges))


@pytest.mark.parametrize(
    "text",
    [
        NUMBER, _spelled(" ", 4, 7), _spelled(".", 4, 7), _spelled("-", 3, 6), _spelled("_", 4, 7),
        _spelled(" . ", 4, 7), _spelled("–", 4, 7), _spelled(".", *range(1, 10)), "+84" + NUMBER[1:], "+84 900 000 001",
        "84900000001", "+84 (0)900 000 001", "(+84) 900.000.001", "sđt" + NUMBER, "Zalo: " + NUMBER, "•" + NUMBER + "•",
        "LH 1:" + NUMBER, "0９00 000 001", "0900\u200b000\u200b001",
    ],
)  # fmt: skip
def test_a_phone_is_found_in_every_usual_spelling(text: str) -> None:
    (mention,) = find_contacts("Giày đẹp, " + text + " giao nhanh")
    assert (mention.kind, mention.canonical) == ("phone", E164)


@pytest.mark.parametrize(
    ("text", "kind", "canonical"),
    [
        ("mail shop@example.com nhé", "email", "shop@example.com"),
        ("Zalo: abc", "zalo", "abc"),
        ("zalo.me/" + NUMBER, "zalo", E164),
        ("https://zalo.me/g/abcd12", "zalo", "abcd12"),
        ("www.facebook.com/shop.giay.", "facebook", "shop.giay"),
        ("fb.com/shopgiay", "facebook", "shopgiay"),
        ("facebook: shop_giay", "facebook", "shop_giay"),
        ("https://t.me/shopgiay", "telegram", "shopgiay"),
        ("tele @shop_giay", "telegram", "shop_giay"),
        ("STK: Ngân hàng 0011000000001", "bank", "0011000000001"),
        ("số tài khoản 1234 5678 9012", "bank", "123456789012"),
        ("call +1 650-253-0000", "phone", "+16502530000"),
    ],
)
def test_other_contacts_are_found(text: str, kind: str, canonical: str) -> None:
    (mention,) = find_contacts(text)
    assert (mention.kind, mention.canonical) == (kind, canonical)


@pytest.mark.parametrize(
    "text",
    [
        "350.000đ", "1.250.000", "+30.000.000đ", "giá 350 000 0", "10.900.000.000 đ", "size 35 36 37 38 39 40 41",
        "size 07 08 09 10 11", "năm 2024 2025", "8930000000019", "0200000000011", "036282818705", "71846/18/CBMP-QLD",
        "VD-12345-18", "mã đơn hàng 0900000001", "DH0900000001", "ISBN 0306406152", "09xx xxx xxx", "0900 xxx 001",
        "09.11.2026 10:30", "09-11-2026 15h", "tài khoản 12.500.000", "tk game 100k", "Zalo: để được tư vấn",
        "zalo: shop", "facebook: giày xinh", "VN0A5JMI2PT", "fb", "1900 000", "",
    ],
)  # fmt: skip
def test_prices_sizes_dates_and_codes_are_no_contacts(text: str) -> None:
    assert find_contacts(text) == ()


def test_a_phone_is_masked_with_equal_length() -> None:
    text = "Gọi " + NUMBER + " nhé"
    assert mask(text, find_contacts(text)) == "Gọi " + MASK * 10 + " nhé"


def test_a_masked_phone_is_left_alone() -> None:
    text = "Gọi 09xx xxx xxx hoặc 0900 *** ***"
    assert mask(text, find_contacts(text)) == text


PIECES = st.sampled_from(
    [NUMBER, _spelled(" ", 4, 7), "zalo: ", "zalo.me/", "stk ", "a@b.vn", "@", "fb.com/", "t.me/", "+84", "+1", "shop",
     "1", " ", ".", "-", MASK, "xyz", "đ", "12345678", "isbn ", "\u200b", "\n", "８"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join))


@given(TEXTS)
def test_masking_keeps_the_length_and_leaves_nothing_to_find(text: str) -> None:
    mentions = find_contacts(text)
    masked = mask(text, mentions)
    assert len(masked) == len(text)
    assert find_contacts(masked) == ()


@given(TEXTS)
def test_mentions_are_sorted_and_apart(text: str) -> None:
    mentions = find_contacts(text)
    assert all(0 <= one.start < one.end <= len(text) for one in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@given(st.integers(1_000, 999_999_999), st.sampled_from(["đ", " VND", "k", "₫", ""]))
def test_prices_are_never_contacts(amount: int, unit: str) -> None:
    assert find_contacts(f"giá {amount:,}{unit}") == ()
    assert find_contacts(f"giá {amount:,}{unit}".replace(",", ".")) == ()


@pytest.mark.parametrize(
    "unit",
    ["0", "0 ", "a", "a.", "zalo: ", "tk ", "+", "a@", "a@b.", "tk 1 ", "+1 2 ", "http://", "03 9 ", "(", "0(((", "•"],
)
def test_hostile_texts_are_read_in_linear_time(unit: str) -> None:
    assert find_contacts(unit * (100_000 // len(unit))) == ()
