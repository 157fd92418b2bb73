"""The stated false-alert rate against the realised one: one listing of each genuine seller, drawn by seed, many times."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from counterfoil.model import evaluate
from counterfoil.model.conformal import beta_binomial_interval
from counterfoil.model.draw import one_each
from counterfoil.model.evaluation.judged import Judged, Rows

ALPHAS = (0.005, 0.01, 0.05)
# Three rates are tested at once, so each with a third of the 5 % (Bonferroni).
LEVEL = 1 - 0.05 / len(ALPHAS)
# Test sellers from which on a calibration set is reported on its own.
ENOUGH = 500
_SIMULATED = 40_000


def realised(judged: Judged, *, draws: int = 200, seed: int = 0) -> dict[str, Any] | None:
    """For each alpha the median flagged count over `draws` draws and its interval; None where nothing was calibrated.

    A row counts as flagged when p <= alpha, whether its rate is valid or not; `not_valid` counts those whose is not.
    """
    rows = np.flatnonzero(judged.genuine & (judged.data.sellers >= 0) & ~np.isnan(judged.p_value))
    if not len(rows) or not (judged.weight[rows] > 0).any():
        return None
    held = np.array(judged.held, dtype=object)[rows]
    sellers_of = {name: len(np.unique(judged.data.sellers[rows[held == name]])) for name in sorted(set(held))}
    return {
        "draws": draws,
        "level": round(LEVEL, 4),
        "not_valid": dict(Counter(judged.void[row] for row in rows if judged.void[row])),
        "overall": _tested(judged, rows, draws, seed),
        "segments": {
            name: _tested(judged, rows[held == name], draws, seed)
            for name, count in sellers_of.items()
            if count >= ENOUGH and len(sellers_of) > 1
        },
    }


def _tested(judged: Judged, rows: Rows, draws: int, seed: int) -> dict[str, Any]:
    """One set of rows of genuine sellers, at every alpha."""
    sellers, weight, p_value = judged.data.sellers[rows], judged.weight[rows], judged.p_value[rows]
    held = np.array(judged.held, dtype=object)[rows]
    flags = {alpha: p_value <= alpha for alpha in ALPHAS}
    counts: dict[float, list[int]] = {alpha: [] for alpha in ALPHAS}
    tested: Counter[str] = Counter()
    for number in range(draws):
        drawn, _ = one_each(sellers, weight, seed + number)
        tested.update(held[drawn])
        for alpha in ALPHAS:
            counts[alpha].append(int(flags[alpha][drawn].sum()))
    m = round(tested.total() / draws)
    sizes = {name: int(judged.size[rows[held == name][0]]) for name in tested}
    parts = {name: (sizes[name], round(tested[name] / draws)) for name in tested}
    rates = _by_rows(judged, rows, seed)
    found = []
    for alpha in ALPHAS:
        low, high = interval(parts, alpha, seed=seed)
        median = float(np.median(counts[alpha]))
        found.append({
            "alpha": alpha, "flagged": median, "low": low, "high": high, "holds": bool(low <= median <= high),
            "rate": round(median / m, 5), "mean_rate": round(float(np.mean(counts[alpha])) / m, 5),
            "by_rows": rates[alpha].to_json(),
        })  # fmt: skip
    return {"sellers": m, "rows": len(rows), "calibration_n": sizes, "alphas": found}


def interval(
    parts: Mapping[str, tuple[int, int]], alpha: float, *, level: float = LEVEL, seed: int = 0
) -> tuple[int, int]:
    """The central interval of the flagged count: beta-binomial by calibration set of n, m sellers, and of their sum.

    A sum of several has no closed form; it is simulated, the sets being disjoint.
    """
    if len(parts) == 1:
        ((n, m),) = parts.values()
        return beta_binomial_interval(n, m, alpha, level)
    rng = np.random.default_rng(seed)
    total = np.zeros(_SIMULATED, dtype=np.int64)
    for n, m in parts.values():
        k = math.floor(alpha * (n + 1) + 1e-9)
        if k > 0:
            total += rng.binomial(m, rng.beta(k, n + 1 - k, _SIMULATED))
    low, high = np.quantile(total, [(1 - level) / 2, (1 + level) / 2], method="closest_observation")
    return int(low), int(high)


def _by_rows(judged: Judged, rows: Rows, seed: int) -> dict[float, evaluate.Estimate]:
    """The share of rows flagged, where a seller with many rows counts many times, with an interval by linked sellers."""
    weight, p_value = judged.weight[rows], judged.p_value[rows]
    flags = np.column_stack([p_value <= alpha for alpha in ALPHAS]) * weight[:, None]
    drawn = []
    for times in evaluate.resampled(judged.data.groups[rows], 200, seed):
        stood = float(times @ weight)
        if stood > 0:
            drawn.append(times @ flags / stood)
    values = flags.sum(axis=0) / weight.sum()
    return {alpha: evaluate.interval(float(values[i]), [d[i] for d in drawn]) for i, alpha in enumerate(ALPHAS)}
