"""Other people's scores of real counterfeits: our calibration, our stated rate and a fused score on them.

The scores stand in `$COUNTERFOIL_DATA/ozon-scores`; they come without features and without sellers, so rows are the units.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterfoil.model.calibrate import Calibration
from counterfoil.model.conformal import Conformal, beta_binomial_interval
from counterfoil.model.evaluate import average_precision, calibration_error
from tests.benchmarks.figures import table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ALPHAS = (0.005, 0.01, 0.05)
DRAWS, BOOTSTRAPS, FOLDS = 200, 1_000, 5
# The file has an order: neighbours look like listings of one seller. Kept together in so many blocks, they cannot help each other.
BLOCKS = 100


def measure() -> str:
    """The section of the results."""
    folder = os.environ.get("COUNTERFOIL_DATA")
    path = Path(folder or "") / "ozon-scores" / "third_party_scores.csv"
    if folder is None or not path.is_file():
        return "Left out: COUNTERFOIL_DATA names no folder with `ozon-scores/third_party_scores.csv`."
    target, names, scores = read(path)
    clipped = np.clip(scores, 1e-6, 1 - 1e-6)
    logits = np.log(clipped / (1 - clipped))
    dice = np.random.default_rng(0)
    fused = fuse(logits, target, dice.permutation(len(target)) % FOLDS)
    apart = fuse(logits, target, dice.permutation(BLOCKS)[np.arange(len(target)) * BLOCKS // len(target)] % FOLDS)
    single = {name: average_precision(target, scores[:, i], np.ones(len(target))) for i, name in enumerate(names)}
    best = max(single, key=lambda name: single[name])
    rival = logits[:, names.index(best)]
    compared = [
        (
            name,
            f"{average_precision(target, one, np.ones(len(target))):.4f}",
            "{:+.4f} [{:+.4f}, {:+.4f}]".format(*gained(target, one, rival)),
        )
        for name, one in (("fused, folds by row", fused), (f"fused, folds by {BLOCKS} blocks of the file", apart))
    ]
    rates, inside, errors = halves(fused, target)
    rows = [
        (
            f"{alpha:.1%}",
            f"{np.mean(rates[alpha]):.3%}",
            f"{np.mean(rates[alpha]) / alpha - 1:+.1%}",
            f"{np.quantile(rates[alpha], 0.025):.2%} to {np.quantile(rates[alpha], 0.975):.2%}",
            f"{np.mean(inside[alpha]):.1%}",
        )
        for alpha in _ALPHAS
    ]
    return "\n".join(
        [
            f"{len(target):,} listings of the Ozon E-CUP 2025 competition, {target.mean():.2%} counterfeit, with the scores of "
            f"{len(names)} models of other people. No features and no sellers: rows are the units, and this says nothing of "
            "how well this project's model finds counterfeits. The fused score is a logistic regression on the logits, out of "
            f"fold; the gain is over the best single score (95 %, {BOOTSTRAPS:,} paired bootstraps by row).",
            "",
            table(
                ("score", "average precision", "gain"),
                [(f"`{best}`, the best single one", f"{single[best]:.4f}", ""), *compared],
            ),
            "",
            "Folds by row flatter: neighbours in the file look like listings of one seller, whose number the file does not have.",
            "",
            f"The score by row, calibrated and judged on halves, {DRAWS} times by seed:",
            "",
            table(("stated rate", "realised, mean", "off by", "95 % of draws", "in the beta-binomial interval"), rows),
            "",
            f"Calibration error on the other half, 15 bins of equal mass: {np.mean(errors):.4f} on average, "
            f"{np.quantile(errors, 0.95):.4f} at the 95th percentile of the draws.",
        ]
    )


def read(path: Path) -> tuple[Ints, list[str], Floats]:
    """The labels, the names of the models and their scores, (rows, models)."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    values = np.array(rows, dtype=np.float64)
    place = head.index("y")
    names = [name for name in head if name != "y"]
    return values[:, place].astype(np.int64), names, np.delete(values, place, axis=1)


def fuse(logits: Floats, target: Ints, part: Ints) -> Floats:
    """The margin of each row from weights that were fitted on the other parts.

    Trees gain three times as much by row and lose most of that by blocks: they learn sellers, for which 14 weights are too few.
    """
    from sklearn.linear_model import LogisticRegression

    margins, scaled = np.zeros(len(target)), (logits - logits.mean(axis=0)) / logits.std(axis=0)
    for fold in np.unique(part):
        test = part == fold
        model = LogisticRegression(max_iter=1_000).fit(scaled[~test], target[~test])
        margins[test] = model.decision_function(scaled[test])
    return margins


def gained(target: Ints, one: Floats, other: Floats) -> tuple[float, float, float]:
    """By how much the average precision of one score exceeds another's, with the paired bootstrap interval."""
    rng, rows = np.random.default_rng(0), len(target)
    drawn = []
    for _ in range(BOOTSTRAPS):
        weight = rng.multinomial(rows, np.full(rows, 1 / rows)).astype(np.float64)
        drawn.append(average_precision(target, one, weight) - average_precision(target, other, weight))
    ones = np.ones(rows)
    gain = average_precision(target, one, ones) - average_precision(target, other, ones)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return gain, float(low), float(high)


def halves(margins: Floats, target: Ints) -> tuple[dict[float, list[float]], dict[float, list[bool]], list[float]]:
    """Realised rate, whether the count lay in its interval, and calibration error, each on the half that was not fitted on."""
    rates: dict[float, list[float]] = {alpha: [] for alpha in _ALPHAS}
    inside: dict[float, list[bool]] = {alpha: [] for alpha in _ALPHAS}
    errors = []
    for seed in range(DRAWS):
        order = np.random.default_rng(seed).permutation(len(target))
        fitted, judged = order[: len(order) // 2], order[len(order) // 2 :]
        p_values, size = stated(margins[fitted], target[fitted], margins[judged][target[judged] == 0], seed)
        for alpha in _ALPHAS:
            count = int((p_values <= alpha).sum())
            low, high = beta_binomial_interval(size, len(p_values), alpha)
            rates[alpha].append(count / len(p_values))
            inside[alpha].append(low <= count <= high)
        probability = Calibration.fit(margins[fitted], target[fitted]).probability(margins[judged])
        errors.append(calibration_error(target[judged], probability))
    return rates, inside, errors


def stated(margins: Floats, target: Ints, asked: Floats, seed: int) -> tuple[Floats, int]:
    """The p-values of some margins, and how many rows calibrated them."""
    names: Sequence[str] = ["all"] * len(margins)
    conformal = Conformal.fit(margins, target == 0, np.arange(len(margins)), names, seed=seed, kind="split_conformal")
    assert conformal is not None
    judged = conformal.judge(asked, ["all"] * len(asked))
    return np.array([one.p_value for one in judged]), conformal.references["all"].size
