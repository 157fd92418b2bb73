"""The single path from listings to decisions: one request is a batch of one, a crawl is a batch of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from counterfoil.decide.explain import Explained, explain
from counterfoil.decide.policy import Outcome, Policy
from counterfoil.features.reading import Reading
from counterfoil.history.views import About
from counterfoil.model.bundle import Bundle, Risk

Reasons = Literal["flagged", "all", "none"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that was found about one listing; `contributions` are there when reasons were asked for."""

    reading: Reading
    row: NDArray[np.float64]
    risk: Risk
    policy: Policy
    outcome: Outcome
    reasons: tuple[Explained, ...]
    contributions: NDArray[np.float64] | None
    degraded: tuple[str, ...]

    @property
    def about(self) -> About:
        """The listing with what was known of it."""
        return self.reading.about


class Scorer:
    """A bundle and a policy; what was known comes with each listing."""

    def __init__(self, bundle: Bundle, policy: Policy) -> None:
        self.bundle = bundle
        self.policy = policy
        self._names = bundle.columns.names

    def decide(self, about: Sequence[About], reasons: Reasons = "flagged") -> list[Decision]:
        """One decision a listing, in order. Contributions cost many predictions, so by default flagged rows alone get them."""
        if not about:
            return []
        readings, matrix = self.bundle.columns.of(about)
        risks = self.bundle.risk(matrix)
        rows = [dict(zip(self._names, values, strict=True)) for values in matrix.tolist()]
        outcomes = [self.policy.outcome(risk.probability, row) for risk, row in zip(risks, rows, strict=True)]
        wanted = [
            i for i, outcome in enumerate(outcomes) if reasons == "all" or (reasons == "flagged" and outcome.flagged)
        ]
        parts = dict(zip(wanted, self.bundle.contributions(matrix[wanted]) if wanted else (), strict=True))
        return [
            Decision(
                reading=reading,
                row=matrix[i],
                risk=risks[i],
                policy=self.policy,
                outcome=outcomes[i],
                reasons=self._reasons(reading, parts.get(i), outcomes[i]),
                contributions=parts.get(i),
                degraded=_degraded(reading, rows[i], self.bundle.columns.views.text.names),
            )
            for i, reading in enumerate(readings)
        ]

    def _reasons(
        self, reading: Reading, contributions: NDArray[np.float64] | None, outcome: Outcome
    ) -> tuple[Explained, ...]:
        if contributions is None:
            return ()
        ruled = {condition.feature for rule in outcome.hits for condition in rule.all}
        return explain(self.bundle.columns.rows, reading, contributions.tolist(), ruled)


def _degraded(reading: Reading, row: Mapping[str, float], text_columns: Sequence[str]) -> tuple[str, ...]:
    """What was missing, in the contract's words; the guarantee is not built yet, so it never holds."""
    checks = {
        "no_embedding": all(np.isnan(row[name]) for name in text_columns),
        "seller_unknown": not reading.seller.identified,
        "price_missing": reading.market.unit_price is None,
        "price_reference_missing": reading.market.unit_price is not None and reading.market.reference is None,
        "guarantee_not_valid": True,
    }
    return tuple(name for name, holds in checks.items() if holds)
