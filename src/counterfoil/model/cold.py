"""Rows once more as an empty store would have shown them, so that a model knows what to make of a first call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from counterfoil.history.fold import Fold
from counterfoil.ingest.entry import Subject
from counterfoil.ingest.schema import Listing, Seller
from counterfoil.model.examples import Example


def add_cold(examples: Sequence[Example], share: float, seed: int) -> list[Example]:
    """The examples, and a share of them once more as an empty store would have shown them.

    A model that never met a listing without history would not know what to make of one. Half of the copies are stripped
    to what stands in a listing before it goes live: title, category, price, brand, and a seller who is an id only. The
    copies stand in the same group as their originals, so no split parts them.
    """
    rng = np.random.default_rng(seed)
    chosen, stripped = rng.random(len(examples)) < share, rng.random(len(examples)) < 0.5
    cold = [
        replace(
            one,
            about=Fold().about(_before_live(one.about.subject) if bare else one.about.subject, one.about.as_of),
            cold=True,
        )
        for one, wanted, bare in zip(examples, chosen, stripped, strict=True)
        if wanted
    ]
    return [*examples, *cold]


def _before_live(subject: Subject) -> Subject:
    shown = subject.listing
    listing = Listing(
        platform=shown.platform,
        title=shown.title,
        brand=shown.brand,
        category_path=shown.category_path,
        price=shown.price,
    )
    seller = Seller(seller_id=subject.seller.seller_id) if subject.seller is not None else None
    return Subject(listing, seller, tuple(one for one in subject.findings if one.field == "title"))
