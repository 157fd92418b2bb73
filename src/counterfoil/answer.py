"""A decision as the contract writes it: the body of an HTTP answer, and a line of `decisions.jsonl`."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan
from secrets import token_hex
from typing import Any

from counterfoil.decide.explain import Account, Explained
from counterfoil.decide.whatif import WhatIf
from counterfoil.decide.wording import LANGUAGES, seller_sentence, sentence
from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Decision, account_of


@dataclass(frozen=True, slots=True)
class Served:
    """When and against what a decision was made; `latency_ms` is the row's share of its batch."""

    as_of: datetime
    log_seq: int
    evaluated_at: datetime
    latency_ms: float


def new_score_id() -> str:
    """A fresh id: 80 random bits."""
    return f"scr_{token_hex(10)}"


def rfc3339(moment: datetime) -> str:
    """A UTC time with a Z, to the microsecond where there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def answer(
    decision: Decision, bundle: Bundle, served: Served, include: Collection[str], what_if: WhatIf | None = None
) -> dict[str, Any]:
    """The answer as JSON data; `decision`, `guarantee` and `degraded` are always there, `include` adds to them."""
    about, outcome, risk, policy = decision.about, decision.outcome, decision.risk, decision.policy
    seller = about.subject.seller
    body: dict[str, Any] = {
        "score_id": new_score_id(),
        "status": "evaluated",
        "listing_id": about.listing.listing_id,
        "seller_id": seller.seller_id if seller is not None else None,
        "score": round(1000 * risk.probability),
        "probability": risk.probability,
        "percentile": round(risk.percentile, 1) if "percentile" in include else None,
        "risk_level": outcome.level,
        "recommended_action": outcome.action,
        "decision": {
            "policy": policy.name,
            "policy_version": policy.version,
            "rule": outcome.rule.id if outcome.rule is not None else None,
            **_thresholds(decision, bundle),
        },
        "guarantee": _guarantee(decision, bundle),
        "reasons": [reason_body(reason, for_seller="seller_text" in include) for reason in decision.reasons],
        "rules": [
            {"id": rule.id, "version": rule.version, "name": rule.name, "outcome": "hit", "action": rule.action}
            for rule in outcome.hits
        ],
        "seller": {"cold_start": about.seller.cold_start},
        "as_of": rfc3339(served.as_of),
        "log_seq": served.log_seq,
        "degraded": list(decision.degraded),
        "model": model_body(bundle),
        "evaluated_at": rfc3339(served.evaluated_at),
        "latency_ms": round(served.latency_ms, 3),
    }
    if "checks" in include:
        body["checks"] = _checks(decision)
    if "features" in include:
        body["features"] = _named(bundle, decision.row.tolist())
    if "contributions" in include and decision.contributions is not None:
        amounts = decision.contributions.tolist()
        calibration = bundle.calibration.term(risk.margin, risk.probability)
        body["contributions"] = {**_named(bundle, amounts[:-1]), "base": amounts[-1], "calibration": calibration}
    if "contributions" in include and (found := account_of(decision, bundle)) is not None:
        body["account"] = account_body(found)
    if what_if is not None:
        body["what_would_change"] = what_if.to_json()
    return body


def reason_body(reason: Explained, *, for_seller: bool = False) -> dict[str, Any]:
    """One reason with its sentence in both languages; `for_seller` adds what may be passed on to the seller."""
    body: dict[str, Any] = {
        "code": reason.code,
        "family": reason.family,
        "rules": list(reason.rules),
        "direction": reason.direction,
        "log_odds": reason.log_odds,
        "text": {language: sentence(reason.code, language, reason.evidence) for language in LANGUAGES},
        "evidence": dict(reason.evidence),
    }
    if for_seller:
        body["seller_text"] = {language: seller_sentence(reason.code, language) for language in LANGUAGES}
    return body


def account_body(account: Account) -> dict[str, Any]:
    """The log-odds of a decision by family and reason; `base`, every `total` and `calibration` sum to `log_odds`."""
    return {
        "log_odds": account.log_odds,
        "base": account.base,
        "families": {
            family: {"total": group.total, "reasons": dict(group.reasons), "rest": group.rest}
            for family, group in account.families.items()
        },
        "calibration": account.calibration,
    }


def model_body(bundle: Bundle) -> dict[str, Any]:
    """What names the model in every answer; an alias exists only once a model has been promoted."""
    manifest = bundle.manifest
    return {
        "name": manifest.name,
        "version": manifest.version,
        "alias": None,
        "run_id": manifest.run_id,
        "feature_schema": manifest.feature_schema,
    }


def _thresholds(decision: Decision, bundle: Bundle) -> dict[str, float | None]:
    """The threshold that the model's part of the decision hung on: a rate with the probability it comes to, or that alone."""
    review, guarantee = decision.policy.review, decision.guarantee
    if decision.outcome.rule is not None:
        return {"threshold_probability": None, "threshold_alpha": None}
    if not guarantee.valid:
        return {"threshold_probability": review.probability, "threshold_alpha": None}
    return {"threshold_probability": bundle.probability_at(guarantee, review.alpha), "threshold_alpha": review.alpha}


def _guarantee(decision: Decision, bundle: Bundle) -> dict[str, Any]:
    guarantee, conformal = decision.guarantee, bundle.conformal
    made = conformal.calibrated_at if conformal is not None else None
    return {
        "valid": guarantee.valid,
        "reason": guarantee.reason,
        "kind": conformal.kind if conformal is not None else None,
        "p_value": guarantee.p_value,
        "flagged_at_alpha": guarantee.flagged_at(decision.policy.alphas),
        "segment": guarantee.segment,
        "calibration_n": guarantee.calibration_n,
        "calibrated_at": rfc3339(made) if made is not None else None,
    }


def _named(bundle: Bundle, values: list[float]) -> dict[str, float | None]:
    return {name: None if isnan(value) else value for name, value in zip(bundle.columns.names, values, strict=True)}


def _checks(decision: Decision) -> dict[str, Any]:
    reading = decision.reading
    title = reading.listing.title
    applied = [
        name
        for name, changed in {
            "format_characters_removed": any(unicodedata.category(c) == "Cf" for c in title),
            "canonical_composition": unicodedata.normalize("NFC", title) != title,
            "compatibility_folded": unicodedata.normalize("NFKC", title) != unicodedata.normalize("NFC", title),
        }.items()
        if changed
    ]
    return {
        "gtin": [
            {
                "gtin": code.code,
                "checksum": "valid" if code.valid else "invalid",
                "prefix_class": code.prefix_class,
                "issuer_prefix": code.issuer,
                "brand_match": "unknown",
                "note": "prefix shows the issuing GS1 office, not the origin",
            }
            for code in reading.gtins
        ],
        "text_normalization": {"applied": applied, "changed": bool(applied)},
        "duplicates": {"near_duplicate_sellers": reading.wording.other_sellers},
    }
