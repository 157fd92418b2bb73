"""Which brand a field or a title names, and how a title hides the name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from counterfoil.knowledge.brands import Brand, brands, no_brand_values
from counterfoil.language.marks import described
from counterfoil.language.match import Match, Phrases
from counterfoil.language.normalise import Folded, accented, fold_text
from counterfoil.language.syllable import is_syllable
from counterfoil.language.views import Disguise, Views, views

_MAX_KEY = 60

Hiding = Disguise | Literal["described"]


@dataclass(frozen=True, slots=True)
class BrandMention:
    """A known brand's name at the raw half-open span `[start, end)` of a title, or the description of its mark.

    `disguise` says how the name is hidden (`nickname`: another name that sellers of copies use; `described`: not named,
    but told by its mark); None when it is not.
    """

    brand: str
    start: int
    end: int
    disguise: Hiding | None = None


def brand_key(value: str | None) -> str | None:
    """The key under which a stated brand is counted: a known brand's id, else its folded name of at most 60 characters.

    None where the field says that there is no brand: blank, `OEM`, `No Brand`, punctuation only.
    """
    name = fold_text(value or "").strip()
    if name in _no_brand() or not any(char.isalnum() for char in name):
        return None
    return _ids().get(name) or name[:_MAX_KEY].rstrip()


def find_brands(title: str | Views, category: str | None = None) -> tuple[BrandMention, ...]:
    """The known brands a title names as whole words, plainly or in disguise, sorted, not overlapping.

    A name or a nickname that is also an ordinary word counts in the brand's categories only. Where no brand is named, one
    may be described: there is no more than one such mention, and it needs a category.
    """
    seen = views(title) if isinstance(title, str) else title
    found = list(_named(seen, category))
    found.sort(key=lambda one: (one.start, -one.end, one.disguise is not None))
    mentions: list[BrandMention] = []
    for one in found:
        if not mentions or one.start >= mentions[-1].end:
            mentions.append(one)
    if not mentions and (mark := described(seen, category)) is not None:
        mentions.append(BrandMention(mark.brand, mark.start, mark.end, "described"))
    return tuple(mentions)


@dataclass(frozen=True, slots=True)
class _Name:
    """A spelling of a brand: what it names, where it counts, and its accents where they tell it from other words."""

    brand: Brand
    nickname: bool = False
    categories: tuple[str, ...] = ()
    accents: str | None = None
    accents_needed: bool = False

    def counts_in(self, category: str | None) -> bool:
        return not self.categories or category in self.categories


def _named(seen: Views, category: str | None) -> Iterator[BrandMention]:
    for match in _phrases().find(seen.plain.text):
        if match.value.counts_in(category) and not _is_other_words(seen, match):
            yield _mention(seen, seen.plain, match)
    if seen.mended is not None:
        for match in _phrases().find(seen.mended.text):
            if match.value.counts_in(category) and not match.value.accents_needed:
                yield _mention(seen, seen.mended, match)


def _mention(seen: Views, view: Folded, match: Match[_Name]) -> BrandMention:
    start, end = view.span(match.start, match.end)
    disguise: Disguise | None = "nickname" if match.value.nickname else seen.disguise(start, end)
    if disguise == "accents" and not match.value.brand.name.isascii():
        disguise = None  # the name has accents of its own, and people put them where they like
    return BrandMention(match.value.brand.id, start, end, disguise)


def _is_other_words(seen: Views, match: Match[_Name]) -> bool:
    """Whether accents show that the letters are other words: `đi ở` is not Dior's nickname, `mạc` no brand."""
    name = match.value
    if seen.written.text.isascii():
        return name.accents_needed or (
            name.brand.ordinary_word and is_syllable(seen.plain.text[match.start : match.end])
        )
    slice_ = seen.typed[match.start : match.end]
    if name.nickname:
        return slice_ != name.accents and (name.accents_needed or not slice_.isascii())
    words = seen.plain.text[match.start : match.end].split()
    return name.brand.name.isascii() and all(map(is_syllable, words)) and not slice_.isascii()


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
def _phrases() -> Phrases[_Name]:
    return Phrases((fold_text(form), name) for brand in brands() for form, name in _spellings(brand))


def _spellings(brand: Brand) -> Iterator[tuple[str, _Name]]:
    if brand.ordinary_word:  # not of a cheap brand: `clear` and `comfort` are said of everything
        if brand.tier != "mass":
            yield brand.name, _Name(brand, categories=brand.categories)
    else:
        yield brand.name, _Name(brand)
    for form in brand.forms:
        yield form, _Name(brand)
    for form in _punctuated(brand.nicknames):
        yield form, _Name(brand, nickname=True, accents=accented(form).text)
    for form in _punctuated(brand.nicknames_in_category):
        yield form, _Name(brand, nickname=True, accents=accented(form).text, categories=brand.categories)
    for form in _punctuated(brand.nicknames_accented):
        yield form, _Name(brand, nickname=True, accents=accented(form).text, accents_needed=True)


def _punctuated(names: tuple[str, ...]) -> Iterator[str]:
    """Each nickname, and with its syllables joined by other signs: `lờ vờ`, `lờ-vờ`, `lờ.vờ`."""
    yield from dict.fromkeys(name.replace(" ", joint) for name in names for joint in (" ", "-", ".", "_"))
