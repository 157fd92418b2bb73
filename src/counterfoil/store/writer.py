"""One write transaction: events are appended to the log and folded together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from counterfoil.errors import BehindTheLog, Conflict, CounterfoilError
from counterfoil.history.fold import Fold
from counterfoil.history.instants import micros, moment
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Verdict, event_id
from counterfoil.ingest.register import NO_REGISTER, CodeRegister
from counterfoil.store.codec import encode_entry, entry_hash
from counterfoil.store.shelf import WriteShelf
from counterfoil.store.tables import HEAD, LOG

_NAMES_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a sequence of events: how many are new, which were there before, which were refused and why."""

    accepted: int = 0
    duplicates: tuple[int, ...] = ()
    rejected: tuple[tuple[int, CounterfoilError], ...] = ()

    def plus(self, later: Appended, start: int) -> Appended:
        """Both together, the indices of `later` counted from `start`."""
        return Appended(
            self.accepted + later.accepted,
            (*self.duplicates, *(start + index for index in later.duplicates)),
            (*self.rejected, *((start + index, error) for index, error in later.rejected)),
        )


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: `known_at` and `verdict_at` in microseconds, -1 when there is none."""

    seq: int
    known_at: int
    verdict_at: int

    def as_of(self, now: datetime) -> datetime:
        """The instant that reads everything up to here.

        It is the `known_at` of the last event, and a microsecond more when a verdict of that instant would otherwise
        not act yet; on an empty log it is `now`.
        """
        if self.known_at < 0:
            return now
        settled = self.verdict_at < self.known_at or micros(now) <= self.known_at
        return moment(self.known_at if settled else self.known_at + 1)


class Writer:
    """Appends and folds; `history` sees what was appended so far."""

    def __init__(self, connection: Connection, head: Head, register: CodeRegister = NO_REGISTER) -> None:
        self.head = head
        self._connection = connection
        self._shelf = WriteShelf(connection)
        self.history = Fold(self._shelf, head.known_at, register)

    def append(self, entries: Sequence[Entry], *, not_before_head: bool = False) -> Appended:
        """Append events in their order.

        An event whose id and body are known is a duplicate; the same id with another body, or one known before the end
        of the log, is refused. With `not_before_head` an event stamped a moment too early by this machine's clock is
        given the log's last instant instead.
        """
        duplicates, rejected = list[int](), list[tuple[int, CounterfoilError]]()
        known = self._known_hashes([event_id(entry.event) for entry in entries])
        rows: list[dict[str, Any]] = []
        verdict_at = self.head.verdict_at
        for index, given in enumerate(entries):
            entry = given
            if not_before_head and micros(entry.known_at) < self.history.head:
                entry = replace(entry, known_at=moment(self.history.head))
            name, body = event_id(entry.event), encode_entry(entry)
            digest = entry_hash(body)
            if name in known:
                if known[name] == digest:
                    duplicates.append(index)
                else:
                    detail = f"got event {name!r} with another body than the one in the log; send it under a new id"
                    rejected.append((index, Conflict(detail)))
                continue
            try:
                self.history.observe(entry)
            except BehindTheLog as error:
                rejected.append((index, error))
                continue
            known[name] = digest
            if isinstance(entry.event, Verdict):
                verdict_at = self.history.head
            rows.append(
                {
                    "seq": self.head.seq + len(rows) + 1,
                    "event_id": name,
                    "type": entry.event.type,
                    "known_at": self.history.head,
                    "body": body,
                    "body_hash": digest,
                }
            )
        if rows:
            self._connection.execute(insert(LOG), rows)
            self.head = Head(self.head.seq + len(rows), self.history.head, verdict_at)
        return Appended(len(rows), tuple(duplicates), tuple(rejected))

    def finish(self) -> None:
        """Write the changed records and the new end of the log; the transaction commits after it."""
        self._shelf.flush(self.head.seq)
        head = self.head
        self._connection.execute(update(HEAD).values(seq=head.seq, known_at=head.known_at, verdict_at=head.verdict_at))

    def _known_hashes(self, names: list[str]) -> dict[str, bytes]:
        known: dict[str, bytes] = {}
        for start in range(0, len(names), _NAMES_A_QUERY):
            some = names[start : start + _NAMES_A_QUERY]
            found = self._connection.execute(select(LOG.c.event_id, LOG.c.body_hash).where(LOG.c.event_id.in_(some)))
            known.update({row.event_id: row.body_hash for row in found})
        return known
