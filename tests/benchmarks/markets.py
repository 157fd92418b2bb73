"""What the benchmarks on markets share: the truth of rows, later rows of sellers not learnt from, and rows as judged."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from counterfoil.model.calibrate import Calibration
from counterfoil.model.conformal import Conformal
from counterfoil.model.dataset import Dataset
from counterfoil.model.evaluation.judged import Judged
from counterfoil.model.examples import Example
from counterfoil.model.split import holdout

Rows = NDArray[np.int64]


def truth_of(market: Path, examples: Iterable[Example]) -> NDArray[np.int64]:
    """1 for each row that is a copy in truth, whatever was found out about it."""
    with (market / "truth.jsonl").open("rb") as file:
        truth = {row["listing_id"]: int(row["counterfeit"]) for row in map(orjson.loads, file)}
    return np.array([truth[one.about.listing.listing_id or ""] for one in examples])


def later_by_seller(data: Dataset, folds: int) -> list[tuple[Rows, Rows]]:
    """For each fold of sellers: the first four fifths of the period without them, and what they put up a gap later."""
    parts = holdout(data)
    cut = data.known_at[parts.train].max() + parts.gap_days * 86_400_000_000
    later = np.flatnonzero(data.known_at > cut)
    fold = np.random.default_rng(0).integers(0, folds, int(data.groups.max()) + 1)[data.groups]
    return [(parts.train[fold[parts.train] != number], later[fold[later] == number]) for number in range(folds)]


def judged_rows(
    rows: Dataset, margin: NDArray[np.float64], calibration: Calibration, conformal: Conformal, fold: str = ""
) -> Judged:
    """Rows as an evaluation reads them, each for itself and without a policy; `fold` tells calibration sets of one name apart."""
    found = conformal.judge(margin, rows.segments.tolist())
    return Judged(
        data=rows,
        ids=("",) * len(rows),
        margin=margin,
        probability=calibration.probability(margin),
        p_value=np.array([one.p_value for one in found]),
        void=tuple(one.reason or "" for one in found),
        held=tuple(f"{one.segment}{fold}" for one in found),
        size=np.array([one.calibration_n for one in found]),
        action=("",) * len(rows),
        truth=rows.target,
        weight=np.ones(len(rows)),
    )
