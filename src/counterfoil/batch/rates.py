"""What a sweep's p-values say together: the expected share of false alerts, and which alerts stand as discoveries."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from counterfoil.model.multiplicity import benjamini_hochberg, estimated_fdr
from counterfoil.scorer import Decision, Scorer


@dataclass(slots=True)
class Rates:
    """Gathered decision by decision: a float for each row of which a rate can be stated, a count by cause for the others."""

    p_values: array[float] = field(default_factory=lambda: array("d"))
    not_valid: Counter[str] = field(default_factory=Counter)
    segments: Counter[str] = field(default_factory=Counter)

    def add(self, decision: Decision) -> None:
        """Take one decision in."""
        guarantee = decision.guarantee
        if guarantee.p_value is None or guarantee.reason is not None:
            self.not_valid[guarantee.reason or "not_calibrated"] += 1
            return
        self.p_values.append(guarantee.p_value)
        self.segments[guarantee.segment or ""] += 1

    def to_json(self, scorer: Scorer) -> dict[str, Any]:
        """Plain data for `report.json`; rows that a rule alone flagged are no part of it.

        `discoveries` have p_value <= `p_value`, None when there is none.
        """
        policy, conformal = scorer.policy, scorer.bundle.conformal
        p_values, alpha = np.array(self.p_values, dtype=np.float64), policy.review.alpha
        flagged = int((p_values <= alpha).sum())
        found = benjamini_hochberg(p_values, policy.fdr)
        expected = estimated_fdr(len(p_values), alpha, flagged)
        return {
            "kind": conformal.kind if conformal is not None else None,
            "rows": len(p_values),
            "not_valid": dict(self.not_valid.most_common()),
            "segments": dict(self.segments.most_common()),
            "alpha": alpha,
            "flagged_at_alpha": flagged,
            "estimated_fdr": round(expected, 4) if expected is not None else None,
            "benjamini_hochberg": {"level": policy.fdr, "discoveries": found.count, "p_value": found.p_value},
        }
