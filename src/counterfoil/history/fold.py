"""The fold: `observe` counts an event, `about` reads what was known about a listing, itself left out."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from counterfoil.errors import BehindTheLog, ReadsTheFuture
from counterfoil.history.codes import CodeHistory, count_code, counted_keys, view_codes
from counterfoil.history.instants import day_of, micros, moment
from counterfoil.history.keys import Keys, keys_of, price_bin
from counterfoil.history.listing import ListingHistory, VerdictRecord
from counterfoil.history.market import LEVELS, MarketHistory, reference_of
from counterfoil.history.seller import SellerHistory, facts_of
from counterfoil.history.shelf import M, MemoryShelf, Shelf
from counterfoil.history.views import About, MarketView, PriceLevel, SellerView, WordingView
from counterfoil.history.wording import PairHistory, WordingHistory, other_sellers, pair_key
from counterfoil.ingest.entry import Entry, Subject
from counterfoil.ingest.events import Activity, Listed, SellerSeen, Verdict
from counterfoil.ingest.register import NO_REGISTER, CodeRegister
from counterfoil.ingest.schema import Listing, Seller
from counterfoil.knowledge.brands import known_brand, list_price


class History(Protocol):
    """What was known, wherever it is kept."""

    def observe(self, entry: Entry) -> None:
        """Count an event; raises `BehindTheLog` when it became known before the last one."""

    def about(self, subject: Subject, as_of: datetime) -> About:
        """What was known at `as_of` about a listing; raises `ReadsTheFuture` before the last event's `known_at`."""


# Listings whose keys are kept while their instant lasts.
_KEPT = 2_000


