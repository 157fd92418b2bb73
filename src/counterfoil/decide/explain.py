"""Reasons: which features moved the log-odds of a row, with the evidence behind each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from counterfoil.features.catalogue import FeatureSet
from counterfoil.features.feature import Reason
from counterfoil.features.reading import Reading

MOST_RAISING, MOST_LOWERING = 6, 3
# A contribution below this is noise to a reader: it moves a probability of one half by less than one point.
_FLOOR = 0.03


@dataclass(frozen=True, slots=True)
class Explained:
    """One reason of one decision: contributions of the features that share its code, in log-odds."""

    code: str
    direction: Literal["raises", "lowers"]
    log_odds: float
    evidence: Mapping[str, Any]


def explain(
    features: FeatureSet, reading: Reading, contributions: Sequence[float], always: Collection[str]
) -> tuple[Explained, ...]:
    """The strongest reasons of a row, raising ones first.

    `contributions` are those of the row features, in order. Features named in `always` (those of a rule that hit) are
    shown whatever the trees made of them.
    """
    found: dict[str, tuple[float, Reason, bool]] = {}
    for feature, amount in zip(features.features, contributions, strict=False):
        wanted = feature.name in always
        reason = feature.reason(reading) if feature.explains else None
        if reason is None:
            continue
        so_far, _, before = found.get(reason.code, (0.0, reason, False))
        found[reason.code] = so_far + amount, reason, before or wanted
    reasons = [
        Explained(code, "raises" if amount >= 0 else "lowers", round(amount, 6), reason.evidence)
        for code, (amount, reason, wanted) in found.items()
        if wanted or abs(amount) >= _FLOOR
    ]
    raising = sorted((r for r in reasons if r.direction == "raises"), key=lambda r: -r.log_odds)
    lowering = sorted((r for r in reasons if r.direction == "lowers"), key=lambda r: r.log_odds)
    return tuple(raising[:MOST_RAISING] + lowering[:MOST_LOWERING])
