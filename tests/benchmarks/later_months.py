"""Later months of a simulated market, sellers never met before: ranking, calibration, the stated rate, false alerts by kind.

`python -m tests.benchmarks.later_months [LISTINGS [SEED]]` prints the section. The log is cut after four fifths of the period.
What was known then, verdicts and random looks, is learnt from as a user's would; what came two weeks later is scored. The
truth is only looked at to judge it.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from counterfoil.features.embed import load_encoder
from counterfoil.ingest.source import read_log
from counterfoil.model import baselines, learn, train
from counterfoil.model.audit import random_look, stands_for
from counterfoil.model.dataset import Dataset, assemble
from counterfoil.model.evaluate import (
    Estimate,
    auc,
    average_precision,
    calibration_error,
    curve,
    estimate,
    interval,
    reliability_slope,
    resampled,
)
from counterfoil.model.evaluation.judged import Judged
from counterfoil.model.evaluation.rivals import tabular_later
from counterfoil.model.evaluation.stated import realised
from counterfoil.model.examples import Example, examples_from_log, examples_unlabelled
from counterfoil.model.labels import labels_at
from counterfoil.model.split import folds
from counterfoil.serve.instance import utc_now
from counterfoil.synth.write import write_market
from tests.benchmarks.figures import ROOT, table
from tests.benchmarks.markets import judged_rows
from tests.benchmarks.one_row import KEY

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FOLDS = 3
SHARE, GAP = 0.8, timedelta(days=14)
ALPHA = 0.01
ACTORS = ("honest_small", "second_hand", "grey_importer")


@dataclass(frozen=True, slots=True)
class Later:
    """The later rows: `truth` 1 for a copy, `actor` who sells it, `scores` of each way to rank them, and what the model says."""

    judged: Judged
    truth: NDArray[np.int64]
    actor: NDArray[np.object_]
    scores: dict[str, Floats]

    @property
    def genuine(self) -> Bools:
        """Rows of sellers that sell no copy in the later months."""
        sellers = self.judged.data.sellers
        return ~np.isin(sellers, np.unique(sellers[self.truth == 1]))

    @property
    def each(self) -> Floats:
        """The weight of rows where every seller counts once."""
        _, number, count = np.unique(self.judged.data.sellers, return_inverse=True, return_counts=True)
        return np.asarray(1.0 / count[number], dtype=np.float64)


def later(market: Path) -> Later:
    """Learn from the earlier part without each fold of sellers in turn, and score what those put up later."""
    before, after, facts = _parts(market)
    seller_fold = np.random.default_rng(0).integers(0, FOLDS, int(max(before.groups.max(), after.groups.max())) + 1)
    pieces = [
        _scored(before.subset(earlier), after, late, number)
        for number, (earlier, late) in enumerate(_apart(before, after, seller_fold))
    ]
    order = np.argsort(np.concatenate([rows for rows, _, _ in pieces]))
    judged = _joined([one for _, one, _ in pieces], after, order)
    scores = {name: np.concatenate([found[name] for _, _, found in pieces])[order] for name in pieces[0][2]}
    scores |= {
        "keyword": baselines.keyword(after),
        "price": baselines.price_rule(after),
        "keyword or price": baselines.keyword_or_price(after),
    }
    truth = np.array([int(fact["counterfeit"]) for fact in facts])
    return Later(judged, truth, np.array([fact["actor"] for fact in facts], dtype=np.object_), scores)


def _parts(market: Path) -> tuple[Dataset, Dataset, list[dict[str, str]]]:
    """What was known at the cut, what came a gap later, and the truth of the latter; groups are numbered over both."""
    entries = read_log(market / "events.jsonl", key=KEY, now=utc_now())
    cut = entries[0].known_at + (entries[-1].known_at - entries[0].known_at) * SHARE
    known = [entry for entry in entries if entry.known_at <= cut]
    labels, dropped = labels_at(known), Counter[str]()
    earlier = examples_from_log(known, labels, dropped)
    late = [one for one in examples_unlabelled(entries, Counter()) if one.known_at > cut + GAP]
    encoder = load_encoder(ROOT / "models" / "encoder")
    look = random_look(known, labels)
    # Read together so that a seller and its links have one number on both sides.
    whole = assemble([*earlier, *late], encoder, "simulated", dropped, look, labels=labels, scored_ngrams=False)
    rows = np.arange(len(earlier))
    # Whom a drawn row speaks for is a matter of the earlier part alone.
    before = replace(whole.subset(rows), drawn=stands_for([one.label for one in earlier]))
    after = whole.subset(np.arange(len(earlier), len(whole)))
    return before, replace(after, look=None), _facts(market, late)


def _facts(market: Path, examples: list[Example]) -> list[dict[str, str]]:
    with (market / "truth.jsonl").open("rb") as file:
        facts = {row["listing_id"]: row for row in map(orjson.loads, file)}
    return [facts[one.about.listing.listing_id or ""] for one in examples]


def _apart(
    before: Dataset, after: Dataset, fold: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    for number in range(FOLDS):
        yield np.flatnonzero(fold[before.groups] != number), np.flatnonzero(fold[after.groups] == number)


def _scored(
    earlier: Dataset, after: Dataset, late: NDArray[np.int64], number: int
) -> tuple[NDArray[np.int64], Judged, dict[str, Floats]]:
    """A fold's later rows by trees, calibration and calibration sets that met none of its sellers."""
    parameters = learn.base_parameters(earlier, 0, 2)
    own = learn.out_of_fold(earlier, list(folds(earlier, 5, 0)), parameters, lambda _: None)
    believed = learn.with_belief(earlier, parameters)
    calibration, conformal = train.calibrated(own, believed), train.stated(own, earlier, 0)
    assert conformal is not None
    margin = learn.margins_of(*learn.fit_trees(believed, np.arange(len(earlier)), parameters), after, late)
    rows = after.subset(late)
    # Each fold has calibration sets of its own.
    judged = judged_rows(rows, margin, calibration, conformal, f" ({number + 1})")
    scores = {
        "this model": margin,
        "char n-grams": learn.ngram_score(earlier, 0).score(rows.ngrams),
        "tabular LightGBM": tabular_later(earlier, rows, seed=0, threads=2),
    }
    return late, judged, scores


