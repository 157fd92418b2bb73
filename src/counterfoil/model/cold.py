"""Rows once more as an empty store would have shown them, so that a model knows what to make of a first call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from counterfoil.history.fold import Fold
from counterfoil.ingest.entry import Entry, Subject
from counterfoil.ingest.events import Listed
from counterfoil.ingest.schema import Listing, Seller
from counterfoil.model.dataset import Example

# Rows of a crawl that stands in for what a first caller sends as a file.
CRAWL = 500


def add_cold(examples: Sequence[Example], share: float, seed: int) -> list[Example]:
    """The examples, and a share of them once more as an empty store would have shown them.

    A model that never met a listing without history would not know what to make of one. Half of these copies stand alone,
    half in crawls of 500 that become known at once, whose own rows are all there is to compare a price with. Half of the
    copies are stripped to what stands in a listing before it goes live: title, category, price, brand, and a seller who is
    an id only. The copies stand in the same group as their originals, so no split parts them.
    """
    rng = np.random.default_rng(seed)
    count = len(examples)
    chosen, stripped, crawled = rng.random(count) < share, rng.random(count) < 0.5, rng.random(count) < 0.5
    subjects = [
        _before_live(one.about.subject) if bare else one.about.subject
        for one, bare in zip(examples, stripped, strict=True)
    ]
    alone = [
        replace(examples[row], about=Fold().about(subjects[row], examples[row].about.as_of))
        for row in np.flatnonzero(chosen & ~crawled).tolist()
    ]
    together = np.flatnonzero(chosen & crawled).tolist()
    crawls = [together[start : start + CRAWL] for start in range(0, len(together), CRAWL)]
    return [*examples, *alone, *(one for rows in crawls for one in _crawl(examples, subjects, rows))]


def _crawl(examples: Sequence[Example], subjects: Sequence[Subject], rows: Sequence[int]) -> Iterator[Example]:
    """Examples as a crawl on an empty store shows them: all are observed at one instant, then each is judged without itself."""
    known_at = max(examples[row].about.as_of for row in rows)
    fold = Fold()
    for row in rows:
        listing, seller = subjects[row].listing, subjects[row].seller
        if listing.listing_id is not None and seller is not None:
            event = Listed(
                type="listed",
                event_id=str(row),
                happened_at=known_at,
                seller_id=seller.seller_id,
                listing=listing,
                seller=seller,
            )
            fold.observe(Entry(known_at, event, subjects[row].findings))
    for row in rows:
        yield replace(examples[row], about=fold.about(subjects[row], known_at))


def _before_live(subject: Subject) -> Subject:
    shown = subject.listing
    listing = Listing(
        listing_id=shown.listing_id,
        platform=shown.platform,
        title=shown.title,
        brand=shown.brand,
        category_path=shown.category_path,
        price=shown.price,
    )
    seller = Seller(seller_id=subject.seller.seller_id) if subject.seller is not None else None
    return Subject(listing, seller, tuple(one for one in subject.findings if one.field == "title"))
