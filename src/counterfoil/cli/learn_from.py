"""What `train` and `evaluate` learn from and judge: a labelled file, a crawl without labels, or a log with its verdicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from counterfoil.errors import MappingError, TrainingRefused, UnreadableFile

if TYPE_CHECKING:
    from counterfoil.ingest.entry import Entry
    from counterfoil.ingest.intake import ContactKey
    from counterfoil.ingest.mapping import Mapping
    from counterfoil.model.audit import RandomLook
    from counterfoil.model.examples import Example
    from counterfoil.model.labels import Labels

LOG_LABEL = (
    "1: the verdicts known on the listing come to counterfeit. 0: they come to genuine, or no verdict came within 60 days of the "
    "first sighting. Listings without a verdict hide some counterfeits, so the probability is a lower bound of the share."
)
LOG_BELIEF = (
    "1: the verdicts known on the listing come to counterfeit. 0: they come to genuine, or no verdict came within 60 days of the "
    "first sighting. Listings without a verdict hide some counterfeits: a random look says how many, and the probability "
    "counts them in."
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Examples with what their target means and where it comes from; `labels` and `look` are those of a log."""

    examples: list[Example]
    meaning: str
    source: Literal["file", "log", "weak"]
    dropped: Counter[str]
    labels: Labels | None = None
    look: RandomLook | None = None


def gathered(
    file: Path | None, mapping: str | None, log: str | None, key: ContactKey, *, weak: bool = False
) -> Gathered:
    """The examples of a FILE with its mapping or of a log; with `weak` no label is read, and a FILE may hold score bodies."""
    if weak and (file is None) != (log is None):
        return _unlabelled(file, mapping, log, key)
    if log is not None and file is None and not weak:
        return _from_log(log, key)
    if file is not None and mapping is not None and log is None and not weak:
        return _from_file(file, mapping, key)
    raise typer.BadParameter("give a FILE with --mapping, or --log; with --weak a FILE alone holds score bodies")


def _from_log(log: str, key: ContactKey) -> Gathered:
    from counterfoil.model.audit import random_look
    from counterfoil.model.examples import examples_from_log
    from counterfoil.model.labels import labels_at

    dropped: Counter[str] = Counter()
    entries = entries_of(log, key, dropped)
    labels = labels_at(entries)
    examples, look = examples_from_log(entries, labels, dropped), random_look(entries, labels)
    return Gathered(examples, LOG_LABEL if look is None else LOG_BELIEF, "log", dropped, labels, look)


def _from_file(file: Path, mapping: str, key: ContactKey) -> Gathered:
    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.model.examples import examples_from_targets

    dropped: Counter[str] = Counter()
    loaded = load_mapping(mapping)
    if loaded.spec.label is None:
        raise MappingError(
            f"got mapping {mapping!r} without a [label], expected one that names the label and its meaning"
        )
    examples = examples_from_targets(_rows(file, loaded, key, dropped), dropped)
    return Gathered(examples, loaded.spec.label.meaning, "file", dropped)


def _unlabelled(file: Path | None, mapping: str | None, log: str | None, key: ContactKey) -> Gathered:
    """The first sightings of a crawl, a label column and all, or of a log without its later verdicts."""
    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.model.examples import examples_unlabelled
    from counterfoil.model.weak import MEANING, without_labels

    dropped: Counter[str] = Counter()
    loaded = load_mapping(mapping) if mapping is not None else None
    entries = (
        [entry for entry, _ in _rows(file, loaded, key, dropped)]
        if file is not None
        else entries_of(log or "", key, dropped)
    )
    return Gathered(without_labels(examples_unlabelled(entries, dropped), dropped), MEANING, "weak", dropped)


def entries_of(log: str, key: ContactKey, dropped: Counter[str]) -> list[Entry]:
    """All events of a log, a file or the URL of a store, in the order in which they became known."""
    from counterfoil.ingest.source import read_log
    from counterfoil.store.store import Store

    if "://" in log:
        return list(Store(log).entries())
    return read_log(Path(log), key=key, now=datetime.now(UTC), rejected=dropped)


def _rows(
    file: Path, mapping: Mapping | None, key: ContactKey, dropped: Counter[str]
) -> list[tuple[Entry, int | None]]:
    """The rows of a file as sightings in order of `known_at`, each with its label's target."""
    from counterfoil.ingest.source import Accepted, as_entry, read_listings

    now = datetime.now(UTC)
    rows: list[tuple[Entry, int | None]] = []
    try:
        for row in read_listings(file, mapping=mapping, key=key, now=now, default_known_at=now):
            if not isinstance(row, Accepted):
                dropped["duplicate" if type(row).__name__ == "Duplicate" else "rejected"] += 1
            elif (entry := as_entry(row)) is None:
                dropped["without_id_or_seller"] += 1
            else:
                rows.append((entry, row.target))
    except UnreadableFile as error:
        raise TrainingRefused(f"{error.detail}; a model of half a file would hide it") from error
    return sorted(rows, key=lambda pair: pair[0].known_at)
