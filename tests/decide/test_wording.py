from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import counterfoil.decide
import counterfoil.features
from counterfoil.decide.wording import LANGUAGES, seller_sentence, sentence
from counterfoil.features.catalogue import catalogue
from counterfoil.knowledge.files import read_toml
from counterfoil.language.lexicon import read_lexicon
from counterfoil.language.views import views

CODES = sorted(code for code in read_toml("reasons.toml") if code != "words")
# A reason names a sign; it never states guilt, and never reads an origin from a code.
FORBIDDEN = re.compile(
    r"is counterfeit|are counterfeit|is fake|là hàng giả|là hàng nhái|made in|originates|sản xuất tại|xuất xứ|từ nước",
    re.IGNORECASE,
)
# What would tell a seller how to pass: how words are found, where a limit lies, that something is hidden or scored.
TEACHES = re.compile(
    r"evad|disguis|spell|typed|letter|accent|character|word|keyword|term|trigger|detect|threshold|limit|score|model|"
    r"below|above|cheap|percent|remove|delete|hide|hidden|instead|older|fewer|rep\b|fake|copy of the goods|super|"
    r"viết né|né tránh|viết tách|chữ|ký tự|từ khóa|từ ngữ|ngưỡng|điểm|mô hình|phát hiện|rẻ|phần trăm|xóa|gỡ|\bẩn\b|nhái|giả\b",
    re.IGNORECASE,
)


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def codes_in_the_source() -> set[str]:
    """Every code that a feature or the explanation can give, as it stands in their source."""
    found: set[str] = set()
    for package in (counterfoil.features, counterfoil.decide):
        for path in Path(package.__path__[0]).glob("*.py"):
            found |= set(re.findall(r'"([A-Z]{2,}(?:_[A-Z]+)+|ACCESSORY)"', path.read_text(encoding="utf-8")))
    return found


def test_every_code_that_can_be_given_has_its_sentences_and_no_sentence_is_left_over() -> None:
    assert codes_in_the_source() == set(CODES)
    assert set(read_toml("reasons_for_sellers.toml")) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_a_sentence_in_both_languages_that_quotes_the_same_evidence(code: str) -> None:
    texts = read_toml("reasons.toml")[code]
    assert set(texts) == set(LANGUAGES)
    assert texts["vi"] != texts["en"]
    assert placeholders(texts["vi"]) == placeholders(texts["en"])
    assert all(name.isidentifier() for name in placeholders(texts["en"]))


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_states_guilt_or_an_origin(code: str) -> None:
    for text in read_toml("reasons.toml")[code].values():
        assert not FORBIDDEN.search(text)


@pytest.mark.parametrize("code", CODES)
def test_a_seller_is_told_what_to_prove_and_not_how_to_pass(code: str) -> None:
    texts = {language: seller_sentence(code, language) for language in LANGUAGES}
    assert set(read_toml("reasons_for_sellers.toml")[code]) == set(LANGUAGES)
    assert texts["vi"] != texts["en"]
    for text in texts.values():
        assert text.endswith(".")
        assert not placeholders(text)
        assert not re.search(r"[\d%\"{}=<>_]|(?<!\w)'|'(?!s\b)", text), "a number, a quote or a placeholder"
        assert not FORBIDDEN.search(text)
        assert not TEACHES.search(text)
        assert not any(name in text for name in catalogue().names if "_" in name or name == "followers")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_the_lexicon_of_copies_stands_in_what_a_seller_reads(language: str) -> None:
    for code, texts in read_toml("reasons_for_sellers.toml").items():
        hits = read_lexicon(views(texts[language]), "shoes", branded=True)
        assert [hit.term for hit in hits if hit.grade in {"S", "A"}] == [], code


def test_words_that_teach_would_be_found() -> None:
    told = ("The brand is written in disguise", "below the threshold", "Giá thấp hơn ngưỡng", "remove the word")
    assert all(TEACHES.search(text) for text in told)


def test_words_exist_in_both_languages() -> None:
    words = read_toml("reasons.toml")["words"]
    assert set(words["vi"]) == set(words["en"])


def test_evidence_is_put_into_the_sentence_in_its_own_language() -> None:
    evidence = {"quote": "super fake", "field": "title", "span": [0, 3], "term": "x"}
    assert "(title)" in sentence("COPY_CLAIMED", "en", evidence)
    assert "(tiêu đề)" in sentence("COPY_CLAIMED", "vi", evidence)
    assert "'super fake'" in sentence("COPY_CLAIMED", "vi", evidence)


def test_braces_in_what_a_seller_wrote_are_text_and_nothing_else() -> None:
    evidence = {"quote": "{field.__class__} {0}", "field": "title", "span": [0, 3], "term": "x"}
    assert "{field.__class__} {0}" in sentence("COPY_CLAIMED", "en", evidence)
