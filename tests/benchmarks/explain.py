"""What explanations cost: many rows at once against one by one, and what would change a decision."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from counterfoil.decide.policy import load_policy
from counterfoil.history.fold import Fold
from counterfoil.history.views import About
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.source import Accepted, read_listings
from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Scorer
from tests.benchmarks.figures import DEMO, ROOT, Timer, table

_ROWS, _TURNS = 256, 7
_KEY = ContactKey("k1", bytes(16))


def measure() -> str:
    """The section of the results: both ways in turns, so that a slow moment of the machine strikes both."""
    scorer, rows = Scorer(Bundle.load(DEMO), load_policy()), _rows()
    scorer.decide(rows, "all")  # the trees are taken apart once
    names = ("explained at once", "explained one by one", "not explained, at once", "not explained, one by one")
    together, single, bare, bare_single = timers = tuple(Timer() for _ in names)
    for _ in range(_TURNS):
        together.run(scorer.decide, rows, "all")
        single.run(_one_by_one, scorer, rows, "all")
        bare.run(scorer.decide, rows, "none")
        bare_single.run(_one_by_one, scorer, rows, "none")
    _, matrix = scorer.bundle.columns.of(rows)
    parts, part = Timer(), Timer()
    for _ in range(_TURNS):
        parts.run(scorer.bundle.contributions, matrix)
        part.run(lambda: [scorer.bundle.contributions(matrix[i : i + 1]) for i in range(len(matrix))])
    changed = Timer()
    for decision in scorer.decide(rows[:32], "none"):
        changed.run(scorer.what_would_change, decision)
    found = [(f"{_ROWS} rows, {name}", f"{timer.at(0.5):.0f}") for name, timer in zip(names, timers, strict=True)]
    found += [
        (f"their contributions alone, {_ROWS} rows at once", f"{parts.at(0.5):.0f}"),
        (f"their contributions alone, {_ROWS} times one row", f"{part.at(0.5):.0f}"),
        ("what would change one decision", f"{changed.at(0.5):.0f}"),
    ]
    share = together.at(0.5) / single.at(0.5)
    told = f"Explaining {_ROWS} rows at once costs {share:.0%} of explaining them one by one, in one thread."
    return f"{table(('what', 'milliseconds, median'), found)}\n\n{told}"


def _rows() -> list[About]:
    """The first rows of the sample, each as if nothing else were known."""
    now = datetime(2026, 11, 24, tzinfo=UTC)
    sample = ROOT / "data" / "sample" / "listings.jsonl"
    found = read_listings(sample, mapping=None, key=_KEY, now=now, default_known_at=now)
    rows = [row for row in found if isinstance(row, Accepted)][:_ROWS]
    return [Fold().about(row.subject, now) for row in rows]


def _one_by_one(scorer: Scorer, rows: Sequence[About], reasons: str) -> None:
    for row in rows:
        scorer.decide([row], "all" if reasons == "all" else "none")


if __name__ == "__main__":
    sys.stdout.write(measure() + "\n")
