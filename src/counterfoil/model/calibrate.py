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
        cls,
        margins: NDArray[np.float64],
        target: NDArray[np.int64],
        weight: NDArray[np.float64] | None = None,
        right: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    ) -> Calibration:
        """Fit on margins that the row's own seller had no part in; `weight` counts a row for more or less than one.

        `right` is how often whoever found the targets is right about copies and about the rest, a row each. Then the likelihood
        is that of what they say: P(they say copy) = 1 - specificity + (sensitivity + specificity - 1) × probability. Source: Rogan
        and Gladen, "Estimating prevalence from the results of a screening test" (1978), within a row.
        """
        from scipy.optimize import minimize

        counts = np.ones(len(margins)) if weight is None else weight
        sensitivity, specificity = right if right is not None else (np.ones(len(margins)), np.ones(len(margins)))
        floor, span = 1 - specificity, sensitivity + specificity - 1

        def loss(line: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            p = sigmoid(line[0] * margins + line[1])
            said = np.clip(floor + span * p, 1e-12, 1 - 1e-12)
            slack = counts * (np.where(target == 1, 1 / said, -1 / (1 - said))) * span * p * (1 - p)
            likelihood = counts @ np.log(np.where(target == 1, said, 1 - said))
            total = counts.sum()
            return -likelihood / total, -np.array([slack @ margins, slack.sum()]) / total

        found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(1e-6, None), (None, None)])
        slope, offset = float(found.x[0]), float(found.x[1])
        probabilities = sigmoid(slope * margins + offset)
        quantiles = _quantiles(probabilities, counts)
        return cls(slope, offset, quantiles, len(margins))

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


def _quantiles(values: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """1,001 quantiles of the rows, each counting for its weight."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) - weight[order] / 2
    return np.interp(np.linspace(0, 1, QUANTILES), reached / weight.sum(), values[order])


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds to probabilities, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))
