"""The categories under which listings are compared, and which of them a marketplace's path means."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from counterfoil.errors import NotFound
from counterfoil.knowledge.files import read_toml

SafetyClass = Literal["health", "safety", "ordinary"]

CATEGORY_IDS = (
    "bags", "shoes", "clothing", "perfume", "cosmetics", "watches", "phone_accessories", "electronics", "motor_parts",
    "books", "supplements", "medicine", "food", "toys", "alcohol", "household",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Category:
    """What is known of one kind of goods.

    `harm_weight` is 1 to 5; `base_rate` is a suggested share of counterfeits among live listings, not a measurement.
    """

    id: str
    name_vi: str
    name_en: str
    safety_class: SafetyClass
    harm_weight: int
    codes_required: tuple[str, ...]
    base_rate: float


@dataclass(frozen=True, slots=True)
class _Rule:
    category: str
    platforms: frozenset[str]
    phrases: tuple[str, ...]


@cache
def category(category_id: str) -> Category:
    """The category of that id; raises `NotFound` for any other."""
    entries = read_toml("categories.toml")["category"]
    if category_id not in entries:
        raise NotFound(f"got the category {category_id!r}, expected one of {', '.join(CATEGORY_IDS)}")
    entry = entries[category_id]
    return Category(
        id=category_id,
        name_vi=entry["names"]["vi"],
        name_en=entry["names"]["en"],
        safety_class=entry["safety_class"],
        harm_weight=entry["harm_weight"],
        codes_required=tuple(entry.get("codes_required", ())),
        base_rate=entry["base_rate"],
    )


def category_of(platform: str | None, path: Sequence[str]) -> str | None:
    """The id of the category that a platform's path means; None when no rule knows it."""
    return _category_of((platform or "").casefold(), tuple(path)) if path else None


@lru_cache(maxsize=1 << 15)
def _category_of(platform: str, path: tuple[str, ...]) -> str | None:
    text = f" > {' > '.join(_folded(level) for level in path)} > "
    for rule in _rules():
        if rule.platforms and platform not in rule.platforms:
            continue
        if any(phrase in text for phrase in rule.phrases):
            return rule.category
    return None


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            entry["category"],
            frozenset(entry.get("platforms", ())),
            # A Latin word is looked for between spaces, as a whole one; Chinese is written without.
            tuple(f" {word} " if word.isascii() else word for word in entry["words"]),
        )
        for entry in read_toml("categories.toml")["path"]
    )


def _folded(level: str) -> str:
    """A level without accents and case, its ASCII punctuation as single spaces; Chinese keeps its own marks."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", level.casefold()) if not unicodedata.combining(char))
    kept = (char if not char.isascii() or char.isalnum() else " " for char in bare.replace("đ", "d"))
    return " ".join("".join(kept).split())
