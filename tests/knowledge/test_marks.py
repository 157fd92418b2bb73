from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.knowledge.brands import brands, known_brand
from counterfoil.knowledge.files import read_toml
from counterfoil.knowledge.marks import GAP, Mark, brands_under, clues, joined, marks, sound, spoken, toneless
from counterfoil.language.normalise import fold_text

_CATEGORIES = frozenset(read_toml("categories.toml")["category"])


def _phrases(mark: Mark) -> tuple[str, ...]:
    return (*mark.telling, *mark.likely, *mark.common)


def test_the_marks_of_at_least_40_brands_are_there_once_each_with_a_source() -> None:
    assert len(marks()) >= 40
    assert max(Counter(mark.brand for mark in marks()).values()) == 1
    for mark in marks():
        assert mark.source.strip(), mark.brand
        assert mark.categories, mark.brand
        assert set(mark.categories) <= _CATEGORIES, mark.brand
        assert _phrases(mark), mark.brand


def test_a_mark_lies_in_categories_that_its_brand_sells() -> None:
    for mark in marks():
        brand = known_brand(mark.brand)
        assert brand is not None
        strange = set(mark.categories) - set(brand.categories)
        assert strange == set(), mark.brand


def test_no_phrase_is_listed_under_two_weights_of_one_mark() -> None:
    for mark in marks():
        counted = Counter(_phrases(mark))
        assert [phrase for phrase, count in counted.items() if count > 1] == [], mark.brand


def test_a_phrase_names_no_brand_plainly() -> None:
    names = {fold_text(brand.name) for brand in brands() if not brand.ordinary_word}
    plain = [(mark.brand, phrase) for mark in marks() for phrase in _phrases(mark) if fold_text(phrase) in names]
    assert plain == []


def test_a_gap_stands_between_words() -> None:
    for mark in marks():
        for phrase in _phrases(mark):
            assert all(part.strip() for part in phrase.split(GAP)), (mark.brand, phrase)
            assert "{" not in phrase, (mark.brand, phrase)


@pytest.mark.parametrize(
    ("key", "phrase"),
    [
        ("chanel", f"hai {GAP} c {GAP} lồng"), ("gucci", f"2 {GAP} g {GAP} úp"), ("louis-vuitton", "hãng l*"), ("dior", "nhà d"),
    ],
)  # fmt: skip
def test_letters_are_filled_into_the_phrases_for_them(key: str, phrase: str) -> None:
    assert [mark.brand for mark in marks() if phrase in mark.telling] == [key]


def test_an_everyday_motif_is_no_telling_phrase() -> None:
    everyday = {
        "chữ h",
        "kẻ caro",
        "cỏ bốn lá",
        "ba sọc",
        "3 sọc",
        "chữ n",
        "đế đỏ",
        "con ngựa",
        "quả táo",
        "áo cá sấu",
    }
    told = {phrase for mark in marks() for phrase in mark.telling}
    assert told & everyday == set()
    weak = {phrase for mark in marks() for phrase in (*mark.likely, *mark.common)}
    assert {"chữ h", "kẻ caro", "cỏ bốn lá", "ba sọc", "chữ n"} <= weak


def test_every_home_is_a_country_with_names() -> None:
    assert {mark.home for mark in marks()} - {None} <= set(clues().countries)
    assert all(country.words or country.close for country in clues().countries.values())


def test_a_clue_that_compares_does_not_only_flatter() -> None:
    assert set(clues().compares) & set(clues().flatters) == set()


def _heard(reading: str) -> str:
    heard = ""
    for word in reading.split():
        one = sound(word)
        assert one is not None, word
        heard = joined(heard, one)
    return heard


def test_readings_of_at_least_150_brands_are_there_with_two_words_or_more() -> None:
    known, begun = spoken()
    readings = [one for alike in known.values() for one in alike]
    assert len({one.brand for one in readings}) >= 150
    assert [one for one in readings if " " not in one.written or not one.categories] == []
    assert set(known) <= begun


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("đai sơn", "đai sần"), ("tim bờ lân", "tim b lân"), ("cạc ti ê", "kác ti ê"), ("in ni si phờ ri", "in ni xi f ri"),
        ("can vin cờ lai", "can vin clai"), ("di bi eo", "gi bi eo"), ("xì tút si", "sì túc xi"),
    ],
)  # fmt: skip
def test_spellings_of_one_reading_sound_alike(one: str, other: str) -> None:
    assert _heard(one) == _heard(other)


@pytest.mark.parametrize(("one", "other"), [("a đi đa", "a di đa"), ("lê gô", "lê gu"), ("van cờ líp", "van cờ lim")])
def test_readings_of_other_words_sound_unlike(one: str, other: str) -> None:
    assert _heard(one) != _heard(other)


@pytest.mark.parametrize("word", ["gỗ", "lẽ", "có", "lộn", "vị"])
def test_a_word_with_a_tone_of_no_foreign_name_is_no_part_of_one(word: str) -> None:
    assert sound(word) is None


@pytest.mark.parametrize("word", ["lếch", "rịt", "sần", "bờ", "phờ"])
def test_tones_of_foreign_names_make_no_difference(word: str) -> None:
    assert sound(word) == sound(toneless(word)) != ""


@given(st.text(max_size=40))
def test_any_word_has_a_sound_or_none(word: str) -> None:
    heard = sound(word)
    assert heard is None or len(heard) <= 4 * len(word) + 1
    assert joined("a", heard or "").startswith("a")


@pytest.mark.parametrize(
    ("masked", "brand"),
    [
        ("d*or", "dior"), ("cha*el", "chanel"), ("ch@n..l", "chanel"), ("chane..", "chanel"), ("versa**", "versace"),
        ("g*cci", "gucci"), ("c.e..ne", "celine"), ("a..das", "adidas"), ("her…s", "hermes"), ("rol*x", "rolex"),
    ],
)  # fmt: skip
def test_a_name_with_letters_left_out_is_told(masked: str, brand: str) -> None:
    assert brand in {one.id for one in brands_under(masked)}


@pytest.mark.parametrize("masked", ["c*", "d..", "be..", "h*s", "x*yzzy", "@..", "sale..", "new..l"])
def test_too_few_letters_and_other_words_tell_no_name(masked: str) -> None:
    assert brands_under(masked) == ()


@given(st.sampled_from([one for one in brands() if one.name.isascii() and one.name.isalpha()]), st.data())
def test_a_long_name_is_told_with_any_inner_letter_left_out(brand: object, data: st.DataObject) -> None:
    one = next(known for known in brands() if known == brand)
    name = one.name.casefold()
    if len(name) < 5:
        return
    at = data.draw(st.integers(1, len(name) - 2))
    assert one.id in {found.id for found in brands_under(f"{name[:at]}*{name[at + 1 :]}")}
