"""Learn from a dataset: trees out of fold by seller, calibration on their margins, then trees on all sellers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.model import baselines, evaluate
from counterfoil.model.calibrate import Calibration
from counterfoil.model.dataset import Dataset
from counterfoil.model.evaluate import Estimate
from counterfoil.model.soft import fitted, objective, twofold
from counterfoil.model.split import Kind, Rows, check, choose, folds, holdout
from counterfoil.model.unlabelled import believed
from counterfoil.model.views import NgramScore, TextView, Views
from counterfoil.model.weak import hide

if TYPE_CHECKING:
    from lightgbm import Booster

Floats = NDArray[np.float64]
INNER_FOLDS = 5
ROUNDS = 600
# Beliefs about rows without a verdict come from fewer and faster trees: they need a level, not the last digit.
BELIEF_FOLDS, BELIEF_ROUNDS, BELIEF_RATE = 3, 150, 0.08
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.02,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    # No class weights: they ruin calibration.
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """What came out of training: all that a bundle holds, and the figures of its card."""

    data: Dataset
    booster: Booster
    views: Views
    calibration: Calibration
    split: Kind
    metrics: dict[str, Estimate]
    baselines: dict[str, dict[str, Estimate]]
    calibration_error: float
    reliability: list[dict[str, Any]]
    later: dict[str, Any] | None
    parameters: dict[str, Any] = field(default_factory=dict)


def fit(
    data: Dataset,
    *,
    split: Kind | None = None,
    seed: int = 0,
    threads: int = 2,
    say: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Cross-validate by seller, calibrate out of fold, evaluate on later rows where there are some, refit on all.

    Raises `TrainingRefused` when no honest estimate can be made of the rows.
    """
    check(data)
    kind = choose(data, split)
    parameters = {**PARAMETERS, **objective(data), "seed": seed, "num_threads": threads}
    # Few rows: more folds, so that each fit has nearly all of them. Many: five are enough.
    count = 10 if len(data) < 20_000 else 5
    parts = list(folds(data, count, seed))
    margins = _out_of_fold(data, parts, parameters, say)
    judged = _with_belief(data, parameters)
    calibration = _calibrated(margins, judged)
    probability = calibration.probability(margins)
    say("baselines")
    rivals = {
        "keyword": baselines.keyword(data),
        "price": baselines.price_rule(data),
        "keyword_or_price": baselines.keyword_or_price(data),
        "char_ngrams": baselines.char_ngrams(data, parts, seed),
    }
    later = _later(data, parameters, say) if kind == "seller+time" else None
    say("trees on all sellers")
    booster, views = _trees(judged, np.arange(len(data)), parameters)
    return Fitted(
        data=data,
        booster=booster,
        views=views,
        calibration=calibration,
        split=kind,
        metrics=evaluate.estimate(evaluate.RANKING, data.target, probability, data.groups),
        baselines={
            name: evaluate.estimate(evaluate.RANKING, data.target, score, data.groups, draws=100)
            for name, score in rivals.items()
        },
        calibration_error=evaluate.calibration_error(fitted(judged), probability),
        reliability=evaluate.reliability(fitted(judged), probability),
        later=later,
        parameters={**parameters, "rounds": ROUNDS, "folds": count, "ngram_score": data.scored_ngrams},
    )


def _trees(data: Dataset, rows: Rows, parameters: dict[str, Any]) -> tuple[Booster, Views]:
    """Fit the views and the trees on some rows; the rows' own n-gram score comes from fits without their seller."""
    import lightgbm

    # Rows of a fold come without a belief: one made of all rows would carry what was found out about those that test it.
    part, seed = _with_belief(data.subset(rows), parameters), parameters["seed"]
    text = TextView.fit(part.vectors)
    own = np.zeros((len(part), int(data.scored_ngrams)))
    if data.scored_ngrams:
        for train, test in folds(part, INNER_FOLDS, seed):
            own[test, 0] = _ngrams(part.subset(train), seed).score(part.ngrams[test])
    views = Views(text, _ngrams(part, seed) if data.scored_ngrams else None)
    matrix = np.column_stack([hide(part, seed), own, text.transform(part.vectors)])
    signs = [f.monotone for f in data.features.features] + [0] * len(views.names)
    table = lightgbm.Dataset(matrix, fitted(part), feature_name=data.features.names + views.names)
    return lightgbm.train({**parameters, "monotone_constraints": signs}, table, ROUNDS), views


def _with_belief(data: Dataset, parameters: dict[str, Any]) -> Dataset:
    """The rows with a belief for those that no verdict was given on, where a random look says how many copies there are."""
    if data.look is None or data.belief is not None:
        return data
    import lightgbm

    matrix = np.column_stack([data.values, TextView.fit(data.vectors).transform(data.vectors)])
    signs = [f.monotone for f in data.features.features] + [0] * (matrix.shape[1] - data.values.shape[1])
    quick = {**parameters, "objective": "binary", "learning_rate": BELIEF_RATE, "monotone_constraints": signs}
    labelled = np.zeros(len(data))
    for train, test in folds(data, BELIEF_FOLDS, parameters["seed"]):
        trees = lightgbm.train(quick, lightgbm.Dataset(matrix[train], data.target[train]), BELIEF_ROUNDS)
        labelled[test] = trees.predict(matrix[test])
    return replace(data, belief=believed(data.target, labelled, data.look.share))


def _ngrams(data: Dataset, seed: int) -> NgramScore:
    rows, target, weight = twofold(data)
    return NgramScore.fit(data.ngrams[rows], target, seed, weight)


def _calibrated(margins: Floats, data: Dataset) -> Calibration:
    rows, target, weight = twofold(data)
    return Calibration.fit(margins[rows], target, weight)


def _margins(booster: Booster, views: Views, data: Dataset, rows: Rows) -> Floats:
    matrix = np.column_stack([data.values[rows], views.columns(data.vectors[rows], data.ngrams[rows])])
    return np.asarray(booster.predict(matrix, raw_score=True), dtype=np.float64)


def _out_of_fold(
    data: Dataset, parts: Sequence[tuple[Rows, Rows]], parameters: dict[str, Any], say: Callable[[str], None]
) -> Floats:
    """The margin of each row from trees that its seller had no part in."""
    margins = np.zeros(len(data))
    for number, (train, test) in enumerate(parts, 1):
        say(f"fold {number} of {len(parts)}")
        margins[test] = _margins(*_trees(data, train, parameters), data, test)
    return margins


def _later(data: Dataset, parameters: dict[str, Any], say: Callable[[str], None]) -> dict[str, Any] | None:
    """Train and calibrate on the earlier part alone, report on the later rows of sellers not met before."""
    parts = holdout(data)
    earlier, test = data.subset(parts.train), parts.test
    if len(test) == 0 or len(np.unique(data.target[test])) < 2:
        return None
    say("later rows, unseen sellers")
    parts_before = list(folds(earlier, 5, parameters["seed"]))
    margins = _out_of_fold(earlier, parts_before, parameters, say)
    judged = _with_belief(earlier, parameters)
    calibration = _calibrated(margins, judged)
    booster, views = _trees(judged, np.arange(len(earlier)), parameters)
    probability = calibration.probability(_margins(booster, views, data, test))
    metrics = evaluate.estimate(evaluate.RANKING, data.target[test], probability, data.groups[test])
    return {
        "rows": len(test),
        "positives": int(data.target[test].sum()),
        "sellers": len(np.unique(data.groups[test])),
        "gap_days": parts.gap_days,
        "calibration_error": round(evaluate.calibration_error(data.target[test], probability), 4),
        **{name: value.to_json() for name, value in metrics.items()},
    }
