"""What comes in: listings, sellers, prices and events, as the contract names them.

The models are frozen and refuse unknown fields: a silent typo is worse than an error in enforcement.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from counterfoil.ingest.fields import (
    Address,
    Amount,
    Count,
    Currency,
    Description,
    Id,
    Instant,
    Line,
    Share,
    Stars,
    Title,
    not_a_boolean,
    plain,
)
from counterfoil.knowledge.currencies import minor_units


class Strict(BaseModel):
    """The base of all models here: frozen, and closed to unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Price(Strict):
    """What is asked, as a decimal with its ISO 4217 currency; an amount of 0 is a hidden price, never a cheap one."""

    amount: Amount
    currency: Currency
    amount_max: Amount | None = None
    list_amount: Amount | None = None
    pack_quantity: Annotated[int, BeforeValidator(not_a_boolean), Field(ge=1, le=100_000)] = 1

    @model_validator(mode="after")
    def _whole_units(self) -> Price:
        places = minor_units(self.currency) or 0
        for name in ("amount", "amount_max", "list_amount"):
            value: Decimal | None = getattr(self, name)
            if value is not None and value != round(value, places):
                raise ValueError(f"got {name} {value} {self.currency}, expected at most {places} decimal places")
            # "390.000" is how a Vietnamese shop writes 390,000; read as 390 it would be a false bargain.
            if value is not None and value.as_tuple().exponent == -3 and places < 3:
                raise ValueError(f"got {name} {value} {self.currency}, expected no point between thousands")
        return self


class Image(Strict):
    """An image by its address and hash; no pixel is ever looked at."""

    url: Address | None = None
    sha256: Annotated[str, Field(max_length=64), AfterValidator(plain)] | None = None


class ListingStats(Strict):
    """What the platform shows about a listing at `observed_at`; a missing field is unknown, not zero."""

    sold_count: Count | None = None
    rating_counts: dict[Line, Count] | None = None
    rating_average: Stars | None = None
    rating_count: Count | None = None
    image_count: Count | None = None
    favourites: Count | None = None
    stock: Count | None = None


class Listing(Strict):
    """One offer as the seller wrote it; only `title` is required, since many listings are scored before they have an id."""

    listing_id: Id | None = None
    platform: Line | None = None
    url: Address | None = None
    title: Title
    description: Description | None = None
    language: Line | None = None
    brand: Line | None = None
    category_path: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    price: Price | None = None
    gtins: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    mpn: Line | None = None
    attributes: Annotated[dict[Line, Any], Field(max_length=200)] = Field(default_factory=dict)
    images: Annotated[tuple[Image, ...], Field(max_length=100)] = ()
    stats: ListingStats = ListingStats()
    condition: Literal["new", "used", "refurbished"] | None = None
    channel: Literal["mall", "marketplace", "live", "post"] | None = None
    ships_from: Line | None = None
    fulfilment: Line | None = None
    created_at: Instant | None = None
    observed_at: Instant | None = None


class Contact(Strict):
    """A raw contact; it lives until intake has hashed it and is never stored, logged or echoed."""

    kind: Literal["phone", "email", "zalo", "facebook", "telegram", "bank", "address", "other"]
    value: Annotated[str, Field(max_length=300, repr=False)]


class SellerStats(Strict):
    """What the platform shows about a seller; `rating_counts` may use stars or good / normal / bad."""

    rating_average: Stars | None = None
    rating_counts: dict[Line, Count] | None = None
    followers: Count | None = None
    listing_count: Count | None = None
    response_rate: Share | None = None
    response_seconds: Annotated[float, BeforeValidator(not_a_boolean), Field(ge=0, allow_inf_nan=False)] | None = None


class Seller(Strict):
    """The account behind a listing, as the platform shows it."""

    seller_id: Id
    display_name: Line | None = None
    registered_at: Instant | None = None
    identity_verified: bool | None = None
    official_store: bool | None = None
    contacts: Annotated[tuple[Contact, ...], Field(max_length=50)] = ()
    contact_hashes: Annotated[tuple[Line, ...], Field(max_length=200)] = ()
    stats: SellerStats = SellerStats()


Include = Literal[
    "reasons", "reasons:all", "checks", "percentile", "features", "contributions", "seller_text", "what_would_change"
]


class ScoreOptions(Strict):
    """How one request wants its answer."""

    policy: Line = "default"
    include: tuple[Include, ...] = ("reasons", "percentile")
    locale: Literal["vi", "en"] | None = None
    as_of: Instant | None = None
    record: bool = True


class ScoreRequest(Strict):
    """The body of `POST /v1/score`, and one line of a file without a mapping."""

    listing: Listing
    seller: Seller | None = None
    options: ScoreOptions = ScoreOptions()
