"""The baselines on the rows of an evaluation, and how often the rows are split at random, by seller or by time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from counterfoil.errors import TrainingRefused
from counterfoil.model import baselines, evaluate, learn
from counterfoil.model.dataset import Dataset
from counterfoil.model.evaluation.judged import Floats, Rows
from counterfoil.model.split import check, folds, holdout

FOLDS = 5
# What needs fitting is cross-fitted by seller on the rows evaluated: it has seen their market, which the bundle has not.
FITTED = ("char_ngrams", "tabular_trees")


def rivals(data: Dataset, *, seed: int, threads: int, say: Callable[[str], None]) -> dict[str, Floats]:
    """The score of each baseline for each row; those that need fitting are left out where the rows are too few to fit."""
    found = {
        "keyword": baselines.keyword(data),
        "price": baselines.price_rule(data),
        "keyword_or_price": baselines.keyword_or_price(data),
    }
    try:
        check(data)
    except TrainingRefused:
        return found
    parts = list(folds(data, FOLDS, seed))
    say("baseline: character n-grams")
    found["char_ngrams"] = baselines.char_ngrams(data, parts, seed)
    say("baseline: trees on numbers")
    found["tabular_trees"] = tabular(data, parts, seed=seed, threads=threads)
    return found


def tabular(data: Dataset, parts: Sequence[tuple[Rows, Rows]], *, seed: int, threads: int) -> Floats:
    """LightGBM on what prices, sellers and listings show in numbers, nothing read from texts or codes, out of fold; log-odds."""
    bare = _bare(data)
    return learn.out_of_fold(bare, parts, learn.base_parameters(bare, seed, threads), lambda _: None)


def tabular_later(earlier: Dataset, later: Dataset, *, seed: int, threads: int) -> Floats:
    """The same learnt from some rows, for others; log-odds."""
    bare, everyone = _bare(earlier), np.arange(len(earlier))
    trees = learn.fit_trees(bare, everyone, learn.base_parameters(bare, seed, threads))
    return learn.margins_of(*trees, _bare(later), np.arange(len(later)))


def _bare(data: Dataset) -> Dataset:
    # Without the look too: this rival takes verdicts as they are, and a listing without one for genuine.
    read = np.array([feature.family in ("text", "identifiers") for feature in data.features.features])
    values = np.where(read, np.nan, data.values)
    return replace(data, values=values, vectors=np.zeros_like(data.vectors), scored_ngrams=False, look=None)


def side_by_side(data: Dataset, *, seed: int, threads: int, say: Callable[[str], None]) -> dict[str, Any]:
    """The same procedure trained anew on these rows and tested three ways: at random, by seller, and by time.

    At random, sellers stand on both sides, which flatters. Later rows may be of sellers met before, `seller+time` are those
    that are not. A split without both outcomes on each side is left out.
    """
    from sklearn.model_selection import StratifiedKFold

    parameters = learn.base_parameters(data, seed, threads)
    shuffled = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(data.values, data.target)
    ways: dict[str, list[tuple[Rows, Rows]]] = {
        "random": [(learn, test) for learn, test in shuffled],
        "seller": list(folds(data, FOLDS, seed)),
    }
    if data.span_days > 0:
        later = holdout(data)
        after = np.flatnonzero(data.known_at > int(data.known_at[later.train].max()))
        ways |= {"time": [(later.train, after)], "seller+time": [(later.train, later.test)]}
    found: dict[str, Any] = {}
    for name, parts in ways.items():
        sides = [side for part in parts for side in part]
        if any(data.target[side].sum() < 5 or (data.target[side] == 0).sum() < 5 for side in sides):
            continue
        test = np.unique(np.concatenate([test for _, test in parts]))
        margins = learn.out_of_fold(data, parts, parameters, partial(_told, say, name))
        figures = evaluate.estimate(evaluate.RANKING, data.target[test], margins[test], data.groups[test], draws=100)
        found[name] = {
            "rows": len(test),
            "positives": int(data.target[test].sum()),
            **{measure: value.to_json() for measure, value in figures.items()},
        }
    return found


def _told(say: Callable[[str], None], name: str, step: str) -> None:
    say(f"split {name}: {step}")
