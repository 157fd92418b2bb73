"""Who sells: age, pace, breadth, ratings, and what verdicts are known."""

from __future__ import annotations

from datetime import datetime
from math import log1p

from counterfoil.features.feature import MISSING, Reason, feature, reason
from counterfoil.history.instants import day_of, micros
from counterfoil.history.views import About, SellerView

# Priors of the shrunk rates: a seller without ratings is an ordinary one, not a perfect one.
_PRIOR_RATING, _PRIOR_RATING_N = 4.7, 20.0
_PRIOR_BAD, _PRIOR_BAD_N = 0.05, 20.0
_PRIOR_COUNTERFEIT, _PRIOR_COUNTERFEIT_N = 0.05, 5.0
_PRIOR_COMPLAINT, _PRIOR_COMPLAINT_N = 0.0025, 200.0


def _known(value: float | None) -> float:
    return MISSING if value is None else float(value)


def _days_between(earlier: datetime, later: datetime) -> float:
    return max(0.0, (later - earlier).total_seconds() / 86_400)


def _age_days(about: About) -> float:
    registered = about.seller.facts.registered_at
    return MISSING if registered is None else _days_between(registered, about.observed_at)


@feature("seller")
def seller_age_days(about: About) -> float:
    """Days from the account's registration to the sighting; never constrained, since hijacked accounts are old."""
    return _age_days(about)


@seller_age_days.because
def _(about: About) -> Reason | None:
    age = _age_days(about)
    if not age >= 0:
        return None
    return reason("SELLER_NEW" if age < 180 else "SELLER_ESTABLISHED", age_days=round(age))


@feature("seller")
def seller_seen_days(about: About) -> float:
    """Days since the first other listing of the seller was seen in the log; NaN when there is none."""
    first = about.seller.first_seen_day
    return MISSING if first is None else float(day_of(micros(about.as_of)) - first)


@feature("seller")
def listings_d7(seller: SellerView) -> float:
    """Distinct other listings first seen in the last 7 days; NaN without a seller."""
    return float(seller.listings_d7) if seller.identified else MISSING


@listings_d7.because
def _(seller: SellerView) -> Reason | None:
    return reason("LISTING_BURST", listings_d7=seller.listings_d7) if seller.listings_d7 >= 5 else None


@feature("seller")
def listings_d30(seller: SellerView) -> float:
    """Distinct other listings first seen in the last 30 days; NaN without a seller."""
    return float(seller.listings_d30) if seller.identified else MISSING


@feature("seller")
def listings_d90(seller: SellerView) -> float:
    """Distinct other listings first seen in the last 90 days; NaN without a seller."""
    return float(seller.listings_d90) if seller.identified else MISSING


@feature("seller")
def brand_breadth(seller: SellerView) -> float:
    """Brands among the seller's other listings, per square root of their number; NaN when none was seen."""
    return seller.brands / seller.listings_total**0.5 if seller.listings_total else MISSING


@brand_breadth.because
def _(seller: SellerView) -> Reason | None:
    if seller.brands < 5:
        return None
    return reason("MANY_BRANDS", brands=seller.brands, categories=seller.categories, listings=seller.listings_total)


@feature("seller")
def category_breadth(seller: SellerView) -> float:
    """Categories among the seller's other listings, per square root of their number; NaN when none was seen."""
    return seller.categories / seller.listings_total**0.5 if seller.listings_total else MISSING


@feature("seller")
def seller_rating(seller: SellerView) -> float:
    """The seller's mean rating (0-5), shrunk towards 4.7 with the weight of 20 ratings; NaN when none is shown."""
    facts = seller.facts
    if facts.rating_average is None:
        return MISSING
    n = facts.rating_count if facts.rating_count is not None else _PRIOR_RATING_N
    return (facts.rating_average * n + _PRIOR_RATING * _PRIOR_RATING_N) / (n + _PRIOR_RATING_N)


@feature("seller")
def bad_rating_share(seller: SellerView) -> float:
    """The share of bad ratings, shrunk towards 5 % with the weight of 20 ratings; NaN when counts are not shown."""
    facts = seller.facts
    if facts.rating_count is None or facts.ratings_bad is None:
        return MISSING
    return (facts.ratings_bad + _PRIOR_BAD * _PRIOR_BAD_N) / (facts.rating_count + _PRIOR_BAD_N)


@bad_rating_share.because
def _(seller: SellerView) -> Reason | None:
    facts = seller.facts
    if not facts.rating_count or facts.ratings_bad is None:
        return None
    share = facts.ratings_bad / facts.rating_count
    code = "BAD_RATINGS" if share > _PRIOR_BAD else "GOOD_RATINGS"
    return reason(code, bad=facts.ratings_bad, ratings=facts.rating_count, percent=round(100 * share, 1))


@feature("seller")
def rating_count(seller: SellerView) -> float:
    """How many ratings the seller has; NaN when not shown."""
    return _known(seller.facts.rating_count)


