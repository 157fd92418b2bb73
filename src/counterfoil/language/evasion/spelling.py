"""Words spelled so that a buyer still reads them: blanks and dots inside, digits for letters, teencode, slips, accents."""

from __future__ import annotations

import re
import unicodedata
from random import Random

from counterfoil.language.evasion.patch import base_and_marks, clusters, in_case_of, is_ratio, letters
from counterfoil.language.syllable import is_syllable

# Shorter words cannot be told any more once their spelling changes.
_SHORTEST = 3
_SHORTEST_SLIP = 4
_VOWELS = frozenset("aeiouy")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_FOREIGN_MARKS = ("\u0308", "\u030a", "\u030c", "\u0304")
_ANY_MARK = (*sorted(_TONES), "\u0302", "\u0306", *_FOREIGN_MARKS)
_LEET = {"a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!", "l": "1", "o": "0", "s": "5$", "t": "7", "z": "2"}
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORT_FORMS = {
    "không": ("ko", "hok"), "hàng": ("hg", "hàg"), "giá": ("já",), "chính": ("chín", "chínk"), "hãng": ("hãg",),
    "chuẩn": ("chuẫn", "chủn"), "loại": ("lọai", "lọi"), "như": ("nhu", "nkư"), "được": ("đc",), "super": ("sup", "supẹr"),
    "siêu": ("siu", "xiu"), "real": ("rial",), "auth": ("aut", "âu"), "like": ("lai", "lyk"),
}  # fmt: skip
# Sounds as teenagers spell them; the first group is for the beginning or end of a word, the last for anywhere after it.
_SOUNDS = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        ("^ph", "f"), ("^f", "ph"), ("^qu", "w"), ("^gi(?=[aàáảãạâăeêoôơuư])", "j"), ("ng$", "g"), ("nh$", "h"),
        ("iêu", "iu"), ("c(?=[aouàáảãạâấầẩẫậăắằẳẵặ])(?<!^)", "k"), ("^c(?=[aouàáảãạâấầẩẫậăắằẳẵặ])", "k"), ("c$", "k"),
        ("(?<=.)i", "j"), ("(?<=.)í", "j"), ("(?<=.)y", "i"), ("(?<=.)ee", "i"),
    )
)  # fmt: skip


def separators(word: str, rng: Random) -> str:
    """Dots, dashes, underscores, stars or slashes between all letters, or at one place."""
    if is_ratio(word):
        return word.replace(":", rng.choice((".", "-", "/", "_")))
    if letters(word) < _SHORTEST:
        return word
    parts, sign = clusters(word), rng.choice((".", "-", "_", "*", "·", "/"))
    if rng.random() < 0.6:
        return sign.join(parts)
    cut = _cut(parts, rng)
    return "".join(parts[:cut]) + sign + "".join(parts[cut:])


def spacing(word: str, rng: Random) -> str:
    """One blank inside a word."""
    if is_ratio(word):
        return word.replace(":", rng.choice((" : ", ": ", " :")))
    if letters(word) < _SHORTEST:
        return word
    parts = clusters(word)
    cut = _cut(parts, rng)
    return f"{''.join(parts[:cut])} {''.join(parts[cut:])}"


def letter_spacing(word: str, _: Random) -> str:
    """A blank between all letters."""
    return " ".join(clusters(word)) if letters(word) >= _SHORTEST or is_ratio(word) else word


def leet(word: str, rng: Random) -> str:
    """Digits and signs for letters; one letter at least stays."""
    parts = clusters(word)
    able = [place for place, part in enumerate(parts) if base_and_marks(part)[0].lower() in _LEET]
    if letters(word) < _SHORTEST or not able:
        return word
    chosen = [place for place in able if rng.random() < 0.6] or [rng.choice(able)]
    if len(chosen) == letters(word):
        chosen.remove(rng.choice(chosen))
    for place in chosen:
        parts[place] = rng.choice(_LEET[base_and_marks(parts[place])[0].lower()])
    return "".join(parts)


def teencode(word: str, rng: Random) -> str:
    """A short form, or one or two sounds as teenagers spell them."""
    lower = unicodedata.normalize("NFC", word).lower()
    if letters(word) < _SHORTEST or is_ratio(word):
        return word
    if lower in _SHORT_FORMS:
        return in_case_of(rng.choice(_SHORT_FORMS[lower]), word)
    able = [(pattern, new) for pattern, new in _SOUNDS if pattern.search(lower)]
    for pattern, new in rng.sample(able, min(len(able), rng.choice((1, 1, 2)))):
        lower = pattern.sub(new, lower, count=1)
    return in_case_of(lower, word) if able else word


