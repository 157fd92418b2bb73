"""The lines of a selling post gathered into offers: which line opens one, which says more of it, which is only a heading."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from counterfoil.language.money import hidden_price
from counterfoil.language.normalise import fold
from counterfoil.language.posts import words
from counterfoil.language.posts.lines import Line
from counterfoil.language.posts.price import Price

# The line that says what everything costs, and the price.
Shared = tuple[Line, Price]
_SOLD = re.compile(r"(?<!\w)(?:pass|ban|thanh ly|sale|gia|order|hang|san|de lai)(?!\w)")


@dataclass(slots=True)
class Block:
    """The lines that speak of one offer, while the post is being read."""

    head: Line
    lines: list[Line]
    asked: list[tuple[Line, Price]] = field(default_factory=list)

    @property
    def priced(self) -> bool:
        """Whether one of its lines states a price."""
        return bool(self.asked)


def blocks_of(lines: list[Line], shared: Shared | None, spoken: bool) -> list[Block]:
    """The lines of a post gathered around those that name something, in the order of the post."""
    kinds = _item_bullets(lines, shared)
    listed = _listed(lines, shared)
    blocks: list[Block] = []
    waiting: list[tuple[Line, Price]] = []
    for place, line in enumerate(lines):
        current = blocks[-1] if blocks else None
        prices = [(line, price) for price in line.prices]
        if line.role == "offer":
            if current is not None and _continues(line, current, kinds, lines):
                current.lines.append(line)
                current.asked += prices
            else:
                blocks.append(Block(line, [line], prices))
        elif line.role == "price":
            if current is None:
                waiting += prices
            else:
                current.lines.append(line)
                if not (spoken and current.priced):
                    current.asked += prices
        elif (line.role == "name" and _starts(line, place, current, kinds, listed)) or (
            line.role == "text" and line.bullet in kinds and not words.DETAIL.match(line.plain) and not _a_choice(line)
        ):
            blocks.append(Block(line, [line], waiting))
            waiting = []
        elif current is not None and line.role in ("name", "text"):
            current.lines.append(line)
    return blocks


def _a_choice(line: Line) -> bool:
    """Whether a line names colours or sizes and nothing else."""
    return words.COLOURS.fullmatch(line.plain) is not None


def _item_bullets(lines: list[Line], shared: Shared | None) -> set[str | None]:
    """The kinds of bullet that stand before offers, not before the details of one."""
    found: set[str | None] = set()
    for kind in {line.bullet for line in lines if line.bullet is not None}:
        under = [line for line in lines if line.bullet == kind]
        offers = [line for line in under if line.role == "offer" and (line.goods or line.left)]
        named = [line for line in under if line.role == "name" and not words.DETAIL.match(line.plain)]
        details = [line for line in under if words.DETAIL.match(line.plain) and line.goods is None]
        if (
            (
                kind == "code"
                or len(offers) >= 2
                or (len(offers) + len(named) >= 2 and kind == "number" and len(details) <= len(named))
            )
            or (shared is not None and len(named) >= 2 and len(details) < len(named))
            or (len(named) >= 2 and not details and _priced_after(lines, named))
            or (len(named) >= 2 and not details and not any(line.prices for line in lines))
        ):
            found.add(kind)
    return found


def _priced_after(lines: list[Line], named: list[Line]) -> bool:
    """Whether a price of its own follows each of these lines before the next."""
    places = [lines.index(line) for line in named]
    ends = [*places[1:], len(lines)]
    return all(any(line.prices for line in lines[a + 1 : b]) for a, b in zip(places, ends, strict=True))


def _listed(lines: list[Line], shared: Shared | None) -> set[int]:
    """Places of short lines without bullets that each begin with goods, at least three (two with a shared price) in a row."""
    found: set[int] = set()
    run: list[int] = []
    for place, line in enumerate([*lines, None]):
        begins = line is not None and line.role == "name" and line.bullet is None and _begins_with_goods(line)
        if begins:
            run.append(place)
            continue
        heads = {lines[one].goods for one in run}
        if (
            len(run) >= 3
            or (shared is not None and len(run) >= 2)
            or (len(run) == 2 and len(heads) == 2 and shared is None and not any(x.prices for x in lines))
        ):
            found.update(run)
        run = []
    return found


def _begins_with_goods(line: Line) -> bool:
    return line.goods is not None and line.plain.find(line.goods) <= 12 and len(line.plain.split()) <= 10


def _alike(line: Line, lines: list[Line]) -> bool:
    """Whether a line is one of at least three in a row that say a name, the same kind of rule or gap, and a price."""
    place = next(at for at, one in enumerate(lines) if one is line)
    shape = _shape(line)
    if shape is None:
        return False
    first, last = place, place
    while first > 0 and _shape(lines[first - 1]) == shape:
        first -= 1
    while last + 1 < len(lines) and _shape(lines[last + 1]) == shape:
        last += 1
    return last - first >= 2


def _shape(line: Line) -> str | None:
    """How the name of a line is set off from its price; None where it has no name of its own before one price."""
    if (
        len(line.prices) != 1
        or line.role != "offer"
        or not line.left
        or words.COLOURS.fullmatch(line.text_before_price)
    ):
        return None
    before = line.text[: line.prices[0].start].rstrip()
    rule = re.search(r"[\W_]*$", before)
    return f"{line.bullet}{rule[0].strip()[:1] if rule else ''}" if before else None


def _opens_with_price(line: Line) -> bool:
    return bool(line.prices) and not any(map(str.isalpha, line.text[: line.prices[0].start]))


def _other_word(line: Line) -> bool:
    """Whether `cá` or `cặp` opens the line, which without accents looks like `cả`."""
    first = re.search(r"[^\W\d_]+", line.text)
    return first is not None and first[0].casefold() in {"cá", "cà", "lạy", "lầy", "cáp", "mùa"}


def _continues(line: Line, current: Block, kinds: set[str | None], lines: list[Line]) -> bool:
    """Whether a line with a price says more of the offer before it: a detail, a size, a larger pack."""
    if line.row is not None or (line.bullet in kinds and line.goods is not None):
        return False
    if words.WHOLE.match(line.plain) and not _other_word(line):
        return True
    if line.prices and not line.left and line.goods is None:
        return True
    if _alike(line, lines) and line.left:
        return False
    if _opens_with_price(line) and line.goods is None and not current.priced and line.bullet is None:
        return True
    alike = line.goods == current.head.goods and line.goods not in ("set", "bo")
    same = line.goods is None or alike
    if (
        words.MANY.match(line.plain)
        and not _other_word(line)
        and same
        and not re.match(r"\W*(?:combo|set) ?\d{0,2} ?[:.]", line.plain)
    ):
        return True
    if line.goods is not None:
        return bool(words.DETAIL.match(line.plain)) and not current.priced and not _begins_with_goods(line)
    if line.bullet in kinds:
        return not line.left
    # `Mẫu thêu` is a piece of goods, `màu thêu` a colour of one; without accents they are the same.
    if line.text.lstrip().casefold().startswith("mẫu") and line.left:
        return False
    variant = words.VARIANT.match(line.plain) is not None and len(line.left) < 2
    detail = words.DETAIL.match(line.plain) is not None and not (current.priced and len(line.left) >= 2)
    return variant or detail or not line.left or (not current.priced and "gia" in line.plain.split())


def _starts(line: Line, place: int, current: Block | None, kinds: set[str | None], listed: set[int]) -> bool:
    """Whether a line without a price opens an offer."""
    if current is None or line.bullet in kinds or place in listed:
        return True
    if line.bullet is not None or words.DETAIL.match(line.plain):
        return False
    return current.priced


def settled(blocks: list[Block], shared: Shared | None) -> list[Block]:
    """The blocks that are offers: those without a price beside priced ones are headings or more words of the one before."""
    if shared is None and any(block.priced for block in blocks):
        kept: list[Block] = []
        sure = Counter(block.head.bullet for block in blocks if block.priced and block.head.bullet is not None)
        for block in blocks:
            if block.priced or (block.head.bullet is not None and sure[block.head.bullet]) or _hides(block):
                kept.append(block)
            elif kept:
                kept[-1].lines += block.lines
        return _spread(blocks, kept)
    return blocks


def _spread(blocks: list[Block], kept: list[Block]) -> list[Block]:
    """A lone price under a list is the price of all of it."""
    priced = [block for block in kept if block.priced]
    if len(priced) == 1 and len(kept) >= 2 and kept[-1] is priced[0] and blocks[-1] is priced[0]:
        line, price = priced[0].asked[-1]
        if line.role == "price" and line is not priced[0].head and all(not _hides(block) for block in kept):
            for block in kept[:-1]:
                block.asked = [(line, price)]
    return kept


def _hides(block: Block) -> bool:
    return any(hidden_price(fold(line.text)) is not None for line in block.lines)


def fallback(lines: list[Line]) -> list[Block]:
    """A post without a line that names or offers a thing: the first line that is no greeting and no notice."""
    prices = [(line, price) for line in lines for price in line.prices if line.role in ("price", "shared")]
    naming = next((line for line in lines if line.role in ("shared", "head") and line.goods is not None), None)
    hides = any(hidden_price(fold(line.text)) is not None for line in lines)
    if naming is None and (prices or hides):
        naming = next((line for line in lines if line.role == "text" and len(line.left) >= 1), None) or next(
            (line for line in lines if line.role == "head" and len(line.left) >= 3), None
        )
    elif naming is not None and not (prices or hides) and naming.role == "head":
        naming = naming if _SOLD.search(naming.plain) else None
    if naming is None:
        return []
    return [Block(naming, [line for line in lines if line.role not in ("noise", "head") or line is naming], prices)]
