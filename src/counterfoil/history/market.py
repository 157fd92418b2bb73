"""Prices lately seen for one market, counted per day in fixed log-price bins.

Bins are mergeable and independent of order, and one listing's own price comes out exactly.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from counterfoil.history.keys import bin_price
from counterfoil.history.tallies import add_count
from counterfoil.history.views import PriceLevel, PriceReference

WINDOW_DAYS = 90
LEVELS = ("brand×category×pack", "category×pack", "category")
ENOUGH = 5  # listings a level needs before it may be the reference
# A level with n listings keeps n / (n + 2) of its own log-median; the rest is its parent's.
_SHRINK = 2.0


@dataclass(frozen=True, slots=True)
class _Window:
    """The bins of one window in order, with running totals of their counts."""

    last_day: int
    numbers: list[int]
    totals: list[int]

    def median(self, own: int | None, count: int) -> float:
        """The lower and upper middle of `count` prices averaged on the log scale, one of bin `own` left out."""

        def at_or_below(position: int) -> int:
            return self.totals[position] - (own is not None and self.numbers[position] >= own)

        low, high = (
            bin_price(self.numbers[bisect_right(range(len(self.numbers)), rank, key=at_or_below)])
            for rank in ((count - 1) // 2, count // 2)
        )
        return math.sqrt(low * high)


@dataclass(slots=True)
class MarketHistory:
    """Day -> price bin -> distinct listings whose latest price was seen that day."""

    days: dict[int, dict[int, int]] = field(default_factory=dict)
    _memo: _Window | None = field(default=None, compare=False, repr=False)

    def add(self, day: int, number: int, by: int = 1) -> None:
        """Count a price in its bin, or take it back with `by=-1`."""
        bins = self.days.setdefault(day, {})
        add_count(bins, number, by)
        if not bins:
            del self.days[day]
        self._memo = None

    def level(self, name: str, last_day: int, own: tuple[int, int] | None) -> PriceLevel:
        """Count and median of the window that ends with `last_day`; `own` is (day, bin) of the price to leave out."""
        window = self._window(last_day)
        own_bin = own[1] if own is not None and last_day - WINDOW_DAYS < own[0] <= last_day else None
        count = (window.totals[-1] if window.totals else 0) - (own_bin is not None)
        return PriceLevel(name, count, window.median(own_bin, count) if count > 0 else math.nan)

    def _window(self, last_day: int) -> _Window:
        # The sum is a pure function of the days; it is kept until the next `add` because a crawl asks many times.
        if self._memo is None or self._memo.last_day != last_day:
            total: dict[int, int] = {}
            for day, bins in self.days.items():
                if last_day - WINDOW_DAYS < day <= last_day:
                    for number, count in bins.items():
                        total[number] = total.get(number, 0) + count
            numbers = sorted(total)
            self._memo = _Window(last_day, numbers, list(accumulate(total[number] for number in numbers)))
        return self._memo

    def to_json(self) -> dict[str, Any]:
        """Plain data for a store."""
        return {"days": self.days}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> MarketHistory:
        """The inverse of `to_json`, from JSON with text keys."""
        return cls({int(day): {int(n): c for n, c in bins.items()} for day, bins in data["days"].items()})


def reference_of(levels: tuple[PriceLevel, ...], list_price: float | None) -> PriceReference | None:
    """The most specific level with enough listings, shrunk towards its parents; else the list-price hint; else None."""
    parent: float | None = None
    chosen: PriceReference | None = None
    for level in reversed(levels):
        if level.count < ENOUGH:
            continue
        own = math.log(level.median)
        mean = own if parent is None else (level.count * own + _SHRINK * parent) / (level.count + _SHRINK)
        parent = mean
        chosen = PriceReference(level.level, level.count, math.exp(mean))
    if chosen is None and list_price is not None:
        return PriceReference("list_price", 0, list_price)
    return chosen
