from __future__ import annotations

from math import isnan, log

import pytest

from counterfoil.decide.policy import load_policy
from counterfoil.decide.wording import LANGUAGES, sentence
from counterfoil.features.catalogue import catalogue
from counterfoil.features.reading import Reading
from counterfoil.knowledge.brands import known_brand, list_price
from tests.features.asked import code, reading, told, value
from tests.worlds import listing

_BAGS, _SHOES, _SHIRTS = ["Túi Ví Nữ", "Túi đeo chéo"], ["Giày Dép Nam", "Giày Thể Thao"], ["Thời Trang Nam", "Áo"]


def row(title: str, path: list[str], price: str = "350000", brand: str | None = None) -> Reading:
    return reading(listing(title=title, category_path=path, price=price, brand=brand))


def flagged_by(what: Reading) -> str | None:
    """The rule of the default policy that flags a row whose model says nothing."""
    values = dict(zip(catalogue().names, catalogue().values([what])[0].tolist(), strict=True))
    outcome = load_policy().outcome(0.0, values)
    return outcome.rule.name if outcome.flagged and outcome.rule is not None else None


@pytest.mark.parametrize("brand", [None, "No Brand", "OEM", "Khác"])
def test_a_described_mark_is_a_hidden_brand_with_the_words_that_describe_it(brand: str | None) -> None:
    title = "Túi hai chữ C quay lưng da hạt"
    what = row(title, _BAGS, brand=brand)
    assert value("brand_disguised", what) == 1
    reason = told("brand_disguised", what)
    assert reason is not None
    assert reason.code == "BRAND_DESCRIBED"
    start, end = reason.evidence["span"]
    assert title[start:end] == reason.evidence["quote"] == "hai chữ C quay lưng"
    assert flagged_by(what) == "brand_in_disguise"


def test_a_described_mark_is_told_in_both_languages_and_accuses_nobody() -> None:
    reason = told("brand_disguised", row("Túi hai chữ C quay lưng", _BAGS))
    assert reason is not None
    for language in LANGUAGES:
        text = sentence(reason.code, language, reason.evidence)
        assert "hai chữ C quay lưng" in text
        assert "chanel" in text
        assert "counterfeit" not in text
        assert "giả" not in text


def test_a_described_brand_brings_its_list_price_and_its_tier() -> None:
    what = row("Túi hai chữ C quay lưng", _BAGS)
    chanel = known_brand("chanel")
    assert chanel is not None
    assert what.market.list_price == list_price(chanel, "bags")
    assert value("brand_tier", what) == 3
    assert value("cheaper_than_list", what) > 1.5


def test_a_seller_with_a_brand_of_their_own_only_decorates_with_a_mark() -> None:
    what = row("Túi hai chữ C quay lưng", _BAGS, brand="Shop Xinh")
    assert value("brand_disguised", what) == 0
    assert value("brand_title_differs", what) == 0
    assert flagged_by(what) is None


def test_a_described_brand_is_not_named_in_the_title() -> None:
    what = row("Túi hai chữ C quay lưng", _BAGS)
    assert value("brand_only_in_title", what) == 0
    assert code("brand_only_in_title", what) is None


@pytest.mark.parametrize(
    ("path", "title"),
    [
        (_SHIRTS, "Áo 3 sọc kẻ ngang tay dài"), (_BAGS, "Túi in hình cỏ bốn lá"), (_SHOES, "Dép quai chữ H"),
        (_SHOES, "Giày trẻ em đế đỏ"),
        (_SHIRTS, "Áo thun vải cá sấu cổ bẻ"), (_SHIRTS, "Khăn kẻ caro len dày"),
    ],
)  # fmt: skip
def test_an_everyday_motif_raises_no_alarm(path: list[str], title: str) -> None:
    what = row(title, path, price="99000")
    assert value("brand_disguised", what) == 0
    assert isnan(value("cheaper_than_list", what))
    assert flagged_by(what) is None


@pytest.mark.parametrize("brand", ["OEM", "No Brand", "Không thương hiệu", "VNXK"])
def test_a_protected_brand_beside_a_field_that_denies_one_is_a_sign(brand: str) -> None:
    what = row("Giày Nike Air Force 1", _SHOES, brand=brand)
    assert value("brand_missing", what) == 1
    assert value("brand_only_in_title", what) == 1
    assert code("brand_only_in_title", what) == "BRAND_ONLY_IN_TITLE"
    assert what.keys.brand == "nike"


def test_a_word_of_origin_in_the_brand_field_hides_no_brand_of_the_title() -> None:
    what = row("Áo khoác Nike gió VNXK", _SHIRTS, price="120000", brand="VNXK")
    assert what.keys.brand == "nike"
    assert value("brand_title_differs", what) == 0
    assert flagged_by(what) is not None


def test_a_small_thing_is_held_against_what_such_things_cost() -> None:
    socks, jacket = row("Tất Nike cổ cao", _SHIRTS, "99000"), row("Áo khoác Nike", _SHIRTS, "99000")
    nike = known_brand("nike")
    assert nike is not None
    core = list_price(nike, "clothing")
    assert core is not None
    assert jacket.market.list_price == core
    assert value("cheaper_than_list", jacket) == pytest.approx(log(core / 99_000))
    assert socks.market.list_price is not None
    assert socks.market.list_price < core / 4
    assert value("cheaper_than_list", socks) < 0.5
    assert flagged_by(jacket) == "far_below_the_list_price"
    assert flagged_by(socks) is None


def test_the_reason_for_a_low_price_names_the_figure_it_was_held_against() -> None:
    wallet = row("Ví da Coach nam", ["Túi Ví Nam", "Ví"], "150000")
    reason = told("cheaper_than_list", wallet)
    assert reason is not None
    assert reason.code == "BELOW_LIST_PRICE"
    assert reason.evidence["list_price"] == f"{wallet.market.list_price:.0f}"
    assert "for such goods" in sentence(reason.code, "en", reason.evidence)
    assert "loại hàng này" in sentence(reason.code, "vi", reason.evidence)
