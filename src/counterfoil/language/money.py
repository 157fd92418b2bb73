"""Prices written into a text, slang and half-hidden ones too, and the words that say a price is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from counterfoil.language import moneywords as words
from counterfoil.language.amount import Kind, MoneyMention, amounts
from counterfoil.language.moneywords import Place
from counterfoil.language.normalise import Folded

__all__ = ["Kind", "MoneyMention", "find_money", "hidden_price"]

_WORTH_A_LOOK = re.compile(r"[0-9]|[x*]{2} ?(?:k|nghin|ngan)(?!\w)")
_THOUSANDS = ("k", "nghin", "ngan")
# `3xx`, `35xk`, `xxxk`, `4xx.000`, `1.xxx.000`; not the `09xx xxx xxx` of a phone, not the size 3xl.
_MASK = re.compile(
    r"(?<![\w*+])(?<![0-9x*][ .,])"
    r"(?P<digits>(?:[1-9][0-9]{0,2})?[x*]{1,3}(?P<groups>(?:[.,](?:[x*]{3}|000)){0,2})"
    r"|[1-9][0-9]{0,2}[.,](?:[0-9]{2}[x*]|[0-9][x*]{2}|[x*]{3})(?:[.,](?:000|[x*]{3}))?)"
    r"(?: ?(?P<unit>k|nghin|ngan|d|₫|vnd|dong))?(?![\w*]| ?[0-9x*]{3})"
)


def find_money(text: Folded, written: Folded | None = None) -> tuple[MoneyMention, ...]:
    """The prices asked in a folded text, sorted, not overlapping; `written` is its view with accents, if at hand.

    Discounts, vouchers, fees, deposits and prices that were lowered are left out: they are not what is asked. Words
    that also mean something else (`2 chai`, `5 lít`, `1m2`) count beside a price word, or when they are the whole text.
    """
    if not _WORTH_A_LOOK.search(text.text):
        return ()
    found = (*amounts(text, written), *_masked(text.text), *_shares(text.text))
    kept: list[MoneyMention] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            _keep(kept, one, text.text)
    spans = (text.span(one.start, one.end) for one in kept)
    return tuple(replace(one, start=start, end=end) for one, (start, end) in zip(kept, spans, strict=True))


def hidden_price(text: Folded) -> tuple[int, int] | None:
    """The raw span of the first words that say the price is not shown, such as `ib giá`; None when there are none."""
    if "gia" not in text.text and "check" not in text.text and "price" not in text.text:
        return None
    if not words.may_hide(text.text):
        return None
    found = words.HIDDEN.search(text.text)
    return text.span(*found.span()) if found else None


def _keep(kept: list[MoneyMention], one: MoneyMention, text: str) -> None:
    """Keep a mention; after `từ 199k đến` it ends a range, after `500k còn` it takes the place of what was lowered."""
    last = kept[-1] if kept else None
    if last is not None and one.start - last.end <= 32:
        between = text[last.end : one.start]
        # The mention before is a range already where `từ` stands before it; one with two ends takes no third.
        single = last.kind == "masked" or last.low == last.high
        if single and words.RANGED.fullmatch(between) and last.currency == one.currency and one.kind != "share":
            if last.low < one.high <= 20 * last.low:
                masked = "masked" in {last.kind, one.kind}
                kept[-1] = replace(last, high=one.high, end=one.end, kind="masked" if masked else "range")
                return
        elif words.LOWERED.fullmatch(between):
            kept.pop()
    kept.append(one)


def _masked(text: str) -> Iterator[MoneyMention]:
    if "x" not in text and "*" not in text:
        return
    for found in _MASK.finditer(text):
        place = Place(text, *found.span())
        digits, unit = re.sub("[.,]", "", found["digits"]), found["unit"]
        grouped = len(digits) < len(found["digits"])
        if not (grouped or unit in _THOUSANDS):
            # Bare `3xx` is a price; `3**` may be stars and `20xx` a year.
            if (
                unit is not None
                or not re.fullmatch(r"[1-9](?:xx|\*\*)", digits)
                or ("*" in digits and not place.priced)
            ):
                continue
        elif not grouped and not 2 <= len(digits) <= 4:
            continue
        low, high = (Decimal(re.sub(r"[x*]", fill, digits)) for fill in "09")
        if digits[0] in "x*":
            low = Decimal(10 ** (len(digits) - 1))
        scale = 1 if len(digits) >= 5 and unit not in _THOUSANDS else 1000
        if high * scale <= 100_000_000 and not words.NOT_ASKED.search(place.before):
            yield MoneyMention(low * scale, high * scale, "VND", *found.span(), "masked")


def _shares(text: str) -> Iterator[MoneyMention]:
    if ("gia" not in text and "bang" not in text) or ("1/" not in text and "%" not in text):
        return
    for found in words.SHARE.finditer(text):
        led = found["led"] is not None
        if words.NOT_A_SHARE.search(text[max(0, found.start() - 32) : found.start()]):
            continue
        if led or found["of"] or (found["only"] and found["part"]):
            share = 1 / Decimal(found["part"]) if found["part"] else Decimal(found["percent"]) / 100
            yield MoneyMention(share, share, None, *found.span(), "share")
