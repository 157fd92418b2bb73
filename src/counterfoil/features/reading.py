"""What a listing says, read once for all features of its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from counterfoil.history.keys import Keys
from counterfoil.history.views import About, MarketView, SellerView, WordingView
from counterfoil.ingest.entry import Finding
from counterfoil.ingest.schema import Listing
from counterfoil.knowledge.brands import Brand, known_brand
from counterfoil.language.brands import BrandMention
from counterfoil.language.codes import GtinReading, read_gtin
from counterfoil.language.lexicon import Hit, read_lexicon
from counterfoil.language.views import views


@dataclass(frozen=True, slots=True)
class TextHit:
    """A lexicon hit and the field it stands in."""

    field: str
    hit: Hit


@dataclass(frozen=True, slots=True)
class Text:
    """What the texts say: lexicon hits by grade and scope, protected brands named in the title, contacts found at intake."""

    hits: tuple[TextHit, ...]
    brands: tuple[BrandMention, ...]
    findings: tuple[Finding, ...]

    def claims(self, grade: str = "S") -> list[TextHit]:
        """Terms of a grade that stand in offer scope."""
        return [found for found in self.hits if found.hit.scope == "claim" and found.hit.grade == grade]

    def guarded(self) -> list[TextHit]:
        """Strong terms inside a guarantee, a negation, another thing's name or a trap phrase."""
        return [found for found in self.hits if found.hit.scope != "claim" and found.hit.grade in {"S", "A"}]

    def disguised(self) -> list[TextHit]:
        """Strong terms in offer scope that are typed so as not to be found."""
        return [found for grade in ("S", "A") for found in self.claims(grade) if found.hit.disguise is not None]


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: the parts that features name as their parameters; `brand` is the protected brand that is sold, if known."""

    about: About
    listing: Listing
    keys: Keys
    seller: SellerView
    market: MarketView
    wording: WordingView
    text: Text
    gtins: tuple[GtinReading, ...]
    brand_field: str | None
    brand: Brand | None


def read(about: About) -> Reading:
    """Read the texts and codes of a listing."""
    listing, keys = about.listing, about.keys
    hits = [TextHit("title", hit) for hit in keys.title_hits]
    if listing.description:
        body = views(listing.description)
        hits += [TextHit("description", hit) for hit in read_lexicon(body, keys.category, keys.branded, keys.title)]
    return Reading(
        about=about,
        listing=listing,
        keys=keys,
        seller=about.seller,
        market=about.market,
        wording=about.wording,
        text=Text(tuple(hits), keys.brands_named, about.findings),
        gtins=tuple(read_gtin(code) for code in listing.gtins),
        brand_field=keys.brand_field,
        brand=known_brand(keys.brand),
    )


def title_quote(listing: Listing, span: tuple[int, int]) -> dict[str, Any]:
    """The evidence of words in the title: the field, the raw half-open span, and what stands there."""
    start, end = span
    return {"field": "title", "span": [start, end], "quote": listing.title[start:end]}


def ngram_text(listing: Listing) -> str:
    """The text of which character n-grams are counted: category path, title, and the beginning of the description."""
    return "\n".join((" > ".join(listing.category_path), listing.title, (listing.description or "")[:600]))


def listing_text(listing: Listing) -> str:
    """The text that the encoder reads: the title, and the beginning of the description."""
    return f"{listing.title}\n{listing.description[:400]}" if listing.description else listing.title
