"""What an account has to sell: branded goods, unbranded ones, and what it copies."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.synth.actors import Actor
from counterfoil.synth.dice import Dice
from counterfoil.synth.goods import Catalogue, Good

_FOLLOWS = 0.4  # of the accounts to whose goods a new brand would fit, how many take it up


@dataclass(frozen=True, slots=True)
class Stock:
    """Branded goods, unbranded goods, and the goods of which it sells copies."""

    branded: tuple[Good, ...]
    plain: tuple[Good, ...]
    copied: tuple[Good, ...]


def assortment(actor: Actor, goods: Catalogue, months: tuple[int, int], dice: Dice) -> Stock:
    """The stock of a new account whose first and last listings go up in those months."""
    if actor.style == "compatible":
        first = dice.pick(goods.compatible)
        fitting = tuple(good for good in goods.compatible if good.shelf is first.shelf)
        return Stock((), fitting, _one_copied(goods, dice, first.shelf.name))
    shelves = {
        dice.pick_weighted(goods.plain, [good.honest for good in goods.plain]).shelf.name
        for _ in range(dice.whole(1, 3))
    }
    plain = tuple(good for good in goods.plain if good.shelf.name in shelves)
    if actor.style == "unbranded":
        return Stock((), plain, _one_copied(goods, dice, None))
    pool = tuple(good for good in goods.branded if good.since <= months[0])
    if actor.name == "grey_importer":
        pool = tuple(good for good in pool if good.prefix != "893" or good.small)
    if actor.name == "hijacked":  # one trade before the takeover, another after it
        honest = _of_brands(pool, _brands(pool, 2, "honest", False, dice))
        before = {good.shelf.name for good in honest}
        others = tuple(good for good in pool if good.shelf.name not in before)
        return Stock(
            honest, plain, _of_brands(others, _brands(others, dice.whole(*actor.brands), "copied", True, dice))
        )
    copier = actor.copier
    # Worn goods of great names come up as often as their copies: what was dear once is worth passing on.
    by = "copied" if copier or (actor.style == "used" and dice.chance(0.6)) else "honest"
    stock = _of_brands(pool, _brands(pool, dice.whole(*actor.brands), by, copier, dice))
    if actor.name != "brand_official" and dice.chance(_FOLLOWS):
        shelves = {good.shelf.name for good in stock}
        stock += tuple(
            good
            for good in goods.branded
            if months[0] < good.since <= months[1] and (copier or good.shelf.name in shelves)
        )
    return Stock(stock, plain, stock)


def _brands(pool: tuple[Good, ...], count: int, by: str, wide: bool, dice: Dice) -> set[str | None]:
    """Up to that many brands, drawn by weight; honest shops mostly keep to the shelf of the first."""
    weights = [getattr(good, by) for good in pool]
    first = dice.pick_weighted(pool, weights)
    brands = {first.brand}
    near = [good for good in pool if good.shelf is first.shelf]
    near_weights = [getattr(good, by) for good in near]
    for _ in range(count - 1):
        far = wide or dice.chance(0.2)
        brands.add(dice.pick_weighted(pool if far else near, weights if far else near_weights).brand)
    return brands


def _of_brands(pool: tuple[Good, ...], brands: set[str | None]) -> tuple[Good, ...]:
    return tuple(good for good in pool if good.brand in brands)


def _one_copied(goods: Catalogue, dice: Dice, shelf: str | None) -> tuple[Good, ...]:
    near = [good for good in goods.branded if shelf in (None, good.shelf.name) and not good.since]
    return (dice.pick_weighted(near, [good.copied for good in near]),)
