"""The accounts of the simulated market: who they are, what they stock, and when they put listings up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from counterfoil.synth.actors import ACTORS, Actor
from counterfoil.synth.calendar import DAY, END, IDENTITY_LAW, START, moment
from counterfoil.synth.dice import Dice, Streams
from counterfoil.synth.goods import Catalogue, Good, catalogue

View = Literal["full", "id", "crawl"]
NEVER = float("inf")
# What a seller's page shows; each account lacks some of it.
FIELDS = ("registered_at", "identity_verified", "official_store", "rating_average", "rating_counts", "followers",
          "listing_count", "response_rate", "response_seconds")  # fmt: skip

_WORDS = ("an", "bảo", "cát", "dương", "gia", "hà", "hạnh", "khôi", "lam", "linh", "mai", "minh",
          "mộc", "ngân", "nhi", "phong", "phúc", "quân", "sơn", "thảo", "trúc", "tú", "vy", "yến")  # fmt: skip
_HEADS = ("Shop", "Tiệm", "Nhà", "Kho", "Tổng kho", "Store", "Cửa hàng", "Thế giới", "Góc", "")
_TAILS = (
    "",
    "",
    " Shop",
    " Store",
    " Official",
    ".vn",
    " Mall",
    " Auth",
    " 2026",
    " Sài Gòn",
    " Hà Nội",
    " Boutique",
    " House",
)


@dataclass(frozen=True, slots=True)
class Account:
    """A seller's account. Times are epoch seconds; `view` is how much of it a platform lets us see, whoever it is."""

    actor: Actor
    platform: str
    seller_id: str
    display_name: str
    view: View
    registered: int
    closes: float
    takeover: float
    verified_from: float
    official: bool
    ratings_per_day: float
    unhappy: float
    listings_before: int
    response_rate: float
    operator: str
    contacts: tuple[str, ...]
    hidden: frozenset[str]
    stock: tuple[Good, ...]
    plain: tuple[Good, ...]
    copies: tuple[Good, ...]
    visits: tuple[int, ...]


def accounts(listings: int, seed: int, chance: Streams) -> Iterator[Account]:
    """The accounts that put up exactly that many listings, shared among the actors as their table says."""
    opened = 0
    for actor, quota in zip(ACTORS, _quotas(listings), strict=True):
        left, operator, previous = quota, "", None
        while left > 0:
            returns = previous is not None and _comes_back(previous, chance.accounts)
            if not returns:
                operator = f"{seed}/{actor.name}/{opened}"
            account = _open(actor, opened, left, chance, operator=operator, previous=previous if returns else None)
            opened += 1
            left -= len(account.visits)
            previous = account
            yield account


def _comes_back(account: Account, dice: Dice) -> bool:
    """Whether the operator opens another account: mostly when this one closes, seldom beside one that stays."""
    if account.closes == NEVER:
        return dice.chance(0.03)
    return account.closes < END - 40 * DAY and dice.chance(0.6)


def _quotas(listings: int) -> list[int]:
    """Listings by actor: shares rounded by largest remainder."""
    exact = [actor.share * listings for actor in ACTORS]
    quotas = [int(share) for share in exact]
    order = sorted(range(len(ACTORS)), key=lambda place: quotas[place] - exact[place])
    for place in order[: listings - sum(quotas)]:
        quotas[place] += 1
    return quotas


def _open(actor: Actor, number: int, left: int, chance: Streams, *, operator: str, previous: Account | None) -> Account:
    dice = chance.accounts
    start = previous.closes + dice.between(3, 20) * DAY if previous and previous.closes < NEVER else 0.0
    size = min(left, max(1, round(dice.around(actor.size, 0.5 if actor.life else 0.85))))
    registered, closes, takeover, visits = _life(actor, size, start, chance.visits)
    platform = dice.pick_weighted(("shopee", "tiki", "lazada"), (0.55, 0.25, 0.20))
    view: View = dice.pick_weighted(("full", "id", "crawl"), (0.6, 0.3, 0.1))
    stock, plain, copies = _assortment(actor, catalogue(), chance.goods)
    verified = registered if dice.chance(actor.verified) else IDENTITY_LAW + dice.wait(40) * DAY
    brand = stock[0].brand if actor.name == "brand_official" and stock else None
    return Account(
        actor=actor,
        platform=platform,
        seller_id=f"{platform}:{scattered(number, 10**9)}",
        display_name=f"{brand} Official Store" if brand else _name(dice),
        view=view,
        registered=registered,
        closes=closes,
        takeover=takeover,
        verified_from=NEVER if actor.life and verified > registered and dice.chance(0.5) else verified,
        official=actor.name == "brand_official" or (actor.name == "authorised_reseller" and dice.chance(0.25)),
        ratings_per_day=dice.around(actor.pace * 1.5, 1.0),
        unhappy=min(0.5, dice.around(actor.unhappy, 0.5)),
        listings_before=round(dice.around(2.0 + (0.0 if actor.life else actor.size * 2), 0.8)),
        response_rate=1 - min(0.6, dice.around(0.08, 0.8)),
        operator=operator,
        contacts=_contacts(operator, dice),
        hidden=frozenset(field for field in FIELDS if dice.chance(0.10)),
        stock=stock,
        plain=plain,
        copies=copies,
        visits=tuple(sorted(visits)),
    )


