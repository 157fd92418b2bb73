"""The kinds of value that fields of the schema hold: text without NUL, decimal money, UTC times, counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from counterfoil.knowledge.currencies import minor_units

MAX_TITLE = 2_000
MAX_DESCRIPTION = 100_000
MAX_AMOUNT = Decimal(10) ** 15
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,10})?")


def plain(text: str) -> str:
    """The text itself; refuses a NUL, which no database keeps."""
    if "\x00" in text:
        raise ValueError(f"got a NUL byte at position {text.index(chr(0))}, expected text without NUL")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("got an empty text, expected at least one character that is not white space")
    return text


def _amount(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        kind = type(value).__name__
        raise ValueError(f'got a {kind}, expected a decimal string such as "390000" (a binary float is not money)')  # noqa: TRY004 (what pydantic reports)
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise ValueError(f'got {value[:40]!r}, expected a decimal string such as "390000"')
    amount = Decimal(value)
    if not amount.is_finite() or not 0 <= amount < MAX_AMOUNT:
        raise ValueError(f"got {amount}, expected an amount from 0 to below 1e15")
    return amount


def not_a_boolean(value: object) -> object:
    """The value itself; refuses true and false, which Python takes for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("got a boolean, expected a number")  # noqa: TRY004 (what pydantic reports)
    return value


def _currency(code: str) -> str:
    if minor_units(code) is None:
        raise ValueError(f"got {code!r}, expected an active ISO 4217 code such as 'VND'")
    return code


def _instant(value: object) -> datetime:
    if isinstance(value, str):
        text = value
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"got {text[:40]!r}, expected RFC 3339 such as '2026-11-23T15:01:07Z'") from None
    if not isinstance(value, datetime):
        raise ValueError(f"got a {type(value).__name__}, expected RFC 3339 text such as '2026-11-23T15:01:07Z'")  # noqa: TRY004 (what pydantic reports)
    if value.tzinfo is None:
        raise ValueError(f"got {value.isoformat()} without an offset, expected one such as 'Z' or '+07:00'")
    if not 1970 <= value.year <= 9998:
        raise ValueError(f"got the year {value.year}, expected 1970 to 9998")
    return value.astimezone(UTC)


Line = Annotated[str, Field(max_length=500), AfterValidator(plain)]
Id = Annotated[str, Field(max_length=300), AfterValidator(plain), AfterValidator(_filled)]
Title = Annotated[str, Field(max_length=MAX_TITLE), AfterValidator(plain), AfterValidator(_filled)]
Description = Annotated[str, Field(max_length=MAX_DESCRIPTION), AfterValidator(plain)]
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,15}(\.\d+)?$", "examples": ["390000"]}),
]
Currency = Annotated[str, AfterValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-23T15:01:07Z"]}),
]
Count = Annotated[int, BeforeValidator(not_a_boolean), Field(ge=0, le=10**12)]
Stars = Annotated[float, BeforeValidator(not_a_boolean), Field(ge=0, le=5, allow_inf_nan=False)]
Share = Annotated[float, BeforeValidator(not_a_boolean), Field(ge=0, le=1, allow_inf_nan=False)]
Address = Annotated[str, Field(max_length=2_000), AfterValidator(plain)]
