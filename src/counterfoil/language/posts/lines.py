"""A selling post cut into lines that each speak of one thing, and what each line is there for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from counterfoil.language.contact import MASK
from counterfoil.language.normalise import fold
from counterfoil.language.posts import words
from counterfoil.language.posts.bullets import CODE, opening_of
from counterfoil.language.posts.cuts import cut, until_price
from counterfoil.language.posts.goods import goods_in, other_words
from counterfoil.language.posts.price import Price, prices_in, thousands_left_out
from counterfoil.language.posts.table import Row, rows_of

Role = Literal["blank", "noise", "comments", "head", "shared", "price", "offer", "name", "text"]

_IN_THOUSANDS = re.compile(
    r"(?<!\w)(?:(?:don vi|dv|dvt)(?: tinh)?(?: la)? ?[:=]? ?|gia (?:tinh )?(?:bang|theo) |\(x ?|gia \()(?:k|nghin"
    r"|ngan|1000d?)(?!\w)"
)
_SELLS = re.compile(r"(?<!\w)(?:pass|nhuong|ban lai|de lai|thanh ly)(?: lai)?(?: gia)?(?: con| chi)? ?[:=]? ?$")
_SOLD_LINE = re.compile(r"\W(?:da ban|sold(?: out)?|het hang|da chot|da co chu)\W*$")
_SOLD_OUT = re.compile(r"(?<!\w)(?:het|sold|da ban|tam het|out|x|da chot)(?!\w)")


@dataclass(slots=True)
class Line:
    """A stretch `[start, end)` of a post; `body` is where it begins after its bullet, `bullet` what kind of bullet."""

    post: str
    start: int
    end: int
    body: int
    bullet: str | None
    prices: tuple[Price, ...] = ()
    role: Role = "text"
    goods: str | None = None
    plain: str = ""
    left: tuple[str, ...] = field(default=())
    row: Row | None = None

    @property
    def text_before_price(self) -> str:
        """Folded, what it says before its first price."""
        return fold(self.text[: self.prices[0].start] if self.prices else self.text).text

    @property
    def text(self) -> str:
        """What it says, bullet left out."""
        return self.post[self.body : self.end]


def lines_of(post: str, spoken: bool = False) -> list[Line]:
    """The lines of a post, in order; of a `spoken` one also cut where the next piece of goods is announced."""
    lines: list[Line] = []
    rows = {} if spoken else rows_of(post)
    at = 0
    for physical in post.splitlines(keepends=True):
        end = at + len(physical.rstrip("\r\n\x0b\x0c\u2028\u2029\x85"))
        if at in rows:
            lines.append(_of_row(post, rows[at]))
        else:
            lines.extend(_line(post, start, stop) for start, stop in cut(post, at, end, spoken))
        at += len(physical)
    if _IN_THOUSANDS.search(fold(post).text):
        for line in lines:
            if not line.prices and line.role in ("name", "text") and (prices := thousands_left_out(line.text)):
                line.prices = prices
                line.left = tuple(_left_over(line))
                line.role = _role(line)
    return _asking(lines)


def _asking(lines: list[Line]) -> list[Line]:
    """The lines; what was once paid for a thing, or is asked for all of them, is no price beside those that are asked."""
    if any(price.asked for line in lines for price in line.prices):
        for line in lines:
            if line.prices and not any(price.asked for price in line.prices):
                line.prices = ()
                line.left = tuple(_left_over(line))
                line.role = "noise" if line.goods is None or words.WHOLE.match(line.plain) else _role(line)
    return lines


def _of_row(post: str, row: Row) -> Line:
    """A row of a table: one offer, whose price is that of the column that says what is asked."""
    line = Line(post, row.start, row.end, row.start, "row", role="noise", plain=fold(post[row.start : row.end]).text)
    if row.name is None or row.price is None:
        return line
    first, last = row.name
    if (code := CODE.match(post[first:last])) is not None:
        first += code.end()
    line.row = replace(row, name=(first, last))
    line.goods = goods_in(post[first:last])
    cell = post[slice(*row.price)]
    # A bare `150` in a column of prices leaves its thousands out.
    asked = prices_in(cell) or thousands_left_out(cell)
    shift = row.price[0] - row.start
    line.prices = tuple(replace(one, start=one.start + shift, end=one.end + shift) for one in asked[:1])
    line.left = tuple(other_words(fold(post[first:last]).text))
    sold = not line.prices and _SOLD_OUT.search(fold(cell).text)
    line.role = "offer" if line.prices else "noise" if sold else "name"
    return line


def _line(post: str, start: int, end: int) -> Line:
    body, bullet = opening_of(post[start:end])
    line = Line(post, start, end, start + body, bullet)
    _read(line)
    return line


def _read(line: Line) -> None:
    text = line.text
    line.plain = fold(text).text.strip()
    if not re.search(r"[^\W\d_]{2,}", line.plain) and not any(char.isdigit() for char in line.plain):
        line.role = "blank"
        return
    line.prices = prices_in(text)
    line.goods = goods_in(text)
    line.left = tuple(_left_over(line))
    line.role = _role(line)


def _left_over(line: Line) -> Iterator[str]:
    """The words of a line that are neither of its prices nor words around prices, sizes or pieces."""
    text = list(line.text)
    for price in line.prices:
        text[price.start : price.end] = " " * (price.end - price.start)
    yield from other_words(fold("".join(text)).text)


def _role(line: Line) -> Role:
    plain = line.plain
    if words.COMMENTS.search(plain):
        return "comments"
    if words.HASHTAGS.match(line.text.strip()):
        return "price" if line.prices else "noise"
    if line.prices and _SOLD_LINE.search(plain):
        return "noise"
    reached = bool(words.REACH.search(plain)) or MASK * 5 in line.post[line.start : line.end]
    if line.prices:
        if words.SHARED.search(plain) and (line.goods is None or not line.bullet):
            return "shared"
        if not line.left and line.goods is None:
            return "price"
        lead = fold(until_price(line.text)).text
        if _SELLS.search(lead):
            return "offer"
        notice = words.REACH.search(lead) or words.DELIVERY.search(lead)
        if line.goods is None and notice and len(line.left) > 1:
            return "price" if re.search(r"(?<!\w)gia(?!\w)", plain) else "noise"
        return "offer"
    if words.GREETING.match(plain):
        return "head"
    if line.goods is not None and not (reached or words.DELIVERY.match(plain)):
        return "name"
    if reached or words.DELIVERY.search(plain):
        return "name" if line.goods is not None and -1 < plain.find(line.goods) <= 16 else "noise"
    return "text"
