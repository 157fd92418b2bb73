"""How good a ranking and its probabilities are, with intervals that resample sellers, never rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Metric = Callable[[NDArray[np.int64], Floats, Floats], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the 95 % interval of its bootstrap by group."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        """Rounded to 4 places."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def auc(target: NDArray[np.int64], score: Floats, weight: Floats) -> float:
    """Area under the ROC curve."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(target, score, sample_weight=weight))


def average_precision(target: NDArray[np.int64], score: Floats, weight: Floats) -> float:
    """Average precision, the area under the precision-recall steps."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(target, score, sample_weight=weight))


def recall_at_precision(target: NDArray[np.int64], score: Floats, weight: Floats, precision: float = 0.9) -> float:
    """The largest recall of a threshold whose precision is at least 0.9."""
    hits, alerts = curve(target, score, weight)
    good = hits >= precision * alerts
    return float(hits[good].max() / hits[-1]) if good.any() else 0.0


def recall_at_false_alerts(target: NDArray[np.int64], score: Floats, weight: Floats, rate: float = 0.01) -> float:
    """Recall at the lowest threshold at which at most 1 % of the negatives are flagged."""
    hits, alerts = curve(target, score, weight)
    false_alerts = alerts - hits
    allowed = false_alerts <= rate * false_alerts[-1]
    return float(hits[allowed].max() / hits[-1]) if allowed.any() else 0.0


def precision_at_budget(target: NDArray[np.int64], score: Floats, weight: Floats, share: float = 0.01) -> float:
    """Precision among the highest 1 % of the rows (at least one)."""
    hits, alerts = curve(target, score, weight)
    at = min(int(np.searchsorted(alerts, share * alerts[-1])), len(alerts) - 1)
    return float(hits[at] / alerts[at])


def curve(target: NDArray[np.int64], score: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Weighted positives and rows at or above each distinct score, from the highest down."""
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    return np.cumsum(weight[order] * target[order])[ends], np.cumsum(weight[order])[ends]


RANKING: dict[str, Metric] = {
    "auc": auc,
    "average_precision": average_precision,
    "recall_at_precision_0.9": recall_at_precision,
    "recall_at_1pct_false_alerts": recall_at_false_alerts,
    "precision_at_top_1pct": precision_at_budget,
}


def estimate(
    metrics: dict[str, Metric],
    target: NDArray[np.int64],
    score: Floats,
    groups: NDArray[np.int64],
    *,
    draws: int = 200,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Each metric with its interval: `draws` bootstrap samples of groups, the rows of a drawn group all together."""
    rng = np.random.default_rng(seed)
    _, number = np.unique(groups, return_inverse=True)
    count = int(number.max()) + 1
    drawn: dict[str, list[float]] = {name: [] for name in metrics}
    for _ in range(draws):
        weight = rng.multinomial(count, np.full(count, 1 / count))[number].astype(np.float64)
        kept = weight > 0
        if len(np.unique(target[kept])) == 2:
            for name, metric in metrics.items():
                drawn[name].append(metric(target[kept], score[kept], weight[kept]))
    ones = np.ones(len(target))
    return {
        name: Estimate(metric(target, score, ones), *np.quantile(drawn[name], [0.025, 0.975]).tolist())
        for name, metric in metrics.items()
    }


def calibration_error(target: NDArray[np.int64] | Floats, probability: Floats, bins: int = 15) -> float:
    """Expected calibration error over bins of equal mass."""
    order = np.argsort(probability, kind="stable")
    parts = np.array_split(order, bins)
    gaps = [
        len(part) * abs(float(target[part].mean()) - float(probability[part].mean())) for part in parts if len(part)
    ]
    return sum(gaps) / len(target)


def reliability(target: NDArray[np.int64] | Floats, probability: Floats, bins: int = 15) -> list[dict[str, Any]]:
    """Mean probability, observed share and rows of each bin of equal mass: the calibration curve."""
    order = np.argsort(probability, kind="stable")
    return [
        {
            "probability": round(float(probability[part].mean()), 5),
            "observed": round(float(target[part].mean()), 5),
            "rows": len(part),
        }
        for part in np.array_split(order, bins)
        if len(part)
    ]
