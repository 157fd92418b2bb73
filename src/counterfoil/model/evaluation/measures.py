"""The top of the ranking, the curves, the costs and the calibration of judged rows, as plain data for a report."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from counterfoil.model import evaluate
from counterfoil.model.evaluation.judged import Floats, Judged, Rows

# How many listings a team might look at; those beyond half of the rows are left out.
BUDGETS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
# Fewer rows of a slice, or fewer of either outcome in it, and its calibration says nothing.
SLICE_ROWS, SLICE_EACH = 200, 20
# A bundle that sends few rows over .1 is judged there too: that is where people look.
HIGH = 0.1


def precision_at(target: Rows, score: Floats, weight: Floats, k: float) -> float:
    """Precision among the k highest rows; of rows with one score, as many as still fit count in proportion."""
    hits, alerts = evaluate.curve(target, score, weight)
    k = min(k, float(alerts[-1]))
    return float(np.interp(k, np.append(0.0, alerts), np.append(0.0, hits))) / k


def budgets(target: Rows, score: Floats, groups: Rows, *, seed: int = 0) -> list[dict[str, Any]]:
    """Precision at each budget that is at most half of the rows, with intervals by group."""
    usual = [k for k in BUDGETS if k <= len(target) / 2]
    metrics = {str(k): partial(precision_at, k=k) for k in usual}
    found = evaluate.estimate(metrics, target, score, groups, seed=seed) if metrics else {}
    return [{"k": int(k), "precision": value.to_json()} for k, value in found.items()]


def costs(judged: Judged, *, missed: float, false_alert: float) -> dict[str, Any]:
    """What misses and false alerts cost over all thresholds, in the unit of the two prices, for 1,000 listings.

    `by_probability` is the threshold false_alert / (false_alert + missed), the cheapest one for a probability that is
    calibrated. Source: Elkan, "The foundations of cost-sensitive learning" (2001).
    """
    target, weight = judged.truth, judged.weight
    kept = weight > 0
    target, weight, probability = target[kept], weight[kept], judged.probability[kept]
    all_rows, positives = float(weight.sum()), float(weight @ target)

    def cost(found: float, looked: float) -> float:
        return 1_000 * (missed * (positives - found) + false_alert * (looked - found)) / all_rows

    def at(flagged: Any) -> dict[str, float]:
        found, looked = float(weight[flagged] @ target[flagged]), float(weight[flagged].sum())
        return {"cost": round(cost(found, looked), 4), "flagged": round(looked / all_rows, 5)}

    hits, alerts = evaluate.curve(target, probability, weight)
    over = np.append(cost(0.0, 0.0), [cost(found, looked) for found, looked in zip(hits, alerts, strict=True)])
    thresholds = np.append(1.0, np.unique(probability)[::-1])
    best, fair = int(np.argmin(over)), false_alert / (false_alert + missed)
    kept_points = np.unique(np.linspace(0, len(over) - 1, evaluate.CURVE_POINTS).astype(np.int64))
    return {
        "missed": missed,
        "false_alert": false_alert,
        "cheapest": {**at(probability >= thresholds[best]), "threshold": round(float(thresholds[best]), 5)},
        "by_probability": {**at(probability >= fair), "threshold": round(fair, 5)},
        "policy": at(judged.flagged[kept]),
        "flag_none": at(np.zeros(len(target), dtype=np.bool_)),
        "flag_all": at(np.ones(len(target), dtype=np.bool_)),
        "curve": [{"threshold": round(float(thresholds[i]), 5), "cost": round(float(over[i]), 4)} for i in kept_points],
    }


def calibration(judged: Judged, *, seed: int = 0) -> dict[str, Any]:
    """Calibration error, slope and Brier score in all, among rows above .1, and in each slice with enough of both outcomes."""
    whole = np.ones(len(judged), dtype=np.bool_)
    target, weight, kept = judged.truth, judged.weight, judged.weight > 0
    above = judged.probability > HIGH
    slices = {name: _quality(judged, inside, seed) for name, inside in judged.data.slices.items()}
    return {
        "overall": _quality(judged, whole, seed),
        "above": {"probability": HIGH, **(_error(judged, above) if (above & kept).any() else {"rows": 0})},
        "reliability": evaluate.reliability(target[kept], judged.probability[kept], weight=weight[kept]),
        "slices": {name: found for name, found in slices.items() if found is not None},
        "slices_too_few": sorted(name for name, found in slices.items() if found is None),
    }


def _error(judged: Judged, inside: Any) -> dict[str, Any]:
    rows = np.flatnonzero(inside & (judged.weight > 0))
    error = evaluate.calibration_error(judged.truth[rows], judged.probability[rows], weight=judged.weight[rows])
    return {"rows": len(rows), "ece": round(error, 5)}


def _quality(judged: Judged, inside: Any, seed: int) -> dict[str, Any] | None:
    """None for too few rows of either outcome."""
    rows = np.flatnonzero(inside & (judged.weight > 0))
    target, probability, weight = judged.truth[rows], judged.probability[rows], judged.weight[rows]
    positives = int(target.sum())
    if len(rows) < SLICE_ROWS or min(positives, len(rows) - positives) < SLICE_EACH:
        return None
    metrics = {"slope": evaluate.reliability_slope, "brier": evaluate.brier}
    groups = judged.data.groups[rows]
    found = evaluate.estimate(metrics, target, probability, groups, weight=weight, draws=100, seed=seed)
    return {
        **_error(judged, inside),
        "positives": positives,
        "mean_probability": round(float(np.average(probability, weights=weight)), 5),
        "observed": round(float(np.average(target, weights=weight)), 5),
        **{name: value.to_json() for name, value in found.items()},
    }