class Fold:
    """The one implementation of `History`, over any shelf; `head` is the last `known_at` in microseconds, -1 if none.

    `register` answers what is on file about the codes of a listing. Training never hands one over: a register says what
    is known today, often because of the very verdicts that a model is to learn, so a replay would read the future.
    """

    def __init__(self, shelf: Shelf | None = None, head: int = -1, register: CodeRegister = NO_REGISTER) -> None:
        self.shelf: Shelf = shelf if shelf is not None else MemoryShelf()
        self.head = head
        self.register = register
        self._read: dict[int, tuple[Listing, Keys]] = {}

    # ---- events in ----

    def observe(self, entry: Entry) -> None:
        """Count an event; raises `BehindTheLog` when it became known before the last one."""
        at = micros(entry.known_at)
        if at < self.head:
            raise BehindTheLog(
                f"got an event known at {entry.known_at.isoformat()}, expected {moment(self.head).isoformat()} or later: "
                "the log never runs backwards; load files in order of known_at, or into a fresh store"
            )
        self.head = at
        match entry.event:
            case Listed() as event:
                self._listed(event, day_of(at))
            case SellerSeen(seller=seller):
                self._record(SellerHistory, seller.seller_id).saw(seller, None)
            case Activity() as event:
                self._activity(event, day_of(at))
            case Verdict() as event:
                self._verdict(event, at)
            case _:
                pass  # `delisted` and `action` are kept in the log; no view counts them

    def _record(self, kind: type[M], key: str) -> M:
        """The record to change; it is put back at once, since the caller goes on to change it."""
        record = self.shelf.get(kind, key)
        if record is None:
            record = kind()
        self.shelf.put(key, record)
        return record

    def _listed(self, event: Listed, day: int) -> None:
        listing_id = _id(event.listing)
        own = self._record(ListingHistory, listing_id)
        again = own.seller_id is not None
        if again:
            self._place(own, -1)
        else:
            own.seller_id, own.first_day = event.seller_id, day
        keys = self._keys(event.listing)
        own.brand, own.category, own.wording = keys.brand, keys.category, keys.wording
        own.hand_carried = keys.hand_carried
        own.markets = tuple(keys.markets().values())
        own.codes = counted_keys(keys.codes)
        own.price_day, own.price_bin = day, price_bin(keys.unit_price) if keys.unit_price is not None else 0
        self._place(own, 1)
        seller = self._record(SellerHistory, event.seller_id)
        if event.seller is not None:
            seller.saw(event.seller, listing_id)
        for waited_day, counts in own.waiting:
            seller.acted(waited_day, counts)
        own.waiting = []

    def _place(self, own: ListingHistory, by: int) -> None:
        """Count a listing everywhere it belongs, or take it out: a re-sighting is out with the old and in with the new."""
        seller_id = own.seller_id or ""
        seller = self._record(SellerHistory, seller_id)
        seller.count(own, by)
        seller.verdicts.merge(own.verdicts, by)
        for key in own.markets:
            self._record(MarketHistory, key).add(own.price_day, own.price_bin, by)
        family = self._record(WordingHistory, own.wording)
        family.listings += by
        family.verdicts.merge(own.verdicts, by)
        family.sellers += self._record(PairHistory, pair_key(own.wording, seller_id)).moved(by)
        for code in own.codes:
            count_code(self._record(CodeHistory, code), self._record(PairHistory, pair_key(code, seller_id)), own, by)

    def _activity(self, event: Activity, day: int) -> None:
        counts = [event.orders, event.returns, event.counterfeit_complaints]
        own = self._record(ListingHistory, event.listing_id)
        if own.seller_id is None:
            own.waiting.append((day, counts))
        else:
            self._record(SellerHistory, own.seller_id).acted(day, counts)

    def _verdict(self, event: Verdict, at: int) -> None:
        old = self.shelf.get(VerdictRecord, event.supersedes) if event.supersedes is not None else None
        # A correction takes back what was said of the same target; what another listing was found to be stands.
        if old is not None and (old.target, old.id) == (event.target.type, event.target.id):
            self._count_verdict(old, at, -1)
        new = VerdictRecord(event.target.type, event.target.id, day_of(at), event.label)
        self.shelf.put(event.label_id, new)
        self._count_verdict(new, at, 1)

    def _count_verdict(self, verdict: VerdictRecord, at: int, by: int) -> None:
        tallies = []
        if verdict.target == "seller":
            tallies.append(self._record(SellerHistory, verdict.id).verdicts)
        else:
            own = self._record(ListingHistory, verdict.id)
            tallies.append(own.verdicts)
            if own.seller_id is not None:
                tallies.append(self._record(SellerHistory, own.seller_id).verdicts)
                tallies.append(self._record(WordingHistory, own.wording).verdicts)
        for tally in tallies:
            tally.add(at, verdict.day, verdict.label, by)

    # ---- views out ----

    def about(self, subject: Subject, as_of: datetime) -> About:
        """What was known at `as_of` about a listing; raises `ReadsTheFuture` before the last event's `known_at`."""
        at = micros(as_of)
        if at < self.head:
            raise ReadsTheFuture(
                f"got as_of {as_of.isoformat()}, expected {moment(self.head).isoformat()} or later: "
                "the log has already been read up to there"
            )
        listing = subject.listing
        keys = self._keys(listing)
        own = self.shelf.get(ListingHistory, listing.listing_id) if listing.listing_id is not None else None
        if own is not None and own.seller_id is None:
            own = None  # only heard of, never seen: it is in nobody's counts
        seller_id = subject.seller.seller_id if subject.seller is not None else None
        return About(
            subject=subject,
            keys=keys,
            as_of=as_of,
            seller=self._seller(subject.seller, listing.listing_id, own, at),
            market=self._market(keys, own, day_of(at)),
            wording=self._wording(keys.wording, seller_id, own, at),
            codes=view_codes(
                self.shelf, listing, keys.codes, keys.brand, keys.category, own, seller_id, self.register, as_of
            ),
        )

    def _seller(self, seller: Seller | None, own_id: str | None, own: ListingHistory | None, at: int) -> SellerView:
        if seller is None:
            return SellerView()
        shown = facts_of(seller)
        record = self.shelf.get(SellerHistory, seller.seller_id)
        if record is None:
            return SellerView(facts=shown, identified=True)
        counted = own if own is not None and own.seller_id == seller.seller_id else None
        return record.view(at, day_of(at), shown, own_id, counted)

    def _market(self, keys: Keys, own: ListingHistory | None, last_day: int) -> MarketView:
        markets = keys.markets()
        levels = []
        for name in LEVELS:
            key = markets.get(name)
            record = self.shelf.get(MarketHistory, key) if key is not None else None
            if record is None or key is None:
                levels.append(PriceLevel(name, 0, float("nan")))
                continue
            mine = (own.price_day, own.price_bin) if own is not None and key in own.markets else None
            levels.append(record.level(name, last_day, mine))
        chain = tuple(levels)
        hint = _list_price(keys)
        return MarketView(keys.unit_price, keys.currency, chain, hint, reference_of(chain, hint))

    def _wording(self, key: str, seller_id: str | None, own: ListingHistory | None, at: int) -> WordingView:
        family = self.shelf.get(WordingHistory, key)
        if family is None:
            return WordingView()
        listings, verdicts = family.listings, family.verdicts.counts(at)
        if own is not None and own.wording == key:
            listings -= 1
            verdicts = verdicts.minus(own.verdicts.counts(at))
        own_seller = own.seller_id if own is not None and own.wording == key else None
        others = other_sellers(self.shelf, key, family.sellers, own_seller, seller_id)
        return WordingView(listings, others, verdicts)

    def _keys(self, listing: Listing) -> Keys:
        """The keys of a listing: one that was just observed is mostly asked about next, and is not read twice."""
        kept = self._read.get(id(listing))
        # Only the very object counts; a number that was given to another one since does not.
        if kept is not None and kept[0] is listing:
            return kept[1]
        keys = keys_of(listing)
        if len(self._read) >= _KEPT:
            del self._read[next(iter(self._read))]
        self._read[id(listing)] = (listing, keys)
        return keys


def _id(listing: Listing) -> str:
    if listing.listing_id is None:
        raise TypeError("got a listed event without listing_id; the schema does not let one through")
    return listing.listing_id


def _list_price(keys: Keys) -> float | None:
    brand = known_brand(keys.brand) if keys.brand is not None else None
    if brand is None or keys.category is None or keys.currency != "VND" or keys.accessory is not None:
        return None  # what is made for a brand's goods, or decanted from them, costs what it likes
    return list_price(brand, keys.category, keys.goods)
