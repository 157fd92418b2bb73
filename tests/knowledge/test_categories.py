from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.errors import NotFound
from counterfoil.knowledge.categories import CATEGORY_IDS, SafetyClass, category, category_of
from counterfoil.knowledge.files import read_toml

PATHS = [
    ("tiki", ["Giày - Dép nam", "Dép nam xỏ ngón"], "shoes"),
    ("tiki", ["Vệ sinh giày"], "household"),
    ("tiki", ["Túi thời trang nữ", "Túi tote nữ"], "bags"),
    ("tiki", ["Dây, quai đeo túi"], "household"),
    ("tiki", ["Nhà Sách Tiki", "Sách tiếng Việt"], "books"),
    ("tiki", ["Làm Đẹp - Sức Khỏe", "Thực phẩm chức năng"], "supplements"),
    ("tiki", ["Làm Đẹp - Sức Khỏe", "Chăm sóc da mặt"], "cosmetics"),
    ("tiki", ["Bách Hóa Online", "Đồ uống có cồn"], "alcohol"),
    ("tiki", ["Đồ Chơi - Mẹ & Bé", "Sữa bột cho bé"], "food"),
    ("tiki", ["Đồ Chơi - Mẹ & Bé", "Bỉm tã"], "household"),
    ("tiki", ["Đồ Chơi - Mẹ & Bé", "Đồ chơi lắp ráp"], "toys"),
    ("tiki", ["Ô Tô - Xe Máy - Xe Đạp", "Dầu nhớt"], "motor_parts"),
    ("shopee", ["Sắc Đẹp", "Nước hoa"], "perfume"),
    ("shopee", ["Điện Thoại & Phụ Kiện", "Điện thoại"], "electronics"),
    ("shopee", ["Điện Thoại & Phụ Kiện", "Phụ kiện", "Ốp lưng, bao da"], "phone_accessories"),
    ("shopee", ["Đồng Hồ", "Đồng hồ nam"], "watches"),
    ("shopee", ["Nhà Cửa & Đời Sống", "Đồng hồ treo tường"], "household"),
    ("shopee", ["Thời Trang Nam", "Áo"], "clothing"),
    ("shopee", ["Văn Phòng Phẩm", "Giấy in"], "household"),
    ("shopee", ["Sức Khỏe", "Thuốc"], "medicine"),
    ("shopee", ["Chăm Sóc Thú Cưng", "Thức ăn, đồ ăn"], "household"),
    ("lazada", ["Health & Beauty", "Vitamins & Supplements"], "supplements"),
    ("lazada", ["Mobiles & Tablets", "Mobile Accessories"], "phone_accessories"),
    ("tiktok", ["Womenswear & Underwear"], "clothing"),
    ("tiktok", ["Fashion Accessories"], "clothing"),
    ("tiktok", ["Luggage & Bags"], "bags"),
    ("shopee-tw", ["美妝保養", "香水、香氛"], "perfume"),
    ("shopee-tw", ["嬰幼兒童裝童鞋", "女童童鞋", "靴子"], "shoes"),
    ("shopee-tw", ["嬰幼兒童裝童鞋", "女童童裝", "洋裝"], "clothing"),
    ("shopee-tw", ["寵物", "寵物服飾配件"], "household"),
    ("shopee-tw", ["愛好與收藏品", "收藏品", "公仔"], "toys"),
    ("shopee-tw", ["愛好與收藏品", "樂器與樂器配件"], None),
    # A whole department, or no department at all, says too little.
    ("tiki", ["Root"], None),
    ("tiki", ["Thời Trang"], None),
    (None, ["Nước hoa"], "perfume"),
    (None, [], None),
]


@pytest.mark.parametrize(
    ("platform", "path", "expected"), PATHS, ids=[" > ".join(path) or "empty" for _, path, _ in PATHS]
)
def test_a_path_means_its_category_with_accents_and_without(
    platform: str | None, path: list[str], expected: str | None
) -> None:
    def bare(text: str) -> str:
        kept = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
        return kept.replace("đ", "d").replace("Đ", "D")

    assert category_of(platform, path) == expected
    assert category_of(platform, [bare(level).upper() for level in path]) == expected
    assert category_of(platform, [unicodedata.normalize("NFD", level) for level in path]) == expected


@given(st.lists(st.text(max_size=20), max_size=5), st.none() | st.text(max_size=10))
def test_any_path_has_a_known_category_or_none(path: list[str], platform: str | None) -> None:
    assert category_of(platform, tuple(path)) in {None, *CATEGORY_IDS}


def test_every_category_says_what_is_asked_of_it() -> None:
    assert set(read_toml("categories.toml")["category"]) == set(CATEGORY_IDS)
    for category_id in CATEGORY_IDS:
        known = category(category_id)
        assert known.id == category_id
        assert known.name_vi
        assert known.name_en
        assert known.safety_class in get_args(SafetyClass)
        assert 1 <= known.harm_weight <= 5
        assert 0 < known.base_rate < 0.2
    assert category("books").codes_required == ("isbn",)
    with pytest.raises(NotFound):
        category("bikes")


def test_every_pattern_leads_to_a_category_and_is_written_as_it_is_compared() -> None:
    seen: dict[str, str] = {}
    for rule in read_toml("categories.toml")["path"]:
        assert rule["category"] in CATEGORY_IDS
        for word in rule["words"]:
            assert word == word.strip().lower()
            assert not word.isascii() or all(char.isalnum() or char in " >" for char in word)
            assert seen.setdefault(word, rule["category"]) == rule["category"], (
                f"{word} can never lead to {rule['category']}"
            )


def test_every_category_can_be_reached() -> None:
    assert {rule["category"] for rule in read_toml("categories.toml")["path"]} == set(CATEGORY_IDS)


@pytest.mark.parametrize(
    ("platform", "file", "column", "least"),
    [
        ("tiki", "tiki/vietnamese_tiki_products_men_shoes.csv", "category", 0.99),
        ("tiki", "tiki/vietnamese_tiki_products_women_bags.csv", "category", 0.99),
        ("tiki", "tiki/vietnamese_tiki_products_women_shoes.csv", "category", 0.99),
        ("shopee-tw", "shopee-tw/listings.csv", "category", 0.90),
    ],
)
def test_the_filed_rows_of_a_real_crawl_have_a_category(platform: str, file: str, column: str, least: float) -> None:
    import csv

    folder = os.environ.get("COUNTERFOIL_DATA")
    if not folder:
        pytest.skip("needs COUNTERFOIL_DATA, the folder with the crawls that are not part of the repository")
    with (Path(folder) / file).open(encoding="utf-8-sig", newline="") as stream:
        paths = [tuple(row[column].split(" > ")) for row in csv.DictReader(stream)]
    filed = [path for path in paths if path not in {("Root",), ("Thời Trang",)}]
    assert sum(category_of(platform, path) is not None for path in filed) >= least * len(filed)
