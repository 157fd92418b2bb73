"""Price, brand and condition of one offer of a post, each with the place where it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from counterfoil.knowledge.brands import known_brand
from counterfoil.language.brands import find_brands
from counterfoil.language.normalise import fold
from counterfoil.language.posts import words
from counterfoil.language.posts.blocks import Block, Shared
from counterfoil.language.posts.lines import Line
from counterfoil.language.posts.price import Price, price_before
from counterfoil.language.views import views
from counterfoil.language.wares import is_accessory, is_used

Condition = Literal["new", "used", "refurbished"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the post a field was read, `[start, end)` in code points, and how sure the reading is, 0 to 1.

    The confidences are our own grades of how plainly a field was written, not measured probabilities.
    """

    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked; `high` differs from `low` where sizes or kinds differ in price."""

    low: Decimal
    high: Decimal
    before: Decimal | None
    currency: str


def brand_above(lines: list[Line], blocks: list[Block]) -> tuple[str, int, int] | None:
    """The one brand that the lines outside all offers name: it stands above the list."""
    inside = {id(line) for block in blocks for line in block.lines}
    found = {
        one.brand: (one.brand, line.body + one.start, line.body + one.end)
        for line in lines
        if id(line) not in inside and line.role != "noise"
        for one in find_brands(line.text)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def price_of(
    block: Block, shared: Shared | None, places: dict[str, Place]
) -> tuple[Asked | None, tuple[Decimal, Decimal] | None]:
    """What an offer asks, else the bounds of a price whose digits are hidden; one shared by the list where it has none."""
    asked = [(line, price) for line, price in block.asked if price.shown]
    hidden = next(((line, price) for line, price in block.asked if not price.shown), None)
    if not asked and hidden is None and shared is not None:
        line, price = shared
        asked = [(line, price)] if price.shown else []
        hidden = None if price.shown else shared
    if not asked:
        if hidden is None:
            return None, None
        line, price = hidden
        places["price_bounds"] = Place(line.body + price.start, line.body + price.end, 0.6)
        return None, (price.low, price.high)
    retail = [pair for pair in asked if not _for_others(*pair)] or asked
    line, first = retail[0]
    same = [
        price for _, price in retail if price.currency == first.currency and first.low / 4 <= price.low <= first.low * 4
    ]
    low, high = min(price.low for price in same), max(price.high for price in same)
    lowest = next((one, price) for one, price in retail if price in same and price.low == low)
    sure = first.sure if len(same) == 1 else min(0.8, first.sure)
    if shared is not None and line is shared[0] and line is not block.head:
        sure = min(sure, 0.75)
    places["price"] = Place(lowest[0].body + lowest[1].start, lowest[0].body + lowest[1].end, sure)
    before = next(
        ((one, cut) for one in block.lines if (cut := price_before(one.text)) is not None and cut.low > high), None
    )
    if before is not None:
        places["list_price"] = Place(before[0].body + before[1].start, before[0].body + before[1].end, before[1].sure)
    return Asked(low, high, before[1].low if before is not None else None, first.currency), None


def _for_others(line: Line, price: Price) -> bool:
    """Whether a price is a reseller's, or that of several pieces."""
    before = fold(line.text[max(0, price.start - 24) : price.start]).text
    start = max((match.end() for match in re.finditer(r"[,;|\n]|\d+ ?k(?!\w)", before)), default=0)
    after = fold(line.text[price.end : price.end + 8]).text
    nearest = before[start:]
    if re.match(r" ?/ ?(?:[2-9]|1\d)|/? ?(?:combo|[2-9] (?:cai|doi|chiec|hop|chai|ao|bo))", after):
        return True
    return bool(words.WHOLESALE.search(nearest)) or bool(
        re.search(
            r"(?<!\w)(?:combo|mua|lay|set|cap|nguyen set|ca set|ca bo|nguyen bo|full bo|(?:[2-9]|hai|ba|bon|nam|sau"
            r"|muoi) ?(?:c|cai|doi|chiec|hop|chai|bo|ao|em"
            r"|goi))(?: \w+){0,3}[ :=]*$",
            nearest,
        )
    )


def brand_of(
    title: str, at: int, own: list[Line], common: tuple[str, int, int] | None, places: dict[str, Place]
) -> str | None:
    """The one brand of the title, else of the offer's other lines, else the one above the whole list."""
    for base, text, sure in [(at, title, 0.95), *((line.body, line.text, 0.7) for line in own)]:
        seen = views(text)
        fits = is_accessory(seen)
        found = [one for one in find_brands(seen) if fits is None or not fits[0] <= one.start < fits[1]]
        if fits is not None and text == title and not found:
            return None
        if len({one.brand for one in found}) == 1:
            places["brand"] = Place(
                base + found[0].start, base + found[0].end, sure if found[0].disguise is None else 0.75
            )
            return _name(found[0].brand)
        if found:
            return None
    if common is None:
        return None
    places["brand"] = Place(common[1], common[2], 0.5)
    return _name(common[0])


def _name(brand: str) -> str:
    known = known_brand(brand)
    return known.name if known is not None else brand


def condition_of(own: list[Line], places: dict[str, Place]) -> Condition | None:
    """New, used or refurbished, by the first line that says so."""
    for line in own:
        seen = views(line.text)
        for name, pattern in (("refurbished", words.REFURBISHED), ("new", words.NEW)):
            if (match := pattern.search(seen.plain.text)) is not None:
                start, end = seen.plain.span(*match.span())
                places["condition"] = Place(line.body + start, line.body + end, 0.85)
                return "new" if name == "new" else "refurbished"
        if (used := is_used(seen)) is not None:
            places["condition"] = Place(line.body + used[0], line.body + used[1], 0.8)
            return "used"
    return None
