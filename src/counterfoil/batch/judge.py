"""From rows of a crawl to what was known about each: observed by instants, then looked at with its own left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from counterfoil.errors import BadInput, CounterfoilError
from counterfoil.history.fold import Fold
from counterfoil.history.views import About
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.register import NO_REGISTER, CodeRegister
from counterfoil.ingest.source import Accepted, as_entry
from counterfoil.store.store import Store
from counterfoil.store.writer import Writer

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what was known about it, how far the log had come, and whether it was observed itself."""

    index: int
    row: Accepted
    about: About
    log_seq: int
    observed: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be judged against this log."""

    index: int
    row: Accepted
    error: CounterfoilError


class _Log(Protocol):
    """A log that is being written and read."""

    history: Fold

    @property
    def seq(self) -> int: ...

    def observe(self, entries: list[Entry]) -> None: ...


class _Memory:
    """A log that nobody keeps."""

    def __init__(self, register: CodeRegister) -> None:
        self.history = Fold(register=register)
        self.seq = 0

    def observe(self, entries: list[Entry]) -> None:
        for entry in entries:
            self.history.observe(entry)
        self.seq += len(entries)


class _Kept:
    """The log of a store, inside one write transaction."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.history = writer.history

    @property
    def seq(self) -> int:
        return self._writer.head.seq

    def observe(self, entries: list[Entry]) -> None:
        self._writer.append(entries)  # a sighting that lies behind the log is refused again when it is looked at


def judge(
    rows: Iterable[tuple[int, Accepted]], store: Store | None, register: CodeRegister = NO_REGISTER
) -> Iterator[list[Judged | Refused]]:
    """Observe and look at rows that are sorted by `known_at`, in lists of about a thousand.

    A row without an id or a seller is looked at but not observed: nobody could tell it from another. With a store the
    sightings are kept, a transaction a list; a row known before the end of its log is refused. A store asks a register of
    its own; without one `register` is asked.
    """
    memory = _Memory(register)
    pending: list[list[tuple[int, Accepted]]] = []
    for _, instant in groupby(rows, key=lambda pair: pair[1].known_at):
        pending.append(list(instant))
        if sum(map(len, pending)) >= _CHUNK:
            yield _look(pending, memory, store)
            pending = []
    if pending:
        yield _look(pending, memory, store)


def _look(instants: list[list[tuple[int, Accepted]]], memory: _Memory, store: Store | None) -> list[Judged | Refused]:
    found: list[Judged | Refused] = []
    with _log(memory, store) as log:
        for instant in instants:
            entries = [as_entry(row) for _, row in instant]
            log.observe([entry for entry in entries if entry is not None])
            for (index, row), entry in zip(instant, entries, strict=True):
                try:
                    about = log.history.about(row.subject, row.known_at)
                    found.append(Judged(index, row, about, log.seq, entry is not None))
                except BadInput as error:
                    found.append(Refused(index, row, error))
    return found


@contextmanager
def _log(memory: _Memory, store: Store | None) -> Iterator[_Log]:
    if store is None:
        yield memory
        return
    with store.writing() as writer:
        yield _Kept(writer)
