"""Price against what comparable listings lately asked."""

from __future__ import annotations

from math import isnan, log

from counterfoil.features.feature import MISSING, Reason, feature, reason
from counterfoil.features.reading import title_quote
from counterfoil.history.keys import Keys
from counterfoil.history.market import ENOUGH
from counterfoil.history.views import MarketView
from counterfoil.ingest.schema import Listing
from counterfoil.knowledge.currencies import rough_rate

# A ratio beyond e^4 (about 55 times) is a typing error as often as an offer.
_CAP = 4.0


def _gap(unit_price: float | None, reference: float | None) -> float:
    """log(reference / price), positive when cheaper; NaN when either is unknown."""
    if unit_price is None or reference is None or isnan(reference):
        return MISSING
    return max(-_CAP, min(_CAP, log(reference / unit_price)))


def _level_gap(market: MarketView, name: str) -> float:
    level = market.level(name)
    return _gap(market.unit_price, level.median) if level.count >= ENOUGH else MISSING


def _cheaper(gap: float) -> float:
    return gap if isnan(gap) else max(0.0, gap)


def _dearer(gap: float) -> float:
    return gap if isnan(gap) else max(0.0, -gap)


def _reference_gap(market: MarketView) -> float:
    return _gap(market.unit_price, market.reference.price if market.reference is not None else None)


@feature("price")
def price_missing(keys: Keys) -> float:
    """1 when no price is shown, or a placeholder in its place (0, 1,000 VND), whatever the title says; else 0."""
    return float(keys.price_hidden)


@price_missing.because
def _(listing: Listing, keys: Keys) -> Reason | None:
    if not keys.price_hidden:
        return None
    return reason("PRICE_HIDDEN", field="price", amount=None if listing.price is None else str(listing.price.amount))


@feature("price")
def price_on_request(keys: Keys) -> float:
    """1 when the title says that the price must be asked for (`ib giá`), else 0."""
    return float(keys.asks_for_price is not None)


@price_on_request.because
def _(listing: Listing, keys: Keys) -> Reason | None:
    return (
        None if keys.asks_for_price is None else reason("PRICE_ON_REQUEST", **title_quote(listing, keys.asks_for_price))
    )


@feature("price")
def text_price_gap(listing: Listing, keys: Keys) -> float:
    """How far the price in the title lies from the amount shown, as an absolute log-ratio; NaN unless both are there."""
    price, stated = listing.price, keys.text_price
    if price is None or keys.price_hidden or stated is None or stated.currency != price.currency:
        return MISSING
    return min(_CAP, abs(log(float(stated.low) / float(price.amount))))


@text_price_gap.because
def _(listing: Listing, keys: Keys) -> Reason | None:
    price, stated = listing.price, keys.text_price
    if price is None or keys.price_hidden or stated is None or not price.amount or stated.low == price.amount:
        return None
    quote = title_quote(listing, (stated.start, stated.end))
    return reason("TEXT_PRICE_DIFFERS", **quote, amount=str(price.amount), currency=price.currency)


@feature("price", monotone=+1)
def cheaper_by(market: MarketView) -> float:
    """How far the unit price lies below its reference, as a log-ratio; 0 when dearer.

    The reference is the most specific level with at least 5 listings (brand × category × pack, category × pack,
    category), shrunk towards its parents, else the brand's list price.
    """
    return _cheaper(_reference_gap(market))


@cheaper_by.because
def _(market: MarketView) -> Reason | None:
    return _price_reason(market) if _reference_gap(market) > 0 else None


@feature("price")
def dearer_by(market: MarketView) -> float:
    """How far the unit price lies above its reference, as a log-ratio; 0 when cheaper."""
    return _dearer(_reference_gap(market))


@dearer_by.because
def _(market: MarketView) -> Reason | None:
    return _price_reason(market) if _reference_gap(market) < 0 else None


def _price_reason(market: MarketView) -> Reason | None:
    reference, unit_price = market.reference, market.unit_price
    if reference is None or unit_price is None or reference.level == "list_price":
        return None  # against a list price alone, `cheaper_than_list` speaks
    ratio = unit_price / reference.price
    return reason(
        "UNIT_PRICE_LOW" if ratio < 1 else "UNIT_PRICE_HIGH",
        unit_price=_shown(unit_price),
        currency=market.currency,
        reference_median=_shown(reference.price),
        reference_n=reference.count,
        reference_level=reference.level,
        percent=_percent(ratio),
    )


