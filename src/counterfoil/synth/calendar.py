"""The simulated eighteen months: their rhythm of days and hours, and the days on which everybody discounts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime
from itertools import accumulate

from counterfoil.synth.dice import Dice

HOUR = 3_600
DAY = 86_400
_FIRST = datetime(2025, 5, 1, tzinfo=UTC)
START = int(_FIRST.timestamp())
END = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
# From here on platforms must know who sells: Law on E-commerce 122/2025/QH15, in force 1 July 2026.
IDENTITY_LAW = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp())
_TET = int(datetime(2026, 2, 17, tzinfo=UTC).timestamp())
_VIETNAM = 7 * HOUR
_TRIES = 8

_WEEK = (1.05, 1.0, 1.0, 1.05, 1.1, 0.95, 0.85)  # Monday first
# Listings put up by hour of the day in Vietnam: a quiet night, a late morning and a long evening.
_HOURS = (3, 1, 1, 1, 1, 2, 4, 7, 11, 15, 16, 13, 10, 11, 13, 13, 12, 10, 9, 12, 16, 17, 13, 7)
_HOUR_SUMS = tuple(accumulate(_HOURS))


def campaign_day(at: float) -> bool:
    """Whether a day sees general discounts: double days, mid-month, pay-day, or the three weeks before Tết."""
    day = datetime.fromtimestamp(at + _VIETNAM, UTC)
    double = day.day == day.month and day.month >= 9
    return double or day.day in (15, 25, 26) or 0 <= _TET - at < 21 * DAY


def month(at: float) -> int:
    """Which month of the simulated time it is, from 1 to 18; before the first it is 0 or less."""
    day = datetime.fromtimestamp(at, UTC)
    return (day.year - _FIRST.year) * 12 + day.month - _FIRST.month + 1


def demand(earliest: float, latest: float) -> float:
    """How many ordinary days of buying lie in a span: a campaign day counts for four."""
    days = (max(0.0, min((at - START) / DAY, _DAYS)) for at in (earliest, latest))
    before, after = (_BUYING[int(day)] + (day - int(day)) * (_BUYING[int(day) + 1] - _BUYING[int(day)]) for day in days)
    return max(0.0, after - before)


def _weight(day: int) -> float:
    at = START + day * DAY
    return _WEEK[datetime.fromtimestamp(at, UTC).weekday()] * (1.4 if campaign_day(at) else 1.0)


_DAYS = (END - START) // DAY
# Scaled so that the whole time has as many ordinary days as days; one more for what reaches over the end.
_BUYS = [4.0 if campaign_day(START + day * DAY) else 1.0 for day in range(_DAYS)]
_BOUGHT = sum(_BUYS)
_BUYING = (0.0, *accumulate(day * _DAYS / _BOUGHT for day in _BUYS))
_BUYING += (_BUYING[-1],)
_DAY_SUMS = tuple(accumulate(_weight(day) for day in range(_DAYS)))


def moment(dice: Dice, earliest: float, latest: float) -> int:
    """A second from `earliest` to `latest` (cut to the simulated time), by the rhythm of week and day."""
    earliest, latest = max(earliest, START), min(latest, END - 1)
    low, high = int(earliest - START) // DAY, int(latest - START) // DAY
    before = _DAY_SUMS[low - 1] if low else 0.0
    for _ in range(_TRIES):
        day = min(bisect_left(_DAY_SUMS, dice.between(before, _DAY_SUMS[high]), low), high)
        hour = bisect_right(_HOUR_SUMS, dice.between(0, _HOUR_SUMS[-1] - 1e-9))
        at = START + day * DAY + (hour * HOUR - _VIETNAM) % DAY + dice.whole(0, HOUR - 1)
        if earliest <= at <= latest:
            return int(at)
    return int(dice.between(earliest, latest))  # a span of hours in the night


def iso(at: float) -> str:
    """The RFC 3339 text of a second."""
    return datetime.fromtimestamp(int(at), UTC).isoformat()[:19] + "Z"
