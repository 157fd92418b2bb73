"""Rows to learn from: what was known about each listing when it was first seen, and what was found out later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.features.catalogue import FeatureSet, catalogue
from counterfoil.features.embed import Encoder
from counterfoil.features.reading import listing_text, ngram_text, read
from counterfoil.history.fold import Fold
from counterfoil.history.instants import micros
from counterfoil.history.replay import replay
from counterfoil.history.views import About
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import is_ruling
from counterfoil.model.groups import linked_groups
from counterfoil.model.labelmodel import LabelModel
from counterfoil.model.unlabelled import RandomLook
from counterfoil.model.views import count_ngrams

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# A listing without a verdict counts as genuine only when it has been in sight long enough for one to arrive.
RIPE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Example:
    """One listing as it was known when first seen, and its target: 1 for what the label says, 0 for the rest."""

    about: About
    target: int
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Weak:
    """Who spoke where there are no labels: rules that vote; the dataset's `belief` is what they come to.

    `hidden` are the columns that each family of votes rests on: in training they are hidden now and then, so that the trees
    do not only repeat the votes. `account` says in plain data who voted, for manifest and card.
    """

    hidden: tuple[tuple[int, ...], ...]
    account: dict[str, Any]
    model: LabelModel


@dataclass(frozen=True, slots=True)
class Dataset:
    """A matrix with everything that must never be in it beside it.

    `values` is (rows, features) of `features`, `vectors` (rows, dim) of the encoder, `ngrams` (rows, buckets) counts of
    character n-grams; `groups` numbers linked sellers.
    `dropped` counts the rows left out, by cause. With `weak`, `target` is only what the votes make the likelier. `belief`
    (rows,) is the probability of a copy where the target is not known or not the whole truth: it is fitted in its place.
    With `look`, rows without a verdict may hide copies, and training estimates the belief. `scored_ngrams` False leaves the
    n-gram score out of the model.
    """

    features: FeatureSet
    values: NDArray[np.float64]
    vectors: NDArray[np.float32]
    ngrams: csr_matrix
    target: NDArray[np.int64]
    groups: NDArray[np.int64]
    known_at: NDArray[np.int64]
    label_meaning: str
    sha256: str
    dropped: Counter[str] = field(default_factory=Counter)
    weak: Weak | None = None
    belief: NDArray[np.float64] | None = None
    look: RandomLook | None = None
    scored_ngrams: bool = True

    def __len__(self) -> int:
        return len(self.target)

    @property
    def span_days(self) -> float:
        """Days from the first to the last row's `known_at`."""
        return float(self.known_at.max() - self.known_at.min()) / 86_400e6 if len(self) else 0.0

    def column(self, name: str) -> NDArray[np.float64]:
        """One feature by name."""
        return self.values[:, self.features.names.index(name)]

    def subset(self, rows: NDArray[np.int64]) -> Dataset:
        """The same columns for some of the rows."""
        return replace(
            self,
            values=self.values[rows],
            vectors=self.vectors[rows],
            ngrams=self.ngrams[rows],
            target=self.target[rows],
            groups=self.groups[rows],
            known_at=self.known_at[rows],
            belief=None if self.belief is None else self.belief[rows],
        )


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


def examples_from_log(log: Iterable[Entry], dropped: Counter[str]) -> list[Example]:
    """Examples of a log: 1 when the last verdict known on the listing says counterfeit, else 0.

    Listings first seen less than `RIPE` before the end are dropped and counted, whether they have a verdict or not: to
    keep the young ones with a verdict alone would make them look far worse than they are. So are those found to be
    another violation.
    """
    entries = list(log)
    if not entries:
        return []
    end = entries[-1].known_at
    verdicts = {entry.event.target.id: entry.event.label for entry in entries if is_ruling(entry.event)}
    examples = []
    # Being seen again is the rule in a log, so it is not counted.
    for entry, about in _first_sightings(entries, Counter()):
        label = verdicts.get(about.listing.listing_id or "")
        if end - entry.known_at < RIPE:
            dropped["unripe"] += 1
        elif label == "other_violation":
            dropped["other_violation"] += 1
        else:
            examples.append(Example(about, int(label == "counterfeit"), entry.known_at))
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


def assemble(
    examples: Sequence[Example],
    encoder: Encoder,
    label_meaning: str,
    dropped: Counter[str],
    look: RandomLook | None = None,
    *,
    scored_ngrams: bool = True,
) -> Dataset:
    """Compute the matrix, the text vectors and the groups of examples."""
    features = catalogue()
    about = [example.about for example in examples]
    texts = [listing_text(one.listing) for one in about]
    values = features.values([read(one) for one in about])
    target = np.array([example.target for example in examples], dtype=np.int64)
    known_at = np.array([micros(example.known_at) for example in examples], dtype=np.int64)
    digest = hashlib.sha256(values.tobytes())
    digest.update(target.tobytes())
    digest.update("\n".join(texts).encode("utf-8", "replace"))
    return Dataset(
        features=features,
        values=values,
        vectors=encoder.vectors(texts),
        ngrams=count_ngrams([ngram_text(one.listing) for one in about]),
        target=target,
        groups=linked_groups(about),
        known_at=known_at,
        label_meaning=label_meaning,
        sha256=digest.hexdigest(),
        dropped=dropped,
        look=look,
        scored_ngrams=scored_ngrams,
    )
