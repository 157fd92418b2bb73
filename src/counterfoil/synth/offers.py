"""The offers of the simulated market, with their hidden truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from counterfoil.synth.accounts import Account
from counterfoil.synth.actors import Style
from counterfoil.synth.calendar import DAY, END, HOUR
from counterfoil.synth.dice import Dice, Streams
from counterfoil.synth.goods import Good
from counterfoil.synth.prices import Quote, quote

# Crawls run on a grid, so that several listings become known at the same instant.
GRID = 600
# Mean days between a listing's birth and its first sighting: a feed tells at once, a crawl finds what has long been there.
_LAG = {"full": 0.25, "id": 45.0, "crawl": 90.0}


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing and what is true of it; times are epoch seconds, `seen` is the first sighting, `gone` may be never.

    `orders` is the mean number of orders a day, `sold` those before the first sighting.
    """

    number: int
    account: Account
    place: int  # which listing of the account it is, from 0
    good: Good
    fake: bool
    style: Style
    created: int
    seen: int
    gone: float
    quote: Quote
    orders: float
    sold: int


def offers(accounts: Iterable[Account], chance: Streams) -> Iterator[Offer]:
    """Every listing of every account."""
    number = 0
    for account in accounts:
        for place, visit in enumerate(account.visits):
            yield _offer(number, place, account, visit, chance)
            number += 1


def _offer(number: int, place: int, account: Account, visit: int, chance: Streams) -> Offer:
    actor, dice = account.actor, chance.goods
    taken_over = actor.name == "hijacked" and visit >= account.takeover
    fake = dice.chance(actor.fakes) and (actor.name != "hijacked" or taken_over)
    good = _good(account, fake, dice)
    # Sellers of open copies write openly; one lone copy on an honest shelf is written like its neighbours.
    style = actor.fake_style if fake else actor.style
    seen = min(-(-visit // GRID) * GRID, END - 2 * GRID)
    lag = chance.visits.wait(_LAG[account.view]) * DAY
    created = round(max(seen - lag, account.takeover if taken_over else account.registered))
    asked = quote(actor, good, fake, seen, chance.prices)
    orders = min(40.0, chance.sales.around(actor.pace, 1.1) * (1.6 if asked.amount < 100_000 else 1.0))
    leaves = seen + chance.sales.wait(150) * DAY if chance.sales.chance(0.35) else float("inf")
    return Offer(
        number=number,
        account=account,
        place=place,
        good=good,
        fake=fake,
        style=style,
        created=min(created, seen),
        seen=seen,
        gone=max(seen + 2 * HOUR, min(account.closes, leaves)),
        quote=asked,
        orders=orders,
        sold=chance.sales.count(orders * max(0, seen - created) / DAY),
    )


def _good(account: Account, fake: bool, dice: Dice) -> Good:
    if fake:
        return dice.pick_weighted(account.copies, [good.copied for good in account.copies])
    branded = account.stock and (not account.plain or dice.chance(account.actor.branded))
    shelf = account.stock if branded else account.plain
    return dice.pick_weighted(shelf, [good.honest for good in shelf])
