"""The goods of the simulated market: shelves, brands, and what may be sold or copied."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_ALIKE = 0.3  # weight of unbranded goods with a name that sounds like a copy, beside 1 for others
_SMALL = 0.35  # weight of a shelf's small branded things beside 1 for its main goods


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Where goods stand: words for them, paths by platform, and what copies of them cost as a share of the list price."""

    name: str
    category: str
    honest: float
    copied: float
    overt: float
    deceptive: float
    types: tuple[str, ...]
    traits: tuple[str, ...]
    sizes: tuple[str, ...]
    plain: tuple[tuple[str, int], ...]
    alike: tuple[tuple[str, int], ...]
    paths: dict[str, tuple[tuple[str, ...], ...]]
    papers: str | None
    colours: bool


@dataclass(frozen=True, slots=True)
class Good:
    """Something to sell, at `list_price` VND: `brand` is None for unbranded goods, `types` name it.

    `host` is what a part belongs to, `join` the word between the two; None leaves the word open. `since` is the month in
    which it comes up, `listed` whether its list price is known to anybody, `small` a cheap genuine thing of a great name.
    """

    shelf: Shelf
    model: str
    list_price: int
    types: tuple[str, ...] = ("",)
    brand: str | None = None
    host: str | None = None
    join: str | None = None
    prefix: str | None = None
    honest: float = 1.0
    copied: float = 0.0
    since: int = 0
    listed: bool = True
    small: bool = False

    @property
    def gtin(self) -> str | None:
        """An invented GTIN-13 with a valid check digit, always the same for the same good."""
        if self.prefix is None:
            return None
        digest = int.from_bytes(hashlib.sha256(f"{self.brand}/{self.model}".encode()).digest()[:6])
        body = self.prefix + str(digest).zfill(12)[-(12 - len(self.prefix)) :]
        return body + str(check_digit(body))


def check_digit(body: str) -> int:
    """The GS1 check digit that follows `body`."""
    return -sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body))) % 10


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All goods, by kind."""

    shelves: dict[str, Shelf]
    branded: tuple[Good, ...]
    plain: tuple[Good, ...]
    compatible: tuple[Good, ...]


def read(name: str) -> dict[str, Any]:
    """The parsed contents of a TOML file beside this module."""
    return tomllib.loads(files("counterfoil.synth").joinpath(name).read_text(encoding="utf-8"))


@cache
def catalogue() -> Catalogue:
    """The goods of `catalogue.toml`."""
    tables = read("catalogue.toml")
    shelves = {name: _shelf(name, table) for name, table in tables["shelf"].items()}
    # A shelf's weight is shared out among what stands on it, so that many brands do not make a shelf busier.
    honest, copied = (_totals(tables["brand"], kind) for kind in ("honest", "copied"))
    branded = [
        Good(
            shelves[row["shelf"]],
            model,
            thousands * 1000,
            types=tuple(kind) or shelves[row["shelf"]].types,
            brand=row["name"],
            prefix=row["prefix"],
            honest=shelves[row["shelf"]].honest * row["honest"] / honest[row["shelf"]],
            copied=shelves[row["shelf"]].copied * row["copied"] / copied[row["shelf"]],
            since=row.get("since", 0),
            listed=row.get("listed", True),
        )
        for row in tables["brand"]
        for model, thousands, *kind in row["goods"]
    ]
    branded += [good for row in tables["small"] for good in _small(shelves[row["shelf"]], row)]
    plain = [
        Good(shelf, what, thousands * 1000, honest=shelf.honest * weight / len(shelf.plain))
        for shelf in shelves.values()
        for goods, weight in ((shelf.plain, 1.0), (shelf.alike, _ALIKE))
        for what, thousands in goods
    ]
    compatible = [
        Good(shelves[row["shelf"]], thing, thousands * 1000, host=host, join=row.get("join"))
        for row in tables["compatible"]
        for thing, thousands in row["things"]
        for host in row["hosts"]
    ]
    return Catalogue(shelves, tuple(branded), tuple(plain), tuple(compatible))


def _small(shelf: Shelf, row: dict[str, Any]) -> Iterator[Good]:
    """Each thing under each name; together they weigh `_SMALL` of their shelf, and are seldom copied."""
    each = _SMALL / (len(row["brands"]) * len(row["things"]))
    for brand in row["brands"]:
        for thing, thousands in row["things"]:
            yield Good(
                shelf,
                thing,
                thousands * 1000,
                brand=brand,
                prefix="893",
                honest=shelf.honest * each,
                copied=shelf.copied * each * 0.2,
                small=True,
            )


def _totals(rows: list[dict[str, Any]], kind: str) -> dict[str, float]:
    totals: dict[str, float] = {}
    for row in rows:
        totals[row["shelf"]] = totals.get(row["shelf"], 0.0) + row[kind] * len(row["goods"])
    return totals


def _shelf(name: str, table: dict[str, Any]) -> Shelf:
    return Shelf(
        name=name,
        category=table["category"],
        honest=table["honest"],
        copied=table["copied"],
        overt=table["overt"],
        deceptive=table["deceptive"],
        types=tuple(table["types"]),
        traits=tuple(table["traits"]),
        sizes=tuple(table["sizes"]),
        plain=tuple((what, thousands) for what, thousands in table["plain"]),
        alike=tuple((what, thousands) for what, thousands in table.get("alike", ())),
        paths={platform: tuple(tuple(path) for path in paths) for platform, paths in table["paths"].items()},
        papers=table.get("papers"),
        colours=table.get("colours", True),
    )
