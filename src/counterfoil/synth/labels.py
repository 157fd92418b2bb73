"""What people find out about offers, late, selectively and sometimes wrongly: observation apart from truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from counterfoil.synth.calendar import DAY, END, HOUR
from counterfoil.synth.dice import Dice
from counterfoil.synth.findings import Finding, found
from counterfoil.synth.looks import drawn_looks
from counterfoil.synth.offers import Offer
from counterfoil.synth.sweeps import brand_sweep, filtered

# Reports by rivals: so many, for each honest branded listing, that they are about 5 % of all reports.
_RIVALS = 0.0028


@dataclass(frozen=True, slots=True)
class Case:
    """All that was found out about one offer, in order.

    `complaints` are reports that the goods are fake, the untrue ones of rivals (`rival`) among them; `removed` and
    `restored` are what the platform did.
    """

    findings: tuple[Finding, ...]
    complaints: tuple[float, ...]
    rival: int
    removed: float | None
    restored: float | None


def cases(offers: Sequence[Offer], titles: Sequence[str], dice: Dice) -> list[Case]:
    """One case per offer, in the same order."""
    drawn = drawn_looks(offers, dice)
    return [_case(offer, head, drawn.get(offer.number, []), dice) for offer, head in zip(offers, titles, strict=True)]


def _case(offer: Offer, head: str, drawn: list[Finding], dice: Dice) -> Case:
    reports = _complaints(offer, dice)
    rivals = _rivals(offer, dice)
    complaints = tuple(sorted((*reports, *rivals)))
    heard = [*drawn, *_investigated(offer, complaints, dice), *brand_sweep(offer, dice)]
    hidden = filtered(offer, head, dice)
    if hidden is not None:  # a filter removes and says nothing of the goods; half of what it removes is looked at
        first = min((finding.at for finding in heard if finding.label == "counterfeit"), default=END)
        if hidden < first:
            return _after_filter(
                offer, hidden, [one for one in heard if one.at < hidden], complaints, len(rivals), dice
            )
    kept: list[Finding] = []
    removed = restored = None
    for finding in sorted(heard, key=lambda one: one.at):
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
    return Case(tuple(kept), complaints, len(rivals), removed, restored)


def _after_filter(
    offer: Offer, at: float, before: list[Finding], complaints: tuple[float, ...], rivals: int, dice: Dice
) -> Case:
    """A moderator looks at every second listing that a filter removed, and most honest ones come back."""
    kept = sorted(before, key=lambda one: one.at)
    restored = None
    if dice.chance(0.5):
        guilty = dice.chance(0.92 if offer.fake else 0.05)
        seen = found(offer, at + dice.between(1, 10) * DAY, guilty, "moderator_review", mechanism="external", dice=dice)
        kept.append(seen)
        restored = None if guilty else seen.at + HOUR
        appeal = _appealed(seen, dice) if guilty else None
        if appeal is not None:
            kept.append(appeal)
            restored = appeal.at + HOUR if appeal.label == "genuine" else None
    return Case(tuple(kept), complaints, rivals, at, restored)


def _complaints(offer: Offer, dice: Dice) -> tuple[float, ...]:
    """When buyers complained that the goods are fake; honest goods are blamed too, and buyers of open copies knew."""
    days = min((min(offer.gone, END) - offer.seen) / DAY, 120)
    probability = 0.0015 if not offer.fake else 0.02 if offer.style == "overt" else 0.15
    return tuple(
        offer.seen + dice.between(0, days) * DAY + dice.gamma(2, 9) * DAY
        for _ in range(dice.share(dice.count(offer.orders * days), probability))
    )


def _rivals(offer: Offer, dice: Dice) -> tuple[float, ...]:
    """When rivals reported an honest listing."""
    if offer.fake or offer.good.brand is None or not dice.chance(_RIVALS * min(4.0, 1 + 10 * offer.orders)):
        return ()
    return tuple(offer.seen + dice.between(1, 40) * DAY for _ in range(dice.whole(1, 3)))


def _investigated(offer: Offer, complaints: Sequence[float], dice: Dice) -> list[Finding]:
    """A moderator, seldom an inspector, rules on some complaints."""
    for complaint in complaints:
        if not dice.chance(0.36):
            continue
        inspected = dice.chance(0.25)
        at = complaint + dice.between(1, 8) * DAY + (dice.wait(20) * DAY if inspected else 0)
        source = "inspection_result" if inspected else "moderator_review"
        guilty = dice.chance(0.92) if offer.fake else dice.chance(0.04)
        return [found(offer, at, guilty, source, mechanism="complaint", dice=dice)]
    return []


def _appealed(finding: Finding, dice: Dice) -> Finding | None:
    """Some sellers appeal; most of the wronged who do are heard."""
    wronged = not finding.offer.fake
    if not dice.chance(0.10 if wronged else 0.02):
        return None
    upheld = dice.chance(0.8 if wronged else 0.1)
    source = "appeal_upheld" if upheld else "appeal_rejected"
    at = finding.at + dice.between(5, 20) * DAY
    answer = found(finding.offer, at, not upheld, source, mechanism=finding.mechanism, dice=dice)
    return replace(answer, corrects=True)
