from __future__ import annotations

from collections import Counter

import numpy as np

from counterfoil.ingest.entry import Entry
from counterfoil.model.cold import add_cold
from counterfoil.model.examples import Example, examples_unlabelled
from tests.worlds import at, listed, listing


def log(count: int) -> list[Entry]:
    return [
        listed(
            at(number),
            f"s{number % 7}",
            listing(f"l{number}", price=str(100_000 + number), brand="Nike"),
            {"official_store": True},
        )
        for number in range(count)
    ]


def examples(count: int = 200) -> list[Example]:
    return examples_unlabelled(log(count), Counter())


def cold(count: int = 200, share: float = 1.0) -> list[Example]:
    return add_cold(examples(count), share, 0)[count:]


def test_a_share_of_the_rows_stands_once_more_behind_the_originals() -> None:
    rows = examples()
    more = add_cold(rows, 0.5, 0)
    assert more[:200] == rows
    assert 60 < len(more) - 200 < 140
    assert add_cold(rows, 0.0, 0) == rows


def test_no_cold_row_knows_of_anything_that_its_seller_or_market_did_before() -> None:
    about = [one.about for one in cold()]
    assert len(about) == 200
    assert all(one.seller.cold_start and one.market.level("category").count == 0 for one in about)
    assert any(one.about.market.level("category").count for one in examples())


def test_stripped_rows_show_what_stands_in_a_listing_before_it_goes_live() -> None:
    followers = [one.about.subject.seller and one.about.subject.seller.official_store for one in cold()]
    stripped = np.mean([one is None for one in followers])
    assert 0.3 < stripped < 0.7
    for one in cold():
        seller = one.about.subject.seller
        if seller is not None and seller.official_store is None:
            assert one.about.listing.description is None
            assert one.about.listing.brand == "Nike"
