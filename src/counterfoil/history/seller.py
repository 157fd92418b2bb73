"""A seller as the log has shown them so far."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from counterfoil.history.listing import ListingHistory
from counterfoil.history.tallies import VerdictTally, add_count, by_day, window_sum
from counterfoil.history.views import ActivityCounts, SellerFacts, SellerView
from counterfoil.ingest.schema import Seller

_ACTIVITY_DAYS = 90


@dataclass(slots=True)
class Snapshot:
    """The facts as one event showed them; `listing_id` is None when the seller was seen alone."""

    listing_id: str | None
    facts: SellerFacts


@dataclass(slots=True)
class SellerHistory:
    """Counts by day and by key; everything a listing adds can be taken out again exactly."""

    listings: dict[int, int] = field(default_factory=dict)
    brands: dict[str, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    hand_carried: int = 0
    activity: dict[int, list[int]] = field(default_factory=dict)
    verdicts: VerdictTally = field(default_factory=VerdictTally)
    # The latest snapshot, and the latest that came with another listing: one of the two is not the listing's own.
    snapshots: list[Snapshot] = field(default_factory=list)

    def saw(self, seller: Seller, listing_id: str | None) -> None:
        """Keep the facts that an event showed."""
        facts = facts_of(seller)
        if facts == SellerFacts():
            return
        latest = Snapshot(listing_id, facts)
        if self.snapshots and self.snapshots[0].listing_id != listing_id:
            self.snapshots = [latest, self.snapshots[0]]
        else:
            self.snapshots[:1] = [latest]

    def count(self, listing: ListingHistory, by: int) -> None:
        """Count a distinct listing, or take it out with `by=-1`."""
        add_count(self.listings, listing.first_day, by)
        add_count(self.brands, listing.brand or "-", by)
        add_count(self.categories, listing.category or "-", by)
        self.hand_carried += by * listing.hand_carried

    def acted(self, day: int, counts: list[int]) -> None:
        """Add what buyers did on a day: orders, returns and counterfeit complaints."""
        row = self.activity.setdefault(day, [0, 0, 0])
        for column, count in enumerate(counts):
            row[column] += count

    def view(
        self, as_of: int, last_day: int, shown: SellerFacts, own_id: str | None, own: ListingHistory | None
    ) -> SellerView:
        """What is known of the seller, leaving out every sighting of and verdict on the listing being asked about.

        `shown` is what the request says; the log completes it. `own` is the listing's record when this seller has it
        in its counts.
        """
        days, brands, categories, hand_carried = self.listings, self.brands, self.categories, self.hand_carried
        verdicts = self.verdicts.counts(as_of)
        if own is not None:
            days, brands, categories = dict(days), dict(brands), dict(categories)
            add_count(days, own.first_day, -1)
            add_count(brands, own.brand or "-", -1)
            add_count(categories, own.category or "-", -1)
            hand_carried -= own.hand_carried
            verdicts = verdicts.minus(own.verdicts.counts(as_of))
        snapshot = next((s for s in self.snapshots if own_id is None or s.listing_id != own_id), None)
        return SellerView(
            facts=merge_facts(shown, snapshot.facts) if snapshot is not None else shown,
            identified=True,
            first_seen_day=min(days, default=None),
            listings_d7=window_sum(days, last_day, 7),
            listings_d30=window_sum(days, last_day, 30),
            listings_d90=window_sum(days, last_day, 90),
            listings_total=sum(days.values()),
            brands=len(brands) - ("-" in brands),
            categories=len(categories) - ("-" in categories),
            hand_carried=hand_carried,
            activity=self._activity(last_day),
            verdicts=verdicts,
        )

    def _activity(self, last_day: int) -> ActivityCounts:
        rows = [row for day, row in self.activity.items() if last_day - _ACTIVITY_DAYS < day <= last_day]
        return ActivityCounts(*map(sum, zip(*rows, strict=True))) if rows else ActivityCounts()

    def to_json(self) -> dict[str, Any]:
        """Plain data for a store."""
        return {
            "listings": self.listings,
            "brands": self.brands,
            "categories": self.categories,
            "hand_carried": self.hand_carried,
            "activity": self.activity,
            "verdicts": self.verdicts.to_json(),
            "snapshots": [{"listing_id": s.listing_id, "facts": asdict(s.facts)} for s in self.snapshots],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SellerHistory:
        """The inverse of `to_json`, from JSON with text keys."""
        return cls(
            listings=by_day(data["listings"]),
            brands=data["brands"],
            categories=data["categories"],
            hand_carried=data["hand_carried"],
            activity=by_day(data["activity"]),
            verdicts=VerdictTally.from_json(data["verdicts"]),
            snapshots=[Snapshot(s["listing_id"], _facts_from_json(s["facts"])) for s in data["snapshots"]],
        )


def facts_of(seller: Seller) -> SellerFacts:
    """The facts of a seller as shown; rating counts may be stars (4-5 good, 1-2 bad) or good / normal / bad."""
    stats = seller.stats
    counts = stats.rating_counts
    good = bad = total = None
    if counts is not None:
        good = sum(n for name, n in counts.items() if name in {"good", "4", "5"})
        bad = sum(n for name, n in counts.items() if name in {"bad", "1", "2"})
        total = sum(counts.values())
    return SellerFacts(
        registered_at=seller.registered_at,
        identity_verified=seller.identity_verified,
        official_store=seller.official_store,
        rating_average=stats.rating_average,
        ratings_good=good,
        ratings_bad=bad,
        rating_count=total,
        followers=stats.followers,
        listing_count=stats.listing_count,
        response_rate=stats.response_rate,
        response_seconds=stats.response_seconds,
    )


_FACT_NAMES = tuple(f.name for f in fields(SellerFacts))


def merge_facts(shown: SellerFacts, known: SellerFacts) -> SellerFacts:
    """What the request shows, completed field by field by what the log knows."""
    if known == SellerFacts():
        return shown
    merged = {}
    for name in _FACT_NAMES:
        value = getattr(shown, name)
        merged[name] = value if value is not None else getattr(known, name)
    return SellerFacts(**merged)


def _facts_from_json(data: dict[str, Any]) -> SellerFacts:
    registered = data["registered_at"]
    return SellerFacts(**{**data, "registered_at": datetime.fromisoformat(registered) if registered else None})
