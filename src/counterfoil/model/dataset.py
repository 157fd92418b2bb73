"""Rows to learn from: what was known about each listing when it was first seen, and what was found out later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.features.catalogue import FeatureSet, catalogue
from counterfoil.features.embed import Encoder
from counterfoil.features.reading import listing_text, ngram_text, read
from counterfoil.features.segment import segment_path
from counterfoil.features.slices import slices
from counterfoil.history.instants import micros
from counterfoil.model.audit import Drawn, RandomLook, stands_for
from counterfoil.model.examples import Example
from counterfoil.model.groups import linked
from counterfoil.model.labelmodel import LabelModel
from counterfoil.model.labels import Labels
from counterfoil.model.lineage import Lineage
from counterfoil.model.views import count_ngrams

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


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
    character n-grams; `groups` numbers linked sellers, `sellers` each by itself, -1 for a row without one and for a cold one.
    `drawn` is what speaks for all listings: every row of a labelled file, the random slice of a log. `label_known_at` is -1
    without a label, `label_odds` infinite for one that stands by itself (`Label.odds`). `segments` and `slices` are what a stated
    rate and fairness are told apart by. `lineage` is what the rows are known again by.
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
    sellers: NDArray[np.int64]
    known_at: NDArray[np.int64]
    label_known_at: NDArray[np.int64]
    label_odds: NDArray[np.float64]
    drawn: Drawn
    segments: NDArray[np.object_]
    slices: dict[str, NDArray[np.bool_]]
    lineage: Lineage
    label_meaning: str
    sha256: str
    dropped: Counter[str] = field(default_factory=Counter)
    weak: Weak | None = None
    belief: NDArray[np.float64] | None = None
    look: RandomLook | None = None
    labels: dict[str, Any] | None = None
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

    @property
    def guilty(self) -> NDArray[np.bool_]:
        """The rows of which a verdict says that they are copies, whoever looked."""
        found: NDArray[np.bool_] = (self.target == 1) | ((self.drawn.target == 1) & (self.drawn.weight > 0))
        return found

    @property
    def genuine(self) -> NDArray[np.bool_]:
        """The rows of sellers without a bad verdict among their rows; a row without a seller stands alone."""
        bad, named = self.guilty, self.sellers >= 0
        found: NDArray[np.bool_] = ~bad & ~(named & np.isin(self.sellers, np.unique(self.sellers[bad & named])))
        return found

    def known_by(self, cut_off: int) -> Dataset:
        """The same rows without the labels that came later than `cut_off` (microseconds): nobody had ruled on them yet."""
        later = self.label_known_at > cut_off
        return replace(
            self,
            target=np.where(later, 0, self.target),
            label_known_at=np.where(later, -1, self.label_known_at),
            label_odds=np.where(later, np.inf, self.label_odds),
            drawn=replace(self.drawn, weight=np.where(later, 0.0, self.drawn.weight)),
        )

    def subset(self, rows: NDArray[np.int64]) -> Dataset:
        """The same columns for some of the rows."""
        return replace(
            self,
            values=self.values[rows],
            vectors=self.vectors[rows],
            ngrams=self.ngrams[rows],
            target=self.target[rows],
            groups=self.groups[rows],
            sellers=self.sellers[rows],
            known_at=self.known_at[rows],
            label_known_at=self.label_known_at[rows],
            label_odds=self.label_odds[rows],
            drawn=self.drawn.subset(rows),
            segments=self.segments[rows],
            slices={name: inside[rows] for name, inside in self.slices.items()},
            lineage=self.lineage.rows(rows),
            belief=None if self.belief is None else self.belief[rows],
        )


def assemble(
    examples: Sequence[Example],
    encoder: Encoder,
    label_meaning: str,
    dropped: Counter[str],
    look: RandomLook | None = None,
    *,
    labels: Labels | None = None,
    scored_ngrams: bool = True,
) -> Dataset:
    """Compute the matrix, the text vectors and all that stands beside them; `labels` are those of a log's examples."""
    features = catalogue()
    about = [example.about for example in examples]
    texts = [listing_text(one.listing) for one in about]
    readings = [read(one) for one in about]
    values = features.values(readings)
    target = np.array([example.target for example in examples], dtype=np.int64)
    known_at = np.array([micros(example.known_at) for example in examples], dtype=np.int64)
    groups, lineage = linked(about)
    digest = hashlib.sha256(values.tobytes())
    digest.update(target.tobytes())
    digest.update("\n".join(texts).encode("utf-8", "replace"))
    return Dataset(
        features=features,
        values=values,
        vectors=encoder.vectors(texts),
        ngrams=count_ngrams([ngram_text(one.listing) for one in about]),
        target=target,
        groups=groups,
        sellers=_sellers(examples),
        known_at=known_at,
        label_known_at=np.array([_label_known_at(one) for one in examples], dtype=np.int64),
        label_odds=np.array([inf if one.label is None else one.label.odds for one in examples]),
        drawn=_drawn(examples, target, from_log=labels is not None),
        segments=np.array([segment_path(one)[-1] for one in about], dtype=np.object_),
        slices=slices(readings),
        lineage=lineage,
        label_meaning=label_meaning,
        sha256=digest.hexdigest(),
        dropped=dropped,
        look=look,
        labels=labels.account if labels is not None else None,
        scored_ngrams=scored_ngrams,
    )


def _drawn(examples: Sequence[Example], target: NDArray[np.int64], *, from_log: bool) -> Drawn:
    """What speaks for all listings; a cold row stands for none."""
    warm = np.array([not one.cold for one in examples], dtype=np.bool_)
    if from_log:
        return stands_for([None if one.cold else one.label for one in examples])
    return replace(Drawn.everyone(target), weight=warm.astype(np.float64))


def _label_known_at(example: Example) -> int:
    return micros(example.label.known_at) if example.label is not None else -1


def _sellers(examples: Sequence[Example]) -> NDArray[np.int64]:
    numbers: dict[str, int] = {}
    sellers = [None if one.cold else one.about.subject.seller for one in examples]
    return np.array(
        [-1 if one is None else numbers.setdefault(one.seller_id, len(numbers)) for one in sellers], dtype=np.int64
    )
