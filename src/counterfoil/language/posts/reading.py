"""The goods that a selling post offers: one entry each, every field with the place in the post where it stands.

What cannot be read is missing. The text is expected with its contacts covered already, so that no part of it can hold one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from counterfoil.language.posts.blocks import Block, Shared, blocks_of, fallback, settled
from counterfoil.language.posts.fields import Asked, Condition, Place, brand_above, brand_of, condition_of, price_of
from counterfoil.language.posts.intent import asks, hires, tells
from counterfoil.language.posts.lines import Line, lines_of
from counterfoil.language.posts.title import title_span

Cause = Literal["empty_text", "asks_to_buy", "hires", "nothing_offered"]

# More than this many offers in one post are a catalogue; the rest is left out and said so.
MAX_ITEMS = 100
# What a post is about is said in so many characters.
_OPENING = 1_000


@dataclass(frozen=True, slots=True)
class PostItem:
    """One offer. `places` holds a place for each field that was read; `lines` are the stretches that speak of it alone."""

    title: str
    price: Asked | None
    bounds: tuple[Decimal, Decimal] | None
    brand: str | None
    condition: Condition | None
    places: dict[str, Place]
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Post:
    """What a post offers; with no item, `cause` says why. `left_out` counts offers beyond the hundredth."""

    items: tuple[PostItem, ...]
    cause: Cause | None
    left_out: int = 0


def read_post(text: str, *, spoken: bool = False) -> Post:
    """The offers of a post, in its order; `spoken` for the transcript of a stream, whose items are announced, not listed."""
    lines = lines_of(text, spoken)
    if not any(line.role != "blank" for line in lines):
        return Post((), "empty_text")
    cut = next((place for place, line in enumerate(lines) if line.role == "comments"), len(lines))
    lines = [line for line in lines[:cut] if line.role != "blank"]
    opening = " . ".join(line.text for line in lines[:2])[:_OPENING]
    offers = any(line.role in ("offer", "price", "shared") for line in lines)
    if hires(opening) and not any(line.role == "offer" and line.goods for line in lines):
        return Post((), "hires")
    if asks(opening):
        return Post((), "asks_to_buy")
    if not offers and tells(opening):
        return Post((), "nothing_offered")
    # `Ốp đồng giá 39k` beside other prices is one offer, not what everything costs.
    if not any(line.role == "name" for line in lines) and any(line.role == "offer" for line in lines):
        for line in lines:
            if line.role == "shared" and line.goods is not None:
                line.role = "offer"
    shared = next(((line, line.prices[-1]) for line in lines if line.role == "shared"), None)
    blocks = blocks_of(lines, shared, spoken)
    blocks = settled(blocks, shared)
    if not blocks:
        blocks = fallback(lines)
    if not blocks:
        return Post((), "nothing_offered")
    alone = len(blocks) == 1
    common = brand_above(lines, blocks)
    items = tuple(_item(text, block, shared, lines, common, alone=alone) for block in blocks[:MAX_ITEMS])
    return Post(items, None, max(0, len(blocks) - MAX_ITEMS))


def _item(
    text: str,
    block: Block,
    shared: Shared | None,
    lines: list[Line],
    common: tuple[str, int, int] | None,
    *,
    alone: bool,
) -> PostItem:
    start, end = title_span(block.head)
    sure = 0.9 if block.head.goods is not None else 0.5
    places = {"title": Place(start, end, sure)}
    asked, bounds = price_of(block, shared, places)
    own = list(block.lines)
    brand = brand_of(text[start:end], start, own, common, places)
    condition = condition_of(own if not alone else [line for line in lines if line.role != "noise"] or own, places)
    spans = tuple((line.start, line.end) for line in sorted(own, key=lambda one: one.start))
    return PostItem(text[start:end], asked, bounds, brand, condition, places, spans)
