"""A selling post cut into lines that each speak of one thing, and what each line is there for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from counterfoil.language import postwords as words
from counterfoil.language.contact import MASK
from counterfoil.language.normalise import fold
from counterfoil.language.postgoods import goods_in, head_of, names_goods, other_words
from counterfoil.language.postprice import Price, prices_in

Role = Literal["blank", "noise", "comments", "head", "shared", "price", "offer", "name", "text"]

_BULLET = re.compile(
    r"\s*(?P<mark>(?:[0-9]\ufe0f?\u20e3){1,2}|[①-⑳❶-❿]|(?P<number>\d{1,2}) ?[.)/:](?!\d)|(?P<dashed>\d{1,2}) ?-(?= ?[^\W\d])"
    r"|[-–—*•+●▪◾◽►▶➤➢✔✓☑❖➡→»›·]+(?![ ]?\d+ ?%))\s*"
)
_CODE = re.compile(
    r"(?i)\s*(?:m[ẫâa]u|m[ãa]|sp|item|m[óo]n|code|no|s[ốo]|l[ôo])(?:[ .:#]+"
    r"|(?=\d))(?:s[ốo][ .:]*)?(?:[A-Z]{0,3}\d{1,4}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|(?:mười|hai mươi"
    r"|ba mươi)(?: (?:một|mốt|hai|ba|bốn|tư|lăm|sáu|bảy|tám|chín))?|[A-H](?!\w))(?!\w)\s*[:.)\-–,/]*\s*"
)
_INLINE_NUMBER = re.compile(r"(?:(?<=\s)|^)(?:(?P<n>\d{1,2})(?:[.)](?!\d)|\ufe0f?\u20e3)|(?P<c>[①-⑳]))\s*(?=\S)")
_SPOKEN_CODE = re.compile(
    r"(?i)(?<!\w)(?:(?:rồi |và |còn |đây là |tiếp theo là |sang |qua |đến |tới )*(?:mẫu|mã|sản phẩm|món)(?: số"
    r"| thứ)? (?:\d{1,3}|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|(?:mười|hai mươi|ba mươi)(?: (?:một|mốt|hai|ba|bốn|tư"
    r"|lăm|sáu|bảy|tám|chín))?|đầu tiên|tiếp theo|kế tiếp|cuối cùng|cuối|nữa)"
    r"|tiếp theo(?: là| đến| tới)?|kế tiếp(?: là)?|(?:rồi )?(?:sang|qua|tới) (?:em|mẫu|con|món) (?:này|tiếp|kế|nữa))(?!\w)"
)
_ORDINALS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SPOKEN_COUNT = re.compile(rf"(?i)(?<!mẫu )(?<!mã )(?<!món )(?<!\w)số ({'|'.join(_ORDINALS)})(?!\w)")
_SEPARATORS = re.compile(r"\s*(?:[,;|•]|\s/\s|\s\+\s|\s[-–]\s|\.(?=\s|$)|\s(?:và|còn|rồi|va)\s|\n)\s*")
_WORD = re.compile(r"[^\W\d_]{2,}")


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

    @property
    def text(self) -> str:
        """What it says, bullet left out."""
        return self.post[self.body : self.end]


def lines_of(post: str, spoken: bool = False) -> list[Line]:
    """The lines of a post, in order; of a `spoken` one also cut where the next piece of goods is announced."""
    lines: list[Line] = []
    at = 0
    for physical in post.splitlines(keepends=True):
        end = at + len(physical.rstrip("\r\n\x0b\x0c\u2028\u2029\x85"))
        for start, stop in _cut(post, at, end, spoken):
            lines.append(_line(post, start, stop))
        at += len(physical)
    return lines


def _cut(post: str, start: int, end: int, spoken: bool) -> Iterator[tuple[int, int]]:
    """The line itself, or its parts where it lists several things."""
    text = post[start:end]
    edges = _announced(text) if spoken else _numbered(text) or _marked(text)
    bounds = [0, *edges, len(text)]
    for first, last in pairwise(bounds):
        if first == last:
            continue
        for a, b in _priced_parts(text[first:last], spoken):
            yield start + first + a, start + first + b
    if not text:
        yield start, end


def _announced(text: str) -> list[int]:
    places = {match.start() for match in _SPOKEN_CODE.finditer(text)}
    counted = list(_SPOKEN_COUNT.finditer(text))
    if [_ORDINALS.index(match[1].lower()) for match in counted] == list(range(len(counted))):
        places.update(match.start() for match in counted if len(counted) >= 2)
    return sorted(place for place in places if place > 0)


def _numbered(text: str) -> list[int]:
    found = [
        (match.start(), int(match["n"]) if match["n"] else int(unicodedata.numeric(match["c"])))
        for match in _INLINE_NUMBER.finditer(text)
    ]
    found = [one for place, one in enumerate(found) if one[1] == found[0][1] + place]
    return [at for at, _ in found if at > 0] if len(found) >= 2 and found[0][1] == 1 else _coded(text)


def _coded(text: str) -> list[int]:
    found = [
        match.start() for match in re.finditer(r"(?i)(?<!\w)(?:mẫu|mã|mau|ma)(?: số| so)? ?[A-Z]?\d{1,3}(?!\w)", text)
    ]
    return [at for at in found if at > 0] if len(found) >= 2 else []


def _marked(text: str) -> list[int]:
    """Where a picture that stands at least twice before words is used as a bullet inside one line."""
    counts: dict[str, list[int]] = {}
    for at, char in enumerate(text):
        if not char.isascii() and (unicodedata.category(char) == "So" or char in "•●▪►"):
            before = text[at - 1] if at else " "
            after = text[at + 1 :].lstrip("\ufe0f \u200d")
            if before != char and after[:1] != char and after[:1].isalnum() and text[at - 1 : at] != MASK:
                counts.setdefault(char, []).append(at)
    for places in counts.values():
        if len(places) >= 2:
            bounds = [*places, len(text)]
            pieces = [text[a:b] for a, b in pairwise(bounds)]
            if sum(bool(prices_in(piece)) or goods_in(piece) is not None for piece in pieces) >= 2:
                return [at for at in places if at > 0]
    return []


def _priced_parts(text: str, spoken: bool) -> Iterator[tuple[int, int]]:
    """`Túi 350k, ví 200k` in two, each with its name; `size S 100k, size M 120k` stays one."""
    prices = prices_in(text)
    if len(prices) < 2:
        yield 0, len(text)
        return
    leading = not _WORD.search(text[: prices[0].start]) and goods_in(text[prices[-1].end :]) is not None
    edges = [0]
    for one, other in pairwise(prices):
        if leading:
            edges.append(other.start)
            continue
        gap = text[one.end : other.start]
        found = next((m for m in _SEPARATORS.finditer(gap) if names_goods(gap[m.end() :])), None)
        named = goods_in(gap)
        if found is not None:
            edges.append(one.end + found.end())
        elif named is not None and (spoken or text[edges[-1] : one.start].strip()):
            at = fold(gap).text.find(named)
            edges.append(one.end + max(at, 0))
    pieces = [text[a:b] for a, b in zip(edges, [*edges[1:], len(text)], strict=True)]
    keep = [0]
    for place, piece in enumerate(pieces[1:], start=1):
        same = head_of(piece) in (None, head_of(pieces[0]))
        if not (words.MANY.match(fold(piece).text) and same) and names_goods(_until_price(piece)):
            keep.append(edges[place])
    yield from zip(keep, [*keep[1:], len(text)], strict=True)


def _until_price(text: str) -> str:
    """What stands before the price of a part, or all of it where the price comes first."""
    price = next(iter(prices_in(text)), None)
    before = text if price is None else text[: price.start]
    return before if _WORD.search(before) else text


def _line(post: str, start: int, end: int) -> Line:
    text = post[start:end]
    body, bullet = 0, None
    if (code := _CODE.match(text)) is not None:
        body, bullet = code.end(), "code"
    elif (mark := _BULLET.match(text)) is not None:
        body, bullet = (
            mark.end(),
            "number"
            if mark["number"]
            or mark["dashed"]
            or (not mark["mark"].isascii() and mark["mark"][0] not in "–—•●▪◾◽►▶➤➢✔✓☑❖➡→»›·")
            else mark["mark"][0],
        )
        if bullet in "0123456789":
            bullet = "number"
        if (code := _CODE.match(text, body)) is not None:
            body, bullet = code.end(), "code"
    else:
        while body < len(text) and (
            text[body].isspace() or unicodedata.category(text[body]) in {"So", "Sk", "Cf", "Mn", "Me"}
        ):
            if unicodedata.category(text[body]) == "So":
                bullet = bullet or text[body]
            body += 1
    line = Line(post, start, end, start + body, bullet)
    _read(line)
    return line


def _read(line: Line) -> None:
    text = line.text
    line.plain = fold(text).text.strip()
    if not _WORD.search(line.plain) and not any(char.isdigit() for char in line.plain):
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
        return "noise"
    reached = bool(words.REACH.search(plain)) or MASK * 5 in line.post[line.start : line.end]
    if line.prices:
        if words.SHARED.search(plain) and (line.goods is None or not line.bullet):
            return "shared"
        if not line.left and line.goods is None:
            return "price"
        lead = fold(_until_price(line.text)).text
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
