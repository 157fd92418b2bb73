"""The offers of the simulated market, with their hidden truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from counterfoil.synth.accounts import Account
from counterfoil.synth.actors import Style
from counterfoil.synth.calendar import DAY, END, HOUR, month
from counterfoil.synth.dice import Dice, Streams
from counterfoil.synth.goods import Good
from counterfoil.synth.prices import Quote, quote
from counterfoil.synth.spoken import has_other_names

# Crawls run on a grid, so that several listings become known at the same instant.
GRID = 600
# Mean days between a listing's birth and its first sighting: a feed tells at once, a crawl finds what has long been there.
_LAG = {"full": 0.25, "id": 45.0, "crawl": 90.0, "draft": 0.0}
# How those who sell open copies write: saying so, under grey words, or like an official shop.
_WAYS: tuple[tuple[Style, ...], tuple[float, ...]] = (("overt", "grey copy", "official copy"), (0.80, 0.10, 0.10))
_LIKE_NEIGHBOURS = 0.6  # lone hidden copies on honest shelves that are written as what stands beside them
_EUPHEMISMS = 0.42  # of those whose mark can be described, so that it is a quarter of open copies


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing and what is true of it; times are epoch seconds, `seen` is the first sighting, `gone` may be never.

    `style` is what it is and `wording` how it is written, `euphemism` says that the mark is described and not named,
    `orders` is the mean number of orders a day, `sold` those before the first sighting.
    """

    number: int
    account: Account
    place: int  # which listing of the account it is, from 0
    good: Good
    fake: bool
    style: Style
    wording: Style
    euphemism: bool
    created: int
    seen: int
    gone: float
    quote: Quote
    orders: float
    sold: int


def offers(accounts: Iterable[Account], chance: Streams, first: int = 0) -> Iterator[Offer]:
    """Every listing of every account, numbered from `first`."""
    number = first
    for account in accounts:
        for place, visit in enumerate(account.life.visits):
            yield _offer(number, place, account, visit, chance)
            number += 1


def _offer(number: int, place: int, account: Account, visit: int, chance: Streams) -> Offer:
    actor, life, dice = account.actor, account.life, chance.goods
    taken_over = actor.name == "hijacked" and visit >= life.takeover
    fake = dice.chance(actor.fakes) and (actor.name != "hijacked" or taken_over)
    good = _good(account, fake, visit, dice)
    style = actor.fake_style if fake else actor.style
    wording = style
    if style == "deceptive" and not account.copier and dice.chance(_LIKE_NEIGHBOURS):
        wording = actor.style
    elif style == "overt":
        wording = "official copy" if account.level.copies else dice.pick_weighted(*_WAYS)
    elif account.clears and not fake:
        wording = "clearance"
    euphemism = wording in ("overt", "grey copy") and has_other_names(good.brand)
    euphemism = euphemism and dice.chance(_EUPHEMISMS * account.level.says)
    seen = min(-(-visit // GRID) * GRID, END - 2 * GRID)
    lag = chance.visits.wait(_LAG[account.view]) * DAY
    created = round(max(seen - lag, life.takeover if taken_over else life.registered))
    asked = quote(actor, good, seen, chance.prices, copy=account.level if fake else None, clears=account.clears)
    orders = min(40.0, chance.sales.around(actor.pace, 1.1) * (1.6 if asked.amount < 100_000 else 1.0))
    leaves = seen + chance.sales.wait(150) * DAY if chance.sales.chance(0.35) else float("inf")
    return Offer(
        number=number,
        account=account,
        place=place,
        good=good,
        fake=fake,
        style=style,
        wording=wording,
        euphemism=euphemism,
        created=min(created, seen),
        seen=seen,
        gone=max(seen + 2 * HOUR, min(life.closes, leaves)),
        quote=asked,
        orders=orders,
        sold=chance.sales.count(orders * max(0, seen - created) / DAY),
    )


def _good(account: Account, fake: bool, at: float, dice: Dice) -> Good:
    stock = account.stock
    if fake:
        return _drawn(stock.copied, "copied", at, dice)
    branded = stock.branded and (not stock.plain or dice.chance(account.actor.branded))
    return _drawn(stock.branded if branded else stock.plain, "honest", at, dice)


def _drawn(goods: tuple[Good, ...], by: str, at: float, dice: Dice) -> Good:
    """One of the goods by weight, of those that are on the market."""
    now = month(at)
    out = [good for good in goods if good.since <= now]
    return dice.pick_weighted(out, [getattr(good, by) for good in out])
