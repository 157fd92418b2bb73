"""Whole files: rows a second of `score`, of `ingest`, and of `replay` alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from counterfoil.history.fold import Fold
from counterfoil.history.replay import replay
from counterfoil.ingest.source import read_log
from counterfoil.serve.instance import utc_now
from tests.benchmarks.figures import DEMO, ROOT, table
from tests.benchmarks.one_row import KEY

CLI = (sys.executable, "-c", "from counterfoil.cli.main import main; main()")


def measure(market: Path, work: Path) -> str:
    """The section of the results."""
    rows = []
    listings = _lines(market / "listings.jsonl")
    for reasons in ("flagged", "none"):
        out = work / f"out-{reasons}"
        seconds = run(work, "score", str(market / "listings.jsonl"), "--out", str(out), "--reasons", reasons)
        rows.append((f"`counterfoil score --reasons {reasons}`, start-up included", listings, seconds))
    log = read_log(market / "events.jsonl", key=KEY, now=utc_now())
    started = time.perf_counter()
    judged = sum(1 for _ in replay(log, Fold()))
    rows.append(("`replay` alone, listings judged", judged, time.perf_counter() - started))
    seconds = run(work, "ingest", str(market / "events.jsonl"), "--store", f"sqlite:///{work / 'ingest.db'}")
    rows.append(("`counterfoil ingest` into SQLite, events, start-up included", len(log), seconds))
    shown = [(name, f"{n:,}", f"{spent:.1f}", f"{n / spent:,.0f}") for name, n, spent in rows]
    return table(("what", "rows", "seconds", "rows/s"), shown)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def run(work: Path, *arguments: str) -> float:
    """Seconds that the command takes with these arguments, its state in `work` and the demo bundle."""
    environment = {**os.environ, "COUNTERFOIL_VAR": str(work), "COUNTERFOIL_BUNDLE": str(DEMO)}
    started = time.perf_counter()
    subprocess.run([*CLI, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started
