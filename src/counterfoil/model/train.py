"""Make a model of a dataset: margins out of fold by seller, calibration on them, figures, then trees on all sellers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.model import baselines, evaluate, learn
from counterfoil.model.calibrate import Calibration
from counterfoil.model.conformal import Conformal
from counterfoil.model.dataset import Dataset
from counterfoil.model.evaluate import Estimate
from counterfoil.model.examples import RIPE
from counterfoil.model.fairness import ALPHA, AT_ALPHA, flag_rates, proxies
from counterfoil.model.leaks import refuse_columns, refuse_labels
from counterfoil.model.soft import fitted, twofold
from counterfoil.model.split import MIN_EACH, TIME_SPAN_DAYS, Kind, Rows, check, choose, folds, holdout
from counterfoil.model.views import Views

if TYPE_CHECKING:
    from lightgbm import Booster

Floats = NDArray[np.float64]
# So many sellers of the later half can tell a rate of 0.5 %.
ENOUGH_LATER = 200


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
    precision_recall: list[dict[str, float]]
    later: dict[str, Any] | None
    parameters: dict[str, Any] = field(default_factory=dict)
    conformal: Conformal | None = None
    fairness: dict[str, Any] | None = None
    proxies: dict[str, Any] | None = None


def fit(
    data: Dataset,
    *,
    split: Kind | None = None,
    seed: int = 0,
    threads: int = 2,
    parameters: dict[str, Any] | None = None,
    reported: Rows | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Cross-validate by seller, calibrate out of fold, evaluate on later rows where there are some, refit on all.

    `parameters` take the place of kept hyper-parameters of the same name; `reported` are the rows that figures are taken on,
    those that had no part in a choice of hyper-parameters (None: all).
    Raises `TrainingRefused` when no honest estimate can be made of the rows.
    """
    check(data)
    if data.weak is None:  # votes are made of columns, and say so
        refuse_columns(data.values, data.features.names, data.target, data.known_at)
    kind = choose(data, split)
    parameters = {**learn.base_parameters(data, seed, threads), **(parameters or {})}
    shown = np.arange(len(data)) if reported is None else reported
    # Few rows: more folds, so that each fit has nearly all of them. Many: five are enough.
    count = 10 if len(data) < 20_000 else 5
    parts = list(folds(data, count, seed))
    margins = learn.out_of_fold(data, parts, parameters, say)
    judged = learn.with_belief(data, parameters)
    calibration = calibrated(margins, judged)
    probability = calibration.probability(margins)
    told = judged.subset(shown)
    rows, seen, weight = _looked_at(told)
    conformal = stated(margins, data, seed)
    say("baselines")
    rivals = {
        "keyword": baselines.keyword(data),
        "price": baselines.price_rule(data),
        "keyword_or_price": baselines.keyword_or_price(data),
        "char_ngrams": baselines.char_ngrams(data, parts, seed),
    }
    later = _later(data, parameters, shown, say) if kind == "seller+time" else None
    say("trees on all sellers")
    booster, views = learn.fit_trees(judged, np.arange(len(data)), parameters)
    probability = probability[shown]
    return Fitted(
        data=data,
        booster=booster,
        views=views,
        calibration=calibration,
        split=kind,
        metrics=evaluate.estimate(evaluate.RANKING, told.target, probability, told.groups),
        baselines={
            name: evaluate.estimate(evaluate.RANKING, told.target, score[shown], told.groups, draws=100)
            for name, score in rivals.items()
        },
        calibration_error=evaluate.calibration_error(seen, probability[rows], weight=weight),
        reliability=evaluate.reliability(seen, probability[rows], weight=weight),
        precision_recall=evaluate.precision_recall(told.target, probability, np.ones(len(told))),
        later=later,
        conformal=conformal,
        fairness=None if conformal is None else _fairness(conformal, margins[shown], told),
        proxies=proxies(data.values, data.features.names, data.slices),
        parameters={
            **parameters,
            "rounds": parameters.get("rounds", learn.ROUNDS),
            "folds": count,
            "ngram_score": data.scored_ngrams,
        },
    )


