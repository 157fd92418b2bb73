"""What a model must beat, on the same rows and folds: a word list, a price rule, either of them, and character n-grams."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from counterfoil.model.dataset import Dataset
from counterfoil.model.split import Rows
from counterfoil.model.views import NgramScore

Floats = NDArray[np.float64]


def keyword(data: Dataset) -> Floats:
    """The number of lexicon terms in offer scope."""
    return np.nan_to_num(data.column("claim_terms"))


def price_rule(data: Dataset) -> Floats:
    """How far the unit price lies below its reference; a listing without one ranks in the middle, as 0."""
    return np.nan_to_num(data.column("cheaper_by")) - np.nan_to_num(data.column("dearer_by"))


def keyword_or_price(data: Dataset) -> Floats:
    """The larger of the two ranks."""
    return np.maximum(_rank(keyword(data)), _rank(price_rule(data)))


def char_ngrams(data: Dataset, folds: Sequence[tuple[Rows, Rows]], seed: int) -> Floats:
    """Logistic regression on hashed character n-grams of path, title and description, out of fold; log-odds."""
    scores = np.zeros(len(data))
    for train, test in folds:
        scores[test] = NgramScore.fit(data.ngrams[train], data.target[train], seed).score(data.ngrams[test])
    return scores


def _rank(score: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(score), dtype=np.float64) / len(score)
