"""Codes: what a listing states, where else the same code was seen, and what a register says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from counterfoil.history.tallies import add_count
from counterfoil.history.wording import PairHistory, other_sellers
from counterfoil.ingest.register import CodeRegister, RegisterEntry
from counterfoil.ingest.schema import Listing
from counterfoil.language.brands import brand_key
from counterfoil.language.codes import StatedCode, find_isbns, isbn_code, read_gtin
from counterfoil.language.normalise import fold_text
from counterfoil.language.registration import find_registrations

if TYPE_CHECKING:
    from counterfoil.history.listing import ListingHistory
    from counterfoil.history.shelf import Shelf

# What a register can say; a code that is on file is `known`, which is not to say that the goods are genuine.
Verdict = Literal["known", "unknown", "mismatch", "revoked"]
# A listing of many variants states many codes; beyond so many of one source nothing is gained.
MOST_CODES = 20
_MOST_ATTRIBUTES = 60
_SHORTEST_WORD = 3


@dataclass(slots=True)
class CodeHistory:
    """Distinct listings that state one code, by category and brand, and how many sellers they have."""

    listings: dict[str, int] = field(default_factory=dict)
    sellers: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain data for a store."""
        return {"listings": self.listings, "sellers": self.sellers}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CodeHistory:
        """The inverse of `to_json`."""
        return cls(data["listings"], data["sellers"])


