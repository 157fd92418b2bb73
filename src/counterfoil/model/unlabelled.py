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
from counterfoil.ingest.events import Listed, is_ruling

Floats = NDArray[np.float64]
# Fewer copies than this in the random look leave its share open to a factor of two.
FEWEST_COPIES = 10


@dataclass(frozen=True, slots=True)
class RandomLook:
    """The share of copies among all listings: those found by other ways, and what a look at random finds among the rest.

    `looked_at` were drawn from that rest, `copies` of them found guilty. `low` and `high` bound the share at 95 % (normal, on
    the effective number of draws).
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

    A listing found guilty in another way, and often gone before a random look could come to it, counts as found; the random
    looks speak for all others. The first such verdict on a listing counts, later ones (appeals, second looks) were not drawn
    at random. Each way of looking (desk review, test purchase) is a sample of its own; they are put together by their
    effective sizes. Source of the estimates: Hájek's ratio, sums of verdicts and of ones both weighed by 1 / propensity,
    and Kish's effective size.
    """
    listings: set[str] = set()
    otherwise: dict[str, str] = {}
    first: dict[str, tuple[str, bool, float]] = {}
    for entry in log:
        event = entry.event
        if isinstance(event, Listed) and event.listing.listing_id is not None:
            listings.add(event.listing.listing_id)
        if not is_ruling(event):
            continue
        drawn, target = event.selection, event.target.id
        if drawn is None or drawn.mechanism != "random_audit":
            otherwise[target] = event.label
        elif drawn.propensity and event.supersedes is None:
            first.setdefault(target, (event.source, event.label == "counterfeit", 1.0 / drawn.propensity))
    found = {target for target, label in otherwise.items() if label == "counterfeit" and target in listings}
    known = len(found) / max(1, len(listings))
    samples: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for target, (source, copy, weight) in first.items():
        if target not in found:
            samples[source].append((copy, weight))
    looked_at = sum(map(len, samples.values()))
    copies = sum(copy for sample in samples.values() for copy, _ in sample)
    if copies < FEWEST_COPIES:
        return None
    estimates = [_share(sample) for sample in samples.values()]
    effective = sum(size for _, size in estimates)
    rest = sum(size * value for value, size in estimates) / effective
    margin = 1.96 * sqrt(rest * (1 - rest) / effective)
    low, share, high = (known + (1 - known) * min(1.0, max(0.0, rest + step)) for step in (-margin, 0.0, margin))
    return RandomLook(share, low, high, looked_at, copies)


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
