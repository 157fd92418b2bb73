"""Made-up rows of the shape of the Ozon E-CUP 2025 files: their 45 columns, our own words and numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

_BY_PERIOD = (
    "item_count_fake_returns", "item_count_sales", "item_count_returns", "GmvTotal", "ExemplarAcceptedCountTotal",
    "OrderAcceptedCountTotal", "ExemplarReturnedCountTotal", "ExemplarReturnedValueTotal",
)  # fmt: skip
COLUMNS = (
    "id", "resolution", "brand_name", "description", "name_rus", "CommercialTypeName4",
    *(f"rating_{stars}_count" for stars in range(1, 6)),
    "comments_published_count", "photos_published_count", "videos_published_count", "PriceDiscounted", "item_time_alive",
    *(f"{name}{days}" for name in _BY_PERIOD for days in (7, 30, 90)),
    "ItemVarietyCount", "ItemAvailableCount", "seller_time_alive", "ItemID", "SellerID",
)  # fmt: skip
_GOODS = ("Кружка керамическая", "Чехол для телефона", "Лампа настольная", "Ремень кожаный", "Щётка для пола")


def rows(count: int, sellers: int = 40) -> Iterator[dict[str, str]]:
    """Rows as a CSV reader gives them; every third seller is young, dear and often ruled against."""
    dice = np.random.default_rng(11)
    for number in range(count):
        seller = number % sellers
        bad = seller % 3 == 0
        rated = dice.random() < 0.25
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {name: str(dice.integers(0, 50)) for name in COLUMNS if name[-1].isdigit()}
        cells |= {f"rating_{stars}_count": f"{dice.integers(0, 9)}.0" if rated else "" for stars in range(1, 6)}
        cells |= {
            "id": str(10_000 + 7 * number), "ItemID": str(5_000 + number), "SellerID": str(seller),
            "resolution": str(int(bad and dice.random() < 0.7)),
            "brand_name": "" if dice.random() < 0.4 else "Придумка",
            "name_rus": f"{_GOODS[number % len(_GOODS)]} модель {number * 37 % 1000}",
            "description": "" if dice.random() < 0.15 else f"Придуманное описание номер {number}.",
            "CommercialTypeName4": _GOODS[number % len(_GOODS)],
            "PriceDiscounted": repr(float(dice.uniform(500, 900) * (1.2 if bad else 1.0))),
            "item_time_alive": str(dice.integers(1, 30 if bad else 900)),
            "seller_time_alive": repr(float(dice.integers(1, 60 if bad else 2_000))),
        }  # fmt: skip
        yield cells


def write(path: Path, count: int) -> Path:
    """A file of them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows(count))
    return path
