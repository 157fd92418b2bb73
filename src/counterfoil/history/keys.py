"""The keys under which a listing is counted: brand, category, pack, wording and price bin."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from counterfoil.history.codes import codes_of
from counterfoil.ingest.schema import Listing, Price
from counterfoil.knowledge.brands import known_brand
from counterfoil.knowledge.categories import category_of
from counterfoil.language.brands import BrandMention, brand_key, find_brands
from counterfoil.language.codes import StatedCode
from counterfoil.language.lexicon import Hit, read_lexicon
from counterfoil.language.money import MoneyMention, find_money, hidden_price
from counterfoil.language.pack import Pack, read_pack
from counterfoil.language.views import Views, views
from counterfoil.language.wares import is_accessory, is_used, small_goods_in
from counterfoil.language.wording import wording_key

# Prices are counted in bins of 1 %: fine enough for a median, coarse enough to stay small.
BIN = 0.01

# Amounts in dong up to this one stand where a price should: nothing is sold for them.
_LEAST = Decimal(2_000)
# So do 11111, 12345, 999999999; but 99,999 and 88,888 are prices that people do ask.
_FAKE = re.compile(r"1{4,}|([2-9])\1{8,}|12345(?:6(?:7(?:8(?:90?)?)?)?)?")
_HAND_CARRIED = "hand_carried"


@dataclass(frozen=True, slots=True)
class Keys:
    """How one listing is filed; `unit_price` is None when the price is missing or hidden and the title tells none.

    A price is hidden when its amount is 0 or a placeholder (up to 2,000 VND, 11111, 12345, 999999999). `text_price` is
    the first exact price in the title, and `pack_read` the pack it speaks of.

    `goods` is the kind of a brand's small goods that the title offers (socks, a wallet), None for all else: its list price
    is a share of the core goods'. `accessory`, `used` and `asks_for_price` are the raw spans of title words that say so.

    `codes` are those that fields and texts state. `title_hits` are the terms of the lexicon that the title means, read beside a
    protected brand where `branded`.

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
    price_hidden: bool
    text_price: MoneyMention | None
    pack_read: Pack | None
    title: Views
    branded: bool
    title_hits: tuple[Hit, ...]
    goods: str | None
    accessory: tuple[int, int] | None
    used: tuple[int, int] | None
    asks_for_price: tuple[int, int] | None
    codes: tuple[StatedCode, ...]

    @property
    def hand_carried(self) -> bool:
        """Whether the title says that the goods were carried in by hand, and nothing that hints at a copy."""
        return says_hand_carried(self.title_hits)

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
    title, category = views(listing.title), category_of(listing.platform, listing.category_path)
    brand_field = brand_key(listing.brand)
    brands_named = tuple(one for one in find_brands(title, category) if _may_be(one, brand_field))
    named = {mention.brand for mention in brands_named}
    brand = brand_field or (named.pop() if len(named) == 1 else None)
    branded = known_brand(brand) is not None or bool(brands_named)
    text_price = next((one for one in find_money(title.plain, title.written) if one.kind == "exact"), None)
    pack_read = read_pack(title.plain, title.written)
    quantity = _quantity(price, pack_read)
    hidden = price is None or is_placeholder(price.amount, price.currency)
    told = _told(text_price, price) if hidden else None
    if told is not None and re.match(r"\s*/", listing.title[told.end :]):
        quantity = 1  # `350k/đôi` is for one, whatever the pack
    amount = told.low if told is not None else price.amount if price is not None and not hidden else None
    return Keys(
        brand=brand,
        brand_field=brand_field,
        brands_named=brands_named,
        category=category,
        pack=_pack_class(quantity),
        wording=wording_key(listing.title),
        currency=price.currency if price is not None else told.currency if told is not None else None,
        unit_price=float(amount) / quantity if amount is not None else None,
        price_hidden=hidden,
        text_price=text_price,
        pack_read=pack_read,
        title=title,
        branded=branded,
        title_hits=read_lexicon(title, category, branded),
        goods=small_goods_in(title, category),
        accessory=is_accessory(title),
        used=is_used(title),
        asks_for_price=hidden_price(title.plain),
        codes=codes_of(listing, category),
    )


def _may_be(mention: BrandMention, brand_field: str | None) -> bool:
    """Whether a mention stands beside the brand field: a seller who names a brand of their own only decorates with a mark."""
    return mention.disguise != "described" or brand_field in (None, mention.brand)


def says_hand_carried(hits: Iterable[Hit]) -> bool:
    """Whether terms say that the goods were carried in by hand (`xách tay`), and none says or hints that they are a copy."""
    claims = [hit for hit in hits if hit.scope == "claim"]
    if any(hit.grade in ("S", "A") for hit in claims):
        return False
    return any(hit.term == _HAND_CARRIED and hit.grade == "B" for hit in claims)


def is_placeholder(amount: Decimal, currency: str) -> bool:
    """Whether an amount only fills the field of a price that is not shown."""
    if amount == 0:
        return True
    return currency == "VND" and (amount <= _LEAST or _FAKE.fullmatch(f"{amount:f}".partition(".")[0]) is not None)


def _told(text_price: MoneyMention | None, price: Price | None) -> MoneyMention | None:
    """The title's price where it can stand for a hidden one: of the same currency, and no placeholder itself."""
    if text_price is None or text_price.currency is None or is_placeholder(text_price.low, text_price.currency):
        return None
    return text_price if price is None or price.currency == text_price.currency else None


def _quantity(price: Price | None, pack: Pack | None) -> int:
    """How many pieces the price buys: as the field says, else as the title does, free ones included."""
    if price is not None and price.pack_quantity > 1:
        return price.pack_quantity
    # `mua 1 tặng 1` does not say whether the price is that of one or of both.
    return pack.quantity + pack.free if pack is not None and pack.quantity > 1 else 1


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
