from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from counterfoil.knowledge.brands import (
    Brand,
    Goods,
    brands,
    known_brand,
    list_price,
    no_brand_values,
    not_misspelt,
    not_split,
    small_goods,
    tier_price,
)
from counterfoil.knowledge.files import read_toml
from counterfoil.language.brands import find_brands
from counterfoil.language.match import Phrases
from counterfoil.language.normalise import fold_text
from counterfoil.language.views import views
from counterfoil.language.wares import small_goods_in

_CATEGORIES = frozenset(read_toml("categories.toml")["category"])
_WORD = re.compile(r"[a-z0-9]+")
_CASES = (
    "louis-vuitton", "gucci", "chanel", "dior", "hermes", "ysl", "moschino", "charles-keith", "nike", "adidas",
    "balenciaga", "lacoste", "zara", "mango", "uniqlo", "h-and-m", "orient", "rolex", "apple", "samsung", "spigen",
    "estee-lauder", "mac", "lancome", "sk-ii", "sulwhasoo", "innisfree", "the-ordinary", "melano-cc", "bioderma",
    "vaseline", "le-labo", "versace", "blackmores", "femfresh", "castrol", "motul", "honda", "yamaha", "li-ning",
    "moi-cosmetics", "sbhn", "cocoon", "bitis", "thien-long", "kem-nghia", "rang-dong", "dien-quang", "sunhouse",
    "vinamilk", "st25", "trung-nguyen", "casio", "duy-tan", "hao-hao", "omo", "comfort", "honma", "geox", "aldo",
)  # fmt: skip


def _names(brand: Brand) -> set[str]:
    return {fold_text(form) for form in (brand.name, *brand.forms, *brand.field_forms)}


def _pieces(names: Iterable[str]) -> set[str]:
    """The words of the names, and each name as one word."""
    split = [_WORD.findall(name) for name in names]
    return {word for words in split for word in words} | {"".join(words) for words in split}


def _all_pieces() -> set[str]:
    return set().union(*(_pieces(_names(brand)) for brand in brands()))


def test_every_brand_is_filed_once_with_a_source_and_categories_of_ours() -> None:
    assert len(brands()) >= 1_000
    assert len({brand.id for brand in brands()}) == len(brands())
    for brand in brands():
        assert brand.source.strip(), brand.id
        assert brand.categories, brand.id
        assert set(brand.categories) <= _CATEGORIES, brand.id
        assert len(set(brand.categories)) == len(brand.categories), brand.id
        assert set(brand.list_price) <= set(brand.categories), brand.id
        assert brand.tier in {"luxury", "premium", "mass"}, brand.id


def test_the_brands_of_known_cases_are_all_there() -> None:
    assert [key for key in _CASES if known_brand(key) is None] == []


def test_no_form_belongs_to_two_brands_or_means_no_brand() -> None:
    forms = Counter(form for brand in brands() for form in _names(brand) | {fold_text(brand.id)})
    assert [form for form, count in forms.items() if count > 1] == []
    assert not {fold_text(value) for value in no_brand_values()} & set(forms)


def test_forms_are_kept_as_they_are_matched_and_once() -> None:
    for brand in brands():
        kept = [*brand.forms, *brand.field_forms]
        assert len({fold_text(form) for form in kept}) == len(kept), brand.id
        assert all(form == form.strip() and len(form) >= 2 for form in kept), brand.id


def test_brands_that_are_words_have_another_form_or_are_silent_in_titles() -> None:
    for brand in brands():
        assert not brand.ordinary_word or fold_text(brand.name) not in {fold_text(form) for form in brand.forms}


@pytest.mark.parametrize(
    "key",
    [
        "mango", "coach", "clear", "apple", "gap", "guess", "comfort", "sunlight", "mac", "moi-cosmetics", "omega",
    ],
)  # fmt: skip
def test_names_that_are_everyday_words_say_nothing_in_a_title(key: str) -> None:
    brand = known_brand(key)
    assert brand is not None
    assert brand.ordinary_word


def test_a_nickname_names_one_brand_and_is_no_form_of_any() -> None:
    forms = {form for brand in brands() for form in _names(brand)}
    nicknames = Counter(fold_text(name) for brand in brands() for name in brand.all_nicknames)
    assert [name for name, count in nicknames.items() if count > 1] == []
    assert set(nicknames) & forms == set()
    assert all(len(name) >= 4 for name in nicknames)