@dataclass(frozen=True, slots=True)
class CodeView:
    """One stated code with what was known of it; `alike` and `unlike` count other listings that state it too.

    Unlike is one of another brand, or, where a brand is not stated on one side, of another category. `verdict` is None
    when no register knew codes of that kind; `entries` are then empty.
    """

    stated: StatedCode
    alike: int = 0
    unlike: int = 0
    other_sellers: int = 0
    verdict: Verdict | None = None
    entries: tuple[RegisterEntry, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether listings with this code are counted: a made-up number says nothing about the others that use it."""
        return is_counted(self.stated)


def codes_of(listing: Listing, category: str | None) -> tuple[StatedCode, ...]:
    """The codes a listing states, each once: at most 20 of its GTIN field, and 20 of title, description and attributes."""
    found: dict[tuple[str, str], StatedCode] = {}
    for source in (_given(listing), _written(listing, category)):
        limit = len(found) + MOST_CODES
        for code in source:
            found.setdefault((code.kind, code.code), code)
            if len(found) == limit:
                break
    return tuple(found.values())


def is_counted(code: StatedCode) -> bool:
    """Whether a code is sound enough for listings with it to be held against each other."""
    return code.fault is None and not code.check_fails


def counted_keys(codes: Sequence[StatedCode]) -> tuple[str, ...]:
    """The keys under which a listing with these codes is counted."""
    return tuple(code_key(code) for code in codes if is_counted(code))


def code_key(code: StatedCode) -> str:
    """The key of one code."""
    return f"{code.kind}:{code.code}"


def count_code(record: CodeHistory, pair: PairHistory, own: ListingHistory, by: int) -> None:
    """Count a listing under a code, or take it out with `by=-1`."""
    add_count(record.listings, _place(own.category, own.brand), by)
    record.sellers += pair.moved(by)


def view_codes(
    shelf: Shelf,
    listing: Listing,
    codes: Sequence[StatedCode],
    brand: str | None,
    category: str | None,
    own: ListingHistory | None,
    seller_id: str | None,
    register: CodeRegister,
    as_of: datetime,
) -> tuple[CodeView, ...]:
    """Each of the codes that a listing states with what was known of it at `as_of`, the listing's own sightings left out."""
    views = []
    for stated in codes:
        alike = unlike = sellers = 0
        entries = None
        if is_counted(stated):
            alike, unlike, sellers = _seen(shelf, code_key(stated), brand, category, own, seller_id)
            entries = register.look_up(stated.kind, stated.code, as_of)
        verdict = _verdict(entries, listing, brand) if entries is not None else None
        views.append(CodeView(stated, alike, unlike, sellers, verdict, tuple(entries or ())))
    return tuple(views)


def _given(listing: Listing) -> Iterator[StatedCode]:
    for stated in listing.gtins:
        reading = read_gtin(stated)
        if reading.prefix_class == "book":
            yield isbn_code(reading.code[-13:], "gtins", 0, len(stated), stated)
        elif reading.valid and not reading.placeholder and reading.prefix_class in ("national", "none", "serial"):
            # Numbers for use inside a shop, coupons and examples are the same for everybody: they say nothing here.
            yield StatedCode("gtin", reading.gtin14, "gtins", 0, len(stated), stated)


def _written(listing: Listing, category: str | None) -> Iterator[StatedCode]:
    for name, label, text in _texts(listing):
        flat = fold_text(text)
        yield from find_registrations(text, name, category, label, flat)
        yield from find_isbns(text, name, label, flat)


def _texts(listing: Listing) -> Iterator[tuple[str, str, str]]:
    yield "title", "", listing.title
    if listing.description:
        yield "description", "", listing.description
    for name, value in list(listing.attributes.items())[:_MOST_ATTRIBUTES]:
        for part in value[:_MOST_ATTRIBUTES] if isinstance(value, (list, tuple)) else (value,):
            if isinstance(part, (str, int)) and not isinstance(part, bool):
                yield f"attributes.{name}", name, str(part)


def _place(category: str | None, brand: str | None) -> str:
    return f"{category or '-'}|{brand or '-'}"


def _seen(
    shelf: Shelf, key: str, brand: str | None, category: str | None, own: ListingHistory | None, seller_id: str | None
) -> tuple[int, int, int]:
    record = shelf.get(CodeHistory, key)
    if record is None:
        return 0, 0, 0
    mine = own if own is not None and key in own.codes else None
    alike = unlike = 0
    for place, count in record.listings.items():
        others = count - (mine is not None and place == _place(mine.category, mine.brand))
        their_category, _, their_brand = place.partition("|")
        if _differs(brand, their_brand, category, their_category):
            unlike += others
        else:
            alike += others
    own_seller = mine.seller_id if mine is not None else None
    return alike, unlike, other_sellers(shelf, key, record.sellers, own_seller, seller_id)


def _differs(brand: str | None, their_brand: str, category: str | None, their_category: str) -> bool:
    """Whether two listings with one code are of unlike goods; brands decide, categories only where a brand is missing."""
    if brand is not None and their_brand != "-":
        return not _same_brand(brand, their_brand)
    return category is not None and their_category not in ("-", category)


def _same_brand(one: str, other: str) -> bool:
    """The same key, or one that goes on where the other ends: `loreal` and `loreal paris`."""
    short, long = sorted((one.replace("-", " "), other.replace("-", " ")), key=len)
    return short == long or long.startswith(f"{short} ")


def _verdict(entries: Sequence[RegisterEntry], listing: Listing, brand: str | None) -> Verdict:
    """What a register says: the latest entry of each product counts; one for the listing's own goods goes first."""
    if not entries:
        return "unknown"
    latest = {(brand_key(one.brand), fold_text(one.product)): one for one in entries}
    fitting = [one for one in latest.values() if _fits(one, listing, brand)]
    if fitting:
        return "known" if any(one.status == "valid" for one in fitting) else "revoked"
    return "revoked" if all(one.status == "revoked" for one in latest.values()) else "mismatch"


def _fits(entry: RegisterEntry, listing: Listing, brand: str | None) -> bool:
    """Whether an entry can be about a listing's goods: brands decide, else one word of the entry in the texts does."""
    theirs = brand_key(entry.brand)
    if brand is not None and theirs is not None:
        return _same_brand(brand, theirs)
    words = {word for word in _words(f"{entry.brand} {entry.product}") if len(word) >= _SHORTEST_WORD}
    return not words or not words.isdisjoint(_words(f"{listing.title} {listing.description or ''}"))


def _words(text: str) -> set[str]:
    return set("".join(char if char.isalnum() else " " for char in fold_text(text)).split())
