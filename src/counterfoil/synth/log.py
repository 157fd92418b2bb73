"""The log of the simulated market: every event with the time at which it became known, in that order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from counterfoil.synth.calendar import DAY, END, HOUR, demand, iso
from counterfoil.synth.dice import Dice, Streams
from counterfoil.synth.findings import Finding
from counterfoil.synth.labels import Case, cases
from counterfoil.synth.offers import GRID, Offer
from counterfoil.synth.prices import rounded
from counterfoil.synth.shown import Body, listing, seen_again, seller

# A sighting reaches the log a minute and a half after it was made.
_DELIVERY = 90

Known = tuple[float, str, dict[str, Any]]  # when it became known, the event's id, the event


def events(offers: Sequence[Offer], chance: Streams) -> list[Known]:
    """All events up to the end of the simulated time, sorted by when they became known."""
    known: list[Known] = []
    bodies = [listing(offer, chance.words, chance.shown) for offer in offers]
    found = cases(offers, [body["title"] for body in bodies], chance.labels)
    for offer, body, case in zip(offers, bodies, found, strict=True):
        known += _listing_events(offer, body, case, chance)
        if offer.place == len(offer.account.life.visits) - 1:
            known += _seller_events(offer, chance.sales)
    return sorted((event for event in known if event[0] < END), key=lambda event: (event[0], event[1]))


def _event(kind: str, number: str, at: float, delay: float, **fields: Any) -> Known:
    name = f"{kind}-{number}"
    body = {"type": kind, "event_id": name, "happened_at": iso(at), **fields, "known_at": iso(at + delay)}
    return float(int(at + delay)), name, body


def _listing_events(offer: Offer, body: Body, case: Case, chance: Streams) -> Iterator[Known]:
    name = f"{offer.number:06d}"
    yield _listed(offer, f"{name}-0", body, offer.seen)
    gone = min(offer.gone, case.removed or offer.gone)
    again = _again(offer, gone, chance.sales)
    if again is not None:
        amount = rounded(offer.quote.amount * chance.sales.between(0.85, 1.08), careless=False, dice=chance.sales)
        yield _listed(offer, f"{name}-1", seen_again(body, offer, again, amount), again)
    target = {"type": "listing", "id": body["listing_id"]}
    if gone < END:
        by = "platform" if gone != offer.gone else "seller" if offer.account.life.closes > gone else "unknown"
        yield _event("delisted", name, gone, HOUR, listing_id=body["listing_id"], by=by)
    if offer.account.view == "full":
        yield from _activity(offer, case.complaints, gone, target["id"], chance.sales)
    if case.removed is not None:
        yield _event("action", f"{name}-0", case.removed, 60, target=target, action="removed", by="platform")
    if case.restored is not None:
        yield _event("action", f"{name}-1", case.restored, 60, target=target, action="restored", by="platform")
    for place, finding in enumerate(case.findings):
        yield _verdict(finding, target, name, place)


def _listed(offer: Offer, number: str, body: Body, at: int) -> Known:
    account = offer.account
    put_up = bisect_right(account.life.visits, at)
    shown = seller(account, at, put_up)
    return _event("listed", number, at, _DELIVERY, seller_id=account.seller_id, listing=body, seller=shown)


def _again(offer: Offer, gone: float, dice: Dice) -> int | None:
    """When the listing is seen again, if it still stands then."""
    if not dice.chance(0.12):
        return None
    at = -(-int(offer.seen + dice.between(5, 45) * DAY) // GRID) * GRID
    return at if at < gone else None


def _activity(offer: Offer, complained: Sequence[float], gone: float, listing_id: str, dice: Dice) -> Iterator[Known]:
    """Orders, returns and complaints of the first and of the next two months."""
    start = float(offer.seen)
    for period, days in enumerate((30, 60)):
        end = start + days * DAY
        orders = dice.count(offer.orders * demand(start, min(end, gone)))
        complaints = sum(start <= at < end for at in complained)
        orders = max(orders, complaints)
        if orders:
            unhappy = dice.share(orders, min(0.6, offer.account.unhappy * (1.6 if offer.style == "deceptive" else 1.0)))
            fields = {
                "listing_id": listing_id,
                "orders": orders,
                "returns": dice.share(orders, 0.09 if offer.style == "deceptive" else 0.025),
                "counterfeit_complaints": complaints,
                "rating_counts": {"1": unhappy // 2, "5": (orders - unhappy) // 2},
            }
            yield _event("activity", f"{offer.number:06d}-{period}", end, HOUR, **fields)
        start = end


def _seller_events(offer: Offer, dice: Dice) -> Iterator[Known]:
    """Sometimes the seller's page is seen by itself; some accounts are closed by the platform, others just end."""
    account = offer.account
    name = account.seller_id.replace(":", "-") + f"-{offer.number:06d}"
    at = int(offer.seen + dice.between(1, 60) * DAY)
    if account.view == "full" and dice.chance(0.5) and at < account.life.closes:
        yield _event("seller", name, at, _DELIVERY, seller=seller(account, at, len(account.life.visits)))
    if account.life.closes < END and dice.chance(0.5):
        target = {"type": "seller", "id": account.seller_id}
        yield _event("action", name, account.life.closes, 60, target=target, action="removed", by="platform")


def _verdict(finding: Finding, target: Body, name: str, place: int) -> Known:
    label_id = f"verdict-{name}-{place}"
    selection: dict[str, Any] = {"mechanism": finding.mechanism}
    if finding.propensity is not None:
        selection["propensity"] = round(finding.propensity, 6)
    body: dict[str, Any] = {
        "type": "verdict",
        "label_id": label_id,
        "target": target,
        "label": finding.label,
        "source": finding.source,
        "strength": finding.strength,
        "labelled_at": iso(finding.at),
        "effective_at": iso(finding.offer.seen),
        "selection": selection,
    }
    if finding.label == "counterfeit":
        body["violation"] = "trademark_counterfeit"
    if finding.corrects:
        body["supersedes"] = f"verdict-{name}-{place - 1}"
    return float(int(finding.known)), label_id, body | {"known_at": iso(finding.known)}
