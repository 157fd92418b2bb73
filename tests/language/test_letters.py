from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from counterfoil.language.letters import composed, plain
from counterfoil.language.normalise import accented, fold, fold_text
from counterfoil.language.views import views

_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES] + ["đ"]
_USUAL = [*map(chr, range(0x20, 0x7F)), *_LETTERS, *map(str.upper, _LETTERS)]
_ODD = ["\u0301", "\u0323", "\u200b", "\ufe0f", "👟", "ﬁ", "𝗡", "І", "½", "  ", "\n", "\t", "\u00a0", "日", "\ud800"]


def test_every_usual_letter_folds_as_it_does_letter_by_letter() -> None:
    for char in _USUAL:
        assert accented(char).text == composed(char), char
        assert fold(char).text == fold_text(char) == plain(char), char


@given(st.lists(st.sampled_from(_USUAL)).map("".join), st.lists(st.sampled_from(_USUAL + _ODD)).map("".join))
@example("  Giày ", "e\u0301\u200b  x")
def test_what_stands_beside_a_text_changes_nothing_of_how_it_folds(usual: str, odd: str) -> None:
    # The rare letter turns the whole text from the fast way to the other one.
    fast, slow = fold(f"{usual}|"), fold(f"{usual}|{odd}")
    size = len(fast.text)
    assert slow.text[:size] == fast.text
    assert list(slow.origin[:size]) == list(fast.origin)


@given(st.lists(st.sampled_from(_USUAL + _ODD)).map("".join))
def test_the_way_back_leads_to_the_letter_that_was_typed(text: str) -> None:
    for view, spell in ((fold(text), plain), (accented(text), composed)):
        assert len(view.text) == len(view.origin)
        assert list(view.origin) == sorted(view.origin)
        for char, at in zip(view.text, view.origin, strict=True):
            if char.isascii() and char.isalpha() and text[at] in _USUAL and text[at + 1 : at + 2] in (*_USUAL, ""):
                assert char == spell(text[at])


def test_a_name_is_put_right_in_a_long_text_as_in_a_short_one() -> None:
    short, long = views("giày ni ke nam"), views(f"{'vải dệt thoáng khí. ' * 40}giày ni ke nam")
    assert [one.word for one in short.mendings] == [one.word for one in long.mendings] == ["nike"]
