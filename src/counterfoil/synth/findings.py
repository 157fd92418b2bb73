"""A finding: what somebody said of an offer after looking at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from counterfoil.synth.calendar import HOUR
from counterfoil.synth.dice import Dice
from counterfoil.synth.offers import Offer

Mechanism = Literal["complaint", "external", "random_audit", "score_queue"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict on an offer: `at` is when it was given, `known` when the log learnt of it."""

    offer: Offer
    at: float
    known: float
    label: Literal["counterfeit", "genuine"]
    source: str
    mechanism: Mechanism
    strength: Literal["confirmed", "probable"] = "probable"
    propensity: float | None = None
    corrects: bool = False  # it supersedes the finding before it


def found(offer: Offer, at: float, guilty: bool, source: str, *, mechanism: Mechanism, dice: Dice) -> Finding:
    """A finding given at `at`; the log learns of it within three days."""
    return Finding(
        offer=offer,
        at=at,
        known=at + dice.between(1, 60) * HOUR,
        label="counterfeit" if guilty else "genuine",
        source=source,
        mechanism=mechanism,
        strength="confirmed" if source in ("test_purchase", "inspection_result") else "probable",
    )
