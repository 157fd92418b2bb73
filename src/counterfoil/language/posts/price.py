"""The prices of one line of a selling post, and what stood before they were lowered."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from counterfoil.language.money import find_money
from counterfoil.language.moneywords import NOT_ASKED
from counterfoil.language.normalise import accented, fold
from counterfoil.language.posts.amounts import use_of
from counterfoil.language.posts.spoken import spoken_prices

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
# `mua 499 pass 350`: after a word of selling too, where what follows is nothing that is counted.
_SOLD_AT = re.compile(
    r"(?<!\w)(?:pass(?: lai)?|thanh ly|ban lai|de lai|nhuong(?: lai)?|de gia|sale con|giam con|chi con|chot|fix con) "
    r"(?P<n>[1-9][0-9][05])(?![\w.,:/%\-])(?! ?(?:cai|chiec|doi|bo|set|hop|chai|em|con|goi|cay|ml|g|gr|kg|cm|m|l|mon"
    r"|quyen|cuon|tr|trieu"
    r"|k|nghin|ngan|mau|sp|suat|slot|ve|nguoi|[x*]))"
)
_LAST_NUMBER = re.compile(r"(?<![\w.,/])(?P<n>[1-9][0-9]{0,3}(?:,5)?)[ )]*$")
# `600 bao ship`
_NET = re.compile(
    r"(?<![\w.,:/%\-])(?P<n>[1-9][0-9]{1,2}[05]) ?(?:bao|free|fix|fs|freeship|net|co loc|thuong luong|bay"
    r"|ra di)(?: ship| nhe| gon| ngay| luon)?(?!\w)"
)
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


# `4OOk`, `7oo k`: letters that are drawn like the digit.
_ZERO = re.compile(r"(?<=[0-9])[oO]{1,3}(?=0*(?: ?[kK](?!\w)|\.000))")
# `giá sang 120tr`: three digits of millions, as houses and cars cost, after a word of price and one more.
_GREAT = re.compile(r"(?<!\w)(?:gia|ban|sang|pass)(?: [a-z]+){1,2} ?[:=]? ?(?P<n>[1-9][0-9]{2}) ?(?:tr|trieu)(?!\w)")
# Street words for a thousand.
_BRANCHES = re.compile(
    r"(?<![\w.,])(?P<n>[1-9][0-9]{1,2}) ?(?:cành|ka|kà|kay)(?!\w)(?! (?:lá|hoa|lan|mai|đào|hồng|cúc))"
)
# `3tr xx`: what is hidden stands apart from its unit.
_APART = re.compile(r"(?<![\w.,])(?P<n>[1-9][0-9]?) ?(?:tr|trieu|cu) ?[x*]{1,3}(?![\w*])")
# `..... 5k`, `| 3k`, `: 5k` at the end of a line: after a rule or a bar even so little is a price.
_LITTLE = re.compile(r"(?:[.…_\-–—=]{2,}|[|:\t]| [-–—=]) ?(?P<n>[1-9](?:[.,]5)?)k(?=$| ?[/(|])")


@dataclass(frozen=True, slots=True)
class Price:
    """A price as written at `[start, end)` of the line; `sure` is how well that form is understood, 0 to 1.

    `shown` is False where the digits are hidden (`3xx`): then `low` and `high` are the bounds of what it can be. What was once paid
    is not `asked`.
    """

    low: Decimal
    high: Decimal
    currency: str
    start: int
    end: int
    sure: float
    shown: bool = True
    asked: bool = True


def prices_in(line: str) -> tuple[Price, ...]:
    """The prices a line asks, sorted, not overlapping, with spans of the line; what else its amounts are for is left out."""
    found = _amounts_in(line)
    ends = [0, *(one.end for one in found)]
    uses = [use_of(line, one.start, one.end, since) for one, since in zip(found, ends, strict=False)]
    asked = tuple(one for one, use in zip(found, uses, strict=True) if use == "asked")
    return asked or tuple(replace(one, asked=False) for one, use in zip(found, uses, strict=True) if use == "paid")


def _amounts_in(line: str) -> list[Price]:
    line = _ZERO.sub(lambda match: "0" * len(match[0]), line)
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
    for match in (*_SOLD_AT.finditer(plain.text), *_NET.finditer(plain.text)):
        start, end = plain.span(*match.span("n"))
        amount = Decimal(match["n"]) * 1000
        found.append(Price(amount, amount, "VND", start, end, 0.6))
    for match in _LITTLE.finditer(plain.text):
        amount = Decimal(match["n"].replace(",", ".")) * 1000
        start = plain.span(*match.span("n"))[0]
        found.append(Price(amount, amount, "VND", start, plain.span(*match.span())[1], 0.8))
    for match in _GREAT.finditer(plain.text):
        start, end = plain.span(match.start("n"), match.end())
        amount = Decimal(match["n"]) * 1_000_000
        found.append(Price(amount, amount, "VND", start, end, 0.7))
    for match in _BRANCHES.finditer(written.text):
        start, end = written.span(*match.span())
        amount = Decimal(match["n"]) * 1000
        found.append(Price(amount, amount, "VND", start, end, 0.8))
    for match in _APART.finditer(plain.text):
        start, end = plain.span(*match.span())
        low = Decimal(match["n"]) * 1_000_000
        found.append(Price(low, low + 999_999, "VND", start, end, 0.6, shown=False))
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
    return kept


def thousands_left_out(line: str) -> tuple[Price, ...]:
    """The bare number that ends a line of a list whose writer says that it counts thousands."""
    plain = fold(line)
    match = _LAST_NUMBER.search(plain.text)
    if match is None:
        return ()
    start, end = plain.span(*match.span("n"))
    amount = Decimal(match["n"].replace(",", ".")) * 1000
    return (Price(amount, amount, "VND", start, end, 0.8),)


def price_before(line: str) -> Price | None:
    """The first price of a line that is named as the one before: `giá gốc 500k còn 350k`."""
    plain = fold(line)
    for match in _BEFORE_CUT.finditer(plain.text):
        name = "p" if match["p"] else "q"
        folded = fold(match[name].strip(" .,"))
        read = next((one for one in find_money(folded, None) if one.kind == "exact"), None)
        if read is not None and read.currency is not None:
            start, end = plain.span(*match.span(name))
            return Price(read.low, read.high, read.currency, start, end, 0.8)
    return None