@feature("seller")
def ratings_per_day(about: About) -> float:
    """Ratings per day of account age; NaN when either is unknown."""
    count = about.seller.facts.rating_count
    return MISSING if count is None else count / (_age_days(about) + 1.0)


@feature("seller")
def ratings_per_listing(seller: SellerView) -> float:
    """Ratings per listing on the seller's page; NaN when either is unknown."""
    facts = seller.facts
    if facts.rating_count is None or facts.listing_count is None:
        return MISSING
    return facts.rating_count / (facts.listing_count + 1.0)


@feature("seller")
def listing_count(seller: SellerView) -> float:
    """How many listings the seller's page shows; NaN when not shown."""
    return _known(seller.facts.listing_count)


@feature("seller")
def listings_per_day(about: About) -> float:
    """Listings on the seller's page per day of account age; NaN when either is unknown."""
    count = about.seller.facts.listing_count
    return MISSING if count is None else count / (_age_days(about) + 1.0)


@feature("seller")
def followers(seller: SellerView) -> float:
    """Followers of the seller, as log(1 + n); NaN when not shown."""
    count = seller.facts.followers
    return MISSING if count is None else log1p(count)


@feature("seller")
def response_rate(seller: SellerView) -> float:
    """The share of chats answered (0-1); NaN when not shown."""
    return _known(seller.facts.response_rate)


@feature("seller")
def response_hours(seller: SellerView) -> float:
    """Mean hours to an answer; NaN when not shown."""
    seconds = seller.facts.response_seconds
    return MISSING if seconds is None else seconds / 3600


@feature("seller")
def official_store(seller: SellerView) -> float:
    """1 for a store the platform badges as official, 0 for one it does not, NaN when not shown."""
    return _known(seller.facts.official_store)


@official_store.because
def _(seller: SellerView) -> Reason | None:
    return reason("OFFICIAL_STORE", field="official_store", value=True) if seller.facts.official_store else None


@feature("seller")
def identity_verified(seller: SellerView) -> float:
    """1 when the platform has verified the seller's identity, 0 when it has not, NaN when not shown."""
    return _known(seller.facts.identity_verified)


@identity_verified.because
def _(seller: SellerView) -> Reason | None:
    verified = seller.facts.identity_verified
    code = "IDENTITY_VERIFIED" if verified else "IDENTITY_NOT_VERIFIED"
    return None if verified is None else reason(code, field="identity_verified", value=verified)


@feature("seller", monotone=+1)
def counterfeit_rate(seller: SellerView) -> float:
    """The share of counterfeit verdicts among those known on the seller's other listings, shrunk towards 5 % by 5 verdicts."""
    if not seller.identified:
        return MISSING
    bad, good = seller.verdicts.counterfeit, seller.verdicts.genuine
    return (bad + _PRIOR_COUNTERFEIT * _PRIOR_COUNTERFEIT_N) / (bad + good + _PRIOR_COUNTERFEIT_N)


@counterfeit_rate.because
def _(seller: SellerView) -> Reason | None:
    verdicts = seller.verdicts
    if verdicts.counterfeit:
        return reason("SELLER_HAS_VERDICTS", counterfeit=verdicts.counterfeit, genuine=verdicts.genuine)
    return reason("SELLER_CLEARED", genuine=verdicts.genuine) if verdicts.genuine else None


@feature("seller")
def verdicts_known(seller: SellerView) -> float:
    """How many verdicts (counterfeit or genuine) are known on the seller's other listings; NaN without a seller."""
    return float(seller.verdicts.counterfeit + seller.verdicts.genuine) if seller.identified else MISSING


@feature("seller", monotone=+1)
def complaint_rate(seller: SellerView) -> float:
    """Counterfeit complaints per order in 90 days, shrunk towards 0.25 % with the weight of 200 orders; NaN without a seller."""
    if not seller.identified:
        return MISSING
    activity = seller.activity
    prior = _PRIOR_COMPLAINT * _PRIOR_COMPLAINT_N
    return (activity.counterfeit_complaints + prior) / (activity.orders + _PRIOR_COMPLAINT_N)


@complaint_rate.because
def _(seller: SellerView) -> Reason | None:
    activity = seller.activity
    if not activity.counterfeit_complaints:
        return None
    return reason("BUYER_COMPLAINTS", complaints=activity.counterfeit_complaints, orders=activity.orders)


@feature("seller")
def return_rate(seller: SellerView) -> float:
    """Returns per order in 90 days, shrunk towards 2.5 % with the weight of 50 orders; NaN when no order is known."""
    activity = seller.activity
    return (activity.returns + 0.025 * 50) / (activity.orders + 50) if activity.orders else MISSING


@feature("seller")
def hand_carried_share(seller: SellerView) -> float:
    """The share of the seller's other listings whose titles say hand-carried, and no copy; NaN when none was seen."""
    return seller.hand_carried / seller.listings_total if seller.listings_total else MISSING


@hand_carried_share.because
def _(seller: SellerView) -> Reason | None:
    count, listings = seller.hand_carried, seller.listings_total
    return reason("SELLER_IMPORTS", hand_carried=count, listings=listings) if count else None
