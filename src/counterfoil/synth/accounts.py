"""The accounts of the simulated market: who they are, what they stock, and when they put listings up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from counterfoil.synth.actors import ACTORS, Actor
from counterfoil.synth.calendar import DAY, END, IDENTITY_LAW, month
from counterfoil.synth.dice import Dice, Streams
from counterfoil.synth.goods import catalogue
from counterfoil.synth.levels import Adversary, Level, drawn, higher, named
from counterfoil.synth.lives import NEVER, Life, life
from counterfoil.synth.stock import Stock, assortment

# `full` is all of a seller's page, `id` and `draft` no more than an id, `crawl` a name; a draft is a listing as a
# platform asks about it before it goes live.
View = Literal["full", "id", "crawl", "draft"]
# What a seller's page shows; each account lacks some of it.
FIELDS = ("registered_at", "identity_verified", "official_store", "rating_average", "rating_counts", "followers",
          "listing_count", "response_rate", "response_seconds")  # fmt: skip
# New shops of honest people who clear a stock: cheap, unknown and loud as sellers of open copies are.
_CLEARERS, _CLEARS = ("honest_small", "grey_importer"), 0.022

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
    """A seller's account; `view` is how much of it a platform lets us see, whoever it is.

    `clears` says that it is there to clear a stock at whatever it brings;
    `shared` is the share of pictures, wording and contacts that it has in common with its operator's other accounts.
    """

    actor: Actor
    platform: str
    seller_id: str
    display_name: str
    view: View
    life: Life
    level: Level
    verified_from: float
    official: bool
    ratings_per_day: float
    unhappy: float
    listings_before: int
    response_rate: float
    clears: bool
    operator: str
    shared: float
    contacts: tuple[str, ...]
    hidden: frozenset[str]
    stock: Stock

    @property
    def copier(self) -> bool:
        """Whether selling copies is the account's trade."""
        return self.actor.copier


def accounts(
    listings: int, seed: int, chance: Streams, adversary: Adversary | None = None, first: int = 0
) -> Iterator[Account]:
    """The accounts that put up exactly that many listings, shared among the actors as their table says.

    `adversary` is the level of all who sell copies, None a mix; `first` is the number from which accounts are counted.
    """
    opened = first
    for actor, quota in zip(ACTORS, _quotas(listings), strict=True):
        left, operator, previous = quota, "", None
        level = named(adversary or "L0")
        while left > 0:
            returns = previous is not None and _comes_back(previous, chance.accounts)
            if not returns:
                operator, previous = f"{seed}/{actor.name}/{opened}", None
            if adversary is None:
                level = _level(actor, level if returns else None, chance.accounts)
            account = _open(actor, level, opened, left, chance, operator=operator, previous=previous)
            opened += 1
            left -= len(account.life.visits)
            previous = account
            yield account


def _level(actor: Actor, before: Level | None, dice: Dice) -> Level:
    """The level of a new account: its operator's last one, or one higher, for those who were caught and learn."""
    if before is None:
        return drawn(actor.name, dice)
    return higher(before) if actor.life is not None and dice.chance(0.10) else before


def _comes_back(account: Account, dice: Dice) -> bool:
    """Whether the operator opens another account: mostly when this one closes, seldom beside one that stays."""
    if account.life.closes == NEVER:
        return dice.chance(0.03)
    # Once sellers must be known, coming back under another name is harder.
    return account.life.closes < END - 40 * DAY and dice.chance(0.6 if account.life.closes < IDENTITY_LAW else 0.25)


def _quotas(listings: int) -> list[int]:
    """Listings by actor: shares rounded by largest remainder."""
    exact = [actor.share * listings for actor in ACTORS]
    quotas = [int(share) for share in exact]
    order = sorted(range(len(ACTORS)), key=lambda place: quotas[place] - exact[place])
    for place in order[: listings - sum(quotas)]:
        quotas[place] += 1
    return quotas


def _open(
    actor: Actor, level: Level, number: int, left: int, chance: Streams, *, operator: str, previous: Account | None
) -> Account:
    dice = chance.accounts
    start = previous.life.closes + dice.between(3, 20) * DAY if previous and previous.life.closes < NEVER else 0.0
    aged = level.aged and actor.life is not None
    median = actor.size / 3 if aged else actor.size
    size = min(left, max(1, round(dice.around(median, 0.5 if actor.life else 0.85))))
    clears = actor.name in _CLEARERS and dice.chance(_CLEARS)
    course = life(actor, level, size, start, chance.visits, young=clears)
    platform = dice.pick_weighted(("shopee", "tiki", "lazada"), (0.55, 0.25, 0.20))
    view: View = dice.pick_weighted(("full", "id", "crawl", "draft"), (0.50, 0.15, 0.10, 0.25))
    months = (month(course.visits[0]), month(course.visits[-1]))
    stock = assortment(actor, catalogue(), months, chance.goods)
    verified: float = course.registered if dice.chance(actor.verified) else IDENTITY_LAW + dice.wait(40) * DAY
    if actor.life and verified > course.registered and dice.chance(0.5):
        verified = NEVER
    brand = stock.branded[0].brand if actor.name == "brand_official" else None
    shared = previous.shared if previous else dice.between(0.4, 0.8)
    return Account(
        actor=actor,
        platform=platform,
        seller_id=f"{platform}:{scattered(number, 10**9)}",
        display_name=f"{brand} Official Store" if brand else _name(dice),
        view=view,
        life=course,
        level=level,
        verified_from=verified,
        official=actor.name == "brand_official" or (actor.name == "authorised_reseller" and dice.chance(0.25)),
        ratings_per_day=dice.around(actor.pace * 1.5, 1.0),
        unhappy=min(0.5, dice.around(actor.unhappy, 0.5)),
        listings_before=round(dice.around(2.0 + (0.0 if actor.life else actor.size * 2), 0.8)),
        response_rate=1 - min(0.6, dice.around(0.08, 0.8)),
        clears=clears,
        operator=operator,
        shared=0.0 if aged else shared,
        contacts=_contacts(f"{operator}/{number}" if aged else operator, dice),
        hidden=frozenset(field for field in FIELDS if dice.chance(0.10)),
        stock=stock,
    )


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
