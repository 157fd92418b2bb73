"""Times as the fold counts them: microseconds since 1970 for order, day numbers for windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00Z; exact, unlike a float timestamp."""
    return (moment - EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """The inverse of `micros`."""
    return EPOCH + timedelta(microseconds=at)


def day_of(at: int) -> int:
    """The number of the UTC day in which an instant (in microseconds) lies."""
    return at // _DAY