def _shown(amount: float) -> str:
    return f"{amount:.0f}" if amount >= 100 else f"{amount:.2f}"


def _percent(ratio: float) -> float:
    return round(100 * ratio) if ratio >= 0.01 else round(100 * ratio, 2)


@feature("price", monotone=+1)
def cheaper_than_brand(market: MarketView) -> float:
    """How far the unit price lies below the median of the same brand, category and pack, as a log-ratio; 0 when dearer."""
    return _cheaper(_level_gap(market, "brand×category×pack"))


cheaper_than_brand.because(_price_reason)


@feature("price")
def dearer_than_brand(market: MarketView) -> float:
    """How far the unit price lies above the median of the same brand, category and pack, as a log-ratio; 0 when cheaper."""
    return _dearer(_level_gap(market, "brand×category×pack"))


dearer_than_brand.because(_price_reason)


@feature("price")
def cheaper_than_category(market: MarketView) -> float:
    """How far the unit price lies below the median of its category, as a log-ratio; 0 when dearer."""
    return _cheaper(_level_gap(market, "category"))


cheaper_than_category.because(_price_reason)


@feature("price")
def dearer_than_category(market: MarketView) -> float:
    """How far the unit price lies above the median of its category, as a log-ratio; 0 when cheaper."""
    return _dearer(_level_gap(market, "category"))


dearer_than_category.because(_price_reason)


@feature("price", monotone=+1)
def cheaper_than_list(market: MarketView) -> float:
    """How far the unit price lies below the usual list price of the brand in the category, as a log-ratio; 0 when dearer.

    A small thing, such as socks or a wallet, is held against the share of that price which such things cost.
    It needs no other listing; NaN where the list price is not known, and for parts, decants and the like.
    """
    return _cheaper(_gap(market.unit_price, market.list_price))


@cheaper_than_list.because
def _(market: MarketView) -> Reason | None:
    if market.unit_price is None or market.list_price is None or market.unit_price >= market.list_price:
        return None
    return reason(
        "BELOW_LIST_PRICE",
        unit_price=_shown(market.unit_price),
        currency=market.currency,
        list_price=_shown(market.list_price),
        percent=_percent(market.unit_price / market.list_price),
    )


@feature("price")
def list_discount(listing: Listing, keys: Keys) -> float:
    """The share by which the amount lies under the list price the seller shows; 0 when not below, NaN when none is shown."""
    price = listing.price
    if price is None or keys.price_hidden or not price.list_amount:
        return MISSING
    return max(0.0, 1.0 - float(price.amount / price.list_amount))


@list_discount.because
def _(listing: Listing, keys: Keys) -> Reason | None:
    price = listing.price
    if price is None or keys.price_hidden or not price.list_amount or price.amount >= price.list_amount:
        return None
    percent = round(100 * (1 - float(price.amount / price.list_amount)))
    return reason("LIST_DISCOUNT", amount=str(price.amount), list_amount=str(price.list_amount), percent=percent)


@feature("price")
def price_spread(listing: Listing, keys: Keys) -> float:
    """The log-ratio of the highest to the lowest price of the listing's variants; NaN when no range is shown."""
    price = listing.price
    if price is None or keys.price_hidden or price.amount_max is None:
        return MISSING
    return max(0.0, log(max(float(price.amount_max), 1e-9) / float(price.amount)))


@feature("price")
def price_scale(market: MarketView) -> float:
    """The order of magnitude of the unit price: log of US dollars at a rounded, dated rate; NaN for other currencies."""
    rate = rough_rate(market.currency)
    return MISSING if market.unit_price is None or rate is None else log(market.unit_price / rate)


@feature("price")
def price_digits(listing: Listing, keys: Keys) -> float:
    """Significant digits of the amount: 1 for 500,000, 3 for 199,000; round and charm prices have few."""
    price = listing.price
    if price is None or keys.price_hidden:
        return MISSING
    return float(len(price.amount.normalize().as_tuple().digits))
