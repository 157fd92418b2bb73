"""Text as it is compared: folded to one spelling, with the way back to the code points the seller wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

# Letters of other alphabets that stand for đ in Vietnamese titles; they look alike and no normal form joins them.
_ETH = str.maketrans({"ð": "đ", "ɖ": "đ"})
# Letters drawn as pictures, which no normal form unfolds: negative squared and circled ones, small capitals.
_DRAWN = re.compile(r"(?:NEGATIVE (?:SQUARED|CIRCLED) LATIN CAPITAL LETTER|LATIN LETTER SMALL CAPITAL) ([A-Z])")
# Two regional indicators are a flag; a longer run spells a word.
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]{3,}")
# Alphabets whose letters are put in place of Latin ones.
_OTHER_ALPHABETS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
# Letters that the data of UTS 39 leave out and sellers use all the same, by the small letter.
_TAKEN_FOR = dict(zip("αβγεζηικμνοπρτυχωбвгикмнптуцьэя", "abyeznikmvonptuxwbbrukmhntyuber", strict=True))
_LATIN_LOOKALIKES = {"ƒ": "f", "ɡ": "g", "ɑ": "a", "ı": "i", "ӏ": "l", "ꞓ": "c", "ʀ": "r", "ǫ": "q"}
# The limit of UAX 15's stream-safe format: sorting longer runs of marks costs quadratic time.
_MAX_MARKS = 30
_WHITE_SPACE = re.compile(r"\s+")
# A noncharacter marks what needs a closer look; a text that holds it gets one too.
_NOT_ALONE = "\uffff"


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
    return _walk(text, _plain)


def accented(text: str) -> Folded:
    """As `fold`, but with Vietnamese accents kept, each letter one code point."""
    return _walk(text, _composed)


def fold_text(text: str) -> str:
    """The text of `fold`, several times faster."""
    if text.isascii():
        return _WHITE_SPACE.sub(" ", text.lower())
    return _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", _flags_as_letters(text).translate(_TABLE)))


def lookalike(char: str) -> str | None:
    """The Latin letter that a letter of another alphabet is taken for, in its own case; None for all else."""
    return _lookalike(char)


def drawn(char: str) -> str | None:
    """The letter that a symbol or a styled letter (bold, circled, small capital, full-width) shows; None for all else."""
    if char.isascii():
        return None
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return chr(ord(char) - 0x1F1E6 + ord("a"))
    shown = _DRAWN.fullmatch(unicodedata.name(char, ""))
    if shown:
        return shown[1].lower()
    plain = unicodedata.normalize("NFKC", char)
    return plain.lower() if plain.isascii() and plain.isalnum() else None


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
        spelled = self._spell(char) if char.isascii() or _role(char) == "base" else ""
        self[code] = spelled if len(spelled) == 1 else _NOT_ALONE
        return self[code]


@cache
def _one_to_one(spell: Callable[[str], str]) -> _OneToOne:
    return _OneToOne(spell)


def _walk(text: str, spell: Callable[[str], str]) -> Folded:
    text = _flags_as_letters(text)
    # Nearly every title is composed text with single spaces: then each code point stays where it is.
    alone = text.translate(_one_to_one(spell))
    if _NOT_ALONE not in alone and "  " not in alone:
        return Folded(alone, range(len(text)), len(text))
    chars: list[str] = []
    origin: list[int] = []
    for at, cluster in _clusters(text):
        for char in spell(cluster):
            if char != " " or not chars or chars[-1] != " ":
                chars.append(char)
                origin.append(at)
    return Folded("".join(chars), tuple(origin), len(text))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Each base character with the marks that follow it, and where it stands."""
    at, cluster = 0, ""
    for index, char in enumerate(text):
        role = "base" if char.isascii() else _role(char)
        if role == "ignorable":
            continue
        if role == "mark" and cluster and len(cluster) <= _MAX_MARKS:
            cluster += char
            continue
        if cluster:
            yield at, cluster
        at, cluster = index, char
    if cluster:
        yield at, cluster


@lru_cache(maxsize=1 << 14)
def _role(char: str) -> str:
    if unicodedata.category(char) == "Cf":
        return "ignorable"
    # What a character becomes decides: a half-width voicing mark, or a lone Hangul vowel, joins what stands before it.
    first = unicodedata.normalize("NFKD", char)[0]
    joins = unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"
    return "mark" if joins else "base"


@lru_cache(maxsize=1 << 14)
def _composed(cluster: str) -> str:
    latin = "".join(map(_as_latin, unicodedata.normalize("NFKC", cluster)))
    # Once more after lower-casing: some capitals look like nothing, and their small letters do.
    lower = "".join(map(_as_latin, unicodedata.normalize("NFKC", latin.lower()))).lower().translate(_ETH)
    letters = (" " if char.isspace() else char for char in lower if not _is_accent(char))
    return unicodedata.normalize("NFC", "".join(letters))


def _flags_as_letters(text: str) -> str:
    """The text with every run of three or more regional indicators as letters, code point for code point."""
    if text.isascii():
        return text
    return _FLAG_LETTERS.sub(lambda run: "".join(chr(ord(char) - 0x1F1E6 + ord("A")) for char in run[0]), text)


def _as_latin(char: str) -> str:
    if char.isascii():
        return char
    shown = _DRAWN.fullmatch(unicodedata.name(char, ""))
    return shown[1] if shown else (_lookalike(char) or char)


@lru_cache(maxsize=1 << 12)
def _lookalike(char: str) -> str | None:
    if char in _LATIN_LOOKALIKES:
        return _LATIN_LOOKALIKES[char]
    name = unicodedata.name(char, "")
    if not name.startswith(_OTHER_ALPHABETS) or not char.isalpha():
        return None
    from confusable_homoglyphs import confusables

    alike = [
        one["c"] for one in confusables.confusables_data.get(char, ()) if one["c"].isascii() and one["c"].isalpha()
    ]
    # The data name the small L for a capital I, whose shape it shares.
    same_case = [one for one in alike if one.isupper() == ("CAPITAL" in name)]
    if "CAPITAL" in name and not same_case and "l" in alike:
        return "I"
    return next(iter(same_case or alike), _TAKEN_FOR.get(char.lower()))


@lru_cache(maxsize=1 << 14)
def _plain(cluster: str) -> str:
    letters = (char for char in unicodedata.normalize("NFD", _composed(cluster)) if not _is_accent(char))
    return unicodedata.normalize("NFC", "".join(map(_as_latin, letters)).lower().replace("đ", "d"))


@cache
def _is_accent(char: str) -> bool:
    # Spacing vowel signs (Mc) of Indic scripts are letters of their words and stay, unless they can be reordered.
    return unicodedata.category(char) in {"Mn", "Me", "Cf"} or unicodedata.combining(char) > 0


class _Table(dict[int, str]):
    """What each code point folds to, filled as they are met; the code space bounds it."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = "" if _role(char) == "ignorable" else _plain(char)
        self[code] = folded
        return folded


_TABLE = _Table()
