"""What is asked: a share of the list price, campaigns and clearances, packs, and the way sellers round."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.synth.actors import Actor
from counterfoil.synth.calendar import campaign_day
from counterfoil.synth.dice import Dice
from counterfoil.synth.goods import Good
from counterfoil.synth.levels import Level

# Goods of which several are sold at once.
_PACKED = frozenset(
    {"tees", "bottoms", "skincare", "makeup", "household", "food", "phone_accessories", "supplements", "lubricants"}
)


@dataclass(frozen=True, slots=True)
class Quote:
    """An asking price in VND; `ratio` is the true unit price over the list price, `crossed_out` the list price shown."""

    amount: int
    ratio: float
    pack: int
    crossed_out: int | None
    campaign: bool
    clearance: bool


def quote(actor: Actor, good: Good, at: float, dice: Dice, *, copy: Level | None = None, clears: bool = False) -> Quote:
    """The price of an offer put up at `at`; of a copy, as its seller's level has it; who `clears` a stock asks very little."""
    campaign = clearance = False
    fake = copy is not None
    if copy is not None:
        median, sigma = actor.fake_ratio
        if median is None:
            median = good.shelf.overt if actor.fake_style == "overt" else good.shelf.deceptive
        # Of a small thing there is little to save by copying it.
        ratio = dice.around(max(median, 0.35) if good.small else median, sigma)
        if copy.price is not None:
            ratio = max(ratio, dice.between(*copy.price))
    else:
        ratio = dice.around(*actor.ratio)
        if actor.style != "used":
            campaign = dice.chance(0.28 if campaign_day(at) else 0.08)
            clearance = dice.chance(0.03)
            ratio *= dice.between(0.70, 0.92) if campaign else 1.0
            ratio *= dice.between(0.40, 0.70) if clearance else 1.0
            if clears or dice.chance(0.004):  # old stock: as cheap as an open copy, and genuine
                clearance, ratio = True, dice.between(0.15, 0.32)
    pack = dice.pick((2, 2, 3, 3, 5, 10)) if good.shelf.name in _PACKED and dice.chance(0.10) else 1
    bulk = dice.between(0.85, 1.0) if pack > 1 else 1.0
    amount = rounded(good.list_price * ratio * pack * bulk, careless=fake and actor.fake_style == "overt", dice=dice)
    return Quote(
        amount, amount / pack / good.list_price, pack, _crossed_out(good, amount, pack, dice), campaign, clearance
    )


def rounded(amount: float, *, careless: bool, dice: Dice) -> int:
    """A price as people write it: 199k and 350k sooner than 201,347."""
    if amount < 20_000:
        return max(1000, round(amount / 1000) * 1000)
    if dice.chance(0.6 if careless else 0.25):
        step = 10_000 if amount < 1_000_000 else 50_000
        return max(step, round(amount / step) * step) - (1000 if dice.chance(0.5) else 0)
    return round(amount / 1000) * 1000


def _crossed_out(good: Good, amount: int, pack: int, dice: Dice) -> int | None:
    """Mostly the list price; else what the seller made up, or nothing. It does not depend on guilt."""
    kind = dice.pick_weighted(("list", "made up", "none"), (0.65, 0.20, 0.15))
    if kind == "none":
        return None
    if kind == "list" and good.brand is not None and good.listed:
        return max(amount, good.list_price * pack)
    return amount if dice.chance(0.45) else round(amount * dice.between(1.1, 2.2) / 1000) * 1000
