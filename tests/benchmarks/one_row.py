"""One row in process: where the time of a single score goes."""

from __future__ import annotations

import gc
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from counterfoil.decide.policy import load_policy
from counterfoil.history.fold import Fold
from counterfoil.ingest.entry import Subject
from counterfoil.ingest.intake import ContactKey, admit
from counterfoil.ingest.schema import ScoreRequest
from counterfoil.ingest.source import read_log
from counterfoil.model.bundle import Bundle
from counterfoil.serve.instance import Instance, utc_now
from counterfoil.store.store import Store
from tests.benchmarks.figures import DEMO, Timer, table

KEY = ContactKey("k1", bytes(16))
_ROWS, _EXPLAINED = 2_000, 400


def measure(market: Path, work: Path) -> str:
    """The section of the results: p50 and p99 of each step of one score."""
    log = read_log(market / "events.jsonl", key=KEY, now=utc_now())
    memory = Fold()
    for entry in log:
        memory.observe(entry)
    store = Store(f"sqlite:///{work / 'one_row.db'}")
    store.append(log)
    instance = Instance(Bundle.load(DEMO), load_policy(), store, KEY)
    instance.warm_up()
    with (market / "listings.jsonl").open("rb") as file:
        bodies = [line for _, line in zip(range(_ROWS * 2), file, strict=False)][::2]
    gc.collect()
    gc.freeze()
    steps = _steps(instance, memory, bodies, log[-1].known_at + timedelta(seconds=1))
    unrecorded, recorded = _whole(instance, bodies)
    steps["the whole answer: `Instance.score`, not journalled"] = unrecorded
    steps["the whole answer, journalled in SQLite"] = recorded
    store.close()
    rows = [
        (name, f"{timer.at(0.5):.3f}", f"{timer.at(0.99):.3f}", f"{len(timer.seconds):,}")
        for name, timer in steps.items()
    ]
    flagged = steps["contributions (flagged rows only)"].at(0.5) / steps["predict and calibrate"].at(0.5)
    told = f"Contributions cost {flagged:.0f} predictions; they are made for flagged rows only."
    log_size = f"{len(log):,} events in the history, {len(bodies):,} different listings."
    return f"{table(('one row, milliseconds', 'p50', 'p99', 'runs'), rows)}\n\n{log_size} {told}"


def _steps(instance: Instance, memory: Fold, bodies: list[bytes], as_of: datetime) -> dict[str, Timer]:
    bundle = instance.bundle
    names = (
        "intake: parse, check, hash and mask contacts",
        "history read, in memory",
        "history read, SQLite (each listing for the first time)",
        "features and views, the embedding included",
        "predict and calibrate",
        "contributions (flagged rows only)",
    )
    intake, in_memory, sqlite, features, predict, contributions = timers = tuple(Timer() for _ in names)

    def from_store(subject: Subject) -> object:
        with instance.store.snapshot() as snapshot:
            return snapshot.history.about(subject, as_of)

    def taken_in(body: bytes) -> Subject:
        request = ScoreRequest.model_validate_json(body)
        return admit(request.listing, request.seller, key=KEY, now=utc_now())

    for number, body in enumerate(bodies):
        subject = intake.run(taken_in, body)
        sqlite.run(from_store, subject)
        about = in_memory.run(memory.about, subject, as_of)
        _, matrix = features.run(bundle.columns.of, [about])
        predict.run(bundle.risk, matrix)
        if number < _EXPLAINED:
            contributions.run(bundle.contributions, matrix)
    return dict(zip(names, timers, strict=True))


def _whole(instance: Instance, bodies: list[bytes]) -> tuple[Timer, Timer]:
    """Without and with the journal, in turns, so that a slow moment of the machine strikes both."""
    timers = Timer(), Timer()

    def whole(body: bytes, *, record: bool) -> bytes:
        request = ScoreRequest.model_validate_json(body)
        request = request.model_copy(update={"options": request.options.model_copy(update={"record": record})})
        return orjson.dumps(instance.score(request))

    for number, body in enumerate(bodies):
        for record in (False, True) if number % 2 else (True, False):
            timers[record].run(whole, body, record=record)
    return timers
