"""From margins to probabilities: a strictly increasing map, fitted on margins out-of-fold by seller."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LOW, _HIGH = 1e-6, 1 - 1e-6
QUANTILES = 1_001


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt's map probability = 1 / (1 + exp(-(slope × margin + offset))) with a slope above 0, and 1,001 quantiles.

    Source: Platt, "Probabilistic outputs for support vector machines" (1999).
    """

    slope: float
    offset: float
    quantiles: NDArray[np.float64]
    rows: int

    @classmethod
    def fit(
        cls, margins: NDArray[np.float64], target: NDArray[np.int64], weight: NDArray[np.float64] | None = None
    ) -> Calibration:
        """Fit on margins that the row's own seller had no part in; `weight` counts a row for more or less than one."""
        from sklearn.linear_model import LogisticRegression

        fitted = LogisticRegression(C=1e6, max_iter=1_000).fit(margins.reshape(-1, 1), target, weight)
        slope, offset = max(1e-6, float(fitted.coef_[0, 0])), float(fitted.intercept_[0])
        probabilities = sigmoid(slope * margins + offset)
        return cls(slope, offset, np.quantile(probabilities, np.linspace(0, 1, QUANTILES)), len(margins))

    def probability(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated probabilities, clipped to [1e-6, 1 - 1e-6]."""
        return np.clip(sigmoid(self.slope * margins + self.offset), _LOW, _HIGH)

    def percentile(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """The percentage (0-100) of calibration rows with a lower probability, to one thousandth of their number."""
        return np.searchsorted(self.quantiles, probabilities, side="left") / (len(self.quantiles) - 1) * 100

    def term(self, margin: float, probability: float) -> float:
        """What calibration adds to the log-odds: logit(probability) - margin."""
        return math.log(probability / (1 - probability)) - margin

    def to_json(self) -> dict[str, Any]:
        """Plain data for the bundle."""
        return {
            "kind": "platt",
            "slope": self.slope,
            "offset": self.offset,
            "rows": self.rows,
            "quantiles": [float(q) for q in self.quantiles],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        """The inverse of `to_json`."""
        quantiles: Sequence[float] = data["quantiles"]
        return cls(data["slope"], data["offset"], np.array(quantiles), data["rows"])


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds to probabilities, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))
