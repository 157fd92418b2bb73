from __future__ import annotations

from collections import Counter

import pytest

from counterfoil.knowledge.brands import brands, known_brand
from counterfoil.knowledge.files import read_toml
from counterfoil.knowledge.marks import GAP, Mark, clues, marks
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
