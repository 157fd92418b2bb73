"""What the marks of brands look like, as sellers who avoid the name describe them, from `marks.toml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from itertools import groupby
from types import MappingProxyType
from typing import Any

from counterfoil.knowledge.brands import Brand, brands, known_brand
from counterfoil.knowledge.files import read_toml

GAP = "…"

# Foreign names are hardly ever read out with ngã or hỏi, nor with sắc or nặng but before a stop (`ét`, `rịt`).
_BENT, _CUT = ("\u0303", "\u0309"), ("\u0301", "\u0323")
_STOPS = ("c", "k", "p", "t", "ch", "s")
_TONES = str.maketrans("", "", "\u0300\u0301\u0323")
_NEAR = str.maketrans("ăâơưêôyđdcqxzjw", "aaaaeoidzkkszzu")
_ENDS = re.compile(r"^(?:ngh?|nh|ph|th|[ct]h|tr|kh|gh|gi(?=[aeouăâơưêôy])|g(?=i)|sh)|(?:ch|ng|nh|[ck])$")
_HEARD = {"ph": "f", "th": "t", "tr": "ch", "kh": "h", "gh": "g", "gi": "z", "g": "z", "sh": "s"}

# A name with letters left out: the signs that stand for some, and for which one others do.
_DOTS, _BETWEEN = re.compile(r"\.\.+"), re.compile(r"[-.]")
_UNSEEN = "*#…"
_MEANT = {**dict.fromkeys(_UNSEEN, "[a-z]{0,4}"), "@": "a", "$": "s", "!": "i", "0": "o", "3": "e", "1": "[il]"}
_SHORTEST, _SHOWN, _SHOWN_BROKEN_OFF = 4, 3, 4


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands for a brand: `telling` phrases by themselves, `likely` ones with a clue, `common` ones with a strong one.

    They count in `categories` only, and where none of `unless` stands. In a phrase, `GAP` stands for up to two words. `own`
    words are strong clues; `home` is a key of `Clues.countries`.
    """

    brand: str
    source: str
    categories: tuple[str, ...]
    telling: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    home: str | None = None
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Country:
    """Names of a country: `words` anywhere in a title, `close` ones shortly behind a mark and with their accents."""

    words: tuple[str, ...]
    close: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clues:
    """What makes a description of a mark mean it: `compares` with the real thing, or `flatters` (one is worth less)."""

    compares: tuple[str, ...]
    flatters: tuple[str, ...]
    countries: Mapping[str, Country]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A brand's name as it is read out, without tones, for goods of `categories`."""

    brand: str
    written: str
    categories: tuple[str, ...]


@cache
def marks() -> tuple[Mark, ...]:
    """Every mark, in the order of the file."""
    data = read_toml("marks.toml")
    return tuple(_mark(entry, data["letters"]) for entry in data["mark"])


@cache
def clues() -> Clues:
    """The words that tell a described mark from an everyday motif."""
    data = read_toml("marks.toml")
    countries = {
        name: Country(tuple(entry["words"]), tuple(entry["close"])) for name, entry in data["countries"].items()
    }
    return Clues(tuple(data["clues"]["compares"]), tuple(data["clues"]["flatters"]), MappingProxyType(countries))


@cache
def spoken() -> tuple[Mapping[str, tuple[Spoken, ...]], frozenset[str]]:
    """The readings of brands' names by their sound, and how the sound of one may begin."""
    filed: dict[str, tuple[Spoken, ...]] = {}
    for name, said in read_toml("marks.toml")["spoken"].items():
        brand = known_brand(name)
        if brand is None:
            raise ValueError(
                f"marks.toml: got {name!r} under [spoken], expected an id of brands.toml; correct it or add the brand"
            )
        for reading in said:
            sounds = [sound(word) for word in reading.split()]
            if None in sounds:
                raise ValueError(
                    f"marks.toml: got the reading {reading!r} of {name!r}, expected no ngã or hỏi, and sắc or nặng before "
                    "c, ch, p or t only; leave that tone out"
                )
            heard = reduce(joined, filter(None, sounds), "")
            filed[heard] = (*filed.get(heard, ()), Spoken(brand.id, toneless(reading), brand.categories))
    return MappingProxyType(filed), frozenset(heard[:end] for heard in filed for end in range(1, len(heard) + 1))


