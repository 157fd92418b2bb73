"""One amount of money as Vietnamese shops write it: `350k`, `1tr2`, `2 củ rưỡi`, `199-250k`, `$35`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from counterfoil.language import moneywords as words
from counterfoil.language.moneywords import Place
from counterfoil.language.normalise import Folded, between

Kind = Literal["exact", "range", "masked", "share"]


@dataclass(frozen=True, slots=True)
class MoneyMention:
    """An amount asked at the raw half-open span `[start, end)`; `low` equals `high` but in a range or behind a mask.

    A `range` may be one bound alone (`từ 99k`): then both are that bound. A `share` is of the genuine price, without
    a currency: `1/10` is 0.1.
    """

    low: Decimal
    high: Decimal
    currency: str | None
    start: int
    end: int
    kind: Kind


_BIG = {
    "trieu": 10**6, "tr": 10**6, "cu": 10**6, "chai": 10**6, "me": 10**6, "m": 10**6,
    "lit": 10**5, "lop": 10**5, "soi": 10**5, "ty": 10**9, "toi": 10**9,
}  # fmt: skip
_CURRENCIES = {
    "d": "VND", "₫": "VND", "dong": "VND", "vnd": "VND", "$": "USD", "us$": "USD", "usd": "USD", "do la": "USD",
    "nt$": "TWD", "€": "EUR", "euro": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "te": "CNY", "rmb": "CNY",
    "ndt": "CNY",
}  # fmt: skip
# What a unit is where its accents are written; with others it is another word (`cũ`, `lớp`, `ngăn`).
_SPELLED = {
    "cu": ("củ",), "lit": ("lít",), "lop": ("lốp",), "soi": ("sọi",), "toi": ("tỏi",), "me": ("mê",), "ty": ("tỷ", "tỉ"),
    "ngan": ("ngàn",), "nghin": ("nghìn",), "dong": ("đồng",), "d": ("đ",), "te": ("tệ",), "trieu": ("triệu",),
}  # fmt: skip

NUMBER = r"(?:[0-9]{1,3}(?:[.,][0-9]{3}){1,3}|[0-9]{1,9}(?:[.,][0-9]{1,2})?)(?![0-9])"
_K = "(?:k|nghin|ngan)"
_PIECES = "doi|cai|chiec|bo|set|hop|chai|cap|con|tui|ao|quan|mon|cay|thung|goi|mau|nam|thang|lan|hu|lo|lon|size"


def _any(names: dict[str, int] | dict[str, str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_AMOUNT = re.compile(
    r"(?<![\w*])(?<![0-9][.,:/])(?:"
    rf"(?P<sign>us\$|nt\$|[₫$€£]|vnd) ?(?P<signed>{NUMBER})(?: ?(?:d|vnd|usd))?"
    r"|(?P<spaced>[0-9]{1,3} [0-9]{3}|[1-9] [0-9]{3} 000) ?(?:d|₫|vnd|dong)"
    rf"|(?:(?P<low>{NUMBER})(?P<dash> ?[\-–~] ?| (?:den|toi) ))?(?P<number>{NUMBER})(?P<gap> ?)(?:"
    rf"(?P<big>{_any(_BIG)})(?:(?P<half> ?ruoi)|(?P<tail>[0-9]{{1,3}}|[0-9]{{0,2}}[x*]{{1,3}})(?P<tail_k> ?{_K})?"
    rf"| (?P<after>(?:[0-9]|[0-9]{{3}})(?! ?(?:{_PIECES})\b)|[0-9]{{2,3}}(?= ?{_K}))(?P<after_k> ?{_K})?)?"
    rf"|(?P<k>k|nghin|ngan)(?P<k_half> ruoi)?|(?P<unit>{_any(_CURRENCIES)}))(?: ?(?:dong|vnd|d|₫))?"
    r")(?![\w%*²³]|[.,:\-–][0-9]{1,2}(?![0-9a-z.,])|[.,][0-9])"
)
# A grouped number without a unit is a price after a price word only.
_GROUP = re.compile(r"[.,][0-9]{3}")
_GROUPED = re.compile(
    r"(?<![\w*])(?<![0-9][.,:/])[1-9][0-9]{0,2}(?:[.,][0-9]{3}){1,2}(?![\w%*]|[.,:\-–x][0-9]| [a-z]| ?[₫$])"
)


def spelled(text: Folded, written: Folded | None, start: int, end: int) -> str | None:
    """How `text.text[start:end]` reads in the view with accents; None without one."""
    return None if written is None else between(written, *text.span(start, end))


def amounts(text: Folded, written: Folded | None) -> Iterator[MoneyMention]:
    """The amounts of a folded text that are asked, with spans of the folded text, in no order."""
    for found in _AMOUNT.finditer(text.text):
        ranged = _is_range(found)
        place = Place(text.text, found.start() if ranged or not found["number"] else found.start("number"), found.end())
        read = _read(found, place, _word(text, written, found), ranged=ranged)
        if read is None or words.NOT_ASKED.search(place.before):
            continue
        low, high, currency = read
        kind: Kind = "exact"
        if low != high:
            kind = "masked" if re.search(r"[x*]", found["tail"] or "") else "range"
        elif bound := words.BOUND.search(place.before):
            at = place.start - len(place.before) + bound.start()
            # With its accents `từ` is no cupboard (`tủ`).
            kind = "exact" if spelled(text, written, at, at + 2) == "tủ" else "range"
        yield MoneyMention(low, high, currency, place.start, place.end, kind)
    for found in _GROUPED.finditer(text.text) if _GROUP.search(text.text) else ():
        place = Place(text.text, *found.span())
        amount = Decimal(re.sub("[.,]", "", found[0]))
        if amount >= 10_000 and amount % 100 == 0 and place.priced and not words.NOT_ASKED.search(place.before):
            yield MoneyMention(amount, amount, "VND", *found.span(), "exact")


def _word(text: Folded, written: Folded | None, found: re.Match[str]) -> bool | None:
    """Whether the accents of the unit say that it is that word; None where they say nothing."""
    for group in ("big", "k", "unit"):
        meant = _SPELLED.get(found[group] or "")
        shown = spelled(text, written, *found.span(group)) if meant else None
        if meant and shown is not None and shown != found[group]:
            return shown in meant
    return None


def _read(
    found: re.Match[str], place: Place, word: bool | None, *, ranged: bool
) -> tuple[Decimal, Decimal, str] | None:
    """Lowest and highest amount and currency of a match; None when it is something else."""
    if word is False or words.COUNTED.match(place.after) or words.LEFT_BEHIND.match(place.after):
        return None
    if found["big"]:
        return _read_big(found, ranged=ranged) if _is_big(found, place, word) else None
    if found["k"]:
        high = _thousands(found["number"])
        if high is None or not _is_thousands(found, place, high, word):
            return None
        high += Decimal("0.5") if found["k_half"] else 0
        low = _thousands(found["low"]) if ranged else None
        return _whole((low or high) * 1000), _whole(high * 1000), "VND"
    number = found["signed"] or (found["spaced"] or "").replace(" ", ".") or found["number"]
    currency = _CURRENCIES[found["sign"] or found["unit"] or "d"]
    sure = word is True or found["unit"] not in {"d", "dong", "te"} or place.priced
    high = _units(number, currency, sure=sure)
    low = _units(found["low"], currency, sure=sure) if ranged else None
    return (low or high, high, currency) if high is not None else None


def _units(number: str, currency: str, *, sure: bool) -> Decimal | None:
    whole, *groups = re.split("[.,]", number)
    if whole[0] == "0" or (groups and len(groups[-1]) < 3 and currency == "VND"):
        return None
    amount = Decimal(f"{whole}.{groups[0]}") if groups and len(groups[0]) < 3 else Decimal(whole + "".join(groups))
    # `1680d` is a cloth and `500d` a camera.
    least = 1 if currency != "VND" else 1_000 if sure or groups else 10_000
    return amount if amount >= least and (sure or currency == "VND") else None


def _is_range(found: re.Match[str]) -> bool:
    """Whether `199-250k` is one: in `iphone 12 - 350k` and `size 39-350k` the first number is another thing."""
    if not found["low"]:
        return False
    low, high = (Decimal(re.sub(r"[.,](?=[0-9]{3})", "", found[name]).replace(",", ".")) for name in ("low", "number"))
    sparse = found["dash"] in {" - ", " – "}
    return high > low >= high / 5 and (not sparse or (low >= high / 3 and low % 5 in {0, 4}))


def _thousands(number: str) -> Decimal | None:
    whole, *rest = re.split("[.,]", number)
    if whole[0] == "0" or len(rest) > 1 or len(whole) > 5:
        return None
    if rest and len(rest[0]) == 3:  # 1.250k
        return Decimal(whole + rest[0]) if len(whole) == 1 else None
    return None if rest and len(whole) == 1 else Decimal(".".join((whole, *rest)))


def _is_thousands(found: re.Match[str], place: Place, amount: Decimal, word: bool | None) -> bool:
    gold = amount < 25 and words.ABOUT_GOLD.search(place.around)
    if found["k"] == "ngan":  # a wallet has so many compartments (`ngăn`)
        return word is True or place.priced or (amount >= 100 and not words.COMPARTED.search(place.around))
    if found["k"] == "nghin" or (place.priced and not gold):
        return amount < 1000 or not words.ABOUT_LIGHT.search(place.around)
    if found["gap"]:  # `size 38 k lỗi`: `k` also stands for `không`
        return (
            amount >= 10 and bool(words.END_OF_CLAUSE.match(place.after)) and not words.SIZE_BEFORE.search(place.before)
        )
    # `4k` is a picture, `18k` is gold, `6500k` is light.
    return not gold and amount not in {18, 22, 24} and (10 <= amount < 1000 or not found["number"].isdigit())


def _is_big(found: re.Match[str], place: Place, word: bool | None) -> bool:
    unit, priced, tail = found["big"], place.priced, found["tail"] or found["after"]
    match unit:
        case "trieu":
            return True
        case "tr":  # `sách 300 tr`: pages
            return priced or tail is not None or len(re.split("[.,]", found["number"])[0]) < 3
        case "cu":
            ends = word is True and words.END_OF_CLAUSE.match(place.after)
            short = tail is not None and len(tail) == 1
            return not words.NOT_CU.match(place.after) and bool(priced or found["half"] or short or ends)
        case "m":
            is_length = words.LENGTH_BEFORE.search(place.before) or words.LENGTH_AFTER.match(place.after)
            return priced and not is_length and not words.ABOUT_SURFACES.search(place.around)
        case "chai":
            return priced and not words.TAKEN.search(place.before) and not words.BOTTLED.search(place.around)
        case "lit":
            return priced and not words.VOLUMES.search(place.around) and not words.BOTTLED.search(place.around)
        case "lop":  # typed without accents, `gia 2 lop` is a cut of clothes (`giả 2 lớp`)
            return priced and (word is True or found["number"] not in {"1", "2", "3", "4"} or place.start == 0)
        case "ty" | "soi":
            return priced or word is True
        case _:
            return priced


def _read_big(found: re.Match[str], *, ranged: bool) -> tuple[Decimal, Decimal, str] | None:
    size = Decimal(_BIG[found["big"]])
    value, digits = _millions(found["number"]), found["tail"] or found["after"]
    if value is None or (not found["number"].isdigit() and (digits or found["half"])):
        return None
    low = high = value * size + (size / 2 if found["half"] else 0)
    if digits:
        in_thousands = found["tail_k"] or found["after_k"]
        if in_thousands and len(digits) == 1:
            return None  # 1tr2k: 1,200,000 to some, 1,002,000 to others
        unit = Decimal(1000) if in_thousands else size / 10 ** len(digits)
        low, high = (low + Decimal(re.sub(r"[x*]", fill, digits)) * unit for fill in "09")
    elif ranged and (least := _millions(found["low"])) is not None:
        low = least * size
    return _whole(low), _whole(high), "VND"


def _millions(number: str) -> Decimal | None:
    whole, *rest = re.split("[.,]", number)
    if len(rest) > 1 or len(whole) > 5 or (whole[0] == "0" and not rest):
        return None
    return Decimal(".".join((whole, *rest)))


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1))
