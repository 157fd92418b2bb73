"""The observable segment of a listing, from coarse to fine: what a stated rate can be told apart by."""

from __future__ import annotations

from counterfoil.history.views import About, SellerFacts

UNKNOWN, UNMAPPED = "unknown", "-"
BADGED, UNBADGED = "badged", "unbadged"


def segment_path(about: About) -> tuple[str, ...]:
    """Platform, platform/language, platform/language/category and platform/language/category/badge; the last is the finest.

    What is missing is `unknown`, a category that no rule maps is `-`. Only what a listing and its seller's page show is read,
    never a label or a score, so the segment of a row is known before it is judged.
    """
    listing, facts = about.listing, about.seller.facts
    badged = listing.channel == "mall" or facts.official_store
    badge = BADGED if badged else UNKNOWN if badged is None else UNBADGED
    parts = (_name(listing.platform), _name(listing.language), about.keys.category or UNMAPPED, badge)
    return tuple("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def nothing_known(about: About) -> bool:
    """Whether nothing is known that a listing could be held against: nothing of its seller, or no price, word or seller in the log.

    A seller who is an id only, or an empty store: a rate that was calibrated on sellers with a page says nothing about such a row.
    """
    if not about.seller.cold_start:
        return False
    prices = any(level.count for level in about.market.levels)
    return about.seller.facts == SellerFacts() or (not about.wording.listings and not prices)


def _name(value: str | None) -> str:
    """A platform or language as one level of a path: a slash inside would count as two."""
    return " ".join((value or "").casefold().replace("/", " ").split()) or UNKNOWN