def _joined(parts: list[Judged], after: Dataset, order: NDArray[np.int64]) -> Judged:
    def all_of(name: str) -> Any:
        return np.concatenate([np.asarray(getattr(one, name)) for one in parts])[order]

    return replace(
        parts[0],
        data=after,
        ids=("",) * len(after),
        margin=all_of("margin"),
        probability=all_of("probability"),
        p_value=all_of("p_value"),
        void=tuple(all_of("void").tolist()),
        held=tuple(all_of("held").tolist()),
        size=all_of("size"),
        action=("",) * len(after),
        truth=after.target,
        weight=np.ones(len(after)),
    )


def recall_at_rate(truth: NDArray[np.int64], score: Floats, weight: Floats, each: Floats, genuine: Bools) -> float:
    """Recall where 1 % of genuine sellers are flagged, one listing each on average; rows of one score count in part."""
    kept = genuine | (truth == 1)
    counts = np.where(truth == 1, 1.0, each)[kept] * weight[kept]
    hits, alerts = (np.concatenate([[0.0], one]) for one in curve(truth[kept], score[kept], counts))
    wrong = alerts - hits
    return float(np.interp(ALPHA * wrong[-1], wrong, hits) / hits[-1])


def measure(market: Path) -> str:
    """The section of the results."""
    found = later(market)
    judged, truth, data = found.judged, found.truth, found.judged.data
    genuine, each = found.genuine, found.each
    judged = replace(judged, truth=truth, data=replace(data, target=truth))
    names = list(found.scores)

    def row(name: str) -> tuple[str, ...]:
        score = found.scores[name]
        shown = estimate({"auc": auc, "ap": average_precision}, truth, score, data.groups, draws=200)
        rates = [recall_at_rate(truth, score, times, each, genuine) for times in resampled(data.groups, 200, 0)]
        rate = interval(recall_at_rate(truth, score, np.ones(len(truth)), each, genuine), rates)
        return (name, str(shown["auc"]), str(shown["ap"]), str(rate), *_against(found, name))

    return "\n\n".join(
        [
            table(
                ("ranking", "AUC", "average precision", "recall at 1 % of genuine sellers", "this model over it"),
                [row(name) for name in names],
            ),
            f"{len(truth):,} rows, {len(np.unique(data.sellers)):,} sellers, {int(truth.sum()):,} copies; each seller by "
            f"trees, calibration and calibration sets that met no listing of that seller ({FOLDS} folds). Recall at p <= 1 % as "
            f"stated: {_recall(found)}. Intervals resample linked sellers.",
            _calibration(judged.probability, truth),
            _stated(judged),
            _mistakes(found),
        ]
    )