def accents_misplaced(word: str, rng: Random) -> str:
    """The tone on another vowel, or marks that the word does not have."""
    if letters(word) < _SHORTEST:
        return word
    parts = [unicodedata.normalize("NFD", part) for part in clusters(word)]
    vowels = [place for place, part in enumerate(parts) if part[0].lower() in _VOWELS]
    toned = [place for place in vowels if _TONES & set(parts[place])]
    bare = [place for place in vowels if place not in toned]
    if toned and bare:
        source, goal = rng.choice(toned), rng.choice(bare)
        tone = next(mark for mark in parts[source] if mark in _TONES)
        parts[source] = parts[source].replace(tone, "", 1)
        parts[goal] += tone
    else:
        # Where Vietnamese marks fit they make another word: with one, `nhai` is `nhài`.
        apart = any(len(part) > 1 for part in parts) or is_syllable(word.lower())
        marks = _FOREIGN_MARKS if apart else _ANY_MARK
        places = vowels or [place for place, part in enumerate(parts) if part[0].isascii() and part[0].isalpha()]
        for place in rng.sample(places, min(len(places), rng.choice((1, 2)))):
            parts[place] = parts[place][0] + rng.choice([mark for mark in marks if mark not in parts[place]])
    return unicodedata.normalize("NFC", "".join(parts))


def repeated_letters(word: str, rng: Random) -> str:
    """The last letter, or a vowel, three to five times."""
    if letters(word) < _SHORTEST:
        return word
    parts = clusters(word)
    places = [place for place, part in enumerate(parts) if part[0].isalpha()]
    vowels = [place for place in places if base_and_marks(parts[place])[0].lower() in _VOWELS]
    place = rng.choice(vowels) if vowels and rng.random() < 0.5 else places[-1]
    parts[place] *= rng.choice((3, 4, 5))
    return "".join(parts)


def misspelling(word: str, rng: Random) -> str:
    """One letter too many, too few, another one, or two swapped; the first letter stays."""
    parts = clusters(word)
    places = [place for place, part in enumerate(parts) if place and part[0].isalpha()]
    if letters(word) < _SHORTEST_SLIP or not places:
        return word
    options: dict[str, list[list[str]]] = {
        "insert": [
            [*parts[: place + 1], new, *parts[place + 1 :]]
            for place in places
            for new in (parts[place].lower(), *_neighbours(parts[place]))
        ],
        # With one letter of four gone or exchanged, `Nike` is `Nie` or `Nile`, and no buyer can tell.
        "delete": [[*parts[:place], *parts[place + 1 :]] for place in places if letters(word) > _SHORTEST_SLIP],
        "substitute": [
            [*parts[:place], new, *parts[place + 1 :]]
            for place in places
            if letters(word) > _SHORTEST_SLIP
            for new in _neighbours(parts[place])
        ],
        "transpose": [
            [*parts[: place - 1], parts[place], parts[place - 1], *parts[place + 1 :]]
            for place in places
            if place - 1 in places and parts[place].lower() != parts[place - 1].lower()
        ],
    }
    chosen = "".join(rng.choice(options[rng.choice([kind for kind, found in options.items() if found])]))
    return chosen.upper() if word.isupper() else chosen


def without_accents(cluster: str) -> str:
    """A letter without its accents; `đ` is `d`."""
    base = base_and_marks(cluster)[0]
    base = {"đ": "d", "Đ": "D"}.get(base, base)
    return base if base.isalpha() and base.isascii() else cluster


def decomposed(cluster: str) -> str:
    """A letter with each of its accents as a code point of its own."""
    return unicodedata.normalize("NFD", cluster)


def _cut(parts: list[str], rng: Random) -> int:
    return rng.randrange(2, len(parts) - 1) if len(parts) > 3 else rng.randrange(1, len(parts))


def _neighbours(cluster: str) -> list[str]:
    letter = base_and_marks(cluster)[0].lower()
    for row in _ROWS:
        at = row.find(letter)
        if at >= 0:
            return [row[near] for near in (at - 1, at + 1) if 0 <= near < len(row)]
    return []
