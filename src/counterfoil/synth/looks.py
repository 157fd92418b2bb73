"""Looks that do not wait for anybody to complain: a random desk review each month, and test purchases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

from counterfoil.synth.calendar import DAY, START
from counterfoil.synth.dice import Dice
from counterfoil.synth.findings import Finding, Mechanism, found
from counterfoil.synth.offers import Offer

_MONTH = 30 * DAY
# The numbers a month are meant for a market of 60,000 listings and shrink with it, down to one.
_LISTINGS = 60_000
_REVIEWS, _PURCHASES, _AT_RANDOM = 300, 40, 0.2


@dataclass(frozen=True, slots=True)
class _Look:
    """A way of looking: how often it is right about copies and about the rest, and days until it speaks."""

    source: str
    mechanism: Mechanism
    sensitivity: float
    specificity: float
    days: tuple[float, float]


_REVIEW = _Look("random_audit", "random_audit", 0.90, 0.995, (2, 12))
_PURCHASE = _Look("test_purchase", "random_audit", 0.95, 0.99, (10, 25))
_CHOSEN_PURCHASE = _Look("test_purchase", "score_queue", 0.95, 0.99, (10, 25))


def drawn_looks(offers: Sequence[Offer], dice: Dice) -> dict[int, list[Finding]]:
    """What the monthly looks found, by the number of the offer; a random one has the chance of its being drawn."""
    months: dict[int, list[Offer]] = defaultdict(list)
    for offer in offers:
        months[(offer.seen - START) // _MONTH].append(offer)
    findings: dict[int, list[Finding]] = defaultdict(list)
    scale = len(offers) / _LISTINGS
    for _, live in sorted(months.items()):
        reviews, bought = max(1, round(_REVIEWS * scale)), max(1, round(_PURCHASES * scale))
        at_random = max(1, round(_AT_RANDOM * bought))
        ranked = sorted(live, key=lambda offer: (-_suspicion(offer, dice), offer.number))
        looks: list[tuple[Offer, _Look, int | None]] = [(offer, _REVIEW, reviews) for offer in dice.some(live, reviews)]
        looks += [(offer, _PURCHASE, at_random) for offer in dice.some(live, at_random)]
        looks += [(offer, _CHOSEN_PURCHASE, None) for offer in ranked[: bought - at_random]]
        for offer, look, drawn in looks:
            finding = _looked_at(offer, look, dice)
            if finding is not None:
                propensity = min(1.0, drawn / len(live)) if drawn else None
                findings[offer.number].append(replace(finding, propensity=propensity))
    return findings


def _looked_at(offer: Offer, look: _Look, dice: Dice) -> Finding | None:
    """What comes of looking at an offer; nothing when it is gone before."""
    at = offer.seen + dice.between(1, 15) * DAY
    if at >= offer.gone:
        return None
    guilty = dice.chance(look.sensitivity) if offer.fake else not dice.chance(look.specificity)
    return found(offer, at + dice.between(*look.days) * DAY, guilty, look.source, mechanism=look.mechanism, dice=dice)


def _suspicion(offer: Offer, dice: Dice) -> float:
    """What an inspector would make of it at a glance: cheap goods of a young account, and a good deal of chance."""
    young = offer.seen - offer.account.life.registered < 60 * DAY
    return -log(offer.quote.ratio) * (offer.good.brand is not None) + 0.7 * young + 1.8 * dice.between(-1, 1)
