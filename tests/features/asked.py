"""Features of a listing against a made-up log, by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from counterfoil.decide.wording import LANGUAGES, sentence
from counterfoil.features.catalogue import catalogue
from counterfoil.features.feature import Reason
from counterfoil.features.reading import Reading, read
from counterfoil.history.fold import Fold
from counterfoil.ingest.entry import Entry, Finding, Subject
from counterfoil.ingest.schema import Listing
from tests.worlds import at, subject

NOW = at(60 * 1440)


def reading(
    what: Listing,
    *log: Entry,
    seller_id: str | None = "s1",
    found: tuple[Finding, ...] = (),
    as_of: datetime = NOW,
    **seller: Any,
) -> Reading:
    """A listing read after a log, `seller` as its page shows it."""
    fold = Fold()
    for entry in log:
        fold.observe(entry)
    asked = subject(what, seller_id, **seller)
    return read(fold.about(Subject(asked.listing, asked.seller, found), as_of))


def value(name: str, row: Reading) -> float:
    """One feature of one row."""
    return float(catalogue().values([row])[0, catalogue().names.index(name)])


def told(name: str, row: Reading) -> Reason | None:
    """The reason a feature gives; its sentences are filled in both languages on the way."""
    one = next(feature for feature in catalogue().features if feature.name == name)
    reason = one.reason(row)
    if reason is not None:
        for language in LANGUAGES:
            assert "{" not in sentence(reason.code, language, reason.evidence)
    return reason


def code(name: str, row: Reading) -> str | None:
    """The code of the reason a feature gives."""
    reason = told(name, row)
    return reason.code if reason is not None else None
