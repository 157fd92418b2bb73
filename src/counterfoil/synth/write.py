"""The simulated market as files: score bodies, the log, and the truth that training never reads."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from counterfoil.errors import BadInput
from counterfoil.synth.accounts import accounts
from counterfoil.synth.dice import streams
from counterfoil.synth.log import events
from counterfoil.synth.offers import Offer, offers

Record = dict[str, Any]
SAMPLE_LISTINGS, SAMPLE_SEED = 300, 1


@dataclass(frozen=True, slots=True)
class Market:
    """A simulated market: score bodies in the order in which they became known, the log, and the truth in the same order."""

    listings: list[Record]
    events: list[Record]
    truth: list[Record]


def simulate(listings: int, seed: int) -> Market:
    """A market of that many listings over 2025-05-01 to 2026-10-31; the same seed gives the same market.

    Raises BadInput for fewer than one listing or a negative seed.
    """
    if listings < 1 or seed < 0:
        raise BadInput(f"got {listings} listings and seed {seed}, expected at least 1 and 0: choose other numbers")
    chance = streams(seed)
    offered = list(offers(accounts(listings, seed, chance), chance))
    log = events(offered, chance)
    bodies: list[Record] = []
    truth: list[Record] = []
    for _, name, event in log:
        if event["type"] == "listed" and name.endswith("-0"):
            bodies.append({"listing": event["listing"], "seller": event["seller"]})
            truth.append(_truth(offered[int(name.split("-")[1])], event["listing"]["listing_id"]))
    return Market(bodies, [event for _, _, event in log], truth)


def write_market(listings: int, seed: int, out: Path) -> Market:
    """`listings.jsonl`, `events.jsonl` and `truth.jsonl` in `out`; each file appears whole or not at all."""
    market = simulate(listings, seed)
    out.mkdir(parents=True, exist_ok=True)
    write_lines(out / "listings.jsonl", market.listings)
    write_lines(out / "events.jsonl", market.events)
    write_lines(out / "truth.jsonl", market.truth)
    return market


def write_sample(out: Path) -> None:
    """The small market shipped in `data/sample`: score bodies and the log, without the truth."""
    market = simulate(SAMPLE_LISTINGS, SAMPLE_SEED)
    out.mkdir(parents=True, exist_ok=True)
    write_lines(out / "listings.jsonl", market.listings)
    write_lines(out / "events.jsonl", market.events)


def write_lines(path: Path, records: Iterable[Record]) -> None:
    """JSON Lines, first beside the file and then moved over it."""
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as file:
            file.writelines(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _truth(offer: Offer, listing_id: str) -> Record:
    return {
        "listing_id": listing_id,
        "seller_id": offer.account.seller_id,
        "operator": offer.account.operator,
        "actor": offer.account.actor.name,
        "style": offer.style,
        "counterfeit": offer.fake,
        "list_price": offer.good.list_price,
        "branded": offer.good.brand is not None,
        "price_ratio": round(offer.quote.ratio, 4),
        "campaign": offer.quote.campaign,
        "clearance": offer.quote.clearance,
    }
