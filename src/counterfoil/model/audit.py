"""What a random look says of all listings: their share of copies, how many of them are flagged, whom a drawn row speaks for.

Verdicts come by selection: what points at a listing also makes it likelier to be a copy. Only listings drawn at random, each
weighed by one over the chance of its being drawn, speak for the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Listed
from counterfoil.model.draw import effective
from counterfoil.model.evaluate import Estimate, interval, resampled
from counterfoil.model.labels import Label, Labels, quality

Floats = NDArray[np.float64]
# Fewer copies than this in the random look leave its share open to a factor of two.
FEWEST_COPIES = 10
_DRAWS = 500


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


def random_look(log: Iterable[Entry], labels: Labels) -> RandomLook | None:
    """The share of copies by the random looks of a log and its labels; None when they found fewer than 10 copies.

    A listing found guilty in another way, and often gone before a random look could come to it, counts as found; the random
    looks speak for all others. The first such verdict on a listing counts, later ones (appeals, second looks) were not drawn
    at random. Each way of looking (desk review, test purchase) is a sample of its own; they are put together by their
    effective sizes. Source of the estimates: Hájek's ratio, sums of verdicts and of ones both weighed by 1 / propensity,
    and Kish's effective size.
    """
    seen = {entry.event.listing.listing_id for entry in log if isinstance(entry.event, Listed)} - {None}
    found = sum(label.found for listing, label in labels.by_listing.items() if listing in seen)
    known = found / max(1, len(seen))
    samples: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for listing, label in labels.by_listing.items():
        if label.look is not None and not (label.found and listing in seen):
            samples[label.look.source].append((label.look.target, 1.0 / label.look.propensity))
    looked_at = sum(map(len, samples.values()))
    copies = sum(copy for sample in samples.values() for copy, _ in sample)
    if copies < FEWEST_COPIES:
        return None
    estimates = [_share(sample) for sample in samples.values()]
    draws = sum(size for _, size in estimates)
    rest = sum(size * value for value, size in estimates) / draws
    margin = 1.96 * sqrt(rest * (1 - rest) / draws)
    low, share, high = (known + (1 - known) * min(1.0, max(0.0, rest + step)) for step in (-margin, 0.0, margin))
    return RandomLook(share, low, high, looked_at, copies)


def _share(sample: list[tuple[int, float]]) -> tuple[float, float]:
    """The share of copies by one way of looking, and the effective number of its draws."""
    weight = np.array([weight for _, weight in sample])
    copy = np.array([copy for copy, _ in sample], dtype=np.bool_)
    return float(weight[copy].sum() / weight.sum()), effective(weight)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a random look says of rows: arrays of one entry a row.

    `weight` is for how many listings a row stands, 0 where it was not drawn; `target` what it was found to be; `sensitivity` and
    `specificity` how often whoever looked is right about copies and about the rest.
    """

    weight: Floats
    target: NDArray[np.int64]
    sensitivity: Floats
    specificity: Floats

    def subset(self, rows: NDArray[np.int64]) -> Drawn:
        """Some of the rows."""
        return Drawn(self.weight[rows], self.target[rows], self.sensitivity[rows], self.specificity[rows])

    @classmethod
    def everyone(cls, target: NDArray[np.int64]) -> Drawn:
        """All rows, each for itself, their labels as they are."""
        ones = np.ones(len(target))
        return cls(ones, target, ones, ones)


def stands_for(labels: Sequence[Label | None]) -> Drawn:
    """For how many listings each row of a log stands, and what it was found to be.

    Those found guilty in another way stand for themselves. The rows drawn at random stand for all the rest together: each way
    of looking for a part by its effective size, each row of it by one over its chance.
    """
    rows = Drawn.everyone(np.zeros(len(labels), dtype=np.int64))
    weight = np.zeros(len(labels))
    samples: dict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        if label is not None and label.found:
            weight[row], rows.target[row] = 1.0, 1
        elif label is not None and label.look is not None:
            samples[label.look.source].append(row)
            weight[row], rows.target[row] = 1.0 / label.look.propensity, label.look.target
    rest = len(labels) - sum(label is not None and label.found for label in labels)
    sizes = {source: effective(weight[drawn]) for source, drawn in samples.items()}
    right = np.ones((2, len(labels)))
    for source, drawn in samples.items():
        weight[drawn] *= rest * sizes[source] / sum(sizes.values()) / weight[drawn].sum()
        right[:, drawn] = np.array(quality(source))[:, None]
    return Drawn(weight, rows.target, right[0], right[1])


def recall(
    flagged: NDArray[np.bool_], target: NDArray[np.int64], weight: Floats, groups: NDArray[np.int64]
) -> Estimate:
    """The share of all copies that is flagged, by inverse probability; the 95 % interval resamples groups (500 draws).

    `target` and `weight` are those of `Drawn`. NaN where no copy was drawn or found.
    """
    return _ratio(weight * target * flagged, weight * target, groups)


def prevalence(target: NDArray[np.int64], weight: Floats, groups: NDArray[np.int64]) -> Estimate:
    """The share of copies among all listings, by inverse probability; the 95 % interval resamples groups (500 draws)."""
    return _ratio(weight * target, weight, groups)


def _ratio(above: Floats, below: Floats, groups: NDArray[np.int64]) -> Estimate:
    """Hájek's ratio of two sums with a bootstrap by group."""
    if not below.sum():
        return Estimate(float("nan"), float("nan"), float("nan"))
    drawn = [(times @ above, times @ below) for times in resampled(groups, _DRAWS, 0)]
    return interval(float(above.sum() / below.sum()), [float(top / bottom) for top, bottom in drawn if bottom > 0])
