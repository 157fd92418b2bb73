"""Splits that never share a seller, and are in order of time where the rows span long enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import TrainingRefused
from counterfoil.model.dataset import Dataset
from counterfoil.model.leaks import refuse_split

Rows = NDArray[np.int64]
Kind = Literal["seller", "seller+time"]
TIME_SPAN_DAYS = 90.0
MIN_GROUPS = 20
MIN_EACH = 20


@dataclass(frozen=True, slots=True)
class Holdout:
    """The last fifth of the period, of sellers that the earlier part has not seen, after a gap."""

    train: Rows
    test: Rows
    gap_days: int


def check(data: Dataset) -> None:
    """Refuse rows of which no honest estimate can be made; raises `TrainingRefused`."""
    positives, negatives = int(data.target.sum()), int((data.target == 0).sum())
    groups = len(np.unique(data.groups))
    if positives < MIN_EACH or negatives < MIN_EACH or groups < MIN_GROUPS:
        raise TrainingRefused(
            f"got {positives} positive and {negatives} negative rows of {groups} unlinked sellers, expected at least "
            f"{MIN_EACH} of each and {MIN_GROUPS} sellers: label more, or more sellers"
        )


def choose(data: Dataset, asked: Kind | None) -> Kind:
    """The kind of split: by time too when the rows span 90 days or more; raises `TrainingRefused` when asked below that."""
    long_enough = data.span_days >= TIME_SPAN_DAYS
    if asked == "seller+time" and not long_enough:
        raise TrainingRefused(
            f"got rows that span {data.span_days:.0f} days, expected at least {TIME_SPAN_DAYS:.0f} for a split by time: "
            "ask for `--split seller`, or bring a longer period"
        )
    if asked is not None:
        return asked
    return "seller+time" if long_enough else "seller"


def folds(data: Dataset, count: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """Train and test rows of `count` folds; every group lies in exactly one test fold, labels are spread evenly.

    Raises `LeakFound` where the sides share more than they may.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=seed)
    for train, test in splitter.split(np.zeros(len(data)), data.target, data.groups):
        refuse_split(data, train, test)
        yield train, test


def holdout(data: Dataset, gap_days: int = 14) -> Holdout:
    """Train on the first four fifths of the period, test on what comes a gap later from sellers not met before.

    Raises `LeakFound` where the sides share more than they may.
    """
    start, end = int(data.known_at.min()), int(data.known_at.max())
    cut = start + (end - start) * 4 // 5
    train = np.flatnonzero(data.known_at <= cut)
    later = data.known_at > cut + gap_days * 86_400_000_000
    test = np.flatnonzero(later & ~np.isin(data.groups, data.groups[train]))
    refuse_split(data, train, test)
    return Holdout(train, test, gap_days)
