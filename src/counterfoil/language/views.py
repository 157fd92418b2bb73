"""One text as it is read: with accents, without them, and with its disguised words put right, each with the way back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from counterfoil.language.mend import Mending, mend
from counterfoil.language.normalise import Folded, accented, beside, drawn, fold, lookalike
from counterfoil.language.syllable import is_syllable

Disguise = Literal[
    "invisible", "lookalike", "styled", "joined", "split", "leet", "repeated", "misspelt", "accents", "nickname"
]

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Page:
    """One view as it is searched: `typed[i]` is what the seller typed, with its accents, for `folded.text[i]`."""

    folded: Folded
    typed: str
    mended: tuple[tuple[int, int], ...] | None


@dataclass(frozen=True, slots=True)
class Views:
    """A text and its views: `written` keeps accents, `plain` drops them, `mended` puts disguised watch-words right.

    `typed` has for each letter of `plain` the one with its accents. `mended` is None where no word was disguised, which is
    nearly always. `pages` are what is searched for words: the letters of `plain`, and of `mended` where there is one.
    """

    raw: str
    written: Folded
    plain: Folded
    typed: str
    mended: Folded | None
    mendings: tuple[Mending, ...]
    pages: tuple[Page, ...]

    def disguise(self, start: int, end: int) -> Disguise | None:
        """How `raw[start:end]` hides what it says; None when it is typed plainly, with or without its accents."""
        for mending in self.mendings:
            if mending.start < end and start < mending.end:
                return None if mending.how == "apart" else mending.how
        if self.raw[start:end].isascii():
            return None
        return _by_letters(self.raw, start, end) or _by_accents(self.raw[start:end])


def views(text: str) -> Views:
    """The views of a text; linear in its length."""
    written, plain = accented(text), fold(text)
    typed = beside(plain, written)
    mended, mendings = mend(plain, written, typed)
    first = Page(plain, typed, None)
    if mended is None:
        return Views(text, written, plain, typed, None, mendings, (first,))
    spans = tuple((mending.start, mending.end) for mending in mendings)
    second = Page(mended, beside(mended, written, spans), spans)
    return Views(text, written, plain, typed, mended, mendings, (first, second))


def _by_letters(raw: str, start: int, end: int) -> Disguise | None:
    """Invisible characters inside, letters of other alphabets, or letters styled unlike those around them."""
    inside = raw[start:end].rstrip()
    if any(unicodedata.category(char) == "Cf" for char in inside[1:-1]):
        return "invisible"
    letters = [char for char in inside if not char.isascii()]
    if any(map(lookalike, letters)):
        return "lookalike"
    if any(map(drawn, letters)) or "\u20e3" in inside:
        # A shop may set a whole title in bold letters; what hides is the one word that is set apart.
        around = raw[max(0, start - 120) : start] + raw[end : end + 120]
        styled = sum(1 for char in around if not char.isascii() and drawn(char))
        if styled < sum(map(str.isalpha, around)) / 2 or not any(map(str.isalpha, around)):
            return "styled"
    return None


def _by_accents(text: str) -> Disguise | None:
    """Accents on a word that is no Vietnamese one: `fâké`, `nỉke`."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    odd = any(not word.isascii() and _has_accents(word) and not _is_vietnamese(word.lower()) for word in words)
    return "accents" if odd else None


def _has_accents(word: str) -> bool:
    return any(map(unicodedata.combining, unicodedata.normalize("NFD", word)))


@lru_cache(maxsize=1 << 12)
def _is_vietnamese(word: str) -> bool:
    return is_syllable(fold(word).text)
