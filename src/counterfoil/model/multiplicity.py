"""Many p-values at once: which of a crawl's alerts stand when the share of false ones among them is to stay small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Discoveries:
    """How many p-values stand, and the largest of them, None when none does."""

    count: int
    p_value: float | None


def benjamini_hochberg(p_values: NDArray[np.float64], level: float) -> Discoveries:
    """The k smallest p-values with the largest k for which the k-th is at most level × k / n.

    The expected share of false ones among them is then at most `level`, for independent p-values (Benjamini and Hochberg,
    1995) and for conformal ones of independent rows that share a calibration set (Bates, Candès, Lei, Romano and Sesia,
    "Testing for outliers with conformal p-values", 2023). Many listings of one seller are not independent.
    """
    ascending = np.sort(p_values)
    stands = np.flatnonzero(ascending <= level * np.arange(1, len(ascending) + 1) / max(1, len(ascending)))
    if not len(stands):
        return Discoveries(0, None)
    last = int(stands[-1])
    return Discoveries(last + 1, float(ascending[last]))


def estimated_fdr(evaluated: int, alpha: float, flagged: int) -> float | None:
    """The expected share of false alerts, min(1, evaluated × alpha / flagged); None when nothing was flagged.

    It supposes that all evaluated listings are genuine, so it errs upwards, the more so the more copies there are.
    """
    return min(1.0, evaluated * alpha / flagged) if flagged else None
