"""Examples to learn from: each listing as it was known when first seen, with its target.

A label is a target and nothing else: it never becomes an event that a feature could read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from counterfoil.history.fold import Fold
from counterfoil.history.replay import replay
from counterfoil.history.views import About
from counterfoil.ingest.entry import Entry
from counterfoil.model.labels import Label, Labels

# A listing without a verdict counts as genuine only when it has been in sight long enough for one to arrive.
RIPE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Example:
    """One listing as it was known when first seen, and its target: 1 for what the label says, 0 for the rest.

    `label` is what a log's verdicts came to. A `cold` one is shown once more without history and stands for no listing.
    """

    about: About
    target: int
    known_at: datetime
    label: Label | None = None
    cold: bool = False


def examples_from_targets(rows: Iterable[tuple[Entry, int | None]], dropped: Counter[str]) -> list[Example]:
    """Examples of a labelled file: its rows as `listed` entries in order of `known_at`, each with its label's target.

    The label is a target and nothing else: it never becomes an event. A re-sighting is dropped and counted.
    """
    pairs = list(rows)
    targets = {id(entry): target for entry, target in pairs}
    examples = []
    for entry, about in _first_sightings((entry for entry, _ in pairs), dropped):
        target = targets[id(entry)]
        if target is None:
            dropped["unlabelled"] += 1
        else:
            examples.append(Example(about, target, entry.known_at))
    return examples


def examples_from_log(log: Iterable[Entry], labels: Labels, dropped: Counter[str]) -> list[Example]:
    """Examples of a log with the labels of its verdicts: 1 where they come to counterfeit, else 0.

    Listings first seen less than `RIPE` before the end are dropped and counted, whether they have a verdict or not: to
    keep the young ones with a verdict alone would make them look far worse than they are. So are those found to be
    another violation, and those ruled on before they were first seen: their history has heard the verdict.
    """
    entries = list(log)
    if not entries:
        return []
    end = entries[-1].known_at
    examples = []
    # Being seen again is the rule in a log, so it is not counted.
    for entry, about in _first_sightings(entries, Counter()):
        label = labels.by_listing.get(about.listing.listing_id or "")
        if end - entry.known_at < RIPE:
            dropped["unripe"] += 1
        elif label is not None and label.target is None:
            dropped["other_violation"] += 1
        elif label is not None and label.known_at < entry.known_at:
            dropped["ruled_on_before_seen"] += 1
        else:
            target = label.target if label is not None else 0
            examples.append(Example(about, target or 0, entry.known_at, label))
    return examples


def examples_unlabelled(log: Iterable[Entry], dropped: Counter[str]) -> list[Example]:
    """The first sighting of every listing of a log, with target 0 for all: nothing that was found out later is read.

    What was found out earlier stands in the history of a row, as it does when a listing is scored.
    """
    return [Example(about, 0, entry.known_at) for entry, about in _first_sightings(log, dropped)]


def _first_sightings(log: Iterable[Entry], dropped: Counter[str]) -> Iterator[tuple[Entry, About]]:
    """Every listing where it is seen first, with what was known of it then; later sightings are dropped and counted."""
    seen: set[str | None] = set()
    for entry, about in replay(log, Fold()):
        if about.listing.listing_id in seen:
            dropped["seen_again"] += 1
        else:
            seen.add(about.listing.listing_id)
            yield entry, about