def calibrated(margins: Floats, data: Dataset) -> Calibration:
    """Calibrate on what a random look found where there was one, else on what was learnt.

    Listings that a verdict calls copies without settling it are often gone before a look could come to them: they count
    with what is believed of them.
    """
    rows, target, weight = twofold(data)
    if data.look is None or not data.drawn.weight.any():
        return Calibration.fit(margins[rows], target, weight)
    looked = np.flatnonzero(data.drawn.weight)
    drawn = data.drawn.subset(looked)
    open_ones = np.flatnonzero((data.target == 1) & (data.drawn.weight == 0) & np.isfinite(data.label_odds))
    halves = np.flatnonzero(np.isin(rows, open_ones))
    told = np.ones(len(halves))
    return Calibration.fit(
        margins[np.concatenate([looked, rows[halves]])],
        np.concatenate([drawn.target, target[halves]]),
        np.concatenate([drawn.weight, told if weight is None else weight[halves]]),
        (np.concatenate([drawn.sensitivity, told]), np.concatenate([drawn.specificity, told])),
    )


def _looked_at(data: Dataset) -> tuple[Rows, Floats | NDArray[np.int64], Floats]:
    """The rows that calibration is judged on, what is held true of them, and for how many each counts."""
    if data.look is None or not data.drawn.weight.any():
        return np.arange(len(data)), fitted(data), np.ones(len(data))
    rows = np.flatnonzero(data.drawn.weight)
    return rows, data.drawn.target[rows], data.drawn.weight[rows]


def stated(margins: Floats, data: Dataset, seed: int) -> Conformal | None:
    """The calibration of a stated rate on sellers without a bad verdict, as far as the rows can say who they are.

    A labelled file knows of all its rows. In a log the rows drawn at random speak for the rest; without such a look rows that
    nobody has ruled on stand in, some of which are copies: the rate is then an upper bound. History is thin where a log
    begins, and honest rows look safer as it fills: its later half is asked as soon as that has 200 sellers.
    """
    drawn = data.look is not None
    genuine = data.genuine

    def of(rows: NDArray[np.bool_]) -> Conformal | None:
        return Conformal.fit(
            margins,
            genuine,
            np.where(rows, data.sellers, -1),
            data.segments.tolist(),
            weight=data.drawn.weight if drawn else None,
            seed=seed,
            kind="weighted_conformal" if drawn else "upper_bound" if data.labels or data.weak else "split_conformal",
            void="weak_labels" if data.weak is not None else None,
        )

    if data.labels is not None and data.span_days >= TIME_SPAN_DAYS:
        later = of(data.known_at >= np.median(data.known_at))
        if later is not None and min(one.size for one in later.references.values()) >= ENOUGH_LATER:
            return later
    return of(np.ones(len(data), dtype=np.bool_))


def _fairness(conformal: Conformal, margins: Floats, data: Dataset) -> dict[str, Any]:
    """Who is flagged by mistake at a stated rate of 1 %; rows of a seller with a bad verdict are left out."""
    judged = conformal.judge(margins, data.segments.tolist())
    flagged = np.array([one.p_value is not None and one.p_value <= ALPHA for one in judged])
    genuine = (data.sellers >= 0) & data.genuine
    weight = data.drawn.weight if data.look is not None else None
    return flag_rates(flagged, genuine, data.slices, data.groups, weight=weight, alpha=ALPHA, meaning=AT_ALPHA)


def _later(data: Dataset, parameters: dict[str, Any], shown: Rows, say: Callable[[str], None]) -> dict[str, Any] | None:
    """Train and calibrate on the earlier part as it was known then, report on `shown` later rows of sellers not met before."""
    parts = holdout(data)
    cut_off, ripe = int(data.known_at[parts.train].max()), parts.train
    if data.labels is not None:
        ripe = ripe[data.known_at[ripe] <= cut_off - int(RIPE.total_seconds() * 1e6)]
    earlier, test = data.subset(ripe).known_by(cut_off), np.intersect1d(parts.test, shown)
    refuse_labels(earlier.known_at, earlier.label_known_at, cut_off)
    if len(test) == 0 or len(np.unique(data.target[test])) < 2 or earlier.target.sum() < MIN_EACH:
        return None
    say("later rows, unseen sellers")
    parts_before = list(folds(earlier, 5, parameters["seed"]))
    margins = learn.out_of_fold(earlier, parts_before, parameters, say)
    judged = learn.with_belief(earlier, parameters)
    calibration = calibrated(margins, judged)
    booster, views = learn.fit_trees(judged, np.arange(len(earlier)), parameters)
    probability = calibration.probability(learn.margins_of(booster, views, data, test))
    metrics = evaluate.estimate(evaluate.RANKING, data.target[test], probability, data.groups[test])
    return {
        "rows": len(test),
        "positives": int(data.target[test].sum()),
        "sellers": len(np.unique(data.groups[test])),
        "gap_days": parts.gap_days,
        "calibration_error": round(evaluate.calibration_error(data.target[test], probability), 4),
        **{name: value.to_json() for name, value in metrics.items()},
    }
