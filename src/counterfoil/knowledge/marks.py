"""What the marks of brands look like, as sellers who avoid the name describe them, from `marks.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from counterfoil.knowledge.brands import known_brand
from counterfoil.knowledge.files import read_toml

GAP = "…"


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
