from __future__ import annotations

from collections import Counter

import numpy as np

from counterfoil.ingest.entry import Entry
from counterfoil.model.cold import CRAWL, add_cold
from counterfoil.model.dataset import Example, examples_unlabelled
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
    alone = [one.about for one in cold() if one.about.market.level("category").count == 0]
    assert len(alone) > 60
    assert all(about.seller.cold_start for about in alone)


def test_rows_of_a_crawl_see_the_others_of_the_crawl_and_not_themselves() -> None:
    crawled = [one.about.market.level("category").count for one in cold() if one.about.market.level("category").count]
    assert 60 < len(crawled) < 140
    assert set(crawled) == {len(crawled) - 1}


def test_a_long_log_makes_several_crawls() -> None:
    sizes = {one.about.market.level("category").count + 1 for one in cold(1_300)}
    assert max(sizes) == CRAWL
    assert len(sizes) > 2


def test_stripped_rows_show_what_stands_in_a_listing_before_it_goes_live() -> None:
    followers = [one.about.subject.seller and one.about.subject.seller.official_store for one in cold()]
    stripped = np.mean([one is None for one in followers])
    assert 0.3 < stripped < 0.7
    for one in cold():
        seller = one.about.subject.seller
        if seller is not None and seller.official_store is None:
            assert one.about.listing.description is None
            assert one.about.listing.brand == "Nike"
