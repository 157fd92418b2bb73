"""Text as it is compared: folded to one spelling, with the way back to the code points the seller wrote."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from counterfoil.language.letters import composed, drawn, lookalike, plain, role

__all__ = ["Folded", "accented", "beside", "drawn", "fold", "fold_text", "lookalike"]

# Two regional indicators are a flag; a longer run spells a word.
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]{3,}")
# The limit of UAX 15's stream-safe format: sorting longer runs of marks costs quadratic time.
_MAX_MARKS = 30
_WHITE_SPACE = re.compile(r"\s+")
# A noncharacter marks what needs a closer look; a text that holds it gets one too.
_NOT_ALONE = "\uffff"
_CLOSER_LOOK = re.compile(f"[^{_NOT_ALONE}]?{_NOT_ALONE}+", re.DOTALL)
_BLANKS = re.compile(r"  +")


def _usual() -> str:
    """The composed letters of Vietnamese: every vowel under every tone, and đ."""
    small = [
        unicodedata.normalize("NFC", vowel + tone)
        for vowel in "aăâeêioôơuưy"
        for tone in ("", *"\u0300\u0301\u0303\u0309\u0323")
    ]
    return "".join(small) + "".join(small).upper() + "đĐ"


# Nearly every text is made of these alone: then lower case and NFD say what the tables would, much faster.
_USUAL = re.compile(rf"[\n -~{_usual()}]*")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `origin[i]` is the index of the raw code point behind `text[i]`, `length` that of the raw text."""

    text: str
    origin: Sequence[int]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The raw half-open span behind `text[start:end]`: whole characters, with marks and ignorables after them."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else self.length
            return at, at
        last = self.origin[end - 1]
        while end < len(self.origin) and self.origin[end] == last:
            end += 1
        return self.origin[start], self.origin[end] if end < len(self.origin) else self.length


def fold(text: str) -> Folded:
    """The text without accents, case, invisible characters and compatibility forms, white space as single spaces.

    Letters of other alphabets that look like Latin ones (UTS 39), and letters drawn as pictures, become the Latin ones.
    """
    return _walk(text, plain)


def accented(text: str) -> Folded:
    """As `fold`, but with Vietnamese accents kept, each letter one code point."""
    return _walk(text, composed)


def fold_text(text: str) -> str:
    """The text of `fold`, several times faster."""
    if _USUAL.fullmatch(text):
        alone = _bare(text.lower()).replace("\n", " ")
        return _BLANKS.sub(" ", alone) if "  " in alone else alone
    if text.isascii():
        return _WHITE_SPACE.sub(" ", text.lower())
    return _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", _flags_as_letters(text).translate(_TABLE)))


def between(view: Folded, start: int, end: int) -> str:
    """What a view shows of the raw half-open span `[start, end)`."""
    return view.text[bisect_left(view.origin, start) : bisect_left(view.origin, end)]


def beside(view: Folded, written: Folded, mended: Sequence[tuple[int, int]] = ()) -> str:
    """For each letter of a view the one of the accented view that was typed there; inside raw spans `mended`, its own."""
    if not mended and len(view.text) == len(written.text) and view.origin == written.origin:
        return written.text
    typed: dict[int, list[str]] = {}
    for char, at in zip(written.text, written.origin, strict=True):
        typed.setdefault(at, []).append(char)
    for start, end in mended:
        for at in range(start, end):
            typed.pop(at, None)
    seen: dict[int, int] = {}
    out = []
    for char, at in zip(view.text, view.origin, strict=True):
        nth = seen[at] = seen.get(at, -1) + 1
        here = typed.get(at, ())
        out.append(here[nth] if nth < len(here) else char)
    return "".join(out)


class _OneToOne(dict[int, str]):
    """What a code point is spelled as when it stands for itself alone, else `_NOT_ALONE`; filled as it is asked."""

    def __init__(self, spell: Callable[[str], str]) -> None:
        super().__init__()
        self._spell = spell

    def __missing__(self, code: int) -> str:
        char = chr(code)
        spelled = self._spell(char) if char.isascii() or role(char) == "base" else ""
        self[code] = spelled if len(spelled) == 1 else _NOT_ALONE
        return self[code]


@cache
def _one_to_one(spell: Callable[[str], str]) -> _OneToOne:
    return _OneToOne(spell)


def _walk(text: str, spell: Callable[[str], str]) -> Folded:
    length = len(text)
    if _USUAL.fullmatch(text):
        alone = text.lower().replace("\n", " ")
        if spell is plain:
            alone = _bare(alone)
    else:
        text = _flags_as_letters(text)
        # Nearly every title is composed text: then each code point stays where it is.
        alone = text.translate(_one_to_one(spell))
    if _NOT_ALONE in alone:
        return _closely(text, alone, spell)
    if "  " not in alone:
        return Folded(alone, range(length), length)
    origin: list[int] = []
    at = 0
    for run in _BLANKS.finditer(alone):
        origin += range(at, run.start() + 1)
        at = run.end()
    origin += range(at, length)
    return Folded(_BLANKS.sub(" ", alone), tuple(origin), length)


def _bare(lower: str) -> str:
    """A lower-case text of usual letters without their accents."""
    if lower.isascii():
        return lower
    return unicodedata.normalize("NFD", lower.replace("đ", "d")).encode("ascii", "ignore").decode("ascii")


def _closely(text: str, alone: str, spell: Callable[[str], str]) -> Folded:
    """The text with all that is not one to one spelled cluster by cluster, together with what its marks belong to."""
    chars: list[str] = []
    origin: list[int] = []
    at = 0
    for run in _CLOSER_LOOK.finditer(alone):
        chars += alone[at : run.start()]
        origin += range(at, run.start())
        for place, cluster in _clusters(text[run.start() : run.end()]):
            letters = spell(cluster)
            chars += letters
            origin += [run.start() + place] * len(letters)
        at = run.end()
    chars += alone[at:]
    origin += range(at, len(text))
    folded = "".join(chars)
    if "  " in folded:
        kept = [index for index, char in enumerate(chars) if char != " " or not index or chars[index - 1] != " "]
        folded, origin = "".join(chars[index] for index in kept), [origin[index] for index in kept]
    return Folded(folded, tuple(origin), len(text))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Each base character with the marks that follow it, and where it stands."""
    at, cluster = 0, ""
    for index, char in enumerate(text):
        kind = "base" if char.isascii() else role(char)
        if kind == "ignorable":
            continue
        if kind == "mark" and cluster and len(cluster) <= _MAX_MARKS:
            cluster += char
            continue
        if cluster:
            yield at, cluster
        at, cluster = index, char
    if cluster:
        yield at, cluster


def _flags_as_letters(text: str) -> str:
    """The text with every run of three or more regional indicators as letters, code point for code point."""
    if text.isascii():
        return text
    return _FLAG_LETTERS.sub(lambda run: "".join(chr(ord(char) - 0x1F1E6 + ord("A")) for char in run[0]), text)


class _Table(dict[int, str]):
    """What each code point folds to, filled as they are met; the code space bounds it."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = "" if role(char) == "ignorable" else plain(char)
        self[code] = folded
        return folded


_TABLE = _Table()
