"""Where one line of a post lists several things: numbers, pictures or announcements inside it, or a price after each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from counterfoil.language.contact import MASK
from counterfoil.language.normalise import fold
from counterfoil.language.posts import words
from counterfoil.language.posts.bullets import NUMBER_WORD
from counterfoil.language.posts.goods import goods_in, head_of, names_goods
from counterfoil.language.posts.price import prices_in

_INLINE_NUMBER = re.compile(r"(?:(?<=\s)|^)(?:(?P<n>\d{1,2})(?:[.)](?!\d)|\ufe0f?\u20e3)|(?P<c>[①-⑳]))\s*(?=\S)")
_SPOKEN_CODE = re.compile(
    r"(?i)(?<!\w)(?:(?:rồi |và |còn |đây là |tiếp theo là |sang |qua |đến |tới )*(?:mẫu|mã|sản phẩm|món)(?: số| thứ)?"
    rf" (?:\d{{1,3}}|{NUMBER_WORD}|đầu tiên|tiếp theo|kế tiếp|cuối cùng|cuối|nữa)"
    r"|tiếp theo(?: là| đến| tới)?|kế tiếp(?: là)?|(?:rồi )?(?:sang|qua|tới) (?:em|mẫu|con|món) (?:này|tiếp|kế|nữa))(?!\w)"
)
_ORDINALS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SPOKEN_COUNT = re.compile(rf"(?i)(?<!mẫu )(?<!mã )(?<!món )(?<!\w)số ({'|'.join(_ORDINALS)})(?!\w)")
_SEPARATORS = re.compile(r"\s*(?:[,;|•]|\s/\s|\s\+\s|\s[-–]\s|\.(?=\s|$)|\s(?:và|còn|rồi|va)\s|\n)\s*")
# `Đồng giá 50k: áo, quần, mũ`
_ALL_OF = re.compile(r"\s*[:：]\s*")
_WORD = re.compile(r"[^\W\d_]{2,}")


def cut(post: str, start: int, end: int, spoken: bool) -> Iterator[tuple[int, int]]:
    """The line itself, or its parts where it lists several things."""
    text = post[start:end]
    edges = _announced(text) if spoken else _numbered(text) or _marked(text) or _under_one_price(text)
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


def _under_one_price(text: str) -> list[int]:
    """Where the parts begin of `đồng giá 50k: áo thun, quần short, mũ`, each of which names goods."""
    prices = prices_in(text) if ":" in text and words.SHARED.search(fold(text).text) else ()
    colon = _ALL_OF.match(text, prices[0].end) if len(prices) == 1 else None
    if colon is None:
        return []
    edges = [
        colon.end(),
        *(match.end() for match in re.finditer(r"\s*[,;+]\s*", text) if match.start() > colon.end()),
    ]
    parts = [text[a:b] for a, b in pairwise([*edges, len(text)])]
    return edges if len(parts) >= 2 and all(goods_in(part) is not None for part in parts) else []


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
        if not (words.MANY.match(fold(piece).text) and same) and names_goods(until_price(piece)):
            keep.append(edges[place])
    yield from zip(keep, [*keep[1:], len(text)], strict=True)


def until_price(text: str) -> str:
    """What stands before the price of a part, or all of it where the price comes first."""
    price = next(iter(prices_in(text)), None)
    before = text if price is None else text[: price.start]
    return before if _WORD.search(before) else text
