"""One row a seller, drawn by seed: what a stated rate is calibrated on, and what it is tested on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def effective(weight: Floats) -> float:
    """Kish's effective size: as many equal weights would tell as much."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def one_each(sellers: NDArray[np.int64], weight: Floats, seed: int) -> tuple[NDArray[np.int64], Floats]:
    """The place of one row a seller, and the chance that the seller had a row to draw at all.

    `weight` is how many listings a row stands for, 0 when it cannot be drawn; of one seller's rows each is drawn in proportion
    to it. A seller is met when at least one of its rows was looked at, which is the likelier the more it has: with N rows, each
    looked at with chance 1 / w, 1 - (1 - 1 / w)^N (Horvitz and Thompson, 1952). Weights of 1 give a chance of 1.
    """
    able = np.flatnonzero(weight > 0)
    if not len(able):
        return able, np.zeros(0)
    # The least of exponential times with rates w falls on row i with chance w_i / sum of w.
    keys = np.random.default_rng(seed).exponential(size=len(weight))[able] / weight[able]
    order = np.lexsort((keys, sellers[able]))
    first = np.append(True, np.diff(sellers[able][order]) != 0)
    drawn = able[order[first]]
    met = sellers[drawn]
    place = np.searchsorted(met, sellers[able])
    count = np.bincount(np.searchsorted(met, sellers[np.isin(sellers, met)]), minlength=len(met))
    looked_at: Floats = np.bincount(place, minlength=len(met)) / np.bincount(place, weight[able], len(met))
    return drawn, 1 - np.power(1 - np.minimum(1.0, looked_at), count)
