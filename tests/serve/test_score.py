"""`POST /v1/score`: the answer, what it holds, and that asking changes nothing."""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from counterfoil.decide.policy import load_policy
from counterfoil.ingest.intake import ContactKey
from counterfoil.model.bundle import Bundle
from counterfoil.serve.app import create_app
from counterfoil.serve.instance import Instance
from counterfoil.serve.routes.scoring import SCORE_EXAMPLE
from counterfoil.store.store import Store
from tests.instances import NOW, Served, fake_phone, pointers, problem_of
from tests.model import calibrated
from tests.serve.bodies import contract_example

FIELDS = {
    "score_id", "status", "listing_id", "seller_id", "score", "probability", "percentile", "risk_level",
    "recommended_action", "decision", "guarantee", "reasons", "rules", "seller", "as_of", "log_seq", "degraded",
    "model", "evaluated_at", "latency_ms",
}  # fmt: skip
PARTS = {
    "decision": {"policy", "policy_version", "rule", "threshold_probability", "threshold_alpha"},
    "guarantee": {
        "valid", "reason", "kind", "p_value", "flagged_at_alpha", "segment", "calibration_n", "calibrated_at",
    },
    "seller": {"cold_start"},
    "model": {"name", "version", "alias", "run_id", "feature_schema"},
    "checks": {"gtin", "text_normalization", "duplicates"},
}  # fmt: skip
MOVING = {"score_id", "evaluated_at", "latency_ms"}


def listing(**more: Any) -> dict[str, Any]:
    """A body with an honest title."""
    return {"listing": {"title": "Túi vải canvas trơn", **more}}


def sighting(number: int, **more: Any) -> dict[str, Any]:
    """A `listed` event of one seller."""
    return {
        "type": "listed",
        "event_id": f"evt-{number}",
        "happened_at": "2026-11-20T08:00:00Z",
        "seller_id": "s1",
        "listing": {"listing_id": f"l{number}", "title": f"Túi vải canvas trơn mẫu {number}", **more},
    }


