"""Later months of a simulated market, sellers never met before: ranking, calibration, and what each family of features adds.

The model learns as a user's would, from verdicts known at the end of the log; the truth is only looked at to judge it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.features.embed import load_encoder
from counterfoil.ingest.source import read_log
from counterfoil.model import baselines, train
from counterfoil.model.dataset import Dataset, assemble, examples_from_log
from counterfoil.model.evaluate import Metric, auc, average_precision, calibration_error, curve, estimate
from counterfoil.model.soft import objective
from counterfoil.model.split import folds
from counterfoil.model.unlabelled import random_look
from counterfoil.serve.instance import utc_now
from tests.benchmarks.figures import ROOT, table
from tests.benchmarks.markets import later_by_seller, truth_of
from tests.benchmarks.one_row import KEY

Floats = NDArray[np.float64]
FOLDS = 3
_TEXT = "text embedding"
_FAMILIES: dict[str, tuple[str, ...]] = {
    "lexicon and brands": ("text", "identifiers"),
    "price": ("price",),
    "seller": ("seller",),
    "listing": ("listing",),
}


def recall_at_one_percent(target: NDArray[np.int64], score: Floats, weight: Floats) -> float:
    """The share of all copies among the highest 1 % of the rows; rows of one score count in part."""
    hits, alerts = (np.concatenate([[0.0], one]) for one in curve(target, score, weight))
    return float(np.interp(0.01 * alerts[-1], alerts, hits) / hits[-1])


_MEASURES: dict[str, Metric] = {
    "AUC": auc,
    "average precision": average_precision,
    "recall at 1 % alerts": recall_at_one_percent,
}


def measure(market: Path) -> str:
    """The section of the results."""
    data, truth = labelled(market)
    parts = later_by_seller(data, FOLDS)
    test = np.concatenate([later for _, later in parts])
    target, groups = truth[test], data.groups[test]

    def row(name: str, score: Floats) -> tuple[str, ...]:
        found = estimate(_MEASURES, target, score, groups, draws=200)
        return (name, *(str(one) for one in found.values()))

    probability = np.concatenate([_calibrated(data.subset(earlier), data, later) for earlier, later in parts])
    rows = [row("this model", probability)]
    rules = {
        "keyword": baselines.keyword,
        "price": baselines.price_rule,
        "keyword or price": baselines.keyword_or_price,
    }
    rows += [row(name, rule(data)[test]) for name, rule in rules.items()]
    ngrams = [train._ngrams(data.subset(earlier), 0).score(data.ngrams[later]) for earlier, later in parts]
    rows.append(row("char n-grams", np.concatenate(ngrams)))
    rows.append(row("tabular trees, no text at all", _left(data, parts, ("text", "identifiers"), text=False)))
    rows.append(row(f"without {_TEXT}", _left(data, parts, (), text=False)))
    for name, families in _FAMILIES.items():
        rows.append(row(f"without {name}", _left(data, parts, families, text=True)))
    slope = _slope(np.log(probability / (1 - probability)), target)
    return "\n".join(
        [
            table(("ranking", *_MEASURES), rows),
            "",
            f"{len(test):,} rows, {len(np.unique(groups))} sellers, {int(target.sum()):,} copies, a gap after "
            f"the last row learnt from; each seller by trees that met no listing of that seller ({FOLDS} folds). Calibration error "
            f"{calibration_error(target, probability):.4f} in 15 bins of equal mass, reliability slope {slope:.2f}; mean "
            f"probability {probability.mean():.4f}, share of copies {target.mean():.4f}. Intervals resample sellers.",
        ]
    )


def labelled(market: Path) -> tuple[Dataset, NDArray[np.int64]]:
    """The rows of a market's log with verdicts as targets, and the truth beside them."""
    dropped: Counter[str] = Counter()
    entries = read_log(market / "events.jsonl", key=KEY, now=utc_now())
    examples = examples_from_log(entries, dropped)
    encoder = load_encoder(ROOT / "models" / "encoder")
    data = assemble(examples, encoder, "simulated", dropped, random_look(entries), scored_ngrams=False)
    return data, truth_of(market, examples)


def _ranked(earlier: Dataset, data: Dataset, test: NDArray[np.int64]) -> Floats:
    """Margins of the later rows by trees of the earlier ones."""
    booster, views = train._trees(earlier, np.arange(len(earlier)), _parameters(earlier))
    return train._margins(booster, views, data, test)


def _calibrated(earlier: Dataset, data: Dataset, test: NDArray[np.int64]) -> Floats:
    """Probabilities of the later rows; trees and calibration have met the earlier ones alone."""
    own = train._out_of_fold(earlier, list(folds(earlier, 5, 0)), _parameters(earlier), lambda _: None)
    judged = train._with_belief(earlier, _parameters(earlier))
    return train._calibrated(own, judged).probability(_ranked(judged, data, test))


def _parameters(earlier: Dataset) -> dict[str, Any]:
    return {**train.PARAMETERS, **objective(earlier), "seed": 0, "num_threads": 2}


def _left(
    data: Dataset, parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]], families: tuple[str, ...], *, text: bool
) -> Floats:
    """Margins of the later rows where the columns of some families are missing, and those of the embedding without `text`."""
    values = data.values.copy()
    values[:, [feature.family in families for feature in data.features.features]] = np.nan
    left = replace(data, values=values, vectors=data.vectors if text else np.zeros_like(data.vectors))
    return np.concatenate([_ranked(left.subset(earlier), left, later) for earlier, later in parts])


def _slope(logit: Floats, target: NDArray[np.int64]) -> float:
    from sklearn.linear_model import LogisticRegression

    return float(LogisticRegression(C=1e6).fit(logit.reshape(-1, 1), target).coef_[0, 0])
