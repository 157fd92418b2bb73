from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.brands import brand_key, find_brands


@pytest.mark.parametrize(
    "value", [None, "", "  ", "OEM", "oem ", "No Brand", "NoBrand", "Không thương hiệu", "無品牌", "自有品牌", "-"]
)
def test_no_brand_is_none(value: str | None) -> None:
    assert brand_key(value) is None


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (" NIKE ", "nike"), ("Louis Vuitton", "louis-vuitton"), ("LV", "louis-vuitton"), ("Hermes", "hermes"),
        ("Mango", "mango"),
        ("Charles and Keith", "charles-keith"), ("Lining", "li-ning"), ("Giày Xinh", "giay xinh"),
        ("MOI", "moi-cosmetics"),
    ],
)  # fmt: skip
def test_a_stated_brand_has_one_key(value: str, key: str) -> None:
    assert brand_key(value) == key


@given(st.text(max_size=200))
def test_a_key_is_short_and_stable(value: str) -> None:
    key = brand_key(value)
    assert key is None or (0 < len(key) <= 60 and brand_key(key) in {key, None})


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("Giày Nike Air Force 1", ["nike"]),
        ("Túi LV, ví GUCCI", ["louis-vuitton", "gucci"]),
        ("Ốp cho iPhone 15", ["apple"]),
        ("Sữa rửa mặt ESTÉE LAUDER", ["estee-lauder"]),
        ("Váy mango mới mặc đẹp", []),
        ("Sinh tố táo apple clear comfort", []),
        ("Nikee giày", ["nike"]),
        ("", []),
    ],
)
def test_titles_name_brands_as_whole_words(title: str, ids: list[str]) -> None:
    assert [mention.brand for mention in find_brands(title)] == ids


def test_a_mention_quotes_the_raw_title() -> None:
    title = "Nước hoa  HERMÈS Terre"
    (mention,) = find_brands(title)
    assert title[mention.start : mention.end] == "HERMÈS"
