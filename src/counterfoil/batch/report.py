"""The account of a run: every row of every file, and what the decisions leaned on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterfoil.batch.highlights import Highlights
from counterfoil.batch.rates import Rates
from counterfoil.model.manifest import sha256_of
from counterfoil.scorer import Decision

_MOST_PATHS = 50


@dataclass(slots=True)
class FileAccount:
    """One input: its rows by outcome, and what was wrong with the file itself (None when it was whole)."""

    path: Path
    rows_read: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected_by: Counter[str] = field(default_factory=Counter)
    damage: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain data, with the hash of the file as it lies there now."""
        readable = self.path.is_file()
        return {
            "file": self.path.name,
            "sha256": sha256_of(self.path) if readable else None,
            "bytes": self.path.stat().st_size if readable else None,
            "rows_read": self.rows_read,
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": self.rejected_by.total(),
            "damage": self.damage,
        }


@dataclass(slots=True)
class Account:
    """What a run found; rows_read = accepted + duplicates + rejected, always."""

    files: list[FileAccount] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    references: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    degraded: Counter[str] = field(default_factory=Counter)
    not_observed: int = 0
    highlights: Highlights = field(default_factory=Highlights)
    rates: Rates = field(default_factory=Rates)

    def decided(self, decision: Decision) -> None:
        """Count one decision."""
        about = decision.about
        self.highlights.add(decision)
        self.rates.add(decision)
        self.actions[decision.outcome.action] += 1
        self.levels[decision.outcome.level] += 1
        self.rules.update(rule.id for rule in decision.outcome.hits)
        self.degraded.update(decision.degraded)
        market = about.market
        if market.unit_price is None:
            self.references["no_price"] += 1
        else:
            self.references[market.reference.level if market.reference is not None else "none"] += 1
        if about.keys.category is None:
            self.unmapped[" > ".join(about.listing.category_path) or "(no path)"] += 1

    def to_json(self) -> dict[str, Any]:
        """Plain data for `report.json`."""
        accepted = sum(file.accepted for file in self.files)
        causes: Counter[str] = sum((file.rejected_by for file in self.files), Counter())
        categories = self.highlights.category.rows.most_common()
        flagged = self.actions.total() - self.actions["allow"]
        return {
            "rows_read": sum(file.rows_read for file in self.files),
            "accepted": accepted,
            "duplicates": sum(file.duplicates for file in self.files),
            "rejected": causes.total(),
            "rejected_by": dict(causes.most_common()),
            "flagged": flagged,
            "flagged_share": round(flagged / accepted, 6) if accepted else None,
            "actions": dict(self.actions),
            "risk_levels": dict(self.levels),
            "rule_hits": dict(self.rules),
            **self.highlights.to_json(),
            "price_reference": dict(self.references.most_common()),
            "categories": {name: rows for name, rows in categories if name is not None},
            "unmapped_rows": self.unmapped.total(),
            "unmapped_paths": dict(self.unmapped.most_common(_MOST_PATHS)),
            "degraded": dict(self.degraded.most_common()),
            "not_observed": self.not_observed,
            "inputs": [file.to_json() for file in self.files],
        }
