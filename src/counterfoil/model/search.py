"""Hyper-parameters searched for on some sellers, so that the figures of the others have had no part in the choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from counterfoil.errors import TrainingRefused
from counterfoil.model import learn
from counterfoil.model.dataset import Dataset
from counterfoil.model.evaluate import average_precision
from counterfoil.model.split import MIN_EACH, Rows, check, folds

if TYPE_CHECKING:
    from optuna.trial import Trial as Asked

# One linked group in five reports, and takes no part in the search.
REPORTED = 5
FOLDS = 5
# Where the search starts: the kept hyper-parameters are the first trial.
_SEARCHED = ("learning_rate", "num_leaves", "min_data_in_leaf", "feature_fraction", "bagging_fraction", "lambda_l2")


@dataclass(frozen=True, slots=True)
class Wall:
    """Rows that choose hyper-parameters and rows that figures are taken on; no linked group has rows on both sides."""

    choosing: Rows
    reported: Rows


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of hyper-parameters and its average precision out of fold, on the choosing rows; number 0 has the kept ones."""

    number: int
    parameters: dict[str, Any]
    value: float


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to: `parameters` for `train.fit`, empty when no trial beat the kept ones, and what a manifest says."""

    parameters: dict[str, Any]
    trials: tuple[Trial, ...]
    account: dict[str, Any]


def require_optuna() -> None:
    """Raise `TrainingRefused` without the extra that the search comes with."""
    try:
        import optuna  # noqa: F401
    except ImportError as error:
        raise TrainingRefused(
            'got no optuna, expected the extra `analysis` for --trials: run `pip install "counterfoil[analysis]"`, or train '
            "without --trials, on the kept hyper-parameters"
        ) from error


def wall(data: Dataset, seed: int) -> Wall:
    """Part the linked groups by seed: a fifth of those with a positive row, and a fifth of the others, report.

    Raises `TrainingRefused` where votes stand for labels, and where either side has too few rows.
    """
    if data.weak is not None:
        raise TrainingRefused(
            "got --trials with rules that vote, expected labels: a search would find what repeats the votes best; "
            "train without --trials"
        )
    rng = np.random.default_rng(seed)
    positive = np.unique(data.groups[data.target == 1])
    drawn = [
        rng.permutation(groups)[: len(groups) // REPORTED] for groups in (positive, np.setdiff1d(data.groups, positive))
    ]
    inside = np.isin(data.groups, np.concatenate(drawn))
    parts = Wall(np.flatnonzero(~inside), np.flatnonzero(inside))
    check(data.subset(parts.choosing))
    positives = int(data.target[parts.reported].sum())
    negatives = len(parts.reported) - positives
    if min(positives, negatives) < MIN_EACH:
        raise TrainingRefused(
            f"got {positives} positive and {negatives} negative rows of the sellers kept out of the search, expected at least "
            f"{MIN_EACH} of each, or its figures would mean nothing: label more, or train without --trials"
        )
    return parts


def search(
    data: Dataset,
    parts: Wall,
    trials: int,
    *,
    seed: int = 0,
    threads: int = 2,
    budget: float | None = None,
    say: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = monotonic,
) -> Search:
    """Try `trials` sets of hyper-parameters on the choosing rows, cross-validated by seller; reads no other row.

    No trial is begun once `budget` seconds have gone by; the kept hyper-parameters are tried whatever it is, and stay unless
    one beats them. Raises `TrainingRefused` without optuna. Source: the tree-structured Parzen estimator of Bergstra et al.,
    "Algorithms for hyper-parameter optimization" (2011).
    """
    require_optuna()
    import optuna

    started = clock()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    base = learn.base_parameters(data, seed, threads)
    judge = _judge(data.subset(parts.choosing), base, say)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    study.enqueue_trial({name: base[name] for name in _SEARCHED} | {"extra_trees": base.get("extra_trees", False)})
    tried: list[Trial] = []
    for number in range(trials):
        if tried and budget is not None and clock() - started >= budget:
            break
        asked = study.ask()
        parameters = _suggested(asked)
        value = judge({**base, **parameters})
        study.tell(asked, value)
        tried.append(Trial(number, parameters, value))
        best = max(tried, key=lambda one: one.value)  # the earliest of equals: a tie keeps what was kept
        say(f"trial {number + 1} of {trials}: average precision {best.value:.3f} at best, {tried[0].value:.3f} as kept")
    return _found(data, parts, tried)


def _judge(data: Dataset, base: dict[str, Any], say: Callable[[str], None]) -> Callable[[dict[str, Any]], float]:
    """The average precision out of fold of hyper-parameters; what does not depend on them is made once."""
    prepared = []
    for number, (learnt, test) in enumerate(folds(data, FOLDS, base["seed"]), 1):
        say(f"search: columns of fold {number} of {FOLDS}")
        table, views = learn.prepared(data, learnt, base)
        prepared.append((table, learn.columns_of(views, data, test), test))

    def judge(parameters: dict[str, Any]) -> float:
        margins = np.zeros(len(data))
        for table, columns, test in prepared:
            margins[test] = learn.grown(table, parameters).predict(columns, raw_score=True)
        return average_precision(data.target, margins, np.ones(len(data)))

    return judge


def _suggested(trial: Asked) -> dict[str, Any]:
    """Hyper-parameters that a trial is to try; rounds follow the learning rate, so that all trials learn about as much."""
    rate = trial.suggest_float("learning_rate", 0.01, 0.1, log=True)
    return {
        "learning_rate": rate,
        "rounds": round(learn.ROUNDS * learn.PARAMETERS["learning_rate"] / rate),
        "num_leaves": trial.suggest_int("num_leaves", 7, 63, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 5, 100, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.2, 1.0),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.5, 1.0),
        "lambda_l2": trial.suggest_float("lambda_l2", 0.1, 50.0, log=True),
        "extra_trees": trial.suggest_categorical("extra_trees", [False, True]),
    }


def _found(data: Dataset, parts: Wall, tried: list[Trial]) -> Search:
    best = max(tried, key=lambda one: one.value)
    account = {
        "trials": len(tried),
        "chosen_on_groups": len(np.unique(data.groups[parts.choosing])),
        "reported_on_groups": len(np.unique(data.groups[parts.reported])),
        "default": round(tried[0].value, 4),
        "best": {"trial": best.number, "average_precision": round(best.value, 4), **best.parameters},
        "kept": "best" if best.number else "default",
    }
    return Search(best.parameters if best.number else {}, tuple(tried), account)
