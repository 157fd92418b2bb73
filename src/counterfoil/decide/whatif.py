"""What would change a decision: the nearest change of feature values under which the action would be another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.decide.policy import RANK, Action
from counterfoil.features.catalogue import FeatureSet
from counterfoil.features.rules import Condition, Rule
from counterfoil.model.trees import Splits

# An enumeration has no near and far.
_NOT_AMOUNTS = frozenset({"category_number", "brand_tier"})
# Bounds on what is tried: at most about 89 × 24 rows of one change, then 66 × 49 of two.
_VALUES, _PAIRED, _PAIRED_VALUES, _SHOWN = 24, 12, 7, 3

Judge = Callable[[NDArray[np.float64]], Sequence[tuple[float, Action]]]
"""Rows of all columns to their probability and action, in order."""


@dataclass(frozen=True, slots=True)
class Change:
    """One feature with another value; `before` is NaN where it is missing."""

    feature: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """One or two changes, what the decision would be, and how far they go, in spreads of the features."""

    changes: tuple[Change, ...]
    action: Action
    probability: float
    distance: float


@dataclass(frozen=True, slots=True)
class Held:
    """A rule that hit, and its conditions with the values under which they hold: it fails when one of them does."""

    rule: Rule
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The nearest alternatives found, none if no one or two changes tried do it, and the rules that hold the decision."""

    alternatives: tuple[Alternative, ...]
    rules: tuple[Held, ...]
    tried: int

    def to_json(self) -> dict[str, Any]:
        """Plain data; a missing value is null."""
        return {
            "alternatives": [
                {
                    "changes": [
                        {"feature": one.feature, "from": None if isnan(one.before) else one.before, "to": one.after}
                        for one in found.changes
                    ],
                    "action": found.action,
                    "probability": found.probability,
                    "distance": round(found.distance, 3),
                }
                for found in self.alternatives
            ],
            "rules": [
                {
                    "id": held.rule.id,
                    "fails_when_one_does_not_hold": [
                        {**condition.model_dump(), "got": value}
                        for condition, value in zip(held.rule.all, held.values, strict=True)
                    ],
                }
                for held in self.rules
            ],
            "tried": self.tried,
        }


@dataclass(frozen=True, slots=True)
class Question:
    """A decision about a row: `names` and `row` are all columns; only those of `features` are changed, fitted ones mean nothing."""

    features: FeatureSet
    names: Sequence[str]
    row: NDArray[np.float64]
    action: Action
    hits: tuple[Rule, ...]
    splits: Mapping[str, Splits]


def what_would_change(asked: Question, judge: Judge) -> WhatIf:
    """The nearest change of one feature, else of two, that makes a flagged row pass or flags one that passes.

    Values are taken between the cuts of the trees and at the bounds of the rules that hit, as near to the row's own as they
    come. Each feature is changed by itself: what moves together in a real listing, such as the features of one price, does
    not move together here.
    """
    place = {name: i for i, name in enumerate(asked.names)}
    held = tuple(Held(rule, tuple(float(asked.row[place[one.feature]]) for one in rule.all)) for rule in asked.hits)
    singles = [[move] for move in _moves(asked, place)]
    found, judged = _judged(asked, place, singles, judge)
    tried = len(singles)
    if not found:
        pairs = _pairs(asked, singles, judged)
        found, _ = _judged(asked, place, pairs, judge)
        tried += len(pairs)
    nearest: dict[frozenset[str], Alternative] = {}
    for one in sorted(found, key=lambda one: one.distance):
        nearest.setdefault(frozenset(change.feature for change in one.changes), one)
    return WhatIf(tuple(nearest.values())[:_SHOWN], held, tried)


@dataclass(frozen=True, slots=True)
class _Move:
    change: Change
    distance: float


