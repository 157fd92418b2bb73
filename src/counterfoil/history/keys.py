"""The keys under which a listing is counted: brand, category, pack, wording and price bin."""

from __future__ import annotations

import math
from dataclasses import dataclass

from counterfoil.ingest.schema import Listing
from counterfoil.knowledge.categories import category_of
from counterfoil.language.brands import BrandMention, brand_key, find_brands
from counterfoil.language.wording import wording_key

# Prices are counted in bins of 1 %: fine enough for a median, coarse enough to stay small.
BIN = 0.01


@dataclass(frozen=True, slots=True)
class Keys:
    """How one listing is filed; `unit_price` is None when the price is missing or hidden (0).

    `brand` is the brand field's, else the one protected brand that the title names: most listings leave the field empty.
    """

    brand: str | None
    brand_field: str | None
    brands_named: tuple[BrandMention, ...]
    category: str | None
    pack: str
    wording: str
    currency: str | None
    unit_price: float | None

    def markets(self) -> dict[str, str]:
        """Level of the fallback chain -> market key, from the most to the least specific; empty without a price."""
        if self.unit_price is None:
            return {}
        category = self.category or "-"
        levels = {"category×pack": f"{self.currency}|{category}|{self.pack}", "category": f"{self.currency}|{category}"}
        if self.brand is None:
            return levels
        return {"brand×category×pack": f"{self.currency}|{category}|{self.pack}|{self.brand}", **levels}


def keys_of(listing: Listing) -> Keys:
    """Resolve a listing against the knowledge files."""
    price = listing.price
    unit_price = float(price.amount) / price.pack_quantity if price is not None and price.amount else None
    brand_field, brands_named = brand_key(listing.brand), find_brands(listing.title)
    named = {mention.brand for mention in brands_named}
    return Keys(
        brand=brand_field or (named.pop() if len(named) == 1 else None),
        brand_field=brand_field,
        brands_named=brands_named,
        category=category_of(listing.platform, listing.category_path),
        pack=_pack_class(price.pack_quantity if price is not None else 1),
        wording=wording_key(listing.title),
        currency=price.currency if price is not None else None,
        unit_price=unit_price,
    )


def price_bin(unit_price: float) -> int:
    """The number of the 1 % bin a positive price falls into."""
    return math.floor(math.log(unit_price) / BIN)


def bin_price(number: int) -> float:
    """The price in the middle of a bin, on the log scale."""
    return math.exp((number + 0.5) * BIN)


def _pack_class(quantity: int) -> str:
    if quantity == 1:
        return "1"
    return "2-5" if quantity <= 5 else "6+"
