"""Replay: each listing of a log with what was known, instant by instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from counterfoil.history.fold import History
from counterfoil.history.views import About
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Listed


def replay(log: Iterable[Entry], history: History) -> Iterator[tuple[Entry, About]]:
    """Yield every `listed` entry with what was known about it, in the order in which things became known.

    `log` is sorted by `known_at`. Entries of one instant are all observed, then each listing is judged with its own
    sightings left out; verdicts of that instant act only after it (the views see to that).
    """
    for known_at, instant in groupby(log, key=lambda entry: entry.known_at):
        entries = list(instant)
        for entry in entries:
            history.observe(entry)
        for entry in entries:
            if isinstance(entry.event, Listed):
                yield entry, history.about(entry.subject, known_at)
