"""Where the records of a history lie: in memory here, in SQL in `store/`; the fold does not know which."""

from __future__ import annotations

from typing import Literal, Protocol, TypeVar, cast

from counterfoil.history.codes import CodeHistory
from counterfoil.history.listing import ListingHistory, VerdictRecord
from counterfoil.history.market import MarketHistory
from counterfoil.history.seller import SellerHistory
from counterfoil.history.wording import PairHistory, WordingHistory

Record = ListingHistory | SellerHistory | MarketHistory | WordingHistory | PairHistory | CodeHistory | VerdictRecord
Kind = Literal["listing", "seller", "market", "wording", "pair", "code", "verdict"]
R = TypeVar("R", ListingHistory, SellerHistory, MarketHistory, WordingHistory, PairHistory, CodeHistory, VerdictRecord)
# The records that are changed in place, and therefore start empty.
M = TypeVar("M", ListingHistory, SellerHistory, MarketHistory, WordingHistory, PairHistory, CodeHistory)

KINDS: dict[type[Record], Kind] = {
    ListingHistory: "listing",
    SellerHistory: "seller",
    MarketHistory: "market",
    WordingHistory: "wording",
    PairHistory: "pair",
    CodeHistory: "code",
    VerdictRecord: "verdict",
}


class Shelf(Protocol):
    """Records by type and key. A record that `get` returned is changed only between that call and a `put` of it."""

    def get(self, kind: type[R], key: str) -> R | None:
        """The record, or None."""

    def put(self, key: str, record: Record) -> None:
        """Keep a new or changed record."""


class MemoryShelf:
    """Records in a dict: for replay, training and a crawl without a store."""

    def __init__(self) -> None:
        self._records: dict[tuple[type[Record], str], Record] = {}

    def get(self, kind: type[R], key: str) -> R | None:
        """The record, or None."""
        return cast("R | None", self._records.get((kind, key)))

    def put(self, key: str, record: Record) -> None:
        """Keep a new or changed record."""
        self._records[type(record), key] = record
