"""The simulated market as files: score bodies, the log, and the truth that training never reads."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import orjson

from counterfoil.errors import BadInput
from counterfoil.synth.district import DISTRICT, Entry, Record, district, sizes
from counterfoil.synth.levels import Adversary
from counterfoil.synth.runs import merged, read_back, spilled

SAMPLE_LISTINGS, SAMPLE_SEED = 300, 1


@dataclass(frozen=True, slots=True)
class Market:
    """A simulated market: score bodies in the order in which they became known, the log, and the truth in the same order."""

    listings: list[Record]
    events: list[Record]
    truth: list[Record]


@dataclass(frozen=True, slots=True)
class Written:
    """How many lines were written."""

    listings: int
    events: int


def simulate(listings: int, seed: int, adversary: Adversary | None = None) -> Market:
    """A market of that many listings over 2025-05-01 to 2026-10-31, in memory; the same seed gives the same market.

    `adversary` is the level of all who sell copies, None the documented mix. Raises BadInput for fewer than one listing or
    a negative seed.
    """
    _checked(listings, seed)
    market = Market([], [], [])
    parts = [list(part) for part in _districts(listings, seed, adversary, DISTRICT)]
    for entry in merged(parts):
        market.events.append(entry.event)
        if entry.truth is not None:
            market.listings.append(_body(entry.event))
            market.truth.append(entry.truth)
    return market


def write_market(
    listings: int, seed: int, out: Path, adversary: Adversary | None = None, *, at_once: int = DISTRICT
) -> Written:
    """`listings.jsonl`, `events.jsonl` and `truth.jsonl` in `out`; all three appear whole, or what was there stays.

    The market is made in districts of at most `at_once` listings, which wait on disk until they are merged, so that memory
    does not grow with it. The same seed and `at_once` give the same bytes.
    """
    _checked(listings, seed)
    out.mkdir(parents=True, exist_ok=True)
    names = ("listings", "events", "truth")
    count = events = 0
    with tempfile.TemporaryDirectory(prefix=".part-", dir=out) as drafts, ExitStack() as stack:
        folder = Path(drafts)
        runs = [
            spilled(part, folder / f"run-{number}")
            for number, part in enumerate(_districts(listings, seed, adversary, at_once))
        ]
        bodies, log, truth = (stack.enter_context((folder / f"{name}.jsonl").open("wb")) for name in names)
        for entry in merged([stack.enter_context(read_back(run)) for run in runs]):
            log.write(_line(entry.event))
            events += 1
            if entry.truth is not None:
                bodies.write(_line(_body(entry.event)))
                truth.write(_line(entry.truth))
                count += 1
        stack.close()
        for name in names:
            os.replace(folder / f"{name}.jsonl", out / f"{name}.jsonl")
    return Written(count, events)


def write_sample(out: Path) -> None:
    """The small market shipped in `data/sample`: score bodies and the log, without the truth."""
    market = simulate(SAMPLE_LISTINGS, SAMPLE_SEED)
    out.mkdir(parents=True, exist_ok=True)
    write_lines(out / "listings.jsonl", market.listings)
    write_lines(out / "events.jsonl", market.events)


def write_lines(path: Path, records: Iterable[Record]) -> None:
    """JSON Lines, first beside the file and then moved over it."""
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as file:
            file.writelines(_line(record) for record in records)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _districts(listings: int, seed: int, adversary: Adversary | None, at_once: int) -> Iterator[Iterable[Entry]]:
    first = 0
    for number, size in enumerate(sizes(listings, at_once)):
        yield district(size, seed, number=number, first=first, adversary=adversary)
        first += size


def _body(event: Record) -> Record:
    return {"listing": event["listing"], "seller": event["seller"]}


def _line(record: Record) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _checked(listings: int, seed: int) -> None:
    if listings < 1 or seed < 0:
        raise BadInput(f"got {listings} listings and seed {seed}, expected at least 1 and 0: choose other numbers")
