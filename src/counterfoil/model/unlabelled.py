"""Listings that nobody has ruled on: how likely each is a copy that nobody has found.

Verdicts come late and by selection, so copies without a verdict stand among the rows that count as genuine. Where a random
look says how many there are, those rows are given a probability instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def believed(target: NDArray[np.int64], labelled: Floats, share: float, odds: Floats | None = None) -> Floats:
    """The probability of a copy for each row: 1 where a verdict settles it, else what is left for a copy nobody has found.

    `labelled` is P(a verdict says so | the row) from models that the row's seller had no part in, `share` that of copies
    among all. Source: Elkan and Noto, "Learning classifiers from only positive and unlabeled data" (2008), the weight
    (1 - c) / c × g / (1 - g) of an unlabelled row, with c the chance that a copy has a verdict, here positives / share.
    It supposes that verdicts find copies of every kind alike, which they do not quite. A verdict that does not settle it
    (finite `odds`: how many times likelier a copy is to get it than honest goods that look the same) raises what the row's
    looks say, g / c, by Bayes' rule.
    """
    c = float(target.mean()) / share
    if not 0 < c < 1:  # no verdict to learn from, or more than the random look says: the verdicts stand as they are
        return target.astype(np.float64)
    g = np.clip(labelled, 1e-9, 1 - 1e-9)
    belief = np.where(target == 1, 1.0, np.clip((1 - c) / c * g / (1 - g), 0.0, 1.0))
    if odds is not None:
        open_ones = (target == 1) & np.isfinite(odds)
        looks = np.clip(g[open_ones] / c, 0.0, 1.0)
        belief[open_ones] = odds[open_ones] * looks / (odds[open_ones] * looks + 1 - looks)
    return belief
