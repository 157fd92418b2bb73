"""Two bundles on the same rows: the difference of each measure, paired by seller, and the rows whose action changed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from counterfoil.model import evaluate
from counterfoil.model.evaluation.account import refuse_one_outcome
from counterfoil.model.evaluation.judged import Judged

# Lower is better for these two; the rest are those of the ranking.
ERRORS = {"brier": evaluate.brier}
EXAMPLES = 10


def comparison(first: Judged, second: Judged, *, seed: int = 0) -> dict[str, Any]:
    """`second` against `first`; both must have judged the same rows in the same order."""
    data = first.data
    if first.ids != second.ids:
        raise ValueError("got rows of two kinds, expected both bundles to have judged the same rows")
    refuse_one_outcome(first)
    metrics = {**evaluate.RANKING, **ERRORS}
    one, two = first.probability, second.probability
    figures = [evaluate.estimate(metrics, data.target, score, data.groups, seed=seed) for score in (one, two)]
    differences = evaluate.paired(metrics, data.target, two, one, data.groups, seed=seed)
    errors = [evaluate.calibration_error(each.truth, each.probability, weight=each.weight) for each in (first, second)]
    measured = {
        name: {"first": figures[0][name].to_json(), "second": figures[1][name].to_json(), "difference": gap.to_json()}
        for name, gap in differences.items()
    }
    return {
        "measures": measured,
        "calibration_error": {"first": round(errors[0], 5), "second": round(errors[1], 5)},
        "actions": _actions(first, second),
        "verdict": verdict(differences),
    }


def verdict(differences: dict[str, evaluate.Estimate]) -> str:
    """One sentence: which measures are better or worse beyond chance, and nothing more."""
    better, worse = [], []
    for name, gap in differences.items():
        sign = -1 if name in ERRORS else 1
        if min(sign * gap.low, sign * gap.high) > 0:
            better.append(name)
        elif max(sign * gap.low, sign * gap.high) < 0:
            worse.append(name)
    words = {"better": better, "worse": worse}
    told = [
        f"{word} in {', '.join(name.replace('_', ' ') for name in names)}" for word, names in words.items() if names
    ]
    rest = len(differences) - len(better) - len(worse)
    if not told:
        return "No measure differs beyond chance on these rows: their 95 % intervals of the difference all include 0."
    same = f"; {rest} {'measure does' if rest == 1 else 'measures do'} not differ beyond chance" if rest else ""
    return f"The second bundle is {', and '.join(told)}{same}."


def _actions(first: Judged, second: Judged) -> dict[str, Any]:
    """How many rows moved from which action to which, how many of them positive, and those whose probability moved most."""
    moves = [(a, b) for a, b in zip(first.action, second.action, strict=True)]
    changed = np.array([a != b for a, b in moves], dtype=np.bool_)
    counts = Counter(f"{a} -> {b}" for a, b in moves if a != b)
    positives = Counter(
        f"{a} -> {b}" for (a, b), found in zip(moves, first.data.target, strict=True) if a != b and found
    )
    step = np.where(changed, np.abs(second.probability - first.probability), -1.0)
    most = np.argsort(-step, kind="stable")[: min(EXAMPLES, int(changed.sum()))]
    return {
        "changed": int(changed.sum()),
        "rows": len(first),
        "moves": {name: {"rows": count, "positive": positives[name]} for name, count in counts.most_common()},
        "examples": [
            {
                "id": first.ids[row],
                "target": int(first.data.target[row]),
                "first": {"action": first.action[row], "probability": round(float(first.probability[row]), 5)},
                "second": {"action": second.action[row], "probability": round(float(second.probability[row]), 5)},
            }
            for row in most.tolist()
        ],
    }
