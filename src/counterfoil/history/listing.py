"""One listing as the log has shown it: what it added to the counts of others, so that it can be left out again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from counterfoil.history.tallies import Label, VerdictTally


@dataclass(slots=True)
class ListingHistory:
    """`seller_id` is None until the listing itself has been seen: verdicts and activity may come first and then wait."""

    seller_id: str | None = None
    first_day: int = 0
    brand: str | None = None
    category: str | None = None
    hand_carried: bool = False
    wording: str = ""
    markets: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    price_day: int = 0
    price_bin: int = 0
    verdicts: VerdictTally = field(default_factory=VerdictTally)
    waiting: list[tuple[int, list[int]]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain data for a store."""
        return {
            "seller_id": self.seller_id,
            "first_day": self.first_day,
            "brand": self.brand,
            "category": self.category,
            "hand_carried": self.hand_carried,
            "wording": self.wording,
            "markets": self.markets,
            "codes": self.codes,
            "price_day": self.price_day,
            "price_bin": self.price_bin,
            "verdicts": self.verdicts.to_json(),
            "waiting": self.waiting,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ListingHistory:
        """The inverse of `to_json`."""
        return cls(
            **{
                **data,
                "markets": tuple(data["markets"]),
                "codes": tuple(data["codes"]),
                "verdicts": VerdictTally.from_json(data["verdicts"]),
                "waiting": [(day, counts) for day, counts in data["waiting"]],
            }
        )


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """Where a verdict was counted, so that a later one that supersedes it can take it back."""

    target: str
    id: str
    day: int
    label: Label

    def to_json(self) -> dict[str, Any]:
        """Plain data for a store."""
        return {"target": self.target, "id": self.id, "day": self.day, "label": self.label}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> VerdictRecord:
        """The inverse of `to_json`."""
        return cls(**data)
