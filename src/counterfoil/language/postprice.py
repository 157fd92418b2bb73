"""The prices of one line of a selling post, and what stood before they were lowered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from counterfoil.language.money import MoneyMention, find_money
from counterfoil.language.moneywords import NOT_ASKED
from counterfoil.language.normalise import accented, fold
from counterfoil.language.postspoken import spoken_prices

# `Giá 350`, `350/đôi`: nobody sells for 350 dong, everybody leaves the thousands out.
_BARE = re.compile(
    r"(?<!\w)gia(?: (?:chi|ban|sale|con|si|le|pass|full|fix|net|shop))?[ :=]{1,3}(?P<a>[1-9][0-9]{1,2})(?:$"
    r"|[.,!?;)\n](?![0-9])|(?= ?[^\w\s.,%/:\-+0-9])"
    r"| (?=(?:ship|cod|free|freeship|fix|bao|con|co|ai|ib|inb|inbox|cho|nhe|nha|a|thoi|full|size|mau|luon|ae|mn|tl|ca"
    r"|chua|va|em|nhanh|chot|pass)(?!\w)))"
    r"|(?<![\w.,/:\-])(?P<b>[1-9][0-9]{1,2}) ?/ ?(?:1 ?)?(?:doi|cai|c|chiec|bo|set|hop|chai|em|con|goi|cay)(?!\w)"
)
# `Bàn học: 400.000` at the end of a line, without a currency.
_GROUPED = re.compile(r"(?<![\w.,/+])[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,2}(?= ?$| ?[,;)(](?![0-9]))")
_SHIPPING = re.compile(r"(?<!bao )(?<!free )(?<!ca )(?<!\w)(?:phi )?ship(?: [a-z]+){0,4} ?:? ?$")
_CORNER = re.compile(r"(?<!\w)góc(?!\w)", re.IGNORECASE)
# `1 lít 250k` is a litre for 250k, not 1,250,000.
_CONTENT = re.compile(
    r"(?<![\w.,])[0-9]{1,2}(?:[.,][0-9])? ?(?:lít|lit|l|chai|củ|m|lốp)(?= [0-9]{2,4} ?[kK](?!\w))", re.IGNORECASE
)
_BEFORE_CUT = re.compile(
    r"(?<!\w)(?:gia goc|goc|gia cu|niem yet|gia hang|gia store|store|gia web|gia mall|gia bia|hang ban"
    r"|gia thi truong) ?(?:la |ban )?[:=~]? ?(?P<p>[0-9][0-9.,a-z]{1,11})"
    r"|(?P<q>[0-9][0-9.,a-z]{1,11}) ?(?:[-=]>|→|➡|➜|>{1,3}|(?:sale |giam )?con(?: lai| chi)?|xuong|sale"
    r"|giam con) ?(?:chi |con )?[0-9]"
)


@dataclass(frozen=True, slots=True)
class Price:
    """A price as written at `[start, end)` of the line; `sure` is how well that form is understood, 0 to 1.

    `shown` is False where the digits are hidden (`3xx`): then `low` and `high` are the bounds of what it can be.
    """

    low: Decimal
    high: Decimal
    currency: str
    start: int
    end: int
    sure: float
    shown: bool = True


def prices_in(line: str) -> tuple[Price, ...]:
    """The prices a line asks, sorted, not overlapping, with spans of the line."""
    line = _CONTENT.sub(lambda match: "_" * len(match[0]), line)
    # Without its accents a grinder (`máy mài góc`) is an original price (`gốc`).
    line = _CORNER.sub("xxx", line)
    plain, written = fold(line), accented(line)
    found = [
        Price(
            one.low,
            one.high,
            one.currency,
            one.start,
            one.end,
            0.95 if one.kind == "exact" else 0.8,
            one.kind != "masked",
        )
        for one in find_money(plain, written)
        if one.currency is not None
    ]
    found += [Price(one.low, one.high, "VND", one.start, one.end, 0.85) for one in spoken_prices(line)]
    for match in _BARE.finditer(plain.text):
        start, end = plain.span(*match.span("a" if match["a"] else "b"))
        amount = Decimal(match["a"] or match["b"]) * 1000
        found.append(Price(amount, amount, "VND", start, end, 0.6))
    for match in _GROUPED.finditer(plain.text):
        amount = Decimal(match[0].replace(".", ""))
        lowered = NOT_ASKED.search(plain.text[max(0, match.start() - 32) : match.start()])
        if amount >= 10_000 and amount % 500 == 0 and not lowered:
            start, end = plain.span(*match.span())
            found.append(Price(amount, amount, "VND", start, end, 0.8))
    found = [one for one in found if not _SHIPPING.search(fold(line[max(0, one.start - 40) : one.start]).text)]
    kept: list[Price] = []
    for price in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or price.start >= kept[-1].end:
            kept.append(price)
        elif price.end > kept[-1].end:
            kept[-1] = price if price.end - price.start > kept[-1].end - kept[-1].start else kept[-1]
    return tuple(kept)


def price_before(line: str) -> Price | None:
    """The first price of a line that is named as the one before: `giá gốc 500k còn 350k`."""
    plain = fold(line)
    for match in _BEFORE_CUT.finditer(plain.text):
        name = "p" if match["p"] else "q"
        read = next(_read(match[name]), None)
        if read is not None and read.currency is not None:
            start, end = plain.span(*match.span(name))
            return Price(read.low, read.high, read.currency, start, end, 0.8)
    return None


def _read(text: str) -> Iterator[MoneyMention]:
    folded = fold(text.strip(" .,"))
    yield from (replace(one) for one in find_money(folded, None) if one.kind == "exact")
