"""What an encoder learns from: a title beside another wording of itself, and beside a title that it must not be taken for."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Literal

from counterfoil.features.embed import readable
from counterfoil.language.evasion import ATTACKS, evade, evade_pair, pairs
from counterfoil.language.normalise import fold_text

View = Literal["description", "evaded", "without accents", "teencode", "reordered"]
VIEWS: tuple[View, ...] = ("description", "evaded", "without accents", "teencode", "reordered")

# Beyond this a description is boilerplate of the shop; the scorer reads as much.
_DESCRIPTION = 400
_MADE_UP = 0.5
_TWO_ATTACKS = 0.2
_DROPPED = 0.3
_ATTACKS = tuple(ATTACKS)
_PAIRS = pairs()
_VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
_CONSONANTS = "bcdđfghjklmnpqrstvwxz"
_KIND = MappingProxyType({letter: kind for kind in (_VOWELS, _CONSONANTS, "0123456789") for letter in kind})


@dataclass(frozen=True, slots=True)
class ListingText:
    """The text of one listing; brand and category only serve to find titles of other brands."""

    title: str
    description: str | None = None
    brand: str | None = None
    category: str | None = None


Example = tuple[str, ...]
"""A title and its other wording; a third text, where there is one, is the title of another brand in the same category."""


def distinct(corpus: Iterable[ListingText]) -> list[ListingText]:
    """The first listing of each title, in NFC, without descriptions met before.

    Sellers copy both; a text met twice in a batch would be pushed away from itself.
    """
    titles: set[str] = set()
    descriptions = {""}
    kept = []
    for listing in corpus:
        title, description = _one_line(listing.title), _one_line(listing.description or "")[:_DESCRIPTION]
        if not title or title in titles:
            continue
        new = None if description in descriptions else description
        kept.append(ListingText(title, new, _key(listing.brand), _key(listing.category)))
        titles.add(title)
        descriptions.add(description)
    return kept


class Rivals:
    """Titles of the same category and another brand: what is most easily taken for one another."""

    def __init__(self, listings: Sequence[ListingText]) -> None:
        grouped: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for listing in listings:
            if listing.brand and listing.category:
                grouped[listing.category][listing.brand].append(listing.title)
        self._by_category = {name: dict(brands) for name, brands in grouped.items() if len(brands) > 1}

    def of(self, listing: ListingText, rng: Random) -> str | None:
        """A title of another brand, drawn brand first; None where brand, category or rival is not known."""
        brands = self._by_category.get(listing.category or "", {})
        others = [brand for brand in brands if brand != listing.brand] if listing.brand else []
        return rng.choice(brands[rng.choice(others)]) if others else None


def examples(view: View, listings: Sequence[ListingText], rivals: Rivals, rng: Random) -> Iterator[Example]:
    """One example a listing, where the view changes its title at all; `evaded` makes up the words of every other title.

    Made-up words have the build of the real ones and stand in no list: what is learnt from them is how letters are
    disguised, and it holds for words that the corpus never showed.
    """
    for listing in listings:
        title, rival = listing.title, rivals.of(listing, rng)
        if view == "evaded" and rng.random() < _MADE_UP:
            title, rival = made_up(title, rng), None
        other = _reworded(view, ListingText(title, listing.description), rng)
        if other and other != title:
            yield (title, other) if rival is None or rival == other else (title, other, rival)


def made_up(text: str, rng: Random) -> str:
    """The text with the letters and digits of most words drawn anew: vowels stay vowels, and case stays."""
    words = ("".join(_drawn(char, rng) for char in word) if rng.random() < 0.7 else word for word in text.split())
    return " ".join(words)


def _reworded(view: View, listing: ListingText, rng: Random) -> str | None:
    title = listing.title
    if view == "description":
        return listing.description
    if view == "without accents":
        return fold_text(title)
    if view == "reordered":
        return _reordered(title, rng)
    if view == "teencode":
        return unicodedata.normalize("NFC", evade(title, "teencode", rng))
    if rng.random() < _TWO_ATTACKS:
        return unicodedata.normalize("NFC", evade_pair(title, rng.choice(_PAIRS), rng))
    return unicodedata.normalize("NFC", evade(title, rng.choice(_ATTACKS), rng))


def _reordered(text: str, rng: Random) -> str:
    words = text.split()
    kept = [word for word in words if rng.random() > _DROPPED] or words
    return " ".join(rng.sample(kept, len(kept)))


def _drawn(char: str, rng: Random) -> str:
    lower = char.lower()
    kind = _KIND.get(lower)
    if kind is None:
        return char
    new = rng.choice(kind)
    return new if char == lower else new.upper()


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", readable(text)).split())


def _key(name: str | None) -> str | None:
    return fold_text(readable(name)).strip() or None if name else None
