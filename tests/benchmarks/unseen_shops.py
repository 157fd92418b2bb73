"""Real labels: shops of a marketplace parted in two halves, learnt from on one and judged on the other, both ways round.

`python -m tests.benchmarks.unseen_shops` prints the section. The label of `$COUNTERFOIL_DATA/shopee-tw` says that the platform took
a listing down, for any reason; it does not mean counterfeit. No figure here says how well counterfeits are found.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterfoil.cli.learn_from import gathered
from counterfoil.features.embed import load_encoder
from counterfoil.model import learn, train
from counterfoil.model.dataset import Dataset, assemble
from counterfoil.model.evaluate import RANKING, estimate
from counterfoil.model.evaluation.judged import Judged
from counterfoil.model.evaluation.stated import realised
from tests.benchmarks.figures import ROOT, table
from tests.benchmarks.markets import judged_rows
from tests.benchmarks.one_row import KEY

_SHOWN = {
    "auc": "AUC", "average_precision": "average precision", "recall_at_5pct_false_alerts": "TPR at 5 % FPR",
    "recall_at_1pct_false_alerts": "TPR at 1 % FPR",
}  # fmt: skip


def measure() -> str:
    """The section of the results."""
    folder = os.environ.get("COUNTERFOIL_DATA")
    path = Path(folder or "") / "shopee-tw" / "listings.csv"
    if folder is None or not path.is_file():
        return "Left out: COUNTERFOIL_DATA names no folder with `shopee-tw/listings.csv`."
    got = gathered(path, "shopee-tw", None, KEY)
    data = assemble(got.examples, load_encoder(ROOT / "models" / "encoder"), got.meaning, got.dropped)
    whole = train.fit(data, split="seller")
    rows = [("cross-validated by shop, all rows", f"{len(data):,}", *(str(whole.metrics[name]) for name in _SHOWN))]
    stated: list[tuple[str, ...]] = []
    half = np.random.default_rng(0).permutation(int(data.groups.max()) + 1)[data.groups] % 2
    for number in (0, 1):
        judged = _judged(data, np.flatnonzero(half == number), np.flatnonzero(half != number))
        name = f"half {number + 1} on half {2 - number}"
        found = estimate(RANKING, judged.data.target, judged.margin, judged.data.groups)
        rows.append((name, f"{len(judged):,}", *(str(found[measure]) for measure in _SHOWN)))
        account = realised(judged)
        assert account is not None
        overall = account["overall"]
        stated += [
            (
                name, f"{one['alpha']:.1%}", str(sum(overall["calibration_n"].values())), f"{overall['sellers']:,}",
                f"{one['flagged']:.0f}", f"{one['low']} to {one['high']}", "yes" if one["holds"] else "**no**",
                f"{one['by_rows']['value']:.2%} [{one['by_rows']['low']:.2%}, {one['by_rows']['high']:.2%}]",
            )
            for one in overall["alphas"]
        ]  # fmt: skip
    return "\n\n".join(
        [
            table(("trained and judged", "rows judged", *_SHOWN.values()), rows),
            table(
                ("trained and judged", "stated", "calibration shops", "shops", "flagged, median", "interval", "inside", "by rows"),
                stated,
            ),
            f"{got.meaning} One listing a shop without a listing taken down, 200 draws. Intervals resample shops.",
        ]
    )  # fmt: skip


def _judged(data: Dataset, learnt: NDArray[np.int64], judged: NDArray[np.int64]) -> Judged:
    """Some shops as a model of other shops sees them."""
    fitted = train.fit(data.subset(learnt), split="seller")
    assert fitted.conformal is not None
    margin = learn.margins_of(fitted.booster, fitted.views, data, judged)
    return judged_rows(data.subset(judged), margin, fitted.calibration, fitted.conformal)


if __name__ == "__main__":
    print(measure())
