"""The parity fence: what a listing is judged by does not depend on the way by which it came."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from counterfoil.batch.judge import Judged, judge
from counterfoil.decide.policy import load_policy
from counterfoil.history.fold import Fold
from counterfoil.history.replay import replay
from counterfoil.history.views import About
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Listed
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.source import Accepted, AcceptedEvent, as_entry, read_events, read_listings
from counterfoil.model.bundle import Bundle
from counterfoil.serve.app import create_app
from counterfoil.serve.instance import Instance
from counterfoil.store.store import Store
from counterfoil.synth.write import write_market

KEY = ContactKey("test", b"k" * 32)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SIZES = [pytest.param(120, id="a few"), pytest.param(2_100, id="two thousand", marks=pytest.mark.slow)]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return Bundle.load(Path("models/demo"))


def same(bundle: Bundle, one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    """Row features exactly, columns fitted on text to 1e-6."""
    exact = len(bundle.columns.rows.names)
    assert one.shape == other.shape
    for column, name in enumerate(bundle.columns.names):
        tolerance = 0.0 if column < exact else 1e-6
        np.testing.assert_allclose(
            one[:, column], other[:, column], rtol=0, atol=tolerance, equal_nan=True, err_msg=name
        )


def matrix(bundle: Bundle, abouts: Sequence[About]) -> NDArray[np.float64]:
    """In small batches, so that the size of a batch is part of the comparison."""
    return np.vstack([bundle.columns.of(abouts[i : i + 97])[1] for i in range(0, len(abouts), 97)])


def over_http(
    bundle: Bundle, store: Store, log: Sequence[Entry], bodies: dict[int, dict[str, Any]]
) -> Iterator[NDArray[np.float64]]:
    """Load each instant, set the clock to it, and ask for each of its listings; `bodies` are by place in the log."""
    now = [NOW]
    instance = Instance(bundle, load_policy(), store, KEY, clock=lambda: now[0])
    client = TestClient(create_app(instance))
    for known_at, instant in groupby(enumerate(log), key=lambda pair: pair[1].known_at):
        pairs = list(instant)
        store.append([entry for _, entry in pairs])
        now[0] = known_at
        for place, entry in pairs:
            if isinstance(entry.event, Listed):
                body = {**bodies[place], "options": {"include": ["features"], "record": False}}
                response = client.post("/v1/score", json=body)
                assert response.status_code == 200, response.text
                features = response.json()["features"]
                assert list(features) == bundle.columns.names
                yield np.array([np.nan if value is None else value for value in features.values()])


@pytest.mark.parametrize("count", SIZES)
def test_replay_store_and_http_see_the_same_for_a_whole_log(count: int, bundle: Bundle, tmp_path: Path) -> None:
    write_market(count, 3, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    outcomes = list(read_events(tmp_path / "events.jsonl", key=KEY, now=NOW))
    log = [outcome.entry for outcome in outcomes if isinstance(outcome, AcceptedEvent)]
    assert len(log) == len(lines)
    bodies = {i: {name: line[name] for name in ("listing", "seller") if name in line} for i, line in enumerate(lines)}

    replayed = matrix(bundle, [about for _, about in replay(log, Fold())])
    assert len(replayed) >= count

    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    stored: list[About] = []
    for known_at, instant in groupby(log, key=lambda entry: entry.known_at):
        entries = list(instant)
        store.append(entries)
        with store.snapshot() as snapshot:
            stored += [snapshot.history.about(e.subject, known_at) for e in entries if isinstance(e.event, Listed)]
    same(bundle, replayed, matrix(bundle, stored))

    served = Store(f"sqlite:///{tmp_path / 'served.db'}")
    same(bundle, replayed, np.vstack(list(over_http(bundle, served, log, bodies))))


@pytest.mark.parametrize("count", SIZES)
def test_a_file_and_http_see_the_same(count: int, bundle: Bundle, tmp_path: Path) -> None:
    write_market(count, 4, tmp_path)
    path = tmp_path / "listings.jsonl"
    bodies = [json.loads(line) for line in path.read_text().splitlines()]
    rows = [
        row
        for row in read_listings(path, mapping=None, key=KEY, now=NOW, default_known_at=NOW)
        if isinstance(row, Accepted)
    ]
    assert len(rows) == len(bodies) == count
    log = [entry for row in rows if (entry := as_entry(row)) is not None]
    assert len(log) == count

    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    by_file = _judged(rows, None)
    same(bundle, matrix(bundle, by_file), matrix(bundle, _judged(rows, store)))
    same(bundle, matrix(bundle, by_file), matrix(bundle, [about for _, about in replay(log, Fold())]))
    served = Store(f"sqlite:///{tmp_path / 'served.db'}")
    answers = np.vstack(list(over_http(bundle, served, log, dict(enumerate(bodies)))))
    same(bundle, matrix(bundle, by_file), answers)


def _judged(rows: Sequence[Accepted], store: Store | None) -> list[About]:
    found = [one for chunk in judge(enumerate(rows), store) for one in chunk]
    assert all(isinstance(one, Judged) for one in found)
    return [one.about for one in found if isinstance(one, Judged)]
