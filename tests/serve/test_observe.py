"""`POST /v1/observe`: each event stands or falls by itself, and the server stamps when it became known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.instances import Served, fake_phone, pointers, problem_of

WHEN = "2026-11-20T08:00:00Z"
VERDICT = {
    "type": "verdict", "label_id": "v1", "target": {"type": "listing", "id": "l1"}, "label": "genuine",
    "source": "random_audit", "labelled_at": WHEN,
}  # fmt: skip


def listed(event_id: str = "e1", **more: Any) -> dict[str, Any]:
    """A sighting."""
    listing = {"listing_id": "l1", "title": "Túi vải canvas trơn"}
    return {
        "type": "listed", "event_id": event_id, "happened_at": WHEN, "seller_id": "s1", "listing": listing, **more,
    }  # fmt: skip


def delisted(event_id: str = "e2", **more: Any) -> dict[str, Any]:
    """A listing gone."""
    return {"type": "delisted", "event_id": event_id, "happened_at": WHEN, "listing_id": "l1", **more}


def rejected(service: Served, event: object) -> dict[str, Any]:
    """The problem of an event that must be refused."""
    done = service.observe(event)
    assert done["accepted"] == 0
    assert [one["index"] for one in done["rejected"]] == [0]
    problem: dict[str, Any] = done["rejected"][0]["problem"]
    assert problem["status"] == 422
    assert problem["detail"]
    return problem


def test_every_type_of_the_contract_is_accepted(service: Served) -> None:
    done = service.observe(
        listed(),
        delisted(by="seller"),
        {"type": "seller", "event_id": "e3", "happened_at": WHEN, "seller": {"seller_id": "s1"}},
        {
            "type": "activity", "event_id": "e4", "happened_at": WHEN, "listing_id": "l1", "orders": 12, "returns": 1,
            "counterfeit_complaints": 0, "rating_counts": {"1": 0, "5": 9},
        },
        {
            "type": "action", "event_id": "e5", "happened_at": WHEN, "action": "removed", "by": "platform",
            "target": {"type": "listing", "id": "l1", "score_id": "scr_x"},
        },
    )  # fmt: skip
    assert done == {"accepted": 5, "duplicates": 0, "rejected": []}


def test_good_duplicate_and_bad_events_of_one_call_are_told_apart_by_index(service: Served) -> None:
    assert service.observe(listed())["accepted"] == 1
    done = service.observe({"type": "dream"}, listed(), listed(seller_id="s2"), delisted(), VERDICT, 7)
    assert done["accepted"] == 1
    assert done["duplicates"] == 1
    assert [one["index"] for one in done["rejected"]] == [0, 2, 4, 5]
    assert all(one["problem"]["type"] == "/problems/validation-error" for one in done["rejected"])


def test_the_same_event_again_is_a_duplicate_even_later(service: Served) -> None:
    assert service.observe(listed()) == {"accepted": 1, "duplicates": 0, "rejected": []}
    service.clock.forward(days=2)
    assert service.observe(listed()) == {"accepted": 0, "duplicates": 1, "rejected": []}


def test_the_same_event_twice_in_one_call_is_one_event(service: Served) -> None:
    assert service.observe(listed(), listed()) == {"accepted": 1, "duplicates": 1, "rejected": []}


def test_the_same_id_with_another_body_is_a_conflict_and_changes_nothing(service: Served) -> None:
    service.observe(listed())
    problem = rejected(service, listed(seller_id="s2"))
    assert problem["title"] == "The id is taken by another body"
    answer = service.score({"listing": {"title": "Dép"}, "seller": {"seller_id": "s2"}})
    assert answer["seller"] == {"cold_start": True}


def test_the_server_stamps_the_time_at_which_an_event_became_known(service: Served) -> None:
    service.observe(listed())
    service.clock.forward(days=1)
    assert service.score({"listing": {"title": "Dép"}})["as_of"] == "2026-11-24T08:00:00Z"


def test_a_clock_that_steps_back_loses_no_event(service: Served) -> None:
    service.observe(listed())
    service.clock.forward(minutes=-3)
    assert service.observe(delisted())["accepted"] == 1


def test_a_verdict_is_refused_here(service: Served) -> None:
    problem = rejected(service, VERDICT)
    assert pointers(problem) == ["#/type"]
    assert "verdict" in problem["detail"]


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        ({**listed(), "type": "dream"}, "#/type"),
        ({"event_id": "e"}, "#/type"),
        (delisted(happened_at="2027-01-01T00:00:00Z"), "#/happened_at"),
        (delisted(happened_at="2026-11-20T08:00:00"), "#/happened_at"),
        (delisted(known_at=WHEN), "#/known_at"),
        (delisted(by="nobody"), "#/by"),
        (delisted(event_id=""), "#/event_id"),
        (listed(listing={"title": "Dép"}), "#"),
        (listed(listing={"listing_id": "l1"}), "#/listing/title"),
        (listed(seller={"seller_id": "s2"}), "#"),
        (listed(listing={"listing_id": "l1", "title": "Dép", "attributes": {"a/b": 10**30}}), "#/listing/attributes/a~1b"),
        ({"type": "activity", "event_id": "e", "happened_at": WHEN, "listing_id": "l", "orders": -1}, "#/orders"),
        ({"type": "activity", "event_id": "e", "happened_at": WHEN, "listing_id": "l", "orders": True}, "#/orders"),
        ({"type": "activity", "event_id": "e", "happened_at": WHEN, "listing_id": "l", "orders": 10**30}, "#/orders"),
        (None, "#"),
        ([], "#"),
        ("listed", "#"),
    ],
)  # fmt: skip
def test_a_bad_event_is_refused_with_its_place(service: Served, event: object, pointer: str) -> None:
    assert pointer in pointers(rejected(service, event))
    assert service.score({"listing": {"title": "Dép"}})["log_seq"] == 0


def test_a_phone_where_the_type_should_be_is_not_echoed(service: Served) -> None:
    response = service.post("/v1/observe", {"events": [delisted(type=fake_phone(), event_id="e")]})
    assert response.status_code == 200
    assert response.json()["rejected"]
    assert fake_phone() not in response.text


@pytest.mark.parametrize("body", [{}, {"events": []}, {"events": {}}, {"events": [delisted()], "known_at": WHEN}, []])
def test_a_body_that_holds_no_events_is_a_problem(service: Served, body: object) -> None:
    assert pointers(problem_of(service.post("/v1/observe", body), 422))
