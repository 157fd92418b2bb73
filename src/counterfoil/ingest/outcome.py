"""What becomes of one row of a file: accepted, a duplicate, or refused by cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from counterfoil.ingest.entry import Entry, Subject
from counterfoil.ingest.schema import ScoreOptions


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row to judge; `body_sha` is the hash of what was admitted, `target` the label of a mapped file."""

    line: int
    subject: Subject
    options: ScoreOptions
    known_at: datetime
    target: int | None
    body_sha: str


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """A row that becomes an event of the log."""

    line: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that says exactly what an earlier one said."""

    line: int
    of_line: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used: a short slug, a sentence, and the row without its contacts."""

    line: int
    cause: str
    detail: str
    row: object
