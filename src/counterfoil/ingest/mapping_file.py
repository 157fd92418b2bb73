"""The mapping file as the analyst writes it, and every field of the contract that it may fill."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

# How the cells of each field are read. `prose` keeps its white space, so that spans stay true to the file;
# `counts` and `contacts` are put together from several columns.
_KINDS = {
    "prose": "listing.title listing.description",
    "text": """
        listing.listing_id listing.platform listing.url listing.language listing.brand listing.mpn
        listing.condition listing.channel listing.ships_from listing.fulfilment listing.price.currency
        seller.seller_id seller.display_name
    """,
    "list": "listing.category_path listing.gtins seller.contact_hashes",
    "money": "listing.price.amount listing.price.amount_max listing.price.list_amount",
    "count": """
        listing.price.pack_quantity listing.stats.sold_count listing.stats.rating_count listing.stats.image_count
        listing.stats.favourites listing.stats.stock seller.stats.followers seller.stats.listing_count
    """,
    "number": "listing.stats.rating_average seller.stats.rating_average seller.stats.response_seconds",
    "share": "seller.stats.response_rate",
    "flag": "seller.identity_verified seller.official_store",
    "time": "listing.created_at listing.observed_at seller.registered_at",
    "counts": "listing.stats.rating_counts seller.stats.rating_counts",
    "contacts": "seller.contacts",
}
FIELDS: dict[str, str] = {field: kind for kind, fields in _KINDS.items() for field in fields.split()}
ATTRIBUTE = "listing.attributes."
_NEEDED = (
    ("listing.title", "listing."),
    ("listing.price.amount", "listing.price."),
    ("listing.price.currency", "listing.price."),
    ("seller.seller_id", "seller."),
)
# What is read out of a post's text, and so out of no column.
_FROM_POST = frozenset({
    "listing.title", "listing.description", "listing.brand", "listing.condition", "listing.price.amount",
    "listing.price.amount_max", "listing.price.list_amount", "listing.price.currency",
})  # fmt: skip
HOLE = re.compile(r"\{([^{}]+)\}")


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Spec):
    """Where a field comes from and how it is written there."""

    column: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    none: tuple[str, ...] = ()
    separator: str | None = None
    words: dict[str, str] = Field(default_factory=dict)
    unit: str = ""
    percent: bool = False
    places: Annotated[int, Field(ge=0, le=3)] | None = None
    format: str | None = None
    epoch: Literal["s", "ms"] | None = None
    days_before: Literal["known_at"] | None = None

    @property
    def names(self) -> list[str]:
        """The columns that are read."""
        return [self.column] if self.column is not None else list(self.columns.values())

    @model_validator(mode="after")
    def _one_place(self) -> Source:
        if (self.column is None) == (not self.columns):
            raise ValueError("got both or neither of `column` and `columns`, expected one of them")
        return self


def _as_source(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"got {name!r}, expected an IANA time zone such as 'Asia/Ho_Chi_Minh'") from None
    return name


_Place = Annotated[Source, BeforeValidator(_as_source)]


class FileSpec(_Spec):
    """How the file is written as a whole."""

    format: Literal["csv", "tsv", "jsonl", "parquet"]
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    time_zone: Annotated[str, AfterValidator(_zone)]
    thousands: str = ""
    decimal: Annotated[str, Field(min_length=1, max_length=1)] = "."


class LabelSpec(_Spec):
    """Which column is a target for training, and what it means: a label nobody has explained is not trained on."""

    column: str
    positive: Annotated[tuple[str, ...], Field(min_length=1)]
    negative: tuple[str, ...] = ()
    meaning: Annotated[str, Field(min_length=20)]


class PostSpec(_Spec):
    """The column of free text out of which listings are read, several to a row; `spoken` for transcripts of streams."""

    column: str
    spoken: bool = False


class MappingFile(_Spec):
    """The whole file, as the analyst writes it."""

    about: str
    known_at: _Place | None = None
    file: FileSpec
    ids: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str | int | float | bool] = Field(default_factory=dict)
    fields: dict[str, _Place]
    post: PostSpec | None = None
    label: LabelSpec | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> MappingFile:
        named = [*self.ids, *self.constants, *self.fields]
        for field in named:
            if field not in FIELDS and not field.startswith(ATTRIBUTE):
                raise ValueError(f"got the field {field!r}, expected one of {sorted(FIELDS)} or {ATTRIBUTE}NAME")
            if named.count(field) > 1:
                raise ValueError(f"got {field!r} twice, expected it in one of [ids], [constants] and [fields]")
        for field, place in self.fields.items():
            if bool(place.columns) != (FIELDS.get(field) in ("counts", "contacts")):
                raise ValueError(f"got {field!r}, expected `columns` for rating_counts and contacts, else `column`")
        if self.post is not None and (own := sorted(_FROM_POST.intersection(named))):
            raise ValueError(f"got {own} beside [post], expected them to be read out of the post's text only")
        for needed, prefix in _NEEDED:
            if self.post is not None and needed in _FROM_POST:
                continue
            if needed not in named and any(field.startswith(prefix) for field in named):
                raise ValueError(f"got no {needed!r}, expected it because other fields of {prefix}* are mapped")
        if self.label is not None and self.label.column in self.read_columns():
            raise ValueError(
                f"got {self.label.column!r} as label and as field, expected a label that nothing else reads"
            )
        return self

    def read_columns(self) -> set[str]:
        """Every column that becomes part of a listing or a seller, or says when the row was known."""
        places = [*self.fields.values(), *([self.known_at] if self.known_at is not None else [])]
        holes = {hole for template in self.ids.values() for hole in HOLE.findall(template)}
        if self.post is not None:
            holes.add(self.post.column)
        return holes.union(*(place.names for place in places))