def _life(actor: Actor, size: int, start: float, dice: Dice) -> tuple[int, float, float, list[int]]:
    """When an account was registered, closes and is taken over, and when it puts up its listings."""
    registered: float
    if actor.name == "hijacked":
        takeover = moment(dice, START + 90 * DAY, END - 10 * DAY)
        registered = takeover - dice.around(actor.age, 0.4) * DAY
        before = size // 4
        quiet = takeover - 60 * DAY
        visits = [moment(dice, max(START, registered), quiet) for _ in range(before)]
        visits += [moment(dice, takeover, takeover + 9 * DAY) for _ in range(size - before)]
        return round(registered), takeover + (12 + dice.wait(30)) * DAY, takeover, visits
    if actor.life is None:
        seen = moment(dice, START, END)
        registered = seen - dice.around(actor.age, 0.6) * DAY
        return round(registered), NEVER, NEVER, [moment(dice, registered, END) for _ in range(size)]
    opens = start or moment(dice, START, END - 5 * DAY)
    closes = opens + (4 + dice.wait(actor.life)) * DAY
    if actor.name == "counterfeiter_naive":  # most in a burst right after opening, some in a second one
        registered = opens - dice.around(actor.age * 0.8, 0.8) * DAY
        second = dice.between(opens, min(closes, END) - DAY)
        bursts = [second if dice.chance(0.3) else opens for _ in range(size)]
        visits = [moment(dice, burst, min(burst + 3 * DAY, closes)) for burst in bursts]
    else:
        registered = opens - dice.wait(110) * DAY
        visits = [moment(dice, opens, closes) for _ in range(size)]
    return round(registered), closes, NEVER, visits


def _assortment(
    actor: Actor, goods: Catalogue, dice: Dice
) -> tuple[tuple[Good, ...], tuple[Good, ...], tuple[Good, ...]]:
    """The branded stock, the unbranded stock, and what the account would copy."""
    if actor.style == "compatible":
        first = dice.pick(goods.compatible)
        fitting = tuple(good for good in goods.compatible if good.shelf is first.shelf)
        return (), fitting, _copied(goods, dice, first.shelf.name)
    wide = actor.life is not None or actor.name == "hijacked"
    count = dice.whole(*actor.brands)
    by = "copied" if wide else "honest"
    pool = [good for good in goods.branded if actor.name != "grey_importer" or good.prefix != "893"]
    first = dice.pick_weighted(pool, [getattr(good, by) for good in pool])
    brands = {first.brand}
    for _ in range(count - 1):
        near = pool if wide or dice.chance(0.2) else [good for good in pool if good.shelf is first.shelf]
        brands.add(dice.pick_weighted(near, [getattr(good, by) for good in near]).brand)
    stock = tuple(good for good in pool if good.brand in brands)
    shelves = {
        dice.pick_weighted(goods.plain, [good.honest for good in goods.plain]).shelf.name
        for _ in range(dice.whole(1, 3))
    }
    plain = tuple(good for good in goods.plain if good.shelf.name in shelves)
    return (stock, plain, stock) if actor.style != "unbranded" else ((), plain, _copied(goods, dice, None))


def _copied(goods: Catalogue, dice: Dice, shelf: str | None) -> tuple[Good, ...]:
    near = [good for good in goods.branded if shelf in (None, good.shelf.name)]
    return (dice.pick_weighted(near, [good.copied for good in near]),)


def _contacts(operator: str, dice: Dice) -> tuple[str, ...]:
    """Hashes of what links accounts of one operator; each account shows some of them."""
    kinds = [kind for kind, shown in (("tel", 0.45), ("bank", 0.25), ("zalo", 0.25)) if dice.chance(shown)]
    return tuple(f"{kind}:sim:{digest(f'{operator}/{kind}')[:32]}" for kind in kinds)


def scattered(number: int, size: int) -> int:
    """A number below `size` (a power of ten) that looks drawn, different for every different `number` below it."""
    return (number + 1) * 2_654_435_761 % size


def digest(text: str) -> str:
    """The sha256 of a text; stands in for the hash of a contact or an image that does not exist."""
    return hashlib.sha256(text.encode()).hexdigest()


def _name(dice: Dice) -> str:
    words = " ".join(dice.pick(_WORDS).capitalize() for _ in range(dice.whole(1, 3)))
    name = f"{dice.pick(_HEADS)} {words}{dice.pick(_TAILS)}".strip()
    return name if dice.chance(0.7) else name.lower().replace(" ", "_")
