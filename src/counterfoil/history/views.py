"""What is known about one listing, as features read it: immutable, with its own sightings and verdicts left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from counterfoil.history.codes import CodeView
from counterfoil.history.keys import Keys
from counterfoil.history.tallies import VerdictCounts
from counterfoil.ingest.entry import Finding, Subject
from counterfoil.ingest.schema import Listing


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """What a platform shows about a seller; None is unknown, never zero."""

    registered_at: datetime | None = None
    identity_verified: bool | None = None
    official_store: bool | None = None
    rating_average: float | None = None
    ratings_good: int | None = None
    ratings_bad: int | None = None
    rating_count: int | None = None
    followers: int | None = None
    listing_count: int | None = None
    response_rate: float | None = None
    response_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ActivityCounts:
    """What buyers did with a seller's listings in the last 90 days."""

    orders: int = 0
    returns: int = 0
    counterfeit_complaints: int = 0


@dataclass(frozen=True, slots=True)
class SellerView:
    """What was known of a seller; counts are of distinct listings, without the one being asked about.

    `hand_carried` counts those whose titles say so, and nothing that hints at a copy.
    """

    facts: SellerFacts = field(default_factory=SellerFacts)
    identified: bool = False
    first_seen_day: int | None = None
    listings_d7: int = 0
    listings_d30: int = 0
    listings_d90: int = 0
    listings_total: int = 0
    brands: int = 0
    categories: int = 0
    hand_carried: int = 0
    activity: ActivityCounts = field(default_factory=ActivityCounts)
    verdicts: VerdictCounts = field(default_factory=VerdictCounts)

    @property
    def cold_start(self) -> bool:
        """Whether nothing was known of the seller besides this listing."""
        return not self.listings_total and not any(self.verdicts) and self.activity == ActivityCounts()


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """Unit prices lately seen at one level of the fallback chain; the median is NaN when `count` is 0."""

    level: str
    count: int
    median: float


@dataclass(frozen=True, slots=True)
class PriceReference:
    """The price a unit price is held against, shrunk towards its parent level, and the level it came from."""

    level: str
    count: int
    price: float


@dataclass(frozen=True, slots=True)
class MarketView:
    """Prices of comparable listings without this one; `reference` is None when no level has enough of them.

    `list_price` is the usual list price of such goods of the brand, to its order of magnitude, where one is known.
    """

    unit_price: float | None
    currency: str | None
    levels: tuple[PriceLevel, ...]
    list_price: float | None
    reference: PriceReference | None

    def level(self, name: str) -> PriceLevel:
        """The level of that name."""
        return next(level for level in self.levels if level.level == name)


@dataclass(frozen=True, slots=True)
class WordingView:
    """Listings of the same title family: how many, at how many other sellers, and what verdicts they had."""

    listings: int = 0
    other_sellers: int = 0
    verdicts: VerdictCounts = field(default_factory=VerdictCounts)


@dataclass(frozen=True, slots=True)
class About:
    """A listing with what was known the moment before: all that a feature may read."""

    subject: Subject
    keys: Keys
    as_of: datetime
    seller: SellerView
    market: MarketView
    wording: WordingView
    codes: tuple[CodeView, ...] = ()

    @property
    def listing(self) -> Listing:
        """The listing being asked about."""
        return self.subject.listing

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The contacts that intake masked in its texts."""
        return self.subject.findings

    @property
    def observed_at(self) -> datetime:
        """The time to which ages count: when the listing was seen, else `as_of`."""
        return self.listing.observed_at or self.as_of