@lru_cache(maxsize=1 << 12)
def brands_under(masked: str) -> tuple[Brand, ...]:
    """The brands whose name a folded word with letters left out may be, where it shows half of them: `d*or`, `ch@n..`."""
    pieces = [piece for piece, _ in groupby(_BETWEEN.sub("", _DOTS.sub("*", masked)))]
    shown = sum(1 for piece in pieces if piece not in _UNSEEN)
    broken_off = pieces[-1] in _UNSEEN
    if shown < (_SHOWN_BROKEN_OFF if broken_off else _SHOWN):
        return ()
    pattern = re.compile("".join(_MEANT.get(piece, piece) for piece in pieces) + ("[a-z]*" if broken_off else ""))
    return tuple(
        brand for name, brand in _names().get(masked[0], ()) if len(name) <= 2 * shown and pattern.fullmatch(name)
    )


@cache
def _names() -> Mapping[str, list[tuple[str, Brand]]]:
    """The names of brands as one word, letters once where they double, by their first letter."""
    filed: dict[str, list[tuple[str, Brand]]] = {}
    for brand in brands():
        for name in {_letters(one) for one in (brand.name, *brand.forms)}:
            if len(name) >= _SHORTEST:
                filed.setdefault(name[0], []).append(("".join(letter for letter, _ in groupby(name)), brand))
    return filed


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.casefold())
    return "".join(char for char in plain if char.isascii() and char.isalpha())


def toneless(text: str) -> str:
    """A folded text with its accents but for the tones: `lờ` is `lơ`."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_TONES))


@lru_cache(maxsize=1 << 15)
def sound(word: str) -> str | None:
    """What is heard of a folded word with its accents: no tones, near vowels and consonants as one, `bờ` as b.

    None for a word with a tone that no foreign name is read with.
    """
    letters = unicodedata.normalize("NFD", word)
    if any(mark in letters for mark in _BENT) or (
        not letters.endswith(_STOPS) and any(mark in letters for mark in _CUT)
    ):
        return None
    letters = toneless(letters)
    if letters.endswith("ơ") and len(letters) > 1:
        letters = letters[:-1]
    heard = _ENDS.sub(_at_the_end, letters).translate(_NEAR)
    return heard[:-1] + "t" if heard.endswith("k") and len(heard) > 1 else heard


def joined(heard: str, more: str) -> str:
    """Two sounds one after the other; one that ends the first and begins the second is heard once."""
    return heard + (more[1:] if heard and more and heard[-1] == more[0] else more)


def _at_the_end(match: re.Match[str]) -> str:
    part = match[0]
    if match.start() and part != match.string:
        return "n" if part in ("ng", "nh") else "t"
    return _HEARD.get(part, "n" if part[0] == "n" else part)


def _mark(entry: Mapping[str, Any], letters: Mapping[str, list[str]]) -> Mark:
    brand = known_brand(entry["brand"])
    if brand is None:
        raise ValueError(
            f"marks.toml: got the brand {entry['brand']!r}, expected an id of brands.toml; correct it or add the brand"
        )
    doubled, house = entry.get("doubled"), entry.get("house", ())
    made: dict[str, list[str]] = {"telling": [], "likely": [], "common": [], "own": []}
    made["telling"] += [phrase.replace("{x}", letter) for letter in house for phrase in letters["house"]]
    if doubled is not None:
        for twice in letters["twice"]:
            made["likely"].append(f"{twice} {GAP} {doubled}")
            made["telling"] += [f"{twice} {GAP} {doubled} {GAP} {twined}" for twined in letters["twined"]]
        for name in ("telling", "likely"):
            made[name] += [phrase.replace("{x}", doubled) for phrase in letters[name]]
    phrases = {name: tuple(dict.fromkeys([*entry.get(name, ()), *extra])) for name, extra in made.items()}
    return Mark(
        brand=brand.id,
        source=entry["source"],
        categories=tuple(entry.get("categories", brand.categories)),
        home=entry.get("home"),
        unless=tuple(entry.get("unless", ())),
        **phrases,
    )
