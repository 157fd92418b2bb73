"""The offer itself: its age, its pictures, how it sells and how it is rated."""

from __future__ import annotations

from math import log1p

from counterfoil.features.feature import MISSING, Reason, feature, reason
from counterfoil.history.views import About
from counterfoil.ingest.schema import Listing
from counterfoil.knowledge.categories import CATEGORY_IDS


def _log_count(count: int | None) -> float:
    return MISSING if count is None else log1p(count)


def _ratings(listing: Listing) -> int | None:
    stats = listing.stats
    if stats.rating_count is not None:
        return stats.rating_count
    return sum(stats.rating_counts.values()) if stats.rating_counts is not None else None


def _age_days(about: About) -> float:
    created = about.listing.created_at
    return MISSING if created is None else max(0.0, (about.observed_at - created).total_seconds() / 86_400)


@feature("listing")
def category_number(about: About) -> float:
    """The number of the category in `counterfoil.knowledge.categories.CATEGORY_IDS`; NaN when the path is not mapped."""
    category = about.keys.category
    return MISSING if category is None else float(CATEGORY_IDS.index(category))


@feature("listing")
def listing_age_days(about: About) -> float:
    """Days from the creation of the listing to the sighting; NaN when not shown."""
    return _age_days(about)


@listing_age_days.because
def _(about: About) -> Reason | None:
    age = _age_days(about)
    if not age >= 0:
        return None
    return reason("LISTING_NEW" if age < 30 else "LISTING_OLD", age_days=round(age))


@feature("listing")
def sold_count(listing: Listing) -> float:
    """Units sold, as log(1 + n); many sales prove nothing, cheap fakes sell well. NaN when not shown."""
    return _log_count(listing.stats.sold_count)


@feature("listing")
def listing_ratings(listing: Listing) -> float:
    """Ratings of the listing, as log(1 + n); NaN when not shown."""
    return _log_count(_ratings(listing))


@feature("listing")
def listing_rating(listing: Listing) -> float:
    """Mean rating of the listing (0-5), shrunk towards 4.7 with the weight of 10 ratings; NaN when none is shown."""
    average, n = listing.stats.rating_average, _ratings(listing)
    if average is None or n is None:
        return MISSING
    return (average * n + 4.7 * 10) / (n + 10)


@feature("listing")
def favourites(listing: Listing) -> float:
    """How often the listing was marked as a favourite, as log(1 + n); NaN when not shown."""
    return _log_count(listing.stats.favourites)


@feature("listing")
def image_count(listing: Listing) -> float:
    """Pictures of the listing; NaN when neither a count nor any picture is given."""
    if listing.stats.image_count is not None:
        return float(listing.stats.image_count)
    return float(len(listing.images)) if listing.images else MISSING
