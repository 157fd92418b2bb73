"""What a person would look at first: how the scores lie, where the alerts are, and the rows at the top."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from counterfoil.decide.explain import Explained
from counterfoil.decide.policy import RANK
from counterfoil.scorer import Decision

ROWS, BINS = 50, 40
_MOST = 20


@dataclass(slots=True)
class Group:
    """Rows of one category, brand or seller by name (None: not known), and how many of them were flagged."""

    rows: Counter[str | None] = field(default_factory=Counter)
    flagged: Counter[str | None] = field(default_factory=Counter)

    def add(self, name: str | None, flagged: bool) -> None:
        """Count one row."""
        self.rows[name] += 1
        self.flagged[name] += flagged

    def top(self, most: int) -> list[dict[str, Any]]:
        """Those with the most flagged rows; the share tells large ones apart, the name settles ties."""
        names = [name for name, count in self.flagged.items() if count]
        names.sort(key=lambda name: (-self.flagged[name], self.rows[name], name or ""))
        return [{"name": name, "flagged": self.flagged[name], "rows": self.rows[name]} for name in names[:most]]


@dataclass(slots=True)
class Highlights:
    """Gathered decision by decision; it keeps `ROWS` decisions and otherwise only counts."""

    bins: list[int] = field(default_factory=lambda: [0] * BINS)
    flagged_bins: list[int] = field(default_factory=lambda: [0] * BINS)
    category: Group = field(default_factory=Group)
    brand: Group = field(default_factory=Group)
    seller: Group = field(default_factory=Group)
    raised: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Explained] = field(default_factory=dict)
    explained: int = 0
    _seen: int = 0
    _heap: list[tuple[int, float, int, Decision]] = field(default_factory=list)

    def add(self, decision: Decision) -> None:
        """Take one decision in."""
        flagged, probability = decision.outcome.flagged, decision.risk.probability
        place = min(BINS - 1, int(probability * BINS))
        self.bins[place] += 1
        self.flagged_bins[place] += flagged
        keys, seller = decision.about.keys, decision.about.subject.seller
        self.category.add(keys.category, flagged)
        self.brand.add(keys.brand, flagged)
        self.seller.add(seller.seller_id if seller is not None else None, flagged)
        if flagged:
            self._explain(decision)
        self._seen += 1
        entry = (RANK[decision.outcome.action], probability, -self._seen, decision)
        (heapq.heappush if len(self._heap) < ROWS else heapq.heappushpop)(self._heap, entry)

    def first(self) -> list[Decision]:
        """The rows to look at first: the strongest action, then the highest probability, then the first seen."""
        return [entry[3] for entry in sorted(self._heap, key=lambda entry: entry[:3], reverse=True)]

    def to_json(self) -> dict[str, Any]:
        """The counts for `report.json`."""
        return {
            "flagged_by": {name: getattr(self, name).top(_MOST) for name in ("category", "brand", "seller")},
            "reasons_raising": dict(self.raised.most_common()),
        }

    def _explain(self, decision: Decision) -> None:
        raising = [reason for reason in decision.reasons if reason.direction == "raises"]
        self.explained += bool(decision.reasons)
        for reason in raising:
            self.raised[reason.code] += 1
            best = self.examples.get(reason.code)
            if best is None or reason.log_odds > best.log_odds:
                self.examples[reason.code] = reason
