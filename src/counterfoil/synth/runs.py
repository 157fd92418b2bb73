"""Sorted runs on disk, and their merge: what keeps memory the same for a market of any size."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from counterfoil.synth.district import Entry


def spilled(entries: Iterable[Entry], path: Path) -> Path:
    """The path, after writing the entries there, one a line."""
    with path.open("wb") as file:
        for entry in entries:
            row = [entry.at, entry.name, entry.event, entry.truth]
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return path


@contextmanager
def read_back(path: Path) -> Iterator[Iterator[Entry]]:
    """The entries of a run, one at a time."""
    with path.open("rb") as file:
        yield (Entry(*orjson.loads(line)) for line in file)


def merged(runs: Iterable[Iterable[Entry]]) -> Iterator[Entry]:
    """All entries of sorted runs, by when they became known and then by name."""
    return heapq.merge(*runs, key=lambda entry: (entry.at, entry.name))
