"""How trees are learnt: the columns of some rows, the trees on them, and margins out of fold by seller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.model.dataset import Dataset
from counterfoil.model.soft import fitted, objective, twofold
from counterfoil.model.split import Rows, folds
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
class Table:
    """What trees learn from: `matrix` (rows, columns), a target, and a name and a sign (-1, 0, 1) a column."""

    matrix: Floats
    target: Floats | NDArray[np.int64]
    names: list[str]
    monotone: list[int]


def base_parameters(data: Dataset, seed: int, threads: int) -> dict[str, Any]:
    """The kept hyper-parameters, with what the rows and the run say."""
    return {**PARAMETERS, **objective(data), "seed": seed, "num_threads": threads}


def fit_trees(data: Dataset, rows: Rows, parameters: dict[str, Any]) -> tuple[Booster, Views]:
    """Fit the views and the trees on some rows."""
    table, views = prepared(data, rows, parameters)
    return grown(table, parameters), views


def prepared(data: Dataset, rows: Rows, parameters: dict[str, Any]) -> tuple[Table, Views]:
    """What trees on some rows learn from, and their views; the rows' own n-gram score comes from fits without their seller."""
    # Rows of a fold come without a belief: one made of all rows would carry what was found out about those that test it.
    part, seed = with_belief(data.subset(rows), parameters), parameters["seed"]
    text = TextView.fit(part.vectors)
    own = np.zeros((len(part), int(data.scored_ngrams)))
    if data.scored_ngrams:
        for train, test in folds(part, INNER_FOLDS, seed):
            own[test, 0] = ngram_score(part.subset(train), seed).score(part.ngrams[test])
    views = Views(text, ngram_score(part, seed) if data.scored_ngrams else None)
    matrix = np.column_stack([hide(part, seed), own, text.transform(part.vectors)])
    return Table(matrix, fitted(part), *_columns(data, views.names)), views


def _columns(data: Dataset, fitted_names: list[str]) -> tuple[list[str], list[int]]:
    """The name and the sign of every column; a fitted one has no sign."""
    signs = [f.monotone for f in data.features.features] + [0] * len(fitted_names)
    return data.features.names + fitted_names, signs


def grown(table: Table, parameters: dict[str, Any]) -> Booster:
    """Trees; `rounds` among the parameters is how many, `ROUNDS` without."""
    import lightgbm

    given = {**parameters, "monotone_constraints": table.monotone}
    rounds = given.pop("rounds", ROUNDS)
    return lightgbm.train(given, lightgbm.Dataset(table.matrix, table.target, feature_name=table.names), rounds)


def with_belief(data: Dataset, parameters: dict[str, Any]) -> Dataset:
    """The rows with a belief for those that no verdict was given on, where a random look says how many copies there are."""
    if data.look is None or data.belief is not None:
        return data
    text = TextView.fit(data.vectors)
    matrix = np.column_stack([data.values, text.transform(data.vectors)])
    names, signs = _columns(data, text.names)
    quick = {**parameters, "objective": "binary", "learning_rate": BELIEF_RATE, "rounds": BELIEF_ROUNDS}
    labelled = np.zeros(len(data))
    for train, test in folds(data, BELIEF_FOLDS, parameters["seed"]):
        labelled[test] = grown(Table(matrix[train], data.target[train], names, signs), quick).predict(matrix[test])
    return replace(data, belief=believed(data.target, labelled, data.look.share, data.label_odds))


def ngram_score(data: Dataset, seed: int) -> NgramScore:
    """The score of character n-grams, fitted on all rows."""
    rows, target, weight = twofold(data)
    return NgramScore.fit(data.ngrams[rows], target, seed, weight)


def margins_of(booster: Booster, views: Views, data: Dataset, rows: Rows) -> Floats:
    """The margins of some rows by trees that had no part of their sellers, (rows,)."""
    return np.asarray(booster.predict(columns_of(views, data, rows), raw_score=True), dtype=np.float64)


def columns_of(views: Views, data: Dataset, rows: Rows) -> Floats:
    """All columns of rows that had no part in the fit of the views."""
    return np.column_stack([data.values[rows], views.columns(data.vectors[rows], data.ngrams[rows])])


def out_of_fold(
    data: Dataset, parts: Sequence[tuple[Rows, Rows]], parameters: dict[str, Any], say: Callable[[str], None]
) -> Floats:
    """The margin of each row from trees that its seller had no part in."""
    margins = np.zeros(len(data))
    for number, (train, test) in enumerate(parts, 1):
        say(f"fold {number} of {len(parts)}")
        margins[test] = margins_of(*fit_trees(data, train, parameters), data, test)
    return margins
