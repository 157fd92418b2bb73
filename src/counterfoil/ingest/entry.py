"""What intake hands on: the listing being asked about, and events as the log holds them, free of raw contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from counterfoil.ingest.events import Action, Activity, Delisted, Listed, SellerSeen, Verdict
from counterfoil.ingest.schema import Listing, Seller

AnyEvent = Listed | Delisted | SellerSeen | Activity | Action | Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """A contact that stood in a text: where it was (code points, half-open) and its keyed hash, never the contact itself."""

    field: str
    start: int
    end: int
    kind: str
    hash: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A listing to judge, with the seller as the request shows it; contacts are hashed and masked."""

    listing: Listing
    seller: Seller | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with the time from which it was known to us; `findings` are the contacts intake masked in its texts."""

    known_at: datetime
    event: AnyEvent
    findings: tuple[Finding, ...] = ()

    @property
    def subject(self) -> Subject:
        """The listing of a `listed` event, as a subject to judge."""
        if not isinstance(self.event, Listed):
            raise TypeError(
                f"got a {self.event.type} event, expected a listed one: only those are about a listing's content"
            )
        return Subject(self.event.listing, self.event.seller or Seller(seller_id=self.event.seller_id), self.findings)