def still(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what may differ from call to call."""
    return {name: value for name, value in answer.items() if name not in MOVING}


def assert_is_contractual(service: Served, answer: dict[str, Any]) -> None:
    """Hold an answer against the `ScoreOut` of the document that the instance itself gives out."""
    jsonschema = pytest.importorskip("jsonschema")
    document = service.client.get("/openapi.json").json()
    schema = {"$ref": "#/components/schemas/ScoreOut", "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer)


def test_the_contracts_own_example_is_answered_with_every_field(service: Served) -> None:
    answer = service.score(contract_example())
    assert set(answer) == FIELDS | {"checks"}
    for name, parts in PARTS.items():
        assert set(answer[name]) == parts
    assert answer["status"] == "evaluated"
    assert answer["listing_id"] == "shopee:178926468.21448123670"
    assert answer["seller_id"] == "shopee:178926468"
    assert answer["score"] == round(1000 * answer["probability"])
    assert 0 < answer["probability"] < 1
    assert 0 <= answer["percentile"] <= 100
    assert answer["seller"] == {"cold_start": True}
    assert answer["evaluated_at"] == "2026-11-24T08:00:00Z"
    assert answer["log_seq"] == 0
    assert_is_contractual(service, answer)


def test_on_an_empty_store_no_rate_is_stated_and_the_probability_decides(service: Served) -> None:
    answer = service.score(contract_example())
    assert answer["guarantee"]["valid"] is False
    assert answer["guarantee"]["reason"] == "drifted"
    assert answer["guarantee"]["flagged_at_alpha"] == []
    assert "guarantee_not_valid" in answer["degraded"]
    assert answer["decision"]["threshold_alpha"] is None


def test_a_title_alone_is_enough_and_what_is_missing_is_listed(service: Served) -> None:
    answer = service.score(listing())
    assert set(answer) == FIELDS
    assert answer["listing_id"] is None
    assert answer["seller_id"] is None
    assert {"seller_unknown", "price_missing"} <= set(answer["degraded"])
    assert_is_contractual(service, answer)


def test_a_price_of_zero_is_a_hidden_one(service: Served) -> None:
    assert "price_missing" in service.score(listing(price={"amount": "0", "currency": "VND"}))["degraded"]
    assert "price_missing" not in service.score(listing(price={"amount": "9000", "currency": "VND"}))["degraded"]


def test_the_documented_example_is_flagged_with_reasons_and_the_honest_one_is_not(service: Served) -> None:
    flagged, honest = service.score(SCORE_EXAMPLE), service.score(listing())
    assert flagged["recommended_action"] == "review"
    assert flagged["risk_level"] in {"elevated", "high"}
    assert flagged["reasons"]
    for reason in flagged["reasons"]:
        assert reason["text"]["vi"]
        assert reason["text"]["en"]
        assert reason["evidence"]
    assert honest["recommended_action"] == "allow"
    assert honest["reasons"] == []
    assert flagged["probability"] > honest["probability"]


def test_reasons_of_an_unflagged_listing_come_when_all_are_asked_for(service: Served) -> None:
    body = contract_example()
    body["listing"] |= {"title": "Túi vải canvas trơn", "brand": None, "description": None}
    body["listing"]["price"] = {"amount": "89000", "currency": "VND"}
    body["seller"] |= {"registered_at": "2019-03-01T00:00:00Z"}
    assert service.score(body)["recommended_action"] == "allow"
    assert service.score(body)["reasons"] == []
    body["options"]["include"] = ["reasons:all"]
    assert service.score(body)["reasons"]


def test_asking_twice_gives_the_same_answer(service: Served) -> None:
    first = service.score(contract_example())
    second = service.score(contract_example())
    assert still(first) == still(second)
    assert first["score_id"] != second["score_id"]


def test_scoring_inflates_nothing_and_observing_counts(service: Served) -> None:
    body = {
        "listing": {"listing_id": "new", "title": "Túi vải canvas trơn"},
        "seller": {"seller_id": "s1"},
        "options": {"include": ["features"]},
    }
    answers = [service.score(body) for _ in range(3)]
    assert all(still(answer) == still(answers[0]) for answer in answers)
    assert answers[0]["features"]["listings_d30"] == 0
    assert service.observe(sighting(1), sighting(2)) == {"accepted": 2, "duplicates": 0, "rejected": []}
    after = service.score(body)
    assert after["features"]["listings_d30"] == 2
    assert after["seller"] == {"cold_start": False}
    assert after["log_seq"] == 2


def test_the_as_of_of_an_answer_sent_back_reproduces_it_at_any_later_time(service: Served) -> None:
    service.observe(sighting(1))
    service.clock.forward(days=3)
    body = contract_example()
    first = service.score(body)
    assert first["as_of"] == "2026-11-24T08:00:00Z"
    service.clock.forward(days=40, microseconds=7)
    body["options"]["as_of"] = first["as_of"]
    assert still(service.score(body)) == still(first)


def test_a_past_as_of_is_refused_once_the_log_has_gone_on(service: Served) -> None:
    first = service.score(listing())
    service.clock.forward(hours=1)
    service.observe(sighting(1))
    problem = problem_of(service.post("/v1/score", {**listing(), "options": {"as_of": first["as_of"]}}), 422)
    assert pointers(problem) == ["#/options/as_of"]
    assert "past" in problem["detail"]


def test_a_future_as_of_is_refused(service: Served) -> None:
    asked = NOW.replace(hour=9).isoformat()
    problem = problem_of(service.post("/v1/score", {**listing(), "options": {"as_of": asked}}), 422)
    assert pointers(problem) == ["#/options/as_of"]
    service.clock.forward(hours=1)
    assert service.score({**listing(), "options": {"as_of": asked}})["as_of"] == "2026-11-24T09:00:00Z"


def test_contributions_close_to_the_log_odds(service: Served) -> None:
    body = contract_example()
    body["options"]["include"] = ["features", "contributions"]
    answer = service.score(body)
    bundle = service.instance.bundle
    assert list(answer["features"]) == bundle.columns.names
    row = np.array([[np.nan if value is None else value for value in answer["features"].values()]], dtype=np.float64)
    risk = bundle.risk(row)[0]
    parts = dict(answer["contributions"])
    calibration = parts.pop("calibration")
    assert set(parts) == {*bundle.columns.names, "base"}
    assert sum(parts.values()) == pytest.approx(risk.margin, abs=1e-6)
    assert answer["probability"] == risk.probability
    logit = log(answer["probability"] / (1 - answer["probability"]))
    assert sum(parts.values()) + calibration == pytest.approx(logit, abs=1e-6)
    account = answer["account"]
    families = sum(family["total"] for family in account["families"].values())
    assert account["base"] + families + account["calibration"] == pytest.approx(logit, abs=1e-6)
    assert account["log_odds"] == pytest.approx(logit, abs=1e-6)


def test_what_a_seller_may_read_comes_beside_each_reason_when_it_is_asked_for(service: Served) -> None:
    body = {"listing": {"title": "Túi xách Gucci super fake", "category_path": ["Túi ví nữ"]}}
    assert all("seller_text" not in reason for reason in service.score(body)["reasons"])
    answer = service.score({**body, "options": {"include": ["seller_text"]}})
    assert answer["reasons"]
    for reason in answer["reasons"]:
        assert set(reason["seller_text"]) == {"vi", "en"}
        assert not any("super fake" in text for text in reason["seller_text"].values())


def test_what_would_change_a_decision_names_values_and_the_action_they_lead_to(service: Served) -> None:
    body = {"listing": {"title": "Giày Nike rep 1:1", "category_path": ["Giày Dép Nam"]}}
    answer = service.score({**body, "options": {"include": ["what_would_change"]}})
    assert answer["recommended_action"] == "review"
    told = answer["what_would_change"]
    assert [rule["id"] for rule in told["rules"]] == [rule["id"] for rule in answer["rules"]]
    for one in told["alternatives"]:
        assert one["action"] == "allow"
        assert {change["feature"] for change in one["changes"]} <= set(service.instance.bundle.columns.rows.names)


@pytest.mark.parametrize("name", ["checks", "features", "contributions", "what_would_change"])
def test_what_is_included_comes_only_when_asked_for(service: Served, name: str) -> None:
    assert name in service.score({**listing(), "options": {"include": [name]}})
    answer = service.score({**listing(), "options": {"include": []}})
    assert name not in answer
    assert answer["percentile"] is None
    assert {"decision", "guarantee", "degraded"} <= set(answer)


def test_a_gtin_is_checked_and_its_prefix_proves_no_origin(service: Served) -> None:
    answer = service.score({**listing(gtins=["3348901250153", "3348901250154"]), "options": {"include": ["checks"]}})
    checksums = [code["checksum"] for code in answer["checks"]["gtin"]]
    assert sorted(checksums) == ["invalid", "valid"]
    assert all("not the origin" in code["note"] for code in answer["checks"]["gtin"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("👍🏽👍🏽 ", " 🎁"),
        ("Túi xa\u0301ch ", ""),
        ("\u200bĐẹp\u00a0", " \ufeff"),
        (f"LH {fake_phone()} ", ""),
    ],
    ids=["plain", "outside the basic plane", "decomposed", "format characters", "a masked phone"],
)
def test_spans_count_code_points_of_the_title_as_received(service: Served, before: str, after: str) -> None:
    title = f"{before}Túi xách Gucci super fake{after}"
    answer = service.score({"listing": {"title": title}, "options": {"include": ["reasons:all"]}})
    spans = [
        tuple(reason["evidence"]["span"])
        for reason in answer["reasons"]
        if reason["evidence"].get("field") == "title" and "span" in reason["evidence"]
    ]
    assert "super fake" in {title[start:end] for start, end in spans}


def test_a_calibrated_bundle_states_its_rate_over_http_and_lists_its_segments(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'log.db'}")
    bundle = Bundle.load(calibrated.bundle_folder())
    instance = Instance(bundle, load_policy(), store, ContactKey("k1", bytes(range(32))), lambda: NOW)
    with TestClient(create_app(instance)) as client:
        price = {"amount": "90000", "currency": "VND"}
        shown = {"title": "Giày thể thao nam", "platform": "shopee", "category_path": ["Giày Dép Nam"], "price": price}
        known, nobody = (
            {"listing": shown, "seller": {"seller_id": "s1", "registered_at": "2025-01-01T00:00:00Z"}},
            {"listing": shown},
        )
        on_an_empty_store = client.post("/v1/score", json=known).json()["guarantee"]
        other = {"listing_id": "l2", **shown, "title": "Dép"}
        event = {
            "type": "listed",
            "event_id": "e1",
            "happened_at": "2026-01-01T00:00:00Z",
            "seller_id": "s2",
            "listing": other,
        }
        assert client.post("/v1/observe", json={"events": [event]}).json()["accepted"] == 1
        stated, not_stated = (client.post("/v1/score", json=one).json() for one in (known, nobody))
        card = client.get("/v1/model").json()
        jsonschema = pytest.importorskip("jsonschema")
        document = client.get("/openapi.json").json()
        schema = {"$ref": "#/components/schemas/ScoreOut", "components": document["components"]}
        for one in (stated, not_stated):
            jsonschema.Draft202012Validator(schema).validate(one)
    store.close()
    assert (on_an_empty_store["valid"], on_an_empty_store["reason"]) == (False, "drifted")
    assert set(stated["guarantee"]) == PARTS["guarantee"]
    assert (stated["guarantee"]["valid"], stated["guarantee"]["segment"]) == (True, calibrated.SEGMENT)
    assert "guarantee_not_valid" not in stated["degraded"]
    assert (not_stated["guarantee"]["valid"], not_stated["guarantee"]["reason"]) == (False, "drifted")
    assert not_stated["guarantee"]["p_value"] is not None
    assert "guarantee_not_valid" in not_stated["degraded"]
    assert (card["guarantee"]["valid"], card["guarantee"]["reason"]) == (True, None)
    assert card["guarantee"]["populations"] == ["shopee/unknown"]
    assert {one["segment"]: one["calibration_n"] for one in card["guarantee"]["segments"]} == {
        calibrated.SEGMENT: 700,
        "all": 700,
    }
