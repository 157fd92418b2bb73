"""The code register: a list of GTINs and registration numbers that an authority or a brand has published or handed over.

`CodeRegister` is the door; the implementation here reads CSV files that `counterfoil codes import` has checked. It says
what a list says, and never that goods are genuine: counterfeiters print real numbers.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol, cast

from counterfoil.errors import BadInput, UnreadableFile
from counterfoil.ingest.readers import format_of, read_rows
from counterfoil.knowledge.codes import code_kinds
from counterfoil.language.codes import read_gtin, read_isbn
from counterfoil.language.registration import find_registrations

Status = Literal["valid", "revoked"]
COLUMNS = ("kind", "code", "status", "brand", "product", "holder", "known_from")
_MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One line of a register, as it was known from the day `known_from` on; `valid_until` is its last good day."""

    kind: str
    code: str
    status: Status
    brand: str
    product: str
    holder: str
    known_from: date
    valid_until: date | None = None


class CodeRegister(Protocol):
    """What some authority has on file about codes."""

    def look_up(self, kind: str, code: str, as_of: datetime) -> Sequence[RegisterEntry] | None:
        """What was known at `as_of` about a code in its canonical spelling, oldest first; empty when it was not on file.

        None when nothing was known of codes of that kind at all: no register, or one of other codes.
        """


class CsvRegister:
    """Entries held in memory, read once."""

    def __init__(self, entries: Iterable[RegisterEntry]) -> None:
        self._entries: dict[tuple[str, str], list[RegisterEntry]] = {}
        self._since: dict[str, date] = {}
        for entry in sorted(entries, key=lambda one: one.known_from):
            self._entries.setdefault((entry.kind, entry.code), []).append(entry)
            self._since.setdefault(entry.kind, entry.known_from)

    def look_up(self, kind: str, code: str, as_of: datetime) -> Sequence[RegisterEntry] | None:
        """What was known at `as_of` about a code; None when no code of that kind was known then."""
        day = as_of.date()
        if kind not in self._since or self._since[kind] > day:
            return None
        return [entry for entry in self._entries.get((kind, code), ()) if entry.known_from <= day]


# The register of an instance that has none: nothing is known of any kind of code.
NO_REGISTER: CodeRegister = CsvRegister(())


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a register file that was not taken, with its line and why."""

    line: int
    cause: str
    detail: str
    row: object


def canonical_code(kind: str, code: str) -> tuple[str, str] | None:
    """The kind and the one spelling under which a code is kept; None when it is no sound code of that kind.

    A book's GTIN is its ISBN, so both meet under `isbn`; other GTINs are kept as fourteen digits.
    """
    if kind in ("gtin", "isbn"):
        isbn13 = read_isbn(code)
        if isbn13 is not None and (kind == "isbn" or len(isbn13) == sum(char.isdigit() for char in code)):
            return "isbn", isbn13
        reading = read_gtin(code) if kind == "gtin" else None
        return ("gtin", reading.gtin14) if reading is not None and reading.valid and not reading.placeholder else None
    found = find_registrations(code, "code", category="medicine", label="sdk")
    sound = [one for one in found if one.kind == kind and one.fault is None and (one.start, one.end) == (0, len(code))]
    return (kind, sound[0].code) if sound else None


def read_register(path: Path, today: date) -> Iterator[RegisterEntry | RefusedRow]:
    """Every row of a register file, checked; `today` is the last day from which a row can be known.

    Raises `UnreadableFile` for a file that cannot be read and `MappingError` for one that lacks a column.
    """
    seen: set[RegisterEntry] = set()
    for raw in read_rows(path, file_format=format_of(path, "csv"), wanted=COLUMNS):
        if raw.values is None:
            cause, detail = raw.error or ("unreadable", "got a row that cannot be read")
            yield RefusedRow(raw.line, cause, detail, raw.raw_text)
            continue
        checked = _entry(raw.values, today)
        if isinstance(checked, RegisterEntry) and checked in seen:
            checked = ("duplicate", "got a row that stands further up already, expected it once")
        if isinstance(checked, RegisterEntry):
            seen.add(checked)
            yield checked
        else:
            yield RefusedRow(raw.line, *checked, raw.values)


def write_register(path: Path, entries: Iterable[RegisterEntry]) -> None:
    """Keep checked entries as a CSV; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [one.name for one in fields(RegisterEntry)])
    writer.writeheader()
    writer.writerows(asdict(entry) for entry in entries)
    beside = path.with_suffix(".csv.part")
    beside.write_text(text.getvalue(), encoding="utf-8", newline="")
    os.replace(beside, path)


def load_register(folder: Path) -> CodeRegister:
    """All registers kept in a folder as one; `NO_REGISTER` when there is none. A damaged one raises `BadInput`."""
    entries = [entry for path in register_files(folder) for entry in kept_entries(path)]
    return CsvRegister(entries) if entries else NO_REGISTER


def register_files(folder: Path) -> list[Path]:
    """The registers kept in a folder, by name."""
    return sorted(folder.glob("*.csv"))


def kept_entries(path: Path) -> list[RegisterEntry]:
    """The entries of a register as it was kept; raises `BadInput` when someone has changed the file since."""
    entries = []
    for row in read_register(path, date.max):
        if isinstance(row, RefusedRow):
            raise BadInput(
                f"got the kept register {path} with line {row.line} changed ({row.detail}); import its file again"
            )
        entries.append(row)
    return entries


def _entry(row: Mapping[str, object], today: date) -> RegisterEntry | tuple[str, str]:
    """The entry of a row, else the cause and the detail of what is wrong."""
    cells = {name: str(value if value is not None else "").strip() for name, value in row.items()}
    long = next((name for name, value in cells.items() if len(value) > _MOST_CHARACTERS or "\x00" in value), None)
    if long is not None:
        return "bad_cell", f"got {long} of {len(cells[long])} characters, expected up to {_MOST_CHARACTERS} without NUL"
    if cells["kind"] not in code_kinds():
        return "unknown_kind", f"got kind {cells['kind']!r}, expected one of {', '.join(code_kinds())}"
    named = canonical_code(cells["kind"], cells["code"])
    if named is None:
        return "bad_code", f"got code {cells['code']!r}, expected a sound code of the kind {cells['kind']}"
    if cells["status"] not in ("valid", "revoked"):
        return "bad_status", f"got status {cells['status']!r}, expected valid or revoked"
    days: dict[str, date | None] = {}
    for name in ("known_from", "valid_until"):
        stated = cells.get(name, "")
        try:
            days[name] = date.fromisoformat(stated) if stated else None
        except ValueError:
            return "bad_date", f"got {name} {stated!r}, expected a day such as 2026-11-24"
    known_from = days["known_from"]
    if known_from is None:
        return "bad_date", "got no known_from, expected the day from which it was known, such as 2026-11-24"
    if known_from > today:
        return "future_date", f"got known_from {known_from}, expected a day up to {today}: nobody knows it yet"
    status = cast("Status", cells["status"])
    what = (cells["brand"], cells["product"], cells["holder"])
    return RegisterEntry(*named, status, *what, known_from, days["valid_until"])


def check_not_empty(path: Path, taken: Sequence[RegisterEntry]) -> None:
    """Raise `UnreadableFile` when a file gave no entry at all: importing it would throw a register away."""
    if not taken:
        raise UnreadableFile(f"{path}: got no row that could be taken, expected at least one; nothing was imported")
