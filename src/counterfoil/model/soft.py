"""Targets that are probabilities: what changes for trees and for learners that know only 0 and 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from counterfoil.model.dataset import Dataset


def objective(data: Dataset) -> dict[str, str]:
    """What the trees minimise: cross-entropy where beliefs stand for targets; the margin stays a log-odds."""
    return {} if data.belief is None and data.look is None else {"objective": "cross_entropy"}


def fitted(data: Dataset) -> NDArray[np.float64] | NDArray[np.int64]:
    """What is learnt: the belief where there is one, else the target."""
    return data.target if data.belief is None else data.belief


def twofold(data: Dataset) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64] | None]:
    """Rows, target and weights for learners that take no probability: each row once as 1 and once as 0, weighing as likely."""
    rows = np.arange(len(data))
    if data.belief is None:
        return rows, data.target, None
    ones, p = np.ones(len(data), dtype=np.int64), data.belief
    return np.concatenate([rows, rows]), np.concatenate([ones, 0 * ones]), np.concatenate([p, 1 - p])
