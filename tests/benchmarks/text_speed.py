"""What reading a text costs: keys and all text features of a title, and of title and description together."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from counterfoil.features.catalogue import FeatureSet, catalogue
from counterfoil.features.reading import read
from counterfoil.history.fold import Fold
from counterfoil.ingest.intake import ContactKey, admit
from counterfoil.ingest.schema import Listing, Price, Seller
from tests.benchmarks.figures import Timer, table

_KEY = ContactKey("bench", bytes(16))
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
# Medians of a real crawl: 57 characters of title; a description is as long as the row says.
_TITLE = "Giày thể thao nam Bitis Hunter Core đế êm màu đen size 42"
_SENTENCE = (
    "Chất liệu vải dệt thoáng khí, đế cao su chống trơn, bảo hành keo 6 tháng, đổi size trong 7 ngày nếu không vừa. "
)
_TEXT = ("text", "identifiers")


def measure() -> str:
    """The section of the results."""
    features = FeatureSet(tuple(f for f in catalogue().features if f.family in _TEXT))
    rows = []
    for name, title, length, runs in (
        ("title", _TITLE, 0, 400),
        ("title and description", _TITLE, 943, 200),
        ("10 times as long", _TITLE, 9_943, 30),
        ("100 times as long", _TITLE, 99_943, 5),
    ):
        timer = Timer()
        for number in range(runs + 3):
            # A new text each time: nothing is remembered from one run to the next.
            description = (_SENTENCE * (length // len(_SENTENCE) + 1))[:length]
            seen = f"{title} {number % 10}"
            if number < 3:
                _features(features, seen, description)
            else:
                started = time.process_time()
                _features(features, seen, description)
                timer.seconds.append(time.process_time() - started)
        size = len(title) + 2 + length
        spent = timer.at(0.5)
        rows.append((name, f"{size:,}", f"{spent * 1000:,.0f}", f"{spent / size * 1000:.2f}"))
    note = (
        "Processor time, median; the listing checked, contacts found, keys made (views, brands, price, pack, goods), codes "
        "read, an empty store asked, every text and identifier feature computed."
    )
    return table(("text", "characters", "µs", "ms per 1,000 characters"), rows) + f"\n\n{note}"


def _features(features: FeatureSet, title: str, description: str) -> None:
    listing = Listing(
        platform="shopee",
        title=title,
        description=description or None,
        category_path=["Giày Dép Nam", "Giày Thể Thao/ Sneakers"],
        price=Price.model_validate({"amount": "899000", "currency": "VND"}),
    )
    subject = admit(listing, Seller(seller_id="shopee:1"), key=_KEY, now=_NOW)
    about = Fold().about(subject, _NOW)
    features.values([read(about)])
