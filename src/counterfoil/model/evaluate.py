"""How good a ranking and its probabilities are, with intervals that resample sellers, never rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CURVE_POINTS = 200
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


def recall_at_5pct_false_alerts(target: NDArray[np.int64], score: Floats, weight: Floats) -> float:
    """Recall at the lowest threshold at which at most 5 % of the negatives are flagged: the true positive rate there."""
    return recall_at_false_alerts(target, score, weight, 0.05)


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
    "recall_at_5pct_false_alerts": recall_at_5pct_false_alerts,
    "precision_at_top_1pct": precision_at_budget,
}


def precision_recall(target: NDArray[np.int64], score: Floats, weight: Floats) -> list[dict[str, float]]:
    """Points of the precision-recall curve, from the highest threshold down, at most 200 evenly spread over recall."""
    hits, alerts = curve(target, score, weight)
    recall, precision = hits / hits[-1], hits / alerts
    kept = np.unique(np.searchsorted(recall, np.linspace(0, 1, CURVE_POINTS)).clip(max=len(recall) - 1))
    return [{"recall": round(float(recall[i]), 5), "precision": round(float(precision[i]), 5)} for i in kept]


def resampled(groups: NDArray[np.int64], draws: int, seed: int) -> Iterator[Floats]:
    """How often each row comes in each of `draws` bootstrap samples of groups, the rows of a drawn group all together."""
    rng = np.random.default_rng(seed)
    _, number = np.unique(groups, return_inverse=True)
    count = int(number.max()) + 1
    for _ in range(draws):
        yield rng.multinomial(count, np.full(count, 1 / count))[number].astype(np.float64)


def estimate(
    metrics: Mapping[str, Metric],
    target: NDArray[np.int64],
    score: Floats,
    groups: NDArray[np.int64],
    *,
    weight: Floats | None = None,
    draws: int = 200,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Each metric with its interval by group; `weight` says how many listings of the population a row stands for."""
    ones = np.ones(len(target)) if weight is None else weight
    drawn: dict[str, list[float]] = {name: [] for name in metrics}
    for times in resampled(groups, draws, seed):
        kept = times * ones > 0
        if len(np.unique(target[kept])) == 2:
            for name, metric in metrics.items():
                drawn[name].append(metric(target[kept], score[kept], (times * ones)[kept]))
    kept = ones > 0
    return {
        name: interval(metric(target[kept], score[kept], ones[kept]), drawn[name]) for name, metric in metrics.items()
    }


def paired(
    metrics: Mapping[str, Metric],
    target: NDArray[np.int64],
    ours: Floats,
    theirs: Floats,
    groups: NDArray[np.int64],
    *,
    weight: Floats | None = None,
    draws: int = 200,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Each metric of `ours` less that of `theirs` on the same rows, with an interval of the difference by group.

    Both are measured on the same bootstrap samples, so that what is hard in a sample is hard for both.
    """
    stacked = np.arange(len(target), dtype=np.float64)  # the score of a row is its place: each metric looks both up

    def difference(metric: Metric) -> Metric:
        def measured(sampled: NDArray[np.int64], place: Floats, times: Floats) -> float:
            rows = place.astype(np.int64)
            return metric(sampled, ours[rows], times) - metric(sampled, theirs[rows], times)

        return measured

    differences = {name: difference(metric) for name, metric in metrics.items()}
    return estimate(differences, target, stacked, groups, weight=weight, draws=draws, seed=seed)


def interval(value: float, drawn: Sequence[float]) -> Estimate:
    """The middle 95 % of what the bootstrap drew; NaN where no sample could be measured."""
    low, high = np.nanquantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    return Estimate(value, float(low), float(high))


def calibration_error(
    target: NDArray[np.int64] | Floats, probability: Floats, bins: int = 15, weight: Floats | None = None
) -> float:
    """Expected calibration error over bins of equal mass."""
    ones = np.ones(len(target)) if weight is None else weight
    gaps = (
        float(abs(ones[part] @ target[part] - ones[part] @ probability[part]))
        for part in _bins(probability, ones, bins)
    )
    return sum(gaps) / float(ones.sum())


def reliability(
    target: NDArray[np.int64] | Floats, probability: Floats, bins: int = 15, weight: Floats | None = None
) -> list[dict[str, Any]]:
    """Mean probability, observed share and rows of each bin of equal mass: the calibration curve."""
    ones = np.ones(len(target)) if weight is None else weight
    return [
        {
            "probability": round(float(np.average(probability[part], weights=ones[part])), 5),
            "observed": round(float(np.average(target[part], weights=ones[part])), 5),
            "rows": len(part),
        }
        for part in _bins(probability, ones, bins)
    ]


def _bins(probability: Floats, weight: Floats, bins: int) -> list[NDArray[np.int64]]:
    """The rows in order of probability, in bins of equal weight; empty ones are left out."""
    order = np.argsort(probability, kind="stable")
    order = order[weight[order] > 0]
    if not len(order):
        return []
    middle = np.cumsum(weight[order]) - weight[order] / 2
    number = np.minimum(bins - 1, (middle / weight[order].sum() * bins).astype(np.int64))
    return [order[number == one] for one in np.unique(number)]


def brier(target: NDArray[np.int64], probability: Floats, weight: Floats) -> float:
    """Mean squared distance of probability and outcome. Source: Brier (1950)."""
    return float(np.average((probability - target) ** 2, weights=weight))


def reliability_slope(target: NDArray[np.int64], probability: Floats, weight: Floats) -> float:
    """The slope of a logistic regression of the outcome on the log-odds: 1 when calibrated, below 1 when overconfident.

    Source: Cox, "Two further applications of a model for binary regression" (1958).
    """
    from sklearn.linear_model import LogisticRegression

    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    logits = np.log(clipped / (1 - clipped)).reshape(-1, 1)
    return float(LogisticRegression(C=1e6, max_iter=1_000).fit(logits, target, weight).coef_[0, 0])
