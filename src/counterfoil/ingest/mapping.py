"""A foreign format as one TOML file: which column is which field of the contract, and how its cells are written."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from collections.abc import Mapping as Values
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from counterfoil.errors import BadInput, Fault, MappingError
from counterfoil.ingest import convert
from counterfoil.ingest.convert import UnfitError, cell_text
from counterfoil.ingest.mapping_file import ATTRIBUTE, FIELDS, HOLE, FileSpec, LabelSpec, MappingFile, Source
from counterfoil.knowledge.files import knowledge_file, names_in


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row as the body of one score request, of a `post` without title yet; `target` is 1, 0 or, without a label, None."""

    body: dict[str, Any]
    known_at: datetime
    target: int | None
    post: str | None = None


_Reader = Callable[[Values[str, object], datetime, datetime | None], object]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping ready to read rows; `sha256` is of its text."""

    name: str
    spec: MappingFile
    sha256: str
    zone: ZoneInfo
    readers: tuple[tuple[tuple[str, ...], str, _Reader], ...]

    @property
    def columns_used(self) -> frozenset[str]:
        """Every column that the mapping reads, the label's too."""
        label = {self.spec.label.column} if self.spec.label is not None else set()
        return frozenset(self.spec.read_columns() | label)

    @property
    def contact_columns(self) -> frozenset[str]:
        """The columns that hold raw contacts: never written anywhere."""
        place = self.spec.fields.get("seller.contacts")
        return frozenset(place.columns.values()) if place is not None else frozenset()

    def column_of(self, pointer: str) -> str | None:
        """The column behind a JSON pointer such as `#/listing/price/amount`, for messages."""
        if self.spec.post is not None and pointer in ("#/listing/title", "#/listing/description"):
            return self.spec.post.column
        place = self.spec.fields.get(pointer.removeprefix("#/").replace("/", "."))
        return place.column if place is not None else None

    def read(self, values: Values[str, object], known_at_default: datetime, now: datetime | None = None) -> MappedRow:
        """One row of the file.

        `known_at_default` stands in where the mapping names no column; a bare date of today ends at `now`. Raises
        `BadInput` with a fault for each cell that does not fit, naming column, value and expectation.
        """
        known_at = known_at_default
        faults: list[Fault] = []
        if self.spec.known_at is not None:
            try:
                known_at = _known_at(self.spec.known_at, values, self.zone, now)
            except UnfitError as error:
                raise BadInput(str(error), [Fault(str(error), "#/known_at", error.code)]) from None
        body: dict[str, Any] = {"listing": {}}
        for path, column, reader in self.readers:
            try:
                value = reader(values, known_at, now)
            except UnfitError as error:
                faults.append(Fault(f"column {column!r}: {error}", "#/" + "/".join(path), error.code))
                continue
            if value is not None:
                block = body
                for step in path[:-1]:
                    block = block.setdefault(step, {})
                block[path[-1]] = value
        try:
            target = _target(self.spec.label, values)
        except UnfitError as error:
            faults.append(Fault(str(error), "#/label", error.code))
        if faults:
            raise BadInput("; ".join(fault.detail for fault in faults), faults)
        if "amount" not in body["listing"].get("price", {"amount": None}):
            del body["listing"]["price"]  # no price in this row: hidden, which is not an error
        if "seller_id" not in body.get("seller", {"seller_id": None}):
            del body["seller"]  # nobody to speak of: the answer will say that the seller is unknown
        post = self.spec.post
        return MappedRow(body, known_at, target, None if post is None else cell_text(values.get(post.column)))


def _known_at(place: Source, values: Values[str, object], zone: ZoneInfo, now: datetime | None) -> datetime:
    text = cell_text(values.get(place.column or "")).strip()
    try:
        return convert.as_time(text, zone, layout=place.format, epoch=place.epoch, ends_day=True, now=now)
    except UnfitError as error:
        raise UnfitError(error.code, f"column {place.column!r} (known_at): {error}") from None


def _target(label: LabelSpec | None, values: Values[str, object]) -> int | None:
    if label is None:
        return None
    text = cell_text(values.get(label.column)).strip()
    if not text:
        return None
    if text in label.positive:
        return 1
    if label.negative and text not in label.negative:
        known = [*label.positive, *label.negative]
        raise UnfitError(
            "unknown_label",
            f"column {label.column!r}: got {convert.shown(text)}, expected one of {known} as in [label]",
        )
    return 0