def _moves(asked: Question, place: Mapping[str, int]) -> Iterator[_Move]:
    """The values to try, feature by feature; a sign that may only raise the risk is never moved the wrong way."""
    flagged = RANK[asked.action] > 0
    conditions = [condition for rule in asked.hits for condition in rule.all]
    for feature in asked.features.features:
        if feature.name in _NOT_AMOUNTS:
            continue
        before = float(asked.row[place[feature.name]])
        ruled = [one for one in conditions if one.feature == feature.name]
        known = asked.splits.get(feature.name) or (_of_rules(ruled, before) if ruled else None)
        if known is None:
            continue
        spread, values = known.spread, _values(before, known, ruled)
        if feature.monotone > 0 and not isnan(before):
            values = [value for value in values if (value < before) == flagged]
        if len(values) > _VALUES:
            values = [values[i] for i in np.linspace(0, len(values) - 1, _VALUES).round().astype(int)]
        for after in values:
            # From nothing known to something known is a change of one spread, wherever it ends.
            distance = 1.0 if isnan(before) else abs(after - before) / spread
            yield _Move(Change(feature.name, before, after), distance)


def _of_rules(conditions: Sequence[Condition], before: float) -> Splits:
    """A scale for a feature that only rules ask: nothing is known of its range, so one step beyond their bounds is allowed."""
    cuts = np.sort([one.value for one in conditions])
    return Splits(cuts, min(before, float(cuts[0])) - 1, max(before, float(cuts[-1])) + 1)


def _values(before: float, known: Splits, ruled: Sequence[Condition]) -> list[float]:
    """A value on the other side of every cut, nearest first."""
    step = 0.5 if known.whole else known.spread / 100
    cuts = np.unique([*known.at, *(bound for one in ruled for bound in (one.value, one.value - step))])
    gaps = np.diff(cuts, prepend=-np.inf, append=np.inf)
    if known.whole:
        up, down = np.floor(cuts + 1e-9) + 1, np.floor(cuts + 1e-9)
    else:
        up, down = cuts + np.minimum(step, gaps[1:] / 2), cuts - np.minimum(step, gaps[:-1] / 2)
    values = up if isnan(before) else np.concatenate([down[cuts < before], up[cuts >= before]])
    low, high = min(known.low, before), max(known.high, before)  # min and max pass over a NaN that comes second
    bounds = [one.value for one in ruled]
    values = np.unique(np.clip(values, min([low, *bounds]), max([high, *bounds])).round(6))
    near = values[values != before].tolist()
    return sorted(near, key=lambda value: abs(value - before)) if not isnan(before) else near


def _judged(
    asked: Question, place: Mapping[str, int], tries: Sequence[Sequence[_Move]], judge: Judge
) -> tuple[list[Alternative], list[float]]:
    """The tries that change the action as wished, and the probability of every try."""
    if not tries:
        return [], []
    matrix = np.repeat(asked.row[None, :], len(tries), axis=0)
    for i, moves in enumerate(tries):
        for move in moves:
            matrix[i, place[move.change.feature]] = move.change.after
    flagged = RANK[asked.action] > 0
    found, probabilities = [], []
    for moves, (probability, action) in zip(tries, judge(matrix), strict=True):
        probabilities.append(probability)
        if RANK[action] < RANK[asked.action] if flagged else RANK[action] > 0:
            changes = tuple(move.change for move in moves)
            found.append(Alternative(changes, action, probability, sum(move.distance for move in moves)))
    return found, probabilities


def _pairs(asked: Question, singles: Sequence[Sequence[_Move]], judged: Sequence[float]) -> list[list[_Move]]:
    """Two changes at once: of the features of rules that hit, and of those that move the probability most the wished way."""
    towards = 1 if RANK[asked.action] > 0 else -1
    by_feature: dict[str, list[tuple[float, _Move]]] = {}
    for (move,), probability in zip(singles, judged, strict=True):
        by_feature.setdefault(move.change.feature, []).append((towards * probability, move))
    ruled = {condition.feature for rule in asked.hits for condition in rule.all}
    ranked = sorted(by_feature, key=lambda name: (name not in ruled, min(value for value, _ in by_feature[name])))
    values = {}
    for name in ranked[:_PAIRED]:
        tried = by_feature[name]
        some = np.linspace(0, len(tried) - 1, min(len(tried), _PAIRED_VALUES - 1)).round().astype(int)
        best = min(range(len(tried)), key=lambda i: tried[i][0])
        values[name] = [tried[i][1] for i in sorted({*some.tolist(), best})]
    return [list(pair) for one, other in combinations(values, 2) for pair in product(values[one], values[other])]
