from __future__ import annotations

import re
from string import Formatter

import pytest

from counterfoil.decide.wording import LANGUAGES, sentence
from counterfoil.knowledge.files import read_toml

CODES = sorted(code for code in read_toml("reasons.toml") if code != "words")
# A reason names a sign; it never states guilt, and never reads an origin from a code.
FORBIDDEN = re.compile(
    r"is counterfeit|are counterfeit|is fake|là hàng giả|là hàng nhái|made in|originates|sản xuất tại|xuất xứ|từ nước",
    re.IGNORECASE,
)


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


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