@pytest.mark.parametrize(
    ("nickname", "key"),
    [
        ("lovo", "louis-vuitton"), ("gucdi", "gucci"), ("guchi", "gucci"), ("a đi đát", "adidas"), ("lafufu", "pop-mart"),
    ],
)  # fmt: skip
def test_what_sellers_of_copies_call_a_brand_is_its_nickname(nickname: str, key: str) -> None:
    assert [brand.id for brand in brands() if nickname in brand.nicknames] == [key]


@pytest.mark.parametrize(
    ("nickname", "key"),
    [
        ("lệ vi", "louis-vuitton"), ("lờ vờ", "louis-vuitton"), ("gờ sốc", "casio"),
        ("con vẹt", "converse"), ("nhà táo", "apple"), ("cha neo", "chanel"),
    ],
)  # fmt: skip
def test_a_nickname_that_is_a_word_elsewhere_is_kept_to_the_categories(nickname: str, key: str) -> None:
    assert [brand.id for brand in brands() if nickname in brand.nicknames_in_category] == [key]
    assert not any(nickname in brand.nicknames for brand in brands())


def test_a_nickname_that_rests_on_its_accents_has_some() -> None:
    rests = [name for brand in brands() for name in brand.nicknames_accented]
    assert "đi o" in rests
    assert all(fold_text(name) != name for name in rests)


def test_prices_are_orders_of_magnitude_that_fit_the_tier() -> None:
    for brand in brands():
        for category, price in brand.list_price.items():
            named = (brand.id, category, price)
            assert isinstance(price, int), named
            assert 1_000 <= price <= 5 * 10**9, named
            low = tier_price(brand.tier, category)
            assert low is None or price >= low, named
            luxury = tier_price("luxury", category)
            assert brand.tier != "mass" or luxury is None or price < luxury, named


def test_a_luxury_tier_costs_more_than_a_premium_one_and_mass_has_no_figure() -> None:
    luxury, premium = ({c: p for c in _CATEGORIES if (p := tier_price(tier, c))} for tier in ("luxury", "premium"))
    assert set(premium) >= {
        "bags", "shoes", "clothing", "perfume", "cosmetics", "watches", "phone_accessories", "electronics", "motor_parts",
        "toys", "alcohol", "supplements",
    }  # fmt: skip
    assert set(luxury) <= set(premium)
    assert all(luxury[category] > premium[category] for category in luxury)
    assert not any(tier_price("mass", category) for category in _CATEGORIES)


@pytest.mark.parametrize(
    ("category", "least"),
    [
        ("bags", 120), ("shoes", 120), ("clothing", 150), ("perfume", 100), ("cosmetics", 150), ("watches", 90),
        ("phone_accessories", 60), ("electronics", 100), ("motor_parts", 60), ("books", 6), ("supplements", 30),
        ("medicine", 15), ("food", 40), ("toys", 25), ("alcohol", 45), ("household", 120),
    ],
)  # fmt: skip
def test_every_category_has_brands_whose_price_is_known(category: str, least: int) -> None:
    assert sum(category in brand.list_price for brand in brands()) >= least


@pytest.mark.parametrize(
    ("key", "category"),
    [
        ("hermes", "household"), ("lego", "household"), ("montblanc", "household"), ("oral-b", "electronics"),
        ("philips", "cosmetics"), ("louis-vuitton", "phone_accessories"), ("sanrio", "bags"), ("yamaha", "household"),
    ],
)  # fmt: skip
def test_what_a_brand_sells_besides_its_core_goods_has_a_price_too(key: str, category: str) -> None:
    brand = known_brand(key)
    assert brand is not None
    assert category in brand.list_price


