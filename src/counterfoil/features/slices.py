"""Slices for fairness: kinds of honest seller and of goods that a model may flag by mistake more often than others.

A slice is read off what a listing and its seller show, never off who somebody is; what is not shown is in no slice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from counterfoil.features.reading import Reading
from counterfoil.history.keys import says_hand_carried
from counterfoil.knowledge.categories import CATEGORY_IDS, category
from counterfoil.language.ordinary import ORDINARY
from counterfoil.language.syllable import is_well_spelt

# What an honest shop of one person reaches in a year or two; an official store or a reseller has far more of both.
SMALL_FOLLOWERS, SMALL_LISTINGS = 500, 50
NEW = timedelta(days=90)
# A title of fewer Vietnamese words than this may as well be English: `Tai nghe bluetooth mini`.
_FEWEST_WORDS = 3
_WORD = re.compile(r"[a-z]{2,}")

MEANINGS = {
    "small_shop": f"not badged official; fewer than {SMALL_FOLLOWERS} followers and {SMALL_LISTINGS} listings, as far as shown",
    "new_seller": f"the account was registered less than {NEW.days} days before the sighting",
    "official_store": "the platform badges the store as official",
    "second_hand": "title or condition says that the goods are used or refurbished",
    "grey_importer": "the texts say hand-carried (`xách tay`), and nothing that hints at a copy",
    "accentless": "the title is of Vietnamese words, typed without any accent",
}


def slices(readings: Sequence[Reading]) -> dict[str, NDArray[np.bool_]]:
    """Which rows lie in each slice: those of `MEANINGS`, then `category/…` and `platform/…` as far as there are rows of them.

    Slices overlap, and a row may lie in none: an unknown is not a no.
    """
    found = {name: np.array([lies_in(row) for row in readings], dtype=np.bool_) for name, lies_in in _TESTS.items()}
    for kind, read in (("category", _category), ("platform", _platform)):
        values = [read(row) for row in readings]
        for value in sorted({one for one in values if one is not None}):
            found[f"{kind}/{value}"] = np.array([one == value for one in values], dtype=np.bool_)
    return found


def meaning(name: str) -> str:
    """What puts a row into a slice, in a few words; empty for a slice that another version had."""
    kind, _, value = name.partition("/")
    if kind == "category" and value in CATEGORY_IDS:
        return f"goods of the category {category(value).name_en.lower()}"
    return f"listed on {value}" if kind == "platform" else MEANINGS.get(name, "")


def _small_shop(row: Reading) -> bool:
    facts = row.seller.facts
    shown = [
        count < limit
        for count, limit in ((facts.followers, SMALL_FOLLOWERS), (facts.listing_count, SMALL_LISTINGS))
        if count is not None
    ]
    return facts.official_store is False and bool(shown) and all(shown)


def _new_seller(row: Reading) -> bool:
    registered = row.seller.facts.registered_at
    return registered is not None and row.about.observed_at - registered < NEW


def _official_store(row: Reading) -> bool:
    return row.seller.facts.official_store is True


def _second_hand(row: Reading) -> bool:
    return row.keys.used is not None or row.listing.condition in {"used", "refurbished"}


def _grey_importer(row: Reading) -> bool:
    return says_hand_carried(found.hit for found in row.text.hits)


def _accentless(row: Reading) -> bool:
    title, stated = row.keys.title, row.listing.language
    if title.written.text != title.plain.text or (stated is not None and stated.lower().split("-")[0] != "vi"):
        return False
    words = _WORD.findall(title.plain.text)
    vietnamese = sum(word not in ORDINARY and is_well_spelt(word, word) for word in words)
    return vietnamese >= max(_FEWEST_WORDS, len(words) / 2)


_TESTS: dict[str, Callable[[Reading], bool]] = {
    "small_shop": _small_shop,
    "new_seller": _new_seller,
    "official_store": _official_store,
    "second_hand": _second_hand,
    "grey_importer": _grey_importer,
    "accentless": _accentless,
}


def _category(row: Reading) -> str | None:
    return row.keys.category


def _platform(row: Reading) -> str | None:
    platform = row.listing.platform
    return platform.casefold() if platform is not None else None