def _against(found: Later, name: str) -> tuple[str]:
    """The model's recall less a rival's, on the same draws."""
    if name == "this model":
        return ("",)

    def gain(weight: Floats) -> float:
        ours, theirs = (
            recall_at_rate(found.truth, found.scores[one], weight, found.each, found.genuine)
            for one in ("this model", name)
        )
        return ours - theirs

    draws = [gain(times) for times in resampled(found.judged.data.groups, 200, 0)]
    return (str(interval(gain(np.ones(len(found.truth))), draws)),)


def _recall(found: Later) -> Estimate:
    flagged, copy = found.judged.p_value <= ALPHA, found.truth == 1
    draws = [
        float(times[copy] @ flagged[copy] / times[copy].sum()) for times in resampled(found.judged.data.groups, 200, 0)
    ]
    return interval(float(flagged[copy].mean()), draws)


def _calibration(probability: Floats, truth: NDArray[np.int64]) -> str:
    ones, high = np.ones(len(truth)), probability > 0.1
    among = calibration_error(truth[high], probability[high])
    return (
        f"Against the truth: calibration error {calibration_error(truth, probability):.4f} in 15 bins of equal mass, reliability "
        f"slope {reliability_slope(truth, probability, ones):.2f}, calibration error {among:.3f} "
        f"among the {int(high.sum()):,} rows with a probability above .1; mean probability {probability.mean():.4f}, share of "
        f"copies {truth.mean():.4f}."
    )


def _stated(judged: Judged) -> str:
    account = realised(judged)
    assert account is not None
    rows = [
        (
            name, f"{one['alpha']:.1%}", f"{found['sellers']:,}", f"{one['flagged']:.0f}", f"{one['low']} to {one['high']}",
            "yes" if one["holds"] else "**no**", f"{one['mean_rate']:.2%}",
            f"{one['by_rows']['value']:.2%} [{one['by_rows']['low']:.2%}, {one['by_rows']['high']:.2%}]",
        )
        for name, found in {"all": account["overall"], **account["segments"]}.items()
        for one in found["alphas"]
    ]  # fmt: skip
    sizes = ", ".join(f"{name}: {size}" for name, size in sorted(account["overall"]["calibration_n"].items()))
    return (
        table(
            (
                "segment",
                "stated",
                "genuine sellers",
                "flagged (median of 200 draws)",
                "interval",
                "inside",
                "mean rate",
                "by rows",
            ),
            rows,
        )
        + f"\n\nOne listing a seller that sells no copy in these months. Calibration sellers, effective: {sizes}. Not valid: "
        f"{account['not_valid'] or 'none'}."
    )


def _mistakes(found: Later) -> str:
    """Flag rates at a stated 1 % of honest kinds of seller, each seller counting once, against all genuine ones."""
    flagged, genuine, each = found.judged.p_value <= ALPHA, found.genuine, found.each

    def rate(who: Bools, weight: Floats) -> float:
        rows = genuine & who
        stood = (weight * each)[rows]
        return float(stood @ flagged[rows] / stood.sum()) if stood.sum() else float("nan")

    everyone, ones = np.ones(len(flagged), dtype=np.bool_), np.ones(len(flagged))
    overall = rate(everyone, ones)
    rows = []
    groups = {name.replace("_", " "): found.actor == name for name in ACTORS}
    shown = {
        f"shown as {name.replace('_', ' ')}": inside
        for name, inside in found.judged.data.slices.items()
        if "/" not in name
    }
    for name, who in {**groups, **shown}.items():
        ratios = [
            rate(who, times) / rate(everyone, times) if rate(everyone, times) else float("nan")
            for times in resampled(found.judged.data.groups, 200, 0)
        ]
        sellers = len(np.unique(found.judged.data.sellers[genuine & who]))
        ratio = interval(rate(who, ones) / overall, [one for one in ratios if not math.isnan(one)])
        rows.append((name, f"{sellers:,}", f"{rate(who, ones):.2%}", str(ratio)))
    return (
        table(("honest sellers", "sellers", "flagged at a stated 1 %", "times all genuine sellers"), rows)
        + f"\n\nAll genuine sellers: {overall:.2%}."
    )


def of_market(work: Path, listings: int = 45_000, seed: int = 11) -> str:
    """The section on a market of its own, large enough for calibration sets of a few hundred sellers."""
    write_market(listings, seed, work / "later")
    return f"{listings:,} simulated listings.\n\n{measure(work / 'later')}"


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        print(of_market(Path(folder), *map(int, sys.argv[1:])))
