"""Title families: listings whose folded, sorted words are the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from counterfoil.history.tallies import VerdictTally


@dataclass(slots=True)
class WordingHistory:
    """Distinct listings and sellers of one family, and the verdicts on its listings."""

    listings: int = 0
    sellers: int = 0
    verdicts: VerdictTally = field(default_factory=VerdictTally)

    def to_json(self) -> dict[str, Any]:
        """Plain data for a store."""
        return {"listings": self.listings, "sellers": self.sellers, "verdicts": self.verdicts.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> WordingHistory:
        """The inverse of `to_json`."""
        return cls(data["listings"], data["sellers"], VerdictTally.from_json(data["verdicts"]))


@dataclass(slots=True)
class PairHistory:
    """How many distinct listings one seller has in one family: what tells how many *other* sellers there are."""

    listings: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain data for a store."""
        return {"listings": self.listings}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PairHistory:
        """The inverse of `to_json`."""
        return cls(data["listings"])
