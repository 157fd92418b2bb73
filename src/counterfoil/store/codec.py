"""Events and records as the database keeps them: JSON bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import orjson

from counterfoil.history.instants import moment
from counterfoil.history.shelf import R, Record
from counterfoil.ingest.entry import Entry, Finding
from counterfoil.ingest.events import EVENT


def encode_entry(entry: Entry) -> bytes:
    """The event and its findings; `known_at` and `seq` have columns of their own."""
    event = entry.event.model_dump(mode="json", exclude_defaults=True)
    event["type"] = entry.event.type
    return orjson.dumps({"event": event, "findings": entry.findings}, option=orjson.OPT_SORT_KEYS)


def decode_entry(body: bytes, known_at: int) -> Entry:
    """The inverse of `encode_entry`."""
    data = orjson.loads(body)
    findings = tuple(Finding(**finding) for finding in data["findings"])
    return Entry(moment(known_at), EVENT.validate_python(data["event"]), findings)


def entry_hash(body: bytes) -> bytes:
    """sha256 of an encoded entry: what tells a duplicate from a conflict."""
    return hashlib.sha256(body).digest()


def encode_record(record: Record) -> bytes:
    """A folded record as JSON."""
    return orjson.dumps(
        record.to_json(), option=orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME, default=_iso
    )


def decode_record(kind: type[R], body: bytes) -> R:
    """The inverse of `encode_record`."""
    return kind.from_json(orjson.loads(body))


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"got a {type(value).__name__} in a record, expected JSON scalars and datetimes")
