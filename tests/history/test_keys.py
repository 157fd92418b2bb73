from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.history.keys import Keys, is_placeholder, keys_of, says_hand_carried
from counterfoil.language.lexicon import read_lexicon
from counterfoil.language.views import views
from tests.worlds import listing


def keys(title: str, price: Any = "200000") -> Keys:
    return keys_of(listing(title=title, price=price))


def dong(amount: str, **more: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": "VND", **more}


@pytest.mark.parametrize(
    "amount",
    ["0", "1", "1000", "2000", "1111", "11111", "111111", "12345", "123456789", "999999999", "9999999999"],
)
def test_a_placeholder_is_a_hidden_price_and_never_a_cheap_one(amount: str) -> None:
    asked = keys("Túi xách nữ", amount)
    assert asked.price_hidden
    assert asked.unit_price is None
    assert asked.markets() == {}


@pytest.mark.parametrize(
    "amount", ["2001", "9000", "99999", "88888", "999999", "9999999", "123000", "123457", "12000", "1234000"]
)
def test_lucky_and_charm_prices_are_asked(amount: str) -> None:
    asked = keys("Túi xách nữ", amount)
    assert not asked.price_hidden
    assert asked.unit_price == float(amount)


def test_small_amounts_of_another_currency_are_prices() -> None:
    assert not is_placeholder(Decimal("1"), "USD")
    assert not is_placeholder(Decimal("11111"), "JPY")
    assert is_placeholder(Decimal(0), "USD")


@pytest.mark.parametrize("price", [None, "0", "1000"])
def test_an_exact_price_in_the_title_stands_for_a_hidden_one(price: str | None) -> None:
    asked = keys("Túi LV like auth giá chỉ 1tr2", price)
    assert asked.price_hidden
    assert (asked.unit_price, asked.currency) == (1_200_000.0, "VND")
    assert asked.text_price is not None
    assert (asked.text_price.start, asked.text_price.end) == (25, 29)


@pytest.mark.parametrize(
    "title",
    ["Túi giá 3xx", "Túi từ 199k đến 250k", "Túi chỉ từ 99k", "Túi giá chỉ 1/10", "Túi ib giá", "Túi giá 1.000đ"],
)
def test_what_is_not_exact_leaves_a_hidden_price_unknown(title: str) -> None:
    assert keys(title, "1000").unit_price is None


def test_the_price_field_is_taken_before_the_title() -> None:
    asked = keys("Túi giá 350k", "200000")
    assert asked.unit_price == 200_000.0
    assert not asked.price_hidden
    assert asked.text_price is not None
    assert asked.text_price.low == 350_000


def test_a_price_in_another_currency_does_not_stand_for_a_hidden_one() -> None:
    assert keys("Túi $35", "0").unit_price is None
    assert keys("Túi $35", None).currency == "USD"


@pytest.mark.parametrize(
    ("title", "price", "unit_price", "pack"),
    [
        ("Combo 4 áo thun", "200000", 50_000.0, "2-5"),
        ("Sữa tắm 2 tặng 1", "300000", 100_000.0, "2-5"),
        ("Sữa tắm mua 1 tặng 1", "300000", 300_000.0, "1"),
        ("Bộ đồ 3 món", "300000", 300_000.0, "1"),
        ("Hộp 30 viên", "300000", 300_000.0, "1"),
        ("Thùng 24 lon", "240000", 10_000.0, "6+"),
        ("Combo 4 áo thun", dong("200000", pack_quantity=2), 100_000.0, "2-5"),
        ("Combo 4 áo thun giá 200k", "0", 50_000.0, "2-5"),
        ("Combo 4 đôi giày 200k/đôi", "0", 200_000.0, "1"),
    ],
)
def test_a_unit_price_is_that_of_one_piece(title: str, price: Any, unit_price: float, pack: str) -> None:
    asked = keys(title, price)
    assert asked.unit_price == pytest.approx(unit_price)
    assert asked.pack == pack


def test_the_pack_that_was_read_is_kept_for_features() -> None:
    read = keys("Combo 4 áo thun").pack_read
    assert read is not None
    assert (read.quantity, read.start, read.end) == (4, 0, 7)
    assert keys("Áo thun").pack_read is None


@given(st.integers(0, 10**12), st.text(min_size=1, max_size=30).filter(str.strip))
def test_any_title_and_price_have_keys(amount: int, title: str) -> None:
    try:
        what = listing(title=title, price=str(amount))
    except ValueError:
        return
    asked = keys_of(what)
    assert asked.unit_price is None or asked.unit_price > 0
    assert asked.price_hidden == is_placeholder(Decimal(amount), "VND")


@pytest.mark.parametrize(
    ("title", "carried"),
    [
        ("Son Dior xách tay Pháp", True),
        ("Giay Adidas xach tay My", True),
        ("Kẹo sâm x.tay Hàn", True),
        ("Túi xách tay nữ", False),
        ("Không bán hàng xách tay", False),
        ("Giày Nike rep 1:1 xách tay", False),
        ("Túi LV xách tay super fake", False),
        ("Son Dior nội địa", False),
    ],
)
def test_a_title_says_hand_carried_of_the_goods_and_nothing_stronger(title: str, carried: bool) -> None:
    assert keys(title).hand_carried == carried


def test_a_word_in_the_description_does_not_make_the_title_hand_carried() -> None:
    what = listing(title="Son Dior 999", description="Hàng xách tay Pháp")
    assert not keys_of(what).hand_carried


@pytest.mark.parametrize(
    ("title", "brand"),
    [
        ("Giày Nike fullbox ib", None),
        ("Giày ib fullbox rep", None),
        ("Giày ib fullbox rep", "Nike"),
        ("Áo xưởng", "OEM"),
    ],
)
def test_the_hits_of_a_title_are_read_in_its_category_and_beside_its_brand(title: str, brand: str | None) -> None:
    filed = keys_of(listing(title=title, brand=brand, category_path=["Giày Dép Nam"]))
    assert filed.branded == ("Nike" in (brand, *title.split()))
    assert filed.title_hits == read_lexicon(views(title), "shoes", filed.branded)


_BITS = ["xách tay", "Nhật", "fake", "rep 1:1", "không bán", "túi", "Nike", "giá xưởng", "chính hãng", ",", "sỉ", "có"]


@given(st.lists(st.sampled_from(_BITS), min_size=1, max_size=8))
def test_no_title_with_a_claim_of_a_copy_counts_as_hand_carried(bits: list[str]) -> None:
    filed = keys(" ".join(bits))
    claims = {(hit.term, hit.grade) for hit in filed.title_hits if hit.scope == "claim"}
    stronger = any(grade in {"S", "A"} for _, grade in claims)
    assert filed.hand_carried == (("hand_carried", "B") in claims and not stronger)
    assert says_hand_carried(reversed(filed.title_hits)) == filed.hand_carried
