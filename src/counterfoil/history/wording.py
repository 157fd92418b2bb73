"""Title families: listings whose folded, sorted words are the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterfoil.history.tallies import VerdictTally

if TYPE_CHECKING:
    from counterfoil.history.shelf import Shelf


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

    def moved(self, by: int) -> int:
        """Count a listing, or take it out with `by=-1`; returns by how much the number of sellers changes."""
        had = self.listings > 0
        self.listings += by
        return (self.listings > 0) - had

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PairHistory:
        """The inverse of `to_json`."""
        return cls(data["listings"])


def pair_key(key: str, seller_id: str) -> str:
    """The key of the record that says how many listings one seller has in a family, or under a code."""
    return f"{key}|{seller_id}"


def other_sellers(shelf: Shelf, key: str, sellers: int, own_seller: str | None, seller_id: str | None) -> int:
    """How many of the `sellers` under a key are others than `seller_id`, the listing asked about left out.

    `own_seller` is who put that listing up when it was counted under the key, None when it was not.
    """
    if own_seller is not None and own_seller != seller_id and _listings(shelf, key, own_seller) == 1:
        sellers -= 1
    return sellers - (_listings(shelf, key, seller_id) > 0)


def _listings(shelf: Shelf, key: str, seller_id: str | None) -> int:
    pair = shelf.get(PairHistory, pair_key(key, seller_id)) if seller_id is not None else None
    return pair.listings if pair is not None else 0
