"""One evaluation of a bundle on rows it was not made from, as plain data: what the report's three forms are written from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from counterfoil.errors import EvaluationRefused
from counterfoil.model import audit, evaluate
from counterfoil.model.evaluation import measures, stated
from counterfoil.model.evaluation.judged import Judged
from counterfoil.model.evaluation.rivals import rivals, side_by_side
from counterfoil.model.fairness import ALPHA, AT_ALPHA, flag_rates

# Rows up to which training anew for the side-by-side of splits takes a few minutes.
SPLITS_UP_TO = 10_000
# Where a model must beat its baselines: measured on the same bootstrap samples.
AGAINST = ("average_precision", "recall_at_1pct_false_alerts", "recall_at_precision_0.9")


@dataclass(frozen=True, slots=True)
class Options:
    """How to evaluate: what a miss and a false alert cost, and whether to train anew for the splits."""

    missed: float = 10.0
    false_alert: float = 1.0
    splits: bool | None = None
    seed: int = 0
    threads: int = 2


def evaluation(judged: Judged, options: Options, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """All figures of the report; raises `EvaluationRefused` where both outcomes are not among the rows."""
    data, seed = judged.data, options.seed
    refuse_one_outcome(judged)
    say("ranking")
    ranking = evaluate.estimate(evaluate.RANKING, data.target, judged.probability, data.groups, seed=seed)
    scores = rivals(data, seed=seed, threads=options.threads, say=say)
    say("against the baselines")
    chosen = {name: evaluate.RANKING[name] for name in AGAINST}
    found: dict[str, Any] = {
        "ranking": {name: value.to_json() for name, value in ranking.items()},
        "baselines": {
            rival: {
                name: value.to_json()
                for name, value in evaluate.estimate(
                    evaluate.RANKING, data.target, score, data.groups, draws=100, seed=seed
                ).items()
            }
            for rival, score in scores.items()
        },
        "against": {
            rival: {
                name: value.to_json()
                for name, value in evaluate.paired(
                    chosen, data.target, judged.probability, score, data.groups, draws=100, seed=seed
                ).items()
            }
            for rival, score in scores.items()
        },
        "precision_at": measures.budgets(data.target, judged.probability, data.groups, seed=seed),
    }
    say("calibration and the stated rate")
    found |= {
        "stated_rate": stated.realised(judged, seed=seed),
        "calibration": measures.calibration(judged, seed=seed),
        "fairness": fairness(judged, seed=seed),
        "cost": measures.costs(judged, missed=options.missed, false_alert=options.false_alert),
        "precision_recall": evaluate.precision_recall(data.target, judged.probability, np.ones(len(data))),
        "random_slice": random_slice(judged) if judged.random_slice else None,
        "splits": None,
    }
    if options.splits if options.splits is not None else len(data) <= SPLITS_UP_TO:
        found["splits"] = side_by_side(data, seed=seed, threads=options.threads, say=say)
    return found


def refuse_one_outcome(judged: Judged) -> None:
    """Refuse rows that no ranking can be measured on; raises `EvaluationRefused`."""
    positives = int(judged.data.target.sum())
    if not 0 < positives < len(judged):
        raise EvaluationRefused(
            f"got {len(judged):,} rows of which {positives:,} are positive, expected some of both outcomes: bring more rows, or "
            "look at the label of the mapping"
        )


def random_slice(judged: Judged) -> dict[str, Any]:
    """How many copies there are and how many of them are flagged, by inverse probability: by the policy, and at alpha = 1 %."""
    groups, drawn = judged.data.groups, judged.weight > 0
    ways = {"recall": judged.flagged}
    if not np.isnan(judged.p_value).any():
        ways["recall_at_alpha_1pct"] = judged.p_value <= ALPHA
    return {
        "rows": int(drawn.sum()),
        "positives": int(judged.truth[drawn].sum()),
        "prevalence": audit.prevalence(judged.truth, judged.weight, groups).to_json(),
        **{name: audit.recall(flags, judged.truth, judged.weight, groups).to_json() for name, flags in ways.items()},
    }


def fairness(judged: Judged, *, seed: int = 0) -> dict[str, Any]:
    """Flag rates by slice, of sellers without a bad verdict: at alpha = 1 % where p-values are there, else by the policy."""
    calibrated = not bool(np.isnan(judged.p_value).any())
    flagged = judged.p_value <= ALPHA if calibrated else judged.flagged
    meaning = AT_ALPHA if calibrated else "what the policy flags, by the model or a rule"
    alpha = ALPHA if calibrated else None
    return flag_rates(
        flagged,
        judged.genuine,
        judged.data.slices,
        judged.data.groups,
        weight=judged.weight,
        alpha=alpha,
        meaning=meaning,
        seed=seed,
    )
