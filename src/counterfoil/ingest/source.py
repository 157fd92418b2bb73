"""A file as subjects to judge or as events for the log; every row ends as accepted, duplicate, or rejected by cause."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from counterfoil.errors import BadInput, Fault, MappingError, UnreadableFile
from counterfoil.ingest.entry import Entry, Subject
from counterfoil.ingest.events import EVENT, Listed
from counterfoil.ingest.faults import redact_text
from counterfoil.ingest.fields import Instant
from counterfoil.ingest.intake import TOLERANCE, ContactKey, admit, admit_event, faults_of, redact
from counterfoil.ingest.mapping import Mapping
from counterfoil.ingest.outcome import Accepted, AcceptedEvent, Duplicate, Rejected
from counterfoil.ingest.post import Offered, offers
from counterfoil.ingest.readers import format_of, read_rows
from counterfoil.ingest.row import RawRow
from counterfoil.ingest.schema import ScoreOptions, ScoreRequest

__all__ = [
    "Accepted",
    "AcceptedEvent",
    "Duplicate",
    "Rejected",
    "as_entry",
    "columns_of",
    "read_events",
    "read_listings",
]

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def read_listings(
    path: Path, *, mapping: Mapping | None, key: ContactKey, now: datetime, default_known_at: datetime
) -> Iterator[Accepted | Duplicate | Rejected]:
    """The rows of a file, in order, each with its one outcome.

    Without a mapping a row is the body of a score request, known when it was observed, else at `default_known_at`. A
    duplicate has the time and content of an earlier row; the same id with other content is a re-sighting. A mapping of
    posts yields an outcome for each thing a post offers, all with the post's line, or one refusal of the whole post. Raises
    `UnreadableFile` after the last complete row of a file that was cut short, `MappingError` when the mapping misfits.
    """
    seen: dict[bytes, int] = {}
    for raw in _rows(path, mapping):
        try:
            found = _accept(raw, mapping, key, now, default_known_at)
        except BadInput as error:
            yield _rejected(raw, error, mapping)
            continue
        for accepted in found:
            digest = hashlib.blake2b(
                f"{accepted.known_at.isoformat()} {accepted.target} {accepted.body_sha}".encode(), digest_size=16
            ).digest()
            of_line = seen.setdefault(digest, accepted.line)
            yield accepted if of_line == accepted.line else Duplicate(accepted.line, of_line)


def read_events(
    path: Path,
    *,
    key: ContactKey,
    now: datetime,
    mapping: Mapping | None = None,
    default_known_at: datetime | None = None,
) -> Iterator[AcceptedEvent | Duplicate | Rejected]:
    """The events of a file in order.

    Without a mapping a row is an event of the contract with its `known_at`; whether its id is new, the log decides.
    With a mapping each row becomes a `listed` event whose id follows from listing, time and content.
    """
    if mapping is None:
        for raw in _rows(path, None):
            try:
                yield AcceptedEvent(raw.line, _logged(_values(raw), key, now))
            except BadInput as error:
                yield _rejected(raw, error, None)
        return
    for outcome in read_listings(path, mapping=mapping, key=key, now=now, default_known_at=default_known_at or now):
        yield _listed(outcome) if isinstance(outcome, Accepted) else outcome


def read_log(path: Path, *, key: ContactKey, now: datetime, rejected: Counter[str] | None = None) -> list[Entry]:
    """The events of a log file in the order in which they became known; refused rows are counted as `rejected`."""
    entries = []
    for row in read_events(path, key=key, now=now):
        if isinstance(row, AcceptedEvent):
            entries.append(row.entry)
        elif rejected is not None:
            rejected["rejected"] += 1
    return sorted(entries, key=lambda entry: entry.known_at)


def columns_of(path: Path, mapping: Mapping) -> list[str]:
    """The columns of a file, by its first rows that can be read."""
    names: dict[str, None] = {}
    # A file that breaks off early is told of by whoever reads its rows.
    with suppress(UnreadableFile):
        for raw in islice(_rows(path, mapping), 100):
            names.update(dict.fromkeys(raw.values or {}))
    return list(names)


def _rows(path: Path, mapping: Mapping | None) -> Iterator[RawRow]:
    if mapping is not None:
        file = mapping.spec.file
        found = format_of(path, file.format)
        # A column of JSON Lines may be left out where it is empty, so only tables are held to their header.
        return read_rows(
            path,
            file_format=found,
            encoding=file.encoding,
            delimiter=file.delimiter if found != "tsv" else None,
            wanted=mapping.columns_used,
        )
    found = format_of(path)
    if found in ("csv", "tsv"):
        raise MappingError(
            f"{path}: got a {found} file without a mapping, expected one; try `counterfoil mapping draft {path.name}`"
        )
    return read_rows(path, file_format=found)


def _values(raw: RawRow) -> dict[str, Any]:
    if raw.values is None:
        cause, detail = raw.error or ("invalid", "the row cannot be read")
        raise BadInput(detail, [Fault(detail, "#", cause)])
    return raw.values


def _accept(
    raw: RawRow, mapping: Mapping | None, key: ContactKey, now: datetime, default_known_at: datetime
) -> list[Accepted]:
    """The listings of a row: one, or as many as a post offers."""
    values = _values(raw)
    if mapping is None:
        return [_judged(raw.line, Offered(values, (), ()), None, None, None, key, now, default_known_at)]
    row = mapping.read(values, default_known_at, now)
    if mapping.spec.post is None or row.post is None:
        found = [Offered(row.body, (), ())]
    else:
        found = list(offers(row.body, row.post, key, spoken=mapping.spec.post.spoken))
    return [_judged(raw.line, one, row.known_at, row.target, mapping, key, now, default_known_at) for one in found]


def _judged(
    line: int,
    offered: Offered,
    known_at: datetime | None,
    target: int | None,
    mapping: Mapping | None,
    key: ContactKey,
    now: datetime,
    default_known_at: datetime,
) -> Accepted:
    try:
        request = ScoreRequest.model_validate(offered.body)
    except ValidationError as error:
        raise _bad(faults_of(error), mapping) from None
    known_at = known_at or request.listing.observed_at or default_known_at
    _not_in_the_future(known_at, now)
    # In a file nothing may lie after the time at which its row was known.
    subject = offered.admitted(admit(request.listing, request.seller, key=key, now=known_at))
    return Accepted(line, subject, request.options, known_at, target, _body_sha(subject, request.options))


def _bad(faults: list[Fault], mapping: Mapping | None) -> BadInput:
    details = []
    for fault in faults:
        column = mapping.column_of(fault.pointer) if mapping is not None else None
        details.append(f"{fault.pointer}: {f'column {column!r}: ' if column else ''}{fault.detail}")
    return BadInput("; ".join(details), faults)


def _not_in_the_future(known_at: datetime, now: datetime) -> None:
    if known_at > now + TOLERANCE:
        detail = (
            f"got {known_at.isoformat()} as the time it was known, expected one up to {now.isoformat()} plus 5 minutes"
        )
        raise BadInput(detail, [Fault(detail, "#/known_at", "future_time")])


def _body_sha(subject: Subject, options: ScoreOptions) -> str:
    import orjson

    body = {
        "listing": subject.listing.model_dump(mode="json"),
        "seller": subject.seller and subject.seller.model_dump(mode="json"),
        "options": options.model_dump(mode="json"),
        "contacts": [(finding.field, finding.start, finding.hash) for finding in subject.findings],
    }
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _logged(values: dict[str, Any], key: ContactKey, now: datetime) -> Entry:
    if values.get("known_at") is None:
        detail = "got no known_at, expected the time from which the event was known"
        raise BadInput(detail, [Fault(detail, "#/known_at", "missing_known_at")])
    body = {name: value for name, value in values.items() if name != "known_at"}
    try:
        known_at = _INSTANT.validate_python(values["known_at"])
        event = EVENT.validate_python(body)
    except ValidationError as error:
        prefix = "#" if error.title.startswith("tagged-union") else "#/known_at"
        raise _bad(faults_of(error, prefix), None) from None
    _not_in_the_future(known_at, now)
    return admit_event(event, known_at, key=key, now=known_at)


def as_entry(row: Accepted) -> Entry | None:
    """A row as a `listed` event whose id follows from listing, time and content; None without a listing or seller id."""
    listing, seller = row.subject.listing, row.subject.seller
    if listing.listing_id is None or seller is None:
        return None
    content = f"{listing.listing_id} {row.known_at.isoformat()} {row.body_sha}"
    event = Listed(
        type="listed",
        event_id=f"row:{hashlib.blake2b(content.encode(), digest_size=16).hexdigest()}",
        happened_at=listing.observed_at or row.known_at,
        seller_id=seller.seller_id,
        listing=listing,
        seller=seller,
    )
    return Entry(row.known_at, event, row.subject.findings)


def _listed(row: Accepted) -> AcceptedEvent | Rejected:
    entry = as_entry(row)
    if entry is not None:
        return AcceptedEvent(row.line, entry)
    name = "seller_id" if row.subject.listing.listing_id is not None else "listing_id"
    detail = f"got no {name}, expected one: an event must say whose it is"
    return Rejected(
        row.line, f"missing_{name}", detail, row.subject.listing.model_dump(mode="json", exclude_defaults=True)
    )


def _rejected(raw: RawRow, error: BadInput, mapping: Mapping | None) -> Rejected:
    cause = error.faults[0].code if error.faults else "invalid"
    if raw.values is None:
        return Rejected(raw.line, cause, error.detail, redact_text(raw.raw_text or ""))
    return Rejected(
        raw.line, cause, error.detail, redact(raw.values, mapping.contact_columns if mapping is not None else ())
    )
