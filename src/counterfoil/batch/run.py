"""One run over files: read, judge by instants, decide, write, account."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from counterfoil import __version__
from counterfoil.answer import Served, answer, model_body, rfc3339
from counterfoil.batch.html import page
from counterfoil.batch.judge import Judged, Refused, judge
from counterfoil.batch.output import Format, Output
from counterfoil.batch.report import Account, FileAccount
from counterfoil.errors import MappingError, UnreadableFile
from counterfoil.ingest.faults import redact
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.mapping import Mapping
from counterfoil.ingest.register import NO_REGISTER, CodeRegister
from counterfoil.ingest.source import Accepted, Duplicate, read_listings
from counterfoil.scorer import Reasons, Scorer
from counterfoil.store.store import Store

_BATCH = 512


@dataclass(frozen=True, slots=True)
class Job:
    """What to score with what; `clock` is read at the edge, `as_of` is the time of rows that have none (None: the start)."""

    files: Sequence[Path]
    mapping: Mapping | None
    scorer: Scorer
    store: Store | None
    key: ContactKey
    clock: Callable[[], datetime]
    as_of: datetime | None
    out: Path
    file_format: Format
    reasons: Reasons
    register: CodeRegister = NO_REGISTER


@dataclass(frozen=True, slots=True)
class Finished:
    """The report as written, and whether every file was whole."""

    report: dict[str, Any]
    damaged: bool


def run(job: Job, progress: Callable[[str, int, int | None], None] = lambda *_: None) -> Finished:
    """Score files into a folder; an interruption leaves nothing half-written.

    `progress` is told the stage, the rows done and the rows in all (None while they are being counted).
    """
    output = Output(job.out, job.file_format)
    try:
        return _run(job, output, progress)
    except BaseException:
        output.discard()
        raise


def _run(job: Job, output: Output, progress: Callable[[str, int, int | None], None]) -> Finished:
    started, clock = job.clock(), time.perf_counter()
    account = Account()
    rows: list[tuple[int, Accepted]] = []
    places: list[FileAccount] = []
    for file in job.files:
        one = FileAccount(file)
        account.files.append(one)
        for row in _read(file, one, job, output, job.as_of or started, started):
            rows.append((len(rows), row))
            places.append(one)
            if len(rows) % 1_000 == 0:
                progress("reading", len(rows), None)
    rows.sort(key=lambda pair: pair[1].known_at)
    done = 0
    for found in judge(rows, job.store, job.register):
        for refused in (one for one in found if isinstance(one, Refused)):
            _refuse(refused, places[refused.index], output)
        judged = (one for one in found if isinstance(one, Judged))
        while batch := list(islice(judged, _BATCH)):
            _decide(batch, job, output, account)
            done += len(batch)
            progress("scoring", done, len(rows))
    seconds = time.perf_counter() - clock
    policy, manifest = job.scorer.policy, job.scorer.bundle.manifest
    report = {
        **account.to_json(),
        "guarantee": account.rates.to_json(job.scorer),
        "counterfoil": __version__,
        "model": model_body(job.scorer.bundle),
        "label_meaning": manifest.label.meaning,
        "calibration": {
            "error": manifest.metrics["calibration_error"],
            **{name: manifest.training[name] for name in ("rows", "positives", "sellers")},
        },
        "policy": {
            "name": policy.name,
            "version": policy.version,
            "review": policy.review.model_dump(),
            "priority": policy.priority.model_dump(),
        },
        "mapping": job.mapping.name if job.mapping is not None else None,
        "store": job.store is not None,
        "known_at": "as_of" if job.as_of is not None else "start_of_run",
        "default_known_at": rfc3339(job.as_of or started),
        "reasons": job.reasons,
        "started_at": rfc3339(started),
        "seconds": round(seconds, 3),
        "rows_per_second": round(len(rows) / seconds) if seconds else None,
    }
    output.commit(report, page(report, account.highlights))
    return Finished(report, any(file.damage is not None for file in account.files))


def _read(
    file: Path, one: FileAccount, job: Job, output: Output, default: datetime, now: datetime
) -> Iterator[Accepted]:
    """The accepted rows of a file; everything else is counted and written aside on the way."""
    try:
        for row in read_listings(file, mapping=job.mapping, key=job.key, now=now, default_known_at=default):
            one.rows_read += 1
            if isinstance(row, Accepted):
                one.accepted += 1
                yield row
            elif isinstance(row, Duplicate):
                one.duplicates += 1
            else:
                one.rejected_by[row.cause] += 1
                output.rejected(file.name, row.line, row.cause, row.detail, row.row)
    except UnreadableFile as error:
        one.damage = error.detail
    except MappingError as error:
        if len(job.files) == 1:
            raise
        one.damage = error.detail


def _refuse(refused: Refused, one: FileAccount, output: Output) -> None:
    one.accepted -= 1
    one.rejected_by["behind_the_log"] += 1
    listing = refused.row.subject.listing.model_dump(mode="json", exclude_defaults=True)
    output.rejected(
        one.path.name, refused.row.line, "behind_the_log", refused.error.detail, redact({"listing": listing})
    )


def _decide(batch: list[Judged], job: Job, output: Output, account: Account) -> None:
    clock = time.perf_counter()
    decisions = job.scorer.decide([one.about for one in batch], job.reasons)
    each = (time.perf_counter() - clock) * 1000 / len(batch)
    evaluated_at = job.clock()
    for one, decision in zip(batch, decisions, strict=True):
        served = Served(one.row.known_at, one.log_seq, evaluated_at, each)
        include = {"reasons", "percentile", *one.row.options.include}
        what_if = job.scorer.what_would_change(decision) if "what_would_change" in include else None
        output.decision(one.index, answer(decision, job.scorer.bundle, served, include, what_if))
        account.decided(decision)
        account.not_observed += not one.observed