@pytest.mark.parametrize(
    ("title", "category", "key"),
    [
        ("Submariner mặt xanh dây thép", "watches", "rolex"), ("Bleu de Chanel 100ml", "perfume", "chanel"),
        ("Flowerbomb EDP 50ml", "perfume", "viktor-and-rolf"), ("Nendoroid Miku", "toys", "good-smile"),
        ("ThinkPad X1 Carbon", "electronics", "lenovo"), ("Chiếc Nuptse 700 màu đen", "clothing", "north-face"),
        ("Gậy golf Honma full set", "household", "honma"), ("Giày Dr Marten 1461", "shoes", "dr-martens"),
        ("Replica Jazz Club EDT 30ml", "perfume", "maison-margiela"), ("Ví da Mulberry", "bags", "mulberry"),
    ],
)  # fmt: skip
def test_a_brand_is_told_by_its_lines_and_models(title: str, category: str, key: str) -> None:
    assert {(mention.brand, mention.disguise) for mention in find_brands(title, category)} == {(key, None)}


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Áo khoác gió in chữ COACH cho huấn luyện viên", "clothing"), ("Lụa mulberry 100% tơ tằm", "clothing"),
        ("Bỏ ra do không vừa", "watches"), ("Giày thể thao GNC-T22", "shoes"), ("Túi đeo chéo cross body", "bags"),
        ("Nút gắn hình ngựa pony", "shoes"), ("Bàn phím theory of music", "books"), ("Nước tẩy giày PLAC", "shoes"),
        ("Sandal Holster Lila", "shoes"), ("Ủng hộ,có quà", None), ("Ốp lưng giant panda", "phone_accessories"),
        ("Quạt hình cá shark", "toys"), ("Tranh fossil khủng long", "household"), ("Khăn hình tiger", "clothing"),
        ("Minion bơ đậu xanh", "toys"), ("Phao bơi Intex", "toys"),
    ],
)  # fmt: skip
def test_words_and_other_makers_are_no_brand_of_ours(title: str, category: str | None) -> None:
    assert [mention for mention in find_brands(title, category) if mention.disguise != "described"] == []


@pytest.mark.parametrize(
    ("key", "category", "low", "high"),
    [
        ("nike", "shoes", 2_650_000, 4_100_000), ("converse", "shoes", 1_450_000, 1_900_000),
        ("vans", "shoes", 1_490_000, 1_490_000), ("hermes", "bags", 123_000_000, 800_000_000),
        ("honda", "motor_parts", 190_000, 190_000), ("melano-cc", "cosmetics", 250_000, 300_000),
        ("spigen", "phone_accessories", 800_000, 1_000_000), ("le-labo", "perfume", 5_000_000, 6_000_000),
        ("orient", "watches", 5_000_000, 6_000_000), ("chanel", "perfume", 2_000_000, 3_800_000),
    ],
)  # fmt: skip
def test_prices_that_were_seen_are_kept(key: str, category: str, low: int, high: int) -> None:
    brand = known_brand(key)
    assert brand is not None
    assert low <= brand.list_price[category] <= high


@given(st.sampled_from(brands()), st.sampled_from(sorted(_CATEGORIES)) | st.text(max_size=20))
def test_a_list_price_is_the_brands_own_else_its_tiers_else_unknown(brand: Brand, category: str) -> None:
    expected = brand.list_price.get(category, tier_price(brand.tier, category))
    assert list_price(brand, category) == expected
    assert category in _CATEGORIES or expected is None


def test_a_brand_without_a_figure_borrows_the_low_one_of_its_tier() -> None:
    rolex, omo = known_brand("rolex"), known_brand("omo")
    assert rolex is not None
    assert omo is not None
    assert list_price(rolex, "watches") == rolex.list_price["watches"]
    assert list_price(rolex, "bags") == tier_price("luxury", "bags")
    assert list_price(omo, "bags") is None
    assert list_price(rolex, "books") is None


def test_every_stop_word_is_one_edit_from_a_name_and_is_none_itself() -> None:
    near: dict[int, list[str]] = {}
    for piece in _all_pieces():
        if len(piece) >= 4:
            near.setdefault(len(piece), []).append(piece)
    dead = [
        word
        for word in sorted(not_misspelt())
        if not any(
            OSA.distance(word, piece, score_cutoff=1) <= 1
            for size in (len(word) - 1, len(word), len(word) + 1)
            for piece in near.get(size, ())
        )
    ]
    assert dead == []
    spoken = {form for brand in brands() for form in _names(brand)} | {
        fold_text(name) for brand in brands() for name in brand.all_nicknames
    }
    assert not_misspelt() & spoken == set()
    assert all(_WORD.fullmatch(word) for word in not_misspelt())


@pytest.mark.parametrize(
    "word",
    [
        "channel", "mongo", "guest", "nine", "dicor", "hondo", "bulgaria", "bitas", "cannon", "mobile", "carrier",
    ],
)  # fmt: skip
def test_words_and_other_names_are_no_slips(word: str) -> None:
    assert word in not_misspelt()


