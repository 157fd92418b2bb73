"""What one letter, with the marks on it, is compared as."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

# Letters of other alphabets that stand for đ in Vietnamese titles; they look alike and no normal form joins them.
_ETH = str.maketrans({"ð": "đ", "ɖ": "đ"})
# Letters drawn as pictures, which no normal form unfolds: negative squared and circled ones, small capitals.
_DRAWN = re.compile(r"(?:NEGATIVE (?:SQUARED|CIRCLED) LATIN CAPITAL LETTER|LATIN LETTER SMALL CAPITAL) ([A-Z])")
# Alphabets whose letters are put in place of Latin ones.
_OTHER_ALPHABETS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
# Letters that the data of UTS 39 leave out and sellers use all the same, by the small letter.
_TAKEN_FOR = dict(zip("αβγεζηικμνοπρτυχωбвгикмнптуцьэя", "abyeznikmvonptuxwbbrukmhntyuber", strict=True))
_LATIN_LOOKALIKES = {"ƒ": "f", "ɡ": "g", "ɑ": "a", "ı": "i", "ӏ": "l", "ꞓ": "c", "ʀ": "r", "ǫ": "q"}


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


@lru_cache(maxsize=1 << 14)
def role(char: str) -> str:
    """Whether a character is a `base`, a `mark` on one, or `ignorable`."""
    if unicodedata.category(char) == "Cf":
        return "ignorable"
    # What a character becomes decides: a half-width voicing mark, or a lone Hangul vowel, joins what stands before it.
    first = unicodedata.normalize("NFKD", char)[0]
    joins = unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"
    return "mark" if joins else "base"


@lru_cache(maxsize=1 << 14)
def composed(cluster: str) -> str:
    """A character and the marks on it in lower case, its accents kept, look-alike letters as Latin ones."""
    latin = "".join(map(_as_latin, unicodedata.normalize("NFKC", cluster)))
    # Once more after lower-casing: some capitals look like nothing, and their small letters do.
    lower = "".join(map(_as_latin, unicodedata.normalize("NFKC", latin.lower()))).lower().translate(_ETH)
    letters = (" " if char.isspace() else char for char in lower if not _is_accent(char))
    return unicodedata.normalize("NFC", "".join(letters))


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
def plain(cluster: str) -> str:
    """As `composed`, without accents."""
    letters = (char for char in unicodedata.normalize("NFD", composed(cluster)) if not _is_accent(char))
    return unicodedata.normalize("NFC", "".join(map(_as_latin, letters)).lower().replace("đ", "d"))


@cache
def _is_accent(char: str) -> bool:
    # Spacing vowel signs (Mc) of Indic scripts are letters of their words and stay, unless they can be reordered.
    return unicodedata.category(char) in {"Mn", "Me", "Cf"} or unicodedata.combining(char) > 0