def _reader(field: str, place: Source, file: FileSpec, zone: ZoneInfo) -> _Reader:
    """The function that reads one field out of a row; None when the row has no value for it."""
    kind = FIELDS.get(field, "text")
    if kind in ("counts", "contacts"):
        return _several(kind, place, file)
    column = place.column or ""
    nothing = frozenset(word.strip().casefold() for word in place.none)
    ends_day = field == "listing.observed_at"

    def number(text: str) -> Any:
        return convert.as_decimal(text, thousands=file.thousands, point=file.decimal, unit=place.unit)

    def read(values: Values[str, object], known_at: datetime, now: datetime | None) -> object:
        cell = values.get(column)
        if kind == "list" and isinstance(cell, list):
            return [cell_text(part).strip() for part in cell]
        text = cell_text(cell)
        bare = text.strip()
        if not bare or bare.casefold() in nothing:
            return None
        match kind:
            case "prose":
                return text
            case "list":
                parts = bare.split(place.separator) if place.separator else [bare]
                return [part.strip() for part in parts if part.strip()]
            case "money":
                try:
                    amount = number(bare)
                    return format(amount if place.places is None else round(amount, place.places), "f")
                except UnfitError as error:
                    raise UnfitError("invalid_price", str(error)) from None
            case "count":
                return convert.as_count(number(bare), bare)
            case "number" | "share":
                return float(number(bare) / 100 if place.percent else number(bare))
            case "flag":
                return convert.as_flag(bare)
            case "time" if place.days_before is not None:
                return convert.days_before(bare, known_at, zone).isoformat()
            case "time":
                moment = convert.as_time(bare, zone, layout=place.format, epoch=place.epoch, ends_day=ends_day, now=now)
                return moment.isoformat()
            case _:
                return convert.as_word(bare, place.words)

    return read


def _several(kind: str, place: Source, file: FileSpec) -> _Reader:
    def read(values: Values[str, object], _known_at: datetime, _now: datetime | None) -> object:
        cells = {name: cell_text(values.get(column)).strip() for name, column in place.columns.items()}
        filled = {name: text for name, text in cells.items() if text and text not in place.none}
        if kind == "contacts":
            return [{"kind": name, "value": text} for name, text in filled.items()] or None
        counts = {
            name: convert.as_count(convert.as_decimal(text, thousands=file.thousands, point=file.decimal), text)
            for name, text in filled.items()
        }
        return counts or None

    return read


def _template(template: str) -> _Reader:
    parts = HOLE.split(template)

    def read(values: Values[str, object], _known_at: datetime, _now: datetime | None) -> object:
        filled = [cell_text(values.get(part)).strip() if place % 2 else part for place, part in enumerate(parts)]
        return "".join(filled) if all(filled[1::2]) else None

    return read


def _constant(value: object) -> _Reader:
    return lambda _values, _known_at, _now: value


def parse_mapping(text: str, name: str) -> Mapping:
    """A mapping out of its TOML text; raises `MappingError` with the key that is wrong."""
    try:
        spec = MappingFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MappingError(
            f"mapping {name}: got text that is not TOML ({error}); see `counterfoil mapping draft`"
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the whole file"
        what = "an unknown key" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise MappingError(f"mapping {name}, at {where}: {what}; the guide is docs/how-to/write-a-mapping.md") from None
    zone = ZoneInfo(spec.file.time_zone)
    readers = [(field, template, _template(template)) for field, template in spec.ids.items()]
    readers += [(field, field, _constant(value)) for field, value in spec.constants.items()]
    readers += [
        (field, ", ".join(place.names), _reader(field, place, spec.file, zone)) for field, place in spec.fields.items()
    ]
    placed = tuple((_path(field), column, read) for field, column, read in readers)
    return Mapping(name, spec, hashlib.sha256(text.encode()).hexdigest(), zone, placed)


def _path(field: str) -> tuple[str, ...]:
    if field.startswith(ATTRIBUTE):
        return ("listing", "attributes", field.removeprefix(ATTRIBUTE))
    return tuple(field.split("."))


@cache
def _shipped(name: str) -> Mapping:
    return parse_mapping(knowledge_file(f"mappings/{name}.toml").read_text(encoding="utf-8"), name)


def shipped_mappings() -> list[Mapping]:
    """The mappings that come with the package."""
    return [_shipped(name) for name in names_in("mappings")]


def load_mapping(name: str | Path) -> Mapping:
    """A mapping by the name of a shipped one, or by the path of a TOML file."""
    path = Path(name)
    if path.suffix == ".toml":
        try:
            return parse_mapping(path.read_text(encoding="utf-8"), path.stem)
        except (OSError, UnicodeDecodeError) as error:
            raise MappingError(f"mapping {path}: got {error}, expected a TOML file in UTF-8; check the path") from None
    if str(name) in names_in("mappings"):
        return _shipped(str(name))
    raise MappingError(
        f"got the mapping {str(name)!r}, expected one of {names_in('mappings')} or the path of a .toml file"
    )
