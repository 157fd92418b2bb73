"""Loads the suites beside it: made-up titles, one JSON object a line, written by us and used only to measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PARTS = ("development", "held_back", "blind")


def traps(part: str | None = None) -> list[dict[str, Any]]:
    """Innocent titles that look like copies: `row`, `title`, `category_path`, `price`; some with `brand`, `description`.

    `part` "blind" gives those written last, by another hand and never looked at one by one; "first" the others.
    """
    entries = _read("traps.jsonl")
    return [one for one in entries if part is None or one.get("part", "first") == part]


def titles(part: str) -> list[dict[str, Any]]:
    """Copies (`label` 1) and innocents (0) with their `kind` and `/v1/score` body; `part` is one of `PARTS`."""
    return [entry for entry in _read("titles.jsonl") if entry["part"] == part]


def body(entry: dict[str, Any], name: str) -> dict[str, Any]:
    """An entry as a `/v1/score` body; `name` makes the listing id and the seller id, of whom nothing else is known."""
    listing = {
        "listing_id": f"shopee:{name}",
        "platform": "shopee",
        "language": "vi",
        "title": entry["title"],
        "category_path": entry["category_path"],
        "price": {"amount": entry["price"], "currency": "VND"},
    }
    filled = {field: entry[field] for field in ("brand", "description") if field in entry}
    return {"listing": listing | filled, "seller": {"seller_id": f"shopee:seller-{name}"}}


def _read(name: str) -> list[dict[str, Any]]:
    with (HERE / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
