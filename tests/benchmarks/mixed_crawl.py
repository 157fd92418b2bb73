"""A real crawl with 1 % simulated copies mixed in: how many real rows are flagged, and how many of the copies.

Reads the Tiki files of the folder named by `COUNTERFOIL_DATA`, which are not part of the repository. Nobody knows which of their
rows are genuine; most are presumed to be, so the share flagged is an alert rate, not a false-alert rate.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import orjson

from counterfoil.decide.policy import load_policy
from counterfoil.history.fold import Fold
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.mapping import load_mapping
from counterfoil.ingest.outcome import Accepted
from counterfoil.ingest.source import as_entry, read_listings
from counterfoil.knowledge.categories import category_of
from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Decision, Scorer
from tests.benchmarks.figures import DEMO, table

FILES = ("women_bags", "men_shoes", "women_shoes")
SHARE = 0.01
_CATEGORIES = ("bags", "shoes")
_SEED = 5
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_KEY = ContactKey("bench", bytes(16))


def measure(market: Path, work: Path) -> str:
    """The section of the results, or a line that says why there is none."""
    data = os.environ.get("COUNTERFOIL_DATA")
    if data is None:
        return "Not measured: COUNTERFOIL_DATA names no folder with the crawl."
    tables = {name: Path(data) / "tiki" / f"vietnamese_tiki_products_{name}.csv" for name in FILES}
    rows = {name: list(_accepted(path, "tiki")) for name, path in tables.items()}
    truth = _copies(market, work, round(SHARE * sum(map(len, rows.values()))))
    mixed = list(_accepted(work / "copies.jsonl", None))
    fold = Fold()
    for row in [*(row for part in rows.values() for row in part), *mixed]:
        entry = as_entry(row)
        if entry is not None:
            fold.observe(entry)
    scorer = Scorer(Bundle.load(DEMO), load_policy())

    def decided(part: Sequence[Accepted]) -> list[Decision]:
        return scorer.decide([fold.about(row.subject, _NOW) for row in part], "none")

    shown = []
    for name, part in rows.items():
        flagged = sum(one.outcome.flagged for one in decided(part))
        shown.append(
            (f"Tiki, {name.replace('_', ' ')}", f"{len(part):,}", f"{flagged:,}", f"{flagged / len(part):.2%}")
        )
    groups = defaultdict(list)
    for decision in decided(mixed):
        copy = truth[decision.about.listing.listing_id or ""]
        groups["copies, all"].append(decision)
        groups[f"copies by {copy['actor'].replace('_', ' ')}"].append(decision)
        if copy["wording"] in ("overt", "grey copy"):
            groups["copies in words of open copies, whatever was read of them"].append(decision)
        if _says_so(decision):
            groups["copies in which a claim of grade S or A or a hidden brand was read"].append(decision)
    for name, found in sorted(groups.items()):
        flagged = sum(one.outcome.flagged for one in found)
        shown.append((name, f"{len(found):,}", f"{flagged:,}", f"{flagged / len(found):.1%}"))
    return table(("rows", "in the crawl", "flagged", "share"), shown)


def _says_so(decision: Decision) -> bool:
    text = decision.reading.text
    return bool(text.claims("S") or text.claims("A") or any(one.disguise is not None for one in text.brands))


def _accepted(path: Path, mapping: str | None) -> Iterator[Accepted]:
    loaded = load_mapping(mapping) if mapping is not None else None
    for row in read_listings(path, mapping=loaded, key=_KEY, now=_NOW, default_known_at=_NOW):
        if isinstance(row, Accepted):
            yield row


def _copies(market: Path, work: Path, count: int) -> dict[str, dict[str, str]]:
    """The truth of so many copies of shoes and bags, drawn by seed, whose bodies are written to `copies.jsonl`."""
    with (market / "truth.jsonl").open(encoding="utf-8") as file:
        truth = {row["listing_id"]: row for row in map(json.loads, file) if row["counterfeit"]}
    with (market / "listings.jsonl").open("rb") as file:
        bodies = [body for body in map(orjson.loads, file) if body["listing"]["listing_id"] in truth]
    kept = [one for one in bodies if _category(one["listing"]) in _CATEGORIES]
    drawn = Random(_SEED).sample(kept, min(count, len(kept)))
    (work / "copies.jsonl").write_bytes(b"".join(orjson.dumps(_as_seen(one)) + b"\n" for one in drawn))
    return truth


def _category(listing: dict[str, object]) -> str | None:
    path = listing.get("category_path")
    return category_of(str(listing["platform"]), path) if isinstance(path, list) else None


def _as_seen(body: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    """All rows of a crawl were seen on one day."""
    body["listing"]["observed_at"] = _NOW.isoformat()
    return body