@pytest.mark.parametrize(
    "slip",
    [
        "guci", "addidas", "adidass", "nkie", "chanei", "diorr", "lacotse", "nikee", "versac", "jordann",
    ],
)  # fmt: skip
def test_slips_that_sellers_make_are_not_among_the_stop_words(slip: str) -> None:
    assert slip not in not_misspelt()


def test_every_name_that_is_not_split_is_a_name_of_two_pieces_or_more() -> None:
    pieces = _all_pieces()
    assert [word for word in sorted(not_split()) if word not in pieces or len(word) < 4] == []
    assert {"honda", "mango", "puma", "casio", "nike", "balen"} <= not_split()
    assert not {"dior", "chanel", "gucci", "adidas", "rolex"} & not_split()


def test_a_brand_is_found_by_its_id() -> None:
    brand = known_brand("nike")
    assert brand is not None
    assert brand.name == "Nike"
    assert known_brand("no such brand") is None
    assert known_brand(None) is None


@pytest.mark.slow
def test_no_real_title_holds_a_nickname_by_chance() -> None:
    folder = os.environ.get("COUNTERFOIL_DATA")
    if not folder:
        pytest.skip("COUNTERFOIL_DATA does not name the folder of real listings")
    phrases = Phrases((fold_text(name), name) for brand in brands() for name in brand.nicknames)
    rows = 0
    found: Counter[str] = Counter()
    for path in sorted(Path(folder, "tiki").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                rows += 1
                found.update(match.value for match in phrases.find(fold_text(row["name"])))
    assert rows > 10_000
    assert found == Counter()


@pytest.mark.parametrize(
    "value",
    ["VNXK", "vnxk ", "Việt Nam xuất khẩu", "QCCC", "Quảng Châu", "Hàng xách tay", "Made in Vietnam", "Hàn Quốc"],
)
def test_words_of_origin_in_a_brand_field_are_no_brand(value: str) -> None:
    assert fold_text(value).strip() in {fold_text(none).strip() for none in no_brand_values()}


def test_small_goods_cost_a_share_of_the_core_goods_in_their_categories() -> None:
    assert len({goods.id for goods in small_goods()}) == len(small_goods()) >= 15
    for goods in small_goods():
        assert 0 < goods.factor < 1, goods.id
        assert set(goods.categories) <= _CATEGORIES, goods.id
        assert goods.words, goods.id
        assert all(known_brand(key) is not None for key in goods.except_brands), goods.id


@given(st.sampled_from(brands()), st.sampled_from(sorted(_CATEGORIES)), st.sampled_from(small_goods()))
def test_a_small_thing_never_costs_more_than_a_core_one(brand: Brand, category: str, goods: Goods) -> None:
    core, small = list_price(brand, category), list_price(brand, category, goods.id)
    assert (small is None) == (core is None)
    assert small is None or core is None or 0 < small <= core
    if core is not None and (category not in goods.categories or brand.id in goods.except_brands):
        assert small == core


def test_what_is_small_to_one_brand_is_the_core_of_another() -> None:
    nike, crocs = known_brand("nike"), known_brand("crocs")
    assert nike is not None
    assert crocs is not None
    core = list_price(nike, "shoes")
    assert core is not None
    assert (list_price(nike, "shoes", "slides") or 0) < core / 2
    assert list_price(crocs, "shoes", "slides") == list_price(crocs, "shoes")


@pytest.mark.parametrize(
    ("title", "category", "kind"),
    [
        ("Áo trẻ em Lacoste", "clothing", "kids"), ("Ruột bút Montblanc", "household", "refill"),
        ("Mũi khoan Makita 6mm", "household", "tool_piece"), ("Kẹo Meiji 25 viên", "food", "sweets"),
        ("Lót chuột Razer", "electronics", "desk_piece"), ("Ống cầu Yonex", "household", "sport_piece"),
        ("Hennessy 350ml", "alcohol", "half_bottle"),
    ],
)  # fmt: skip
def test_a_small_thing_of_a_great_brand_is_held_against_a_small_price(title: str, category: str, kind: str) -> None:
    (brand_id,) = {mention.brand for mention in find_brands(title, category)}
    brand = known_brand(brand_id)
    assert brand is not None
    assert small_goods_in(views(title), category) == kind
    core, small = list_price(brand, category), list_price(brand, category, kind)
    assert core is not None
    assert small is not None
    assert small <= core * 0.6
