"""Listings that nobody has ruled on: what a random look says of their share of copies, and how likely each is one.

Verdicts come late and by selection, so copies without a verdict stand among the rows that count as genuine. Where a random
look says how many there are, those rows are given a probability instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Verdict

Floats = NDArray[np.float64]
# Fewer copies than this in the random look leave its share open to a factor of two.
FEWEST_COPIES = 10


@dataclass(frozen=True, slots=True)
class RandomLook:
    """The share of copies among all listings by those drawn at random, `looked_at` of them, each weighed by its propensity.

    `low` and `high` bound the share at 95 % (normal, on the effective number of draws).
    """

    share: float
    low: float
    high: float
    looked_at: int
    copies: int

    def to_json(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "share": round(self.share, 5),
            "low": round(self.low, 5),
            "high": round(self.high, 5),
            "looked_at": self.looked_at,
            "copies": self.copies,
        }


def random_look(log: Iterable[Entry]) -> RandomLook | None:
    """What the `random_audit` verdicts with a propensity say; None when they found fewer than 10 copies.

    The first such verdict on a listing counts, later ones (appeals, second looks) were not drawn at random. Each way of
    looking (desk review, test purchase) is a sample of its own; they are put together by their effective sizes. Source of
    the estimates: Hájek's ratio, sums of verdicts and of ones both weighed by 1 / propensity, and Kish's effective size.
    """
    first: dict[str, tuple[str, bool, float]] = {}
    for entry in log:
        event = entry.event
        if not isinstance(event, Verdict) or event.target.type != "listing" or event.label == "unsure":
            continue
        drawn = event.selection
        if drawn is None or drawn.mechanism != "random_audit" or not drawn.propensity or event.supersedes is not None:
            continue
        first.setdefault(event.target.id, (event.source, event.label == "counterfeit", 1.0 / drawn.propensity))
    copies = sum(copy for _, copy, _ in first.values())
    if copies < FEWEST_COPIES:
        return None
    samples: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for source, copy, weight in first.values():
        samples[source].append((copy, weight))
    estimates = [_share(sample) for sample in samples.values()]
    effective = sum(size for _, size in estimates)
    share = sum(size * value for value, size in estimates) / effective
    margin = 1.96 * sqrt(share * (1 - share) / effective)
    return RandomLook(share, max(0.0, share - margin), min(1.0, share + margin), len(first), copies)


def _share(sample: list[tuple[bool, float]]) -> tuple[float, float]:
    """The share of copies by one way of looking, and the effective number of its draws."""
    weight = np.array([weight for _, weight in sample])
    copy = np.array([copy for copy, _ in sample])
    return float(weight[copy].sum() / weight.sum()), float(weight.sum() ** 2 / (weight**2).sum())


def believed(target: NDArray[np.int64], labelled: Floats, share: float) -> Floats:
    """The probability of a copy for each row: 1 where a verdict says so, else what is left for a copy nobody has found.

    `labelled` is P(a verdict says so | the row) from models that the row's seller had no part in, `share` that of copies
    among all. Source: Elkan and Noto, "Learning classifiers from only positive and unlabeled data" (2008), the weight
    (1 - c) / c × g / (1 - g) of an unlabelled row, with c the chance that a copy has a verdict, here positives / share.
    It supposes that verdicts find copies of every kind alike, which they do not quite.
    """
    c = float(target.mean()) / share
    if not 0 < c < 1:  # no verdict to learn from, or more than the random look says: the verdicts stand as they are
        return target.astype(np.float64)
    g = np.clip(labelled, 1e-9, 1 - 1e-9)
    return np.where(target == 1, 1.0, np.clip((1 - c) / c * g / (1 - g), 0.0, 1.0))
