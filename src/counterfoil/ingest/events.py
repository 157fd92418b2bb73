"""The events of the log, as the contract names them; a `verdict` is the contract's label object."""

from __future__ import annotations

from typing import Annotated, Literal, TypeGuard

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from counterfoil.ingest.fields import Address, Count, Id, Instant, Line, plain
from counterfoil.ingest.schema import Listing, Seller, Strict


class _Event(Strict):
    event_id: Id
    happened_at: Instant


class Listed(_Event):
    """A listing was seen, for the first time or again."""

    type: Literal["listed"]
    seller_id: Id
    listing: Listing
    seller: Seller | None = None

    @model_validator(mode="after")
    def _identified(self) -> Listed:
        if self.listing.listing_id is None:
            raise ValueError("got no listing.listing_id, expected one: an event must say which listing it is about")
        if self.seller is not None and self.seller.seller_id != self.seller_id:
            raise ValueError(
                f"got seller.seller_id {self.seller.seller_id!r}, expected {self.seller_id!r} as in seller_id"
            )
        return self


class Delisted(_Event):
    """A listing is gone."""

    type: Literal["delisted"]
    listing_id: Id
    by: Literal["seller", "platform", "unknown"] = "unknown"


class SellerSeen(_Event):
    """A seller's page was seen on its own."""

    type: Literal["seller"]
    seller: Seller


class Activity(_Event):
    """What buyers did since the last activity event of the listing: counts, not running totals."""

    type: Literal["activity"]
    listing_id: Id
    orders: Count = 0
    returns: Count = 0
    counterfeit_complaints: Count = 0
    rating_counts: dict[Line, Count] = Field(default_factory=dict)


class Target(Strict):
    """What a verdict or an action is about."""

    type: Literal["listing", "seller"]
    id: Id
    score_id: Line | None = None


class Action(_Event):
    """Something was done about a listing or a seller."""

    type: Literal["action"]
    target: Target
    action: Literal["none", "warned", "hidden", "removed", "restored"]
    by: Line = "platform"


class Selection(Strict):
    """How the listing came to be looked at, and with what chance: what makes unbiased estimates possible."""

    mechanism: Literal["score_queue", "random_audit", "complaint", "external"]
    propensity: Annotated[float, Field(gt=0, le=1)] | None = None


class EvidenceItem(Strict):
    """A document behind a verdict."""

    type: Line
    uri: Address | None = None
    sha256: Annotated[str, Field(max_length=64), AfterValidator(plain)] | None = None


class Verdict(Strict):
    """What somebody entitled to say so found out: the label object of the contract, as an event."""

    type: Literal["verdict"]
    label_id: Id
    event_id: Id | None = None
    target: Target
    label: Literal["counterfeit", "genuine", "other_violation", "unsure"]
    source: Literal[
        "inspection_result", "test_purchase", "rights_holder_notice", "authorised_list", "customer_return",
        "customer_complaint", "moderator_review", "appeal_upheld", "appeal_rejected", "random_audit", "weak_rule",
    ]  # fmt: skip
    strength: Literal["confirmed", "probable", "weak"] = "probable"
    violation: Line | None = None
    labelled_at: Instant
    effective_at: Instant | None = None
    analyst: Line | None = None
    selection: Selection | None = None
    reason: Line | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    supersedes: Id | None = None

    @model_validator(mode="after")
    def _one_id(self) -> Verdict:
        if self.event_id not in (None, self.label_id):
            raise ValueError(
                f"got event_id {self.event_id!r}, expected {self.label_id!r}: a verdict's event_id is its label_id"
            )
        return self


Event = Annotated[
    Listed | Delisted | SellerSeen | Activity | Action | Verdict,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Listed | Delisted | SellerSeen | Activity | Action | Verdict] = TypeAdapter(Event)


def is_ruling(event: object) -> TypeGuard[Verdict]:
    """Whether an event says what a listing was found to be; somebody who is unsure does not."""
    return isinstance(event, Verdict) and event.target.type == "listing" and event.label != "unsure"


def event_id(event: Listed | Delisted | SellerSeen | Activity | Action | Verdict) -> str:
    """The id under which an event is idempotent: its own, or a verdict's `label_id`."""
    return event.label_id if isinstance(event, Verdict) else event.event_id
