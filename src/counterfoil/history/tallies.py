"""Counts by day, and verdicts counted so that one never acts at its own instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeVar

Label = Literal["counterfeit", "genuine", "other_violation", "unsure"]
K = TypeVar("K")
_COLUMN = {"counterfeit": 0, "genuine": 1, "other_violation": 2, "unsure": 3}


def window_sum(days: Mapping[int, int], last_day: int, length: int) -> int:
    """How many fall in the `length` days that end with `last_day`, that day included."""
    if len(days) <= length:
        return sum(count for day, count in days.items() if last_day - length < day <= last_day)
    return sum(days.get(day, 0) for day in range(last_day - length + 1, last_day + 1))


def add_count(counts: dict[K, int], key: K, by: int) -> None:
    """Add to a counter that never keeps a zero, so that equal histories are equal records."""
    total = counts.get(key, 0) + by
    if total:
        counts[key] = total
    else:
        counts.pop(key, None)


class VerdictCounts(NamedTuple):
    """Verdicts known, by label; `unsure` ones are kept apart from the rest and decide nothing."""

    counterfeit: int = 0
    genuine: int = 0
    other_violation: int = 0
    unsure: int = 0

    def minus(self, other: VerdictCounts) -> VerdictCounts:
        """Label by label difference."""
        return VerdictCounts(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


@dataclass(slots=True)
class VerdictTally:
    """Verdicts by the day they became known.

    The share of the latest instant is kept beside the sum, so that a reader *at* that instant can leave it out: a
    verdict acts strictly after the instant at which it became known. No reader asks for an earlier instant, since the
    fold never runs backwards, so one instant is enough.
    """

    days: dict[int, list[int]] = field(default_factory=dict)
    latest_at: int = -1
    latest: dict[int, list[int]] = field(default_factory=dict)

    def add(self, at: int, day: int, label: Label, by: int = 1) -> None:
        """Count a verdict on `day`, known at `at` microseconds; `by=-1` takes a superseded one back from its day."""
        if at != self.latest_at:
            self.latest_at, self.latest = at, {}
        for ledger in (self.days, self.latest):
            row = ledger.setdefault(day, [0, 0, 0, 0])
            row[_COLUMN[label]] += by
        if not any(self.days[day]):
            del self.days[day]

    def counts(self, as_of: int, since_day: int | None = None) -> VerdictCounts:
        """Verdicts that act at `as_of` microseconds, all of them or those of `since_day` and later."""
        total = [0, 0, 0, 0]
        _accumulate(total, self.days.items(), since_day, 1)
        if self.latest_at >= as_of:
            _accumulate(total, self.latest.items(), since_day, -1)
        return VerdictCounts(*total)

    def merge(self, other: VerdictTally, by: int) -> None:
        """Take another tally in, or out with `by=-1`: a listing's verdicts move with its seller or title family."""
        for day, row in other.days.items():
            mine = self.days.setdefault(day, [0, 0, 0, 0])
            for column, count in enumerate(row):
                mine[column] += by * count
            if not any(mine):
                del self.days[day]
        if other.latest_at > self.latest_at:
            self.latest_at, self.latest = other.latest_at, {}
        if other.latest_at == self.latest_at:
            for day, row in other.latest.items():
                mine = self.latest.setdefault(day, [0, 0, 0, 0])
                for column, count in enumerate(row):
                    mine[column] += by * count

    def to_json(self) -> dict[str, Any]:
        """Plain data for a store."""
        return {"days": self.days, "latest_at": self.latest_at, "latest": self.latest}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> VerdictTally:
        """The inverse of `to_json`, from JSON with text keys."""
        return cls(by_day(data["days"]), data["latest_at"], by_day(data["latest"]))


def by_day(rows: dict[str, Any]) -> dict[int, Any]:
    """Day buckets from JSON, whose keys are text."""
    return {int(day): row for day, row in rows.items()}


def _accumulate(total: list[int], rows: Iterable[tuple[int, list[int]]], since_day: int | None, sign: int) -> None:
    for day, row in rows:
        if since_day is None or day >= since_day:
            for column, count in enumerate(row):
                total[column] += sign * count
