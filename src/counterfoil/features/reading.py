"""What a listing says, read once for all features of its row."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.history.views import About, MarketView, SellerView, WordingView
from counterfoil.ingest.entry import Finding
from counterfoil.ingest.schema import Listing
from counterfoil.language.brands import BrandMention
from counterfoil.language.codes import GtinReading, read_gtin
from counterfoil.language.lexicon import Hit, read_lexicon


@dataclass(frozen=True, slots=True)
class TextHit:
    """A lexicon hit and the field it stands in."""

    field: str
    hit: Hit


@dataclass(frozen=True, slots=True)
class Text:
    """What the texts say: lexicon hits by scope, protected brands named in the title, contacts found at intake."""

    hits: tuple[TextHit, ...]
    brands: tuple[BrandMention, ...]
    findings: tuple[Finding, ...]

    def claims(self) -> list[TextHit]:
        """Terms that stand in offer scope."""
        return [found for found in self.hits if found.hit.scope == "claim"]

    def guarded(self) -> list[TextHit]:
        """Terms inside a guarantee, a negation or a trap phrase."""
        return [found for found in self.hits if found.hit.scope != "claim"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: the parts that features name as their parameters."""

    about: About
    listing: Listing
    seller: SellerView
    market: MarketView
    wording: WordingView
    text: Text
    gtins: tuple[GtinReading, ...]
    brand_field: str | None


def read(about: About) -> Reading:
    """Read the texts and codes of a listing."""
    listing = about.listing
    category = about.keys.category
    hits = [TextHit("title", hit) for hit in read_lexicon(listing.title, category)]
    if listing.description:
        hits += [TextHit("description", hit) for hit in read_lexicon(listing.description, category)]
    return Reading(
        about=about,
        listing=listing,
        seller=about.seller,
        market=about.market,
        wording=about.wording,
        text=Text(tuple(hits), about.keys.brands_named, about.findings),
        gtins=tuple(read_gtin(code) for code in listing.gtins),
        brand_field=about.keys.brand_field,
    )


def ngram_text(listing: Listing) -> str:
    """The text of which character n-grams are counted: category path, title, and the beginning of the description."""
    return "\n".join((" > ".join(listing.category_path), listing.title, (listing.description or "")[:600]))


def listing_text(listing: Listing) -> str:
    """The text that the encoder reads: the title, and the beginning of the description."""
    return f"{listing.title}\n{listing.description[:400]}" if listing.description else listing.title
