"""The single path from listings to decisions: one request is a batch of one, a crawl is a batch of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from counterfoil.decide.explain import Account, Explained, Row, account, explain, family_of
from counterfoil.decide.policy import Action, Outcome, Policy
from counterfoil.decide.whatif import Question, WhatIf, what_would_change
from counterfoil.features.reading import Reading
from counterfoil.history.views import About
from counterfoil.model.bundle import Bundle, Risk
from counterfoil.model.pvalue import Guarantee

Reasons = Literal["flagged", "all", "none"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that was found about one listing; `contributions` are there when reasons were asked for."""

    reading: Reading
    row: NDArray[np.float64]
    risk: Risk
    guarantee: Guarantee
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
        self._family = family_of(bundle.columns.rows, self._names)

    def decide(self, about: Sequence[About], reasons: Reasons = "flagged") -> list[Decision]:
        """One decision a listing, in order. Contributions cost many predictions, so by default flagged rows alone get them."""
        if not about:
            return []
        readings, matrix = self.bundle.columns.of(about)
        rows = [dict(zip(self._names, values, strict=True)) for values in matrix.tolist()]
        risks, guarantees, outcomes = self._judge(matrix, about, rows)
        wanted = [
            i for i, outcome in enumerate(outcomes) if reasons == "all" or (reasons == "flagged" and outcome.flagged)
        ]
        parts = dict(zip(wanted, self.bundle.contributions(matrix[wanted]) if wanted else (), strict=True))
        return [
            Decision(
                reading=reading,
                row=matrix[i],
                risk=risks[i],
                guarantee=guarantees[i],
                policy=self.policy,
                outcome=outcomes[i],
                reasons=self._reasons(reading, matrix[i], parts.get(i), outcomes[i]),
                contributions=parts.get(i),
                degraded=_degraded(reading, rows[i], self.bundle.columns.views.text.names, guarantees[i]),
            )
            for i, reading in enumerate(readings)
        ]

    def what_would_change(self, decision: Decision) -> WhatIf:
        """The nearest changes that would make its action another; costs some thousand predictions."""

        def judge(matrix: NDArray[np.float64]) -> list[tuple[float, Action]]:
            rows = [dict(zip(self._names, values, strict=True)) for values in matrix.tolist()]
            risks, _, outcomes = self._judge(matrix, [decision.about] * len(matrix), rows)
            return [(risk.probability, outcome.action) for risk, outcome in zip(risks, outcomes, strict=True)]

        asked = Question(
            features=self.bundle.columns.rows,
            names=self._names,
            row=decision.row,
            action=decision.outcome.action,
            hits=decision.outcome.hits,
            splits=self.bundle.thresholds(),
        )
        return what_would_change(asked, judge)

    def _judge(
        self, matrix: NDArray[np.float64], about: Sequence[About], rows: Sequence[Mapping[str, float]]
    ) -> tuple[list[Risk], list[Guarantee], list[Outcome]]:
        risks = self.bundle.risk(matrix)
        guarantees = self.bundle.guarantees(risks, about, min(self.policy.alphas))
        outcomes = [
            self.policy.outcome(risk.probability, row, guarantee.p_value if guarantee.valid else None)
            for risk, guarantee, row in zip(risks, guarantees, rows, strict=True)
        ]
        return risks, guarantees, outcomes

    def _reasons(
        self,
        reading: Reading,
        values: NDArray[np.float64],
        contributions: NDArray[np.float64] | None,
        outcome: Outcome,
    ) -> tuple[Explained, ...]:
        if contributions is None:
            return ()
        features = self.bundle.columns.rows
        row = Row(reading, features, self._names, self._family, values.tolist(), contributions.tolist())
        return explain(row, outcome.hits, flagged=outcome.flagged)


def account_of(decision: Decision, bundle: Bundle) -> Account | None:
    """How the log-odds of a decision come about; None where its contributions were not asked for."""
    if decision.contributions is None:
        return None
    features, names = bundle.columns.rows, bundle.columns.names
    values, contributions = decision.row.tolist(), decision.contributions.tolist()
    row = Row(decision.reading, features, names, family_of(features, names), values, contributions)
    return account(row, bundle.calibration.term(decision.risk.margin, decision.risk.probability))


def _degraded(
    reading: Reading, row: Mapping[str, float], text_columns: Sequence[str], guarantee: Guarantee
) -> tuple[str, ...]:
    """What was missing, in the contract's words."""
    checks = {
        "no_embedding": all(np.isnan(row[name]) for name in text_columns),
        "seller_unknown": not reading.seller.identified,
        "price_missing": reading.market.unit_price is None,
        "price_reference_missing": reading.market.unit_price is not None and reading.market.reference is None,
        "guarantee_not_valid": not guarantee.valid,
    }
    return tuple(name for name, holds in checks.items() if holds)
