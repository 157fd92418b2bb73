"""Small made-up worlds for tests: listings, sellers, events and whole logs, by hand or drawn by hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from counterfoil.ingest.entry import Entry, Subject
from counterfoil.ingest.events import EVENT
from counterfoil.ingest.schema import Listing, Seller

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """A time some minutes after the start of the world."""
    return START + timedelta(minutes=minutes)


def listing(
    listing_id: str | None = "l1", *, title: str = "Giày thể thao nam", price: Any = "200000", **more: Any
) -> Listing:
    """A listing; `price` None means that none is shown."""
    body: dict[str, Any] = {"listing_id": listing_id, "title": title, "platform": "shopee", **more}
    if price is not None:
        body["price"] = {"amount": str(price), "currency": "VND"} if not isinstance(price, dict) else price
    return Listing.model_validate(body)


def listed(
    known_at: datetime, seller_id: str, what: Listing, seller: dict[str, Any] | None = None, name: str = ""
) -> Entry:
    """A sighting; its event id follows from listing and time unless named."""
    body = {
        "type": "listed",
        "event_id": name or f"{what.listing_id}@{known_at.isoformat()}",
        "happened_at": known_at,
        "seller_id": seller_id,
        "listing": what,
        "seller": {"seller_id": seller_id, **seller} if seller is not None else None,
    }
    return Entry(known_at, EVENT.validate_python(body))


def verdict(known_at: datetime, name: str, target: str, label: str = "counterfeit", **more: Any) -> Entry:
    """A verdict on a listing."""
    body = {
        "type": "verdict",
        "label_id": name,
        "target": {"type": more.pop("target_type", "listing"), "id": target},
        "label": label,
        "source": "moderator_review",
        "labelled_at": known_at,
        **more,
    }
    return Entry(known_at, EVENT.validate_python(body))


def activity(known_at: datetime, name: str, target: str, **counts: int) -> Entry:
    """What buyers did with a listing."""
    body = {"type": "activity", "event_id": name, "happened_at": known_at, "listing_id": target, **counts}
    return Entry(known_at, EVENT.validate_python(body))


def subject(what: Listing, seller_id: str | None = "s1", **seller: Any) -> Subject:
    """A listing to judge."""
    shown = Seller.model_validate({"seller_id": seller_id, **seller}) if seller_id is not None else None
    return Subject(what, shown)


_IDS = st.sampled_from([f"l{i}" for i in range(6)])
_SELLERS = st.sampled_from([f"s{i}" for i in range(3)])
_TITLES = st.sampled_from(
    ["Giày thể thao nam", "nam Giày thể thao", "Túi xách da", "Dép đi trong nhà", "Dép xách tay Nhật"]
)
_BRANDS = st.sampled_from([None, "Nike", "OEM", "Xưởng Nhỏ"])
_PATHS = st.sampled_from([[], ["Giày Dép Nam"], ["Túi ví nữ"]])
_PRICES = st.one_of(st.none(), st.integers(0, 5_000_000).map(str))
_FACTS = st.one_of(
    st.none(), st.fixed_dictionaries({"stats": st.fixed_dictionaries({"followers": st.integers(0, 99)})})
)


@st.composite
def entries(draw: st.DrawFn, steps: int = 400) -> list[Entry]:
    """A log of up to 30 events in order of `known_at`, with many ties; verdicts may supersede earlier ones."""
    times = sorted(draw(st.lists(st.integers(0, steps), max_size=30)))
    log: list[Entry] = []
    labels: list[str] = []
    for number, step in enumerate(times):
        known_at = at(step * 720)
        kind = draw(st.sampled_from(["listed", "listed", "listed", "verdict", "activity", "seller"]))
        if kind == "listed":
            what = listing(
                draw(_IDS), title=draw(_TITLES), price=draw(_PRICES), brand=draw(_BRANDS), category_path=draw(_PATHS)
            )
            log.append(listed(known_at, draw(_SELLERS), what, draw(_FACTS), f"e{number}"))
        elif kind == "verdict":
            more: dict[str, Any] = {}
            superseded = draw(st.sampled_from([None, *labels]))
            if superseded is not None:
                more["supersedes"] = superseded
                labels.remove(superseded)
            label = draw(st.sampled_from(["counterfeit", "genuine", "other_violation", "unsure"]))
            target = draw(st.one_of(_IDS, _SELLERS))
            target_type = "listing" if target.startswith("l") else "seller"
            log.append(verdict(known_at, f"v{number}", target, label, target_type=target_type, **more))
            labels.append(f"v{number}")
        elif kind == "activity":
            log.append(
                activity(known_at, f"e{number}", draw(_IDS), orders=draw(st.integers(0, 9)), counterfeit_complaints=1)
            )
        else:
            body = {
                "type": "seller",
                "event_id": f"e{number}",
                "happened_at": known_at,
                "seller": {"seller_id": draw(_SELLERS), "stats": {"followers": draw(st.integers(0, 99))}},
            }
            log.append(Entry(known_at, EVENT.validate_python(body)))
    return log


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    """A listing to judge that may or may not be in the log."""
    what = listing(
        draw(st.one_of(st.none(), _IDS)),
        title=draw(_TITLES),
        price=draw(_PRICES),
        brand=draw(_BRANDS),
        category_path=draw(_PATHS),
    )
    return subject(what, draw(st.one_of(st.none(), _SELLERS)))
