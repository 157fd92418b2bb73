"""The shapes of answers, for the OpenAPI document; the answers themselves are written by `counterfoil.answer`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow")


class ReasonOut(_Answer):
    """Why a score is what it is: log-odds, a sentence in two languages, the evidence."""

    code: str
    family: Literal["price", "seller", "listing", "identifiers", "text"]
    rules: list[str]
    direction: Literal["raises", "lowers"]
    log_odds: float
    text: dict[Literal["vi", "en"], str]
    evidence: dict[str, Any]


class RuleOut(_Answer):
    """A rule of the policy that hit."""

    id: str
    version: int
    name: str
    outcome: Literal["hit"]
    action: Literal["review", "block"]


class DecisionOut(_Answer):
    """Which policy decided, by which rule or threshold."""

    policy: str
    policy_version: int
    rule: str | None
    threshold_probability: float | None
    threshold_alpha: float | None


class GuaranteeOut(_Answer):
    """The stated false-alert rate, or why there is none; `p_value` is there for every row of a calibrated bundle."""

    valid: bool
    reason: Literal["too_few", "drifted", "weak_labels", "another_encoder", "not_calibrated"] | None
    kind: Literal["split_conformal", "weighted_conformal", "upper_bound"] | None
    p_value: float | None
    flagged_at_alpha: list[float]
    segment: str | None
    calibration_n: int | None
    calibrated_at: str | None


class SellerOut(_Answer):
    """Whether anything was known of the seller."""

    cold_start: bool


class ModelOut(_Answer):
    """Which model answered."""

    name: str
    version: int
    alias: str | None
    run_id: str | None
    feature_schema: str


class ScoreOut(_Answer):
    """The answer to a score request."""

    score_id: str
    status: Literal["evaluated", "not_evaluated"]
    listing_id: str | None
    seller_id: str | None
    score: int | None
    probability: float | None
    percentile: float | None
    risk_level: Literal["low", "elevated", "high", "not_assessed"]
    recommended_action: Literal["allow", "review", "block"]
    decision: DecisionOut
    guarantee: GuaranteeOut
    reasons: list[ReasonOut]
    rules: list[RuleOut]
    seller: SellerOut
    as_of: str
    log_seq: int
    degraded: list[
        Literal[
            "no_embedding", "seller_unknown", "price_missing", "price_reference_missing", "stale_snapshot",
            "guarantee_not_valid",
        ]
    ]  # fmt: skip
    model: ModelOut
    evaluated_at: str
    latency_ms: float


class RejectedEvent(_Answer):
    """An event that was refused, and why."""

    index: int
    problem: dict[str, Any]


class ObserveOut(_Answer):
    """What became of the events."""

    accepted: int
    duplicates: int
    rejected: list[RejectedEvent]


class ModelCard(_Answer):
    """What the live model is, what its label means and how it did."""

    name: str
    version: int
    alias: str | None
    run_id: str | None
    feature_schema: str
    created_at: str
    label: dict[str, Any]
    training: dict[str, Any]
    metrics: dict[str, Any]
    features: list[str]
    guarantee: dict[str, Any]
    policy: dict[str, Any]
