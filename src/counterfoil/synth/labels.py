"""What people find out about offers, late, selectively and sometimes wrongly: observation apart from truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Literal

from counterfoil.synth.calendar import DAY, END, HOUR, START
from counterfoil.synth.dice import Dice
from counterfoil.synth.offers import Offer

Mechanism = Literal["complaint", "external", "random_audit", "score_queue"]

_MONTH = 30 * DAY
_LISTINGS = 60_000  # the size of market for which the monthly numbers below are meant
_AUDITS, _PURCHASES = 100, 40
# The share of hand-carried goods that brand owners look at, and how many of those they take for copies.
_LOOKED_AT, _MISTAKEN = 0.3, 0.06
_SWEPT = 5_000_000  # brands whose goods cost at least this much, or are copied a lot, search for themselves


@dataclass(frozen=True, slots=True)
class _Look:
    """A way of looking at offers that nobody complained of, and how often it is right about copies and about the rest."""

    source: str
    mechanism: Mechanism
    sensitivity: float
    specificity: float


_AUDIT = _Look("random_audit", "random_audit", 0.90, 0.995)
_PURCHASE = _Look("test_purchase", "random_audit", 0.95, 0.99)
_CHOSEN_PURCHASE = _Look("test_purchase", "score_queue", 0.95, 0.99)


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


@dataclass(frozen=True, slots=True)
class Case:
    """All that was found out about one offer, in order, when buyers complained, and when it was removed and restored."""

    findings: tuple[Finding, ...]
    complaints: tuple[float, ...]
    removed: float | None
    restored: float | None


def cases(offers: Sequence[Offer], dice: Dice) -> list[Case]:
    """One case per offer, in the same order."""
    drawn = _audited(offers, dice)
    return [_case(offer, drawn.get(offer.number, []), dice) for offer in offers]


def _case(offer: Offer, drawn: list[Finding], dice: Dice) -> Case:
    complaints = _complaints(offer, dice)
    found = [*drawn, *_investigated(offer, complaints, dice), *_swept(offer, dice)]
    kept: list[Finding] = []
    removed = restored = None
    for finding in sorted(found, key=lambda finding: finding.at):
        if kept and finding.label == kept[-1].label and finding.source == kept[-1].source:
            continue
        kept.append(finding)
        if finding.label == "counterfeit":
            removed = finding.at + dice.between(1, 48) * HOUR if dice.chance(0.9) else None
            appeal = _appealed(finding, dice)
            if appeal is not None:
                kept.append(appeal)
                restored = appeal.at + HOUR if removed and appeal.label == "genuine" else None
            break  # a listing that was taken down is not looked at again
    return Case(tuple(kept), complaints, removed, restored)


def _finding(offer: Offer, at: float, guilty: bool, source: str, *, mechanism: Mechanism, dice: Dice) -> Finding:
    return Finding(
        offer=offer,
        at=at,
        known=at + dice.between(1, 60) * HOUR,
        label="counterfeit" if guilty else "genuine",
        source=source,
        mechanism=mechanism,
        strength="confirmed" if source in ("test_purchase", "inspection_result") else "probable",
    )


def _complaints(offer: Offer, dice: Dice) -> tuple[float, ...]:
    """When buyers complained that the goods are fake; honest goods are blamed too, and buyers of open copies knew."""
    days = min((min(offer.gone, END) - offer.seen) / DAY, 120)
    probability = 0.0015 if not offer.fake else 0.02 if offer.style == "overt" else 0.15
    times = (
        offer.seen + dice.between(0, days) * DAY + dice.gamma(2, 9) * DAY
        for _ in range(dice.share(dice.count(offer.orders * days), probability))
    )
    return tuple(sorted(times))


def _investigated(offer: Offer, complaints: Sequence[float], dice: Dice) -> list[Finding]:
    """A moderator, seldom an inspector, rules on some complaints."""
    for complaint in complaints:
        if not dice.chance(0.40 if offer.fake else 0.35):
            continue
        inspected = dice.chance(0.15)
        at = complaint + dice.between(1, 8) * DAY + (dice.wait(20) * DAY if inspected else 0)
        source = "inspection_result" if inspected else "moderator_review"
        guilty = dice.chance(0.92) if offer.fake else dice.chance(0.04)
        return [_finding(offer, at, guilty, source, mechanism="complaint", dice=dice)]
    return []


def _swept(offer: Offer, dice: Dice) -> list[Finding]:
    """Brand owners search for open copies, find few hidden ones, and take some hand-carried goods for copies."""
    if offer.good.brand is None or (offer.good.list_price < _SWEPT and offer.good.copied < 0.2):
        return []
    if offer.fake:
        noticed = 0.30 if offer.style == "overt" else 0.10
    else:
        noticed = _LOOKED_AT * _MISTAKEN if offer.account.actor.name == "grey_importer" else 0.0
    at = offer.seen + (1 + dice.wait(21)) * DAY
    if dice.chance(noticed) and at < offer.gone:
        return [_finding(offer, at, True, "rights_holder_notice", mechanism="external", dice=dice)]
    return []


def _appealed(finding: Finding, dice: Dice) -> Finding | None:
    """Some sellers appeal; most of the wronged who do are heard."""
    wronged = not finding.offer.fake
    if not dice.chance(0.10 if wronged else 0.02):
        return None
    upheld = dice.chance(0.8 if wronged else 0.1)
    source = "appeal_upheld" if upheld else "appeal_rejected"
    at = finding.at + dice.between(5, 20) * DAY
    return replace(
        _finding(finding.offer, at, not upheld, source, mechanism=finding.mechanism, dice=dice), corrects=True
    )


def _audited(offers: Sequence[Offer], dice: Dice) -> dict[int, list[Finding]]:
    """Monthly desk audits and test purchases: what does not wait for somebody to complain."""
    months: dict[int, list[Offer]] = defaultdict(list)
    for offer in offers:
        months[(offer.seen - START) // _MONTH].append(offer)
    found: dict[int, list[Finding]] = defaultdict(list)
    scale = len(offers) / _LISTINGS
    for _, live in sorted(months.items()):
        audits, bought = max(1, round(_AUDITS * scale)), max(1, round(_PURCHASES * scale))
        bought_at_random = max(1, round(0.2 * bought))
        ranked = sorted(live, key=lambda offer: (-_suspicion(offer, dice), offer.number))
        looks: list[tuple[Offer, _Look, int | None]] = [(offer, _AUDIT, audits) for offer in dice.some(live, audits)]
        looks += [(offer, _PURCHASE, bought_at_random) for offer in dice.some(live, bought_at_random)]
        looks += [(offer, _CHOSEN_PURCHASE, None) for offer in ranked[: bought - bought_at_random]]
        for offer, look, drawn in looks:
            finding = _looked_at(offer, look, dice)
            if finding is not None:
                propensity = min(1.0, drawn / len(live)) if drawn else None
                found[offer.number].append(replace(finding, propensity=propensity))
    return found


def _looked_at(offer: Offer, look: _Look, dice: Dice) -> Finding | None:
    """What comes of looking at an offer; nothing when it is gone before."""
    at = offer.seen + dice.between(1, 15) * DAY
    if at >= offer.gone:
        return None
    guilty = dice.chance(look.sensitivity) if offer.fake else not dice.chance(look.specificity)
    return _finding(offer, at + dice.between(10, 25) * DAY, guilty, look.source, mechanism=look.mechanism, dice=dice)


def _suspicion(offer: Offer, dice: Dice) -> float:
    """What an inspector would make of it at a glance: cheap goods of a young account, and a good deal of chance."""
    young = offer.seen - offer.account.registered < 60 * DAY
    return -log(offer.quote.ratio) * (offer.good.brand is not None) + 0.7 * young + 1.8 * dice.between(-1, 1)
