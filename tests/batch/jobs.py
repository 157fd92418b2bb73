"""Files to score with the small bundle, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from counterfoil.batch.output import Format
from counterfoil.batch.run import Finished, Job, run
from counterfoil.decide.policy import load_policy
from counterfoil.ingest.mapping import Mapping
from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Reasons, Scorer
from counterfoil.store.store import Store
from tests.model import small

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@cache
def scorer() -> Scorer:
    """The small bundle under the default policy."""
    return Scorer(Bundle.load(small.bundle_folder()), load_policy())


def body(number: int, observed_at: str | None = None, **more: Any) -> dict[str, Any]:
    """A score body."""
    listing: dict[str, Any] = {
        "listing_id": f"l{number}",
        "title": f"Giày thể thao số {number}",
        "price": {"amount": str(100_000 + 1_000 * number), "currency": "VND"},
        "category_path": ["Giày Dép Nam"],
        **more,
    }
    if observed_at is not None:
        listing["observed_at"] = observed_at
    return {"listing": listing, "seller": {"seller_id": f"s{number % 4}"}}


def lines(path: Path, *bodies: object) -> Path:
    """Write JSON Lines; bytes go in as they are."""
    path.write_bytes(b"".join((b if isinstance(b, bytes) else orjson.dumps(b)) + b"\n" for b in bodies))
    return path


def score(
    out: Path,
    *files: Path,
    mapping: Mapping | None = None,
    store: Store | None = None,
    as_of: datetime | None = None,
    file_format: Format = "jsonl",
    reasons: Reasons = "flagged",
    progress: Callable[[str, int, int | None], None] = lambda *_: None,
) -> Finished:
    """One run over files into a folder."""
    job = Job(
        files=files, mapping=mapping, scorer=scorer(), store=store, key=small.KEY, clock=lambda: NOW,
        as_of=as_of, out=out, file_format=file_format, reasons=reasons,
    )  # fmt: skip
    return run(job, progress)


def read(path: Path) -> list[dict[str, Any]]:
    """A file of JSON Lines."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def decisions(out: Path) -> list[dict[str, Any]]:
    """The answers of a run, in order."""
    return read(out / "decisions.jsonl")


def report(out: Path) -> dict[str, Any]:
    """The report of a run."""
    found: dict[str, Any] = orjson.loads((out / "report.json").read_bytes())
    return found
