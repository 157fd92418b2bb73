"""One cell of a foreign table into a value of the contract; every refusal says what was got and what was expected."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from counterfoil.language.contact import find_contacts, mask

_TRUE = frozenset({"true", "1", "1.0", "t", "yes", "y", "có", "đúng"})
_FALSE = frozenset({"false", "0", "0.0", "f", "no", "n", "không", "sai"})
_TICK = timedelta(microseconds=1)


class UnfitError(ValueError):
    """A cell that cannot be what its field needs; `code` names the cause."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def cell_text(cell: object) -> str:
    """A cell as text: missing and NaN are empty; a whole float loses its `.0`, so that an id stays an id."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float):
        if math.isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)


def shown(text: str) -> str:
    """A cell as an error message may show it: short, and with any contact masked."""
    short = text[:40] + ("…" if len(text) > 40 else "")
    return repr(mask(short, find_contacts(short)))


def as_decimal(text: str, *, thousands: str = "", point: str = ".", unit: str = "") -> Decimal:
    """A number as it is written in the file, e.g. `1.290.000 ₫` with thousands `.` and unit `₫`."""
    plain = text.replace(unit, "") if unit else text
    plain = plain.replace(thousands, "") if thousands else plain
    plain = (plain.replace(point, ".") if point != "." else plain).strip()
    # Decimal would also take "1_000", "NaN" and "Infinity".
    if not plain or plain.strip("+-0123456789.eE"):
        hint = "name `thousands`, `decimal` or `unit` if it has them"
        raise UnfitError("invalid_number", f"got {shown(text)}, expected a number; {hint}")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise UnfitError("invalid_number", f"got {shown(text)}, expected a number such as 390000") from None


def as_count(number: Decimal, text: str) -> int:
    """A whole number; 12.0 counts as whole."""
    if number != number.to_integral_value() or abs(number) > Decimal(10) ** 15:
        raise UnfitError("invalid_number", f"got {shown(text)}, expected a whole number")
    return int(number)


def as_flag(text: str) -> bool:
    """Yes or no, in the spellings of exports: true/false, 1/0, yes/no, có/không."""
    word = text.strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise UnfitError("invalid_flag", f"got {shown(text)}, expected true or false, 1 or 0, yes or no")


def as_word(text: str, words: Mapping[str, str]) -> str:
    """The contract's word for the file's; without a list of words the file's own."""
    if not words:
        return text
    found = words.get(text.strip())
    if found is None:
        raise UnfitError("unknown_word", f"got {shown(text)}, expected one of {sorted(words)} as in `words`")
    return found


def as_time(
    text: str, zone: ZoneInfo, *, layout: str | None, epoch: str | None, ends_day: bool, now: datetime | None
) -> datetime:
    """A time with its offset; one without an offset is in `zone`.

    A date without a time is the start of that day in `zone`, or with `ends_day` its last microsecond, so that nothing
    that happened during the day lies in its future; of the day that is not over yet, `now`.
    """
    try:
        moment, whole_day = _parsed(text, zone, layout, epoch)
        if whole_day and ends_day:
            end = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo) - _TICK
            moment = now if now is not None and moment <= now < end else end
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        like = repr(layout) if layout else f"{epoch} since 1970" if epoch else "ISO 8601 such as 2026-11-23"
        raise UnfitError("invalid_time", f"got {shown(text)}, expected {like}") from None


@lru_cache(maxsize=4096)
def _parsed(text: str, zone: ZoneInfo, layout: str | None, epoch: str | None) -> tuple[datetime, bool]:
    if epoch:
        return datetime.fromtimestamp(float(text) / (1000 if epoch == "ms" else 1), UTC), False
    if layout:
        moment = datetime.strptime(text, layout)
        whole_day = not any(code in layout for code in ("%H", "%I", "%c", "%X"))
    else:
        moment = datetime.fromisoformat(text)
        whole_day = ":" not in text and "T" not in text
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone), whole_day


def days_before(text: str, known_at: datetime, zone: ZoneInfo) -> datetime:
    """The start of the day, in `zone`, that lies that many days before `known_at`; parts of days count too."""
    days = as_decimal(text)
    if not 0 <= days <= 36_500:
        raise UnfitError("invalid_time", f"got {shown(text)}, expected a number of days from 0 to 36500")
    day = (known_at.astimezone(zone).replace(tzinfo=None) - timedelta(days=float(days))).date()
    return datetime.combine(day, time(), zone).astimezone(UTC)
