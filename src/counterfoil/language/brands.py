"""Which brand a field or a title names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from counterfoil.knowledge.brands import brands, no_brand_values
from counterfoil.language.match import Phrases
from counterfoil.language.normalise import fold, fold_text

_MAX_KEY = 60


@dataclass(frozen=True, slots=True)
class BrandMention:
    """A known brand's name at the raw half-open span `[start, end)` of a title."""

    brand: str
    start: int
    end: int


def brand_key(value: str | None) -> str | None:
    """The key under which a stated brand is counted: a known brand's id, else its folded name of at most 60 characters.

    None where the field says that there is no brand: blank, `OEM`, `No Brand`, punctuation only.
    """
    name = fold_text(value or "").strip()
    if name in _no_brand() or not any(char.isalnum() for char in name):
        return None
    return _ids().get(name) or name[:_MAX_KEY].rstrip()


def find_brands(title: str) -> tuple[BrandMention, ...]:
    """The known brands a title names as whole words, sorted, not overlapping; without names that are ordinary words."""
    folded = fold(title)
    mentions: list[BrandMention] = []
    for match in sorted(_phrases().find(folded.text), key=lambda one: (one.start, -one.end)):
        start, end = folded.span(match.start, match.end)
        if not mentions or start >= mentions[-1].end:
            mentions.append(BrandMention(match.value, start, end))
    return tuple(mentions)


@cache
def _no_brand() -> frozenset[str]:
    return frozenset(fold_text(value) for value in no_brand_values())


@cache
def _ids() -> dict[str, str]:
    return {
        fold_text(form): brand.id
        for brand in brands()
        for form in (brand.id, brand.name, *brand.forms, *brand.field_forms)
    }


@cache
def _phrases() -> Phrases[str]:
    return Phrases(
        (fold_text(form), brand.id)
        for brand in brands()
        for form in (brand.forms if brand.ordinary_word else (brand.name, *brand.forms))
    )
