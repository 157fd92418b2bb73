"""Conformal p-values: how seldom a listing of a genuine seller not seen before scores as high as this one.

Sources: Vovk, Gammerman and Shafer, "Algorithmic learning in a random world" (2005); Tibshirani, Barber, Candès and Ramdas,
"Conformal prediction under covariate shift" (2019), for the weighted form.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from counterfoil.model.draw import effective

Floats = NDArray[np.float64]
Void = Literal["too_few", "drifted", "weak_labels", "another_encoder", "not_calibrated"]
# The false-alert rates that every answer is held against, beside those of the policy.
ALPHAS = (0.05, 0.01, 0.005)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What can be stated of one row; `reason` says why no rate can be, None when one can.

    `p_value`, `segment` (the calibration set it was held against) and `calibration_n` (its sellers) are there whenever the
    bundle was calibrated, whether the rate holds or not.
    """

    p_value: float | None = None
    segment: str | None = None
    calibration_n: int | None = None
    reason: Void | None = "not_calibrated"

    @property
    def valid(self) -> bool:
        """Whether p_value <= alpha flags at most a share alpha of listings of genuine sellers."""
        return self.reason is None

    def flagged_at(self, alphas: Sequence[float]) -> list[float]:
        """The rates at which the row is flagged, from the largest; none when no rate can be stated."""
        if self.p_value is None or not self.valid:
            return []
        return [alpha for alpha in sorted({*alphas, *ALPHAS}, reverse=True) if self.p_value <= alpha]


@dataclass(frozen=True, slots=True)
class Reference:
    """The calibration set of one segment: `margins` (sellers,) ascending, and the weight of each, None when all count alike."""

    margins: Floats
    weights: Floats | None
    tails: Floats
    size: int

    @classmethod
    def of(cls, margins: Floats, weights: Floats | None = None) -> Self:
        """Order and keep what is needed; raises `ValueError` for what cannot be a calibration set."""
        if not len(margins) or not np.isfinite(margins).all():
            raise ValueError(f"got {len(margins)} calibration margins, expected at least one and each finite")
        order = np.argsort(margins, kind="stable")
        margins = margins[order]
        if weights is None:
            tails = np.arange(len(margins) + 1, 0, -1) / (len(margins) + 1)
            return cls(margins, None, tails, len(margins))
        if weights.shape != margins.shape or not (np.isfinite(weights) & (weights > 0)).all():
            raise ValueError(f"got {len(weights)} weights for {len(margins)} margins, expected one each and above 0")
        weights = weights[order]
        # The row asked about weighs as much as a calibration row does on average.
        own, above = weights.mean(), np.append(np.cumsum(weights[::-1])[::-1], 0.0)
        return cls(margins, weights, (own + above) / (own + above[0]), math.floor(effective(weights) + 1e-9))

    def p_values(self, margins: Floats) -> Floats:
        """(w + sum of w_i with m_i >= m) / (w + sum of w_i); without weights (1 + #{m_i >= m}) / (n + 1)."""
        return self.tails[np.searchsorted(self.margins, margins, side="left")]

    def bound(self, alpha: float) -> float:
        """The margin above which, and not at which, p <= alpha; infinite where no margin is."""
        place = int(np.searchsorted(-self.tails, -alpha, side="left"))
        if place > len(self.margins):
            return math.inf
        return float(self.margins[place - 1]) if place else -math.inf
