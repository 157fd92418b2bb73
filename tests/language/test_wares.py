from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.knowledge.brands import small_goods
from counterfoil.language.views import views
from counterfoil.language.wares import is_accessory, small_goods_in


@pytest.mark.parametrize(
    ("category", "title", "goods"),
    [
        ("clothing", "Tất Uniqlo nam cổ lửng", "socks"), ("clothing", "Set 3 đôi vớ Adidas", "socks"),
        ("clothing", "Áo thun Dior nữ", "tee"), ("clothing", "Nón Gucci", "hat"),
        ("clothing", "Băng đô thấm mồ hôi Nike", "band"),
        ("bags", "Ví da LV nam", "wallet"), ("bags", "vi da lv nam", "wallet"), ("bags", "Ví thẻ Gucci", "card_holder"),
        ("shoes", "Dép Gucci", "slides"), ("phone_accessories", "Cáp Anker PowerLine", "cable"),
        ("toys", "Minifigure LEGO dê", "single_figure"),
    ],
)  # fmt: skip
def test_the_small_goods_of_a_brand_are_known_by_their_words(category: str, title: str, goods: str) -> None:
    assert small_goods_in(views(title), category) == goods


@pytest.mark.parametrize(
    ("category", "title"),
    [
        ("shoes", "Giày Nike tặng tất"), ("clothing", "Áo khoác Nike kèm mũ"), ("bags", "Túi LV kèm ví nhỏ"),
        ("clothing", "Hoodie Supreme"),
        ("watches", "Đồng hồ Casio"), ("bags", "vi tinh de ban"),
    ],
)  # fmt: skip
def test_what_only_comes_along_does_not_make_goods_small(category: str, title: str) -> None:
    assert small_goods_in(views(title), category) is None


def test_goods_are_small_in_their_own_categories_only() -> None:
    assert small_goods_in(views("Dép Gucci"), "watches") is None
    assert small_goods_in(views("Dép Gucci"), None) is None


@given(st.text(max_size=100), st.sampled_from(["bags", "shoes", "clothing", "toys"]))
def test_any_title_has_one_kind_of_its_category_or_none(title: str, category: str) -> None:
    kinds = {goods.id for goods in small_goods() if category in goods.categories}
    assert small_goods_in(views(title), category) in kinds | {None}


@pytest.mark.parametrize("title", ["Khăn lụa quấn quai túi Birkin", "Dây thun quấn quai Gucci"])
def test_what_is_wound_round_the_handle_of_a_bag_fits_it(title: str) -> None:
    assert is_accessory(views(title)) is not None


def test_a_belt_or_a_necklace_with_its_box_is_no_accessory() -> None:
    assert is_accessory(views("Cà vạt Hermes hộp cam")) is None
    assert is_accessory(views("Dây chuyền Tiffany hộp xanh")) is None
