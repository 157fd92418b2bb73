from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language.wording import wording_key


def test_order_case_accents_and_repetition_do_not_matter() -> None:
    assert wording_key("Giày Nike nam, giày đẹp") == wording_key("dep NIKE giay   nam")


def test_other_words_have_another_key() -> None:
    assert wording_key("Giày Nike nam") != wording_key("Giày Nike nữ")
    assert wording_key("👟") != wording_key("🔥")


@given(st.text(max_size=50))
def test_a_key_is_sixteen_hex_digits(title: str) -> None:
    assert re.fullmatch("[0-9a-f]{16}", wording_key(title))


@given(st.lists(st.text(alphabet="abcđêạ09", min_size=1, max_size=6), min_size=1), st.randoms(use_true_random=False))
def test_a_shuffled_title_keeps_its_key(words: list[str], random: object) -> None:
    shuffled = list(words)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert wording_key(" ".join(words)) == wording_key(" - ".join(shuffled))


def test_a_lone_surrogate_has_a_key() -> None:
    assert len(wording_key("\ud800")) == 16
