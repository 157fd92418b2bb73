"""A district: a part of the market that fits into memory, with accounts, chance and inspectors of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from counterfoil.synth.accounts import accounts
from counterfoil.synth.dice import streams
from counterfoil.synth.levels import Adversary
from counterfoil.synth.log import events
from counterfoil.synth.offers import Offer, offers

Record = dict[str, Any]
DISTRICT = 20_000  # listings at most


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, when it became known, its name, and the truth of a listing with its first sighting."""

    at: float
    name: str
    event: Record
    truth: Record | None


def sizes(listings: int, at_most: int) -> list[int]:
    """As few districts as possible, as even as possible."""
    count = -(-listings // at_most)
    return [listings // count + (place < listings % count) for place in range(count)]


def district(listings: int, seed: int, *, number: int, first: int, adversary: Adversary | None) -> Iterator[Entry]:
    """The entries of a district, its listings and accounts counted from `first`."""
    chance = streams(seed, number)
    offered = list(offers(accounts(listings, seed, chance, adversary, first), chance, first))
    for at, name, event in events(offered, chance):
        new = event["type"] == "listed" and name.endswith("-0")
        truth = _truth(offered[int(name.split("-")[1]) - first], event["listing"]["listing_id"]) if new else None
        yield Entry(at, name, event, truth)


def _truth(offer: Offer, listing_id: str) -> Record:
    account = offer.account
    return {
        "listing_id": listing_id,
        "seller_id": account.seller_id,
        "operator": account.operator,
        "actor": account.actor.name,
        "style": offer.style,
        "wording": offer.wording,
        "counterfeit": offer.fake,
        "adversary": account.level.name if offer.fake else None,
        "euphemism": offer.euphemism,
        "list_price": offer.good.list_price,
        "branded": offer.good.brand is not None,
        "small": offer.good.small,
        "new_brand": offer.good.since > 0,
        "price_ratio": round(offer.quote.ratio, 4),
        "campaign": offer.quote.campaign,
        "clearance": offer.quote.clearance,
    }
