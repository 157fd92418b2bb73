"""Whatever is sent, the answer is a clear problem or a score: never a 500, never a trace, never a contact given back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.instances import Served, fake_phone, pointers, problem_of, served
from tests.serve.bad_bodies import REFUSED, body


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One instance for all: a refused body must leave nothing behind that the next one could notice."""
    with served(tmp_path_factory.mktemp("served")) as one:
        yield one


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_body_is_refused_with_its_places(service: Served, name: str) -> None:
    content, status, places = REFUSED[name]
    problem = problem_of(service.raw("/v1/score", content), status)
    assert sorted(pointers(problem)) == places if places else "errors" not in problem


@pytest.mark.parametrize("name", [name for name, (_, status, _) in REFUSED.items() if status == 400])
def test_what_is_not_json_is_refused_by_observe_too(service: Served, name: str) -> None:
    problem_of(service.raw("/v1/observe", REFUSED[name][0]), 400)


@pytest.mark.parametrize("path", ["/v1/score", "/v1/observe"])
def test_a_title_of_10_mb_is_too_large(service: Served, path: str) -> None:
    content = json.dumps(body(title="a" * 10_000_000)).encode()
    assert problem_of(service.raw(path, content), 413)["type"] == "/problems/payload-too-large"


def test_a_body_of_exactly_the_limit_is_read(service: Served) -> None:
    content = json.dumps(body()).encode()
    assert service.raw("/v1/score", content + b" " * (1_048_576 - len(content))).status_code == 200
    problem_of(service.raw("/v1/score", content + b" " * (1_048_577 - len(content))), 413)


@pytest.mark.parametrize(
    "declared", [None, "", "text/plain", "application/jsonx", "application/x-www-form-urlencoded", "json", "x" * 5_000]
)
@pytest.mark.parametrize("path", ["/v1/score", "/v1/observe"])
def test_another_content_type_or_none_is_refused(service: Served, path: str, declared: str | None) -> None:
    response = service.raw(path, b'{"listing": {"title": "a"}}', declared)
    assert problem_of(response, 415)["type"] == "/problems/unsupported-media-type"
    assert len(response.content) < 1_000


@pytest.mark.parametrize("declared", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_be_declared_with_its_charset(service: Served, declared: str) -> None:
    assert service.raw("/v1/score", json.dumps(body()).encode(), declared).status_code == 200


@pytest.mark.parametrize(
    "listing",
    [
        {"title": "\u200b"},
        {"title": "👍" * 2_000},
        {"title": "a" + "\u0301" * 1_900},
        {"title": "\U000e0041" * 50},
        {"title": "a", "description": "0" * 100_000},
        {"title": "a", "gtins": ["", "0", "abc", "9" * 500]},
        {"title": "a", "price": {"amount": 0, "currency": "VND", "list_amount": "0"}},
        {"title": "a", "price": {"amount": "999999999999999", "currency": "VND", "pack_quantity": 100_000}},
        {"title": "a", "stats": {"rating_counts": {"": 1, "-5": 2, "9" * 400: 10**12}}},
        {"title": "a", "created_at": "1970-01-01T00:00:00+14:00", "observed_at": "1970-01-01T00:00:00-12:00"},
        {"title": "a", "category_path": [""] * 20, "brand": " ", "language": "xx"},
    ],
)
def test_what_is_strange_but_allowed_is_scored(service: Served, listing: dict[str, Any]) -> None:
    include = ["reasons:all", "checks", "features", "contributions"]
    answer = service.score({"listing": listing, "options": {"include": include}})
    assert 0 < answer["probability"] < 1


def _with_phone(phone: str) -> dict[str, dict[str, Any]]:
    seller = {"seller_id": "s"}
    return {
        "an unknown field": body(**{f"call {phone}": 1}),
        "an unknown field's value": body(hotline=phone),
        "an unknown kind of contact": {**body(), "seller": {**seller, "contacts": [{"kind": phone, "value": phone}]}},
        "a contact that is too long": {
            **body(),
            "seller": {**seller, "contacts": [{"kind": "phone", "value": phone * 50}]},
        },
        "a contact sent as a hash": {**body(), "seller": {**seller, "contact_hashes": [phone]}},
        "a seller that is a phone": {**body(), "seller": phone},
        "an amount": body(price={"amount": phone, "currency": "VND"}),
        "a currency": body(price={"amount": "1", "currency": phone}),
        "a time": body(observed_at=phone),
        "a condition": body(condition=phone),
        "a count": body(stats={"sold_count": phone}),
        "an attribute beside a fault": body(attributes={f"sđt {phone}": "\x00"}),
        "a policy": {**body(), "options": {"policy": phone}},
        "an include": {**body(), "options": {"include": [phone]}},
    }


@pytest.mark.parametrize("name", _with_phone(""))
def test_a_contact_in_the_wrong_place_is_not_given_back(
    service: Served, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    response = service.post("/v1/score", _with_phone(fake_phone())[name])
    problem_of(response, 422)
    for spelling in (fake_phone(), fake_phone().replace(" ", "")):
        assert spelling not in response.text
        assert spelling not in caplog.text


_TEXTS = st.text(max_size=8) | st.sampled_from(
    ["VND", "2026-11-01T08:00:00Z", "390000", "default", "reasons:all", "listed", "-1", "NaN", "\x00"]
)
_NAMES = st.text(max_size=3) | st.sampled_from(
    [
        "listing", "seller", "options", "title", "price", "amount", "currency", "attributes", "stats", "rating_counts",
        "contacts", "observed_at", "include", "policy", "as_of", "events", "type", "event_id", "happened_at", "seller_id",
        "gtins", "images", "category_path", "listing_id",
    ]
)  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)
_NEARLY = st.fixed_dictionaries(
    {"listing": st.fixed_dictionaries({"title": _TEXTS}, optional={
        "price": st.fixed_dictionaries({"amount": _JSON, "currency": st.just("VND")}),
        "attributes": st.dictionaries(_NAMES, _JSON, max_size=3), "gtins": st.lists(_TEXTS, max_size=2),
        "stats": _JSON, "category_path": st.lists(_TEXTS, max_size=2), "brand": _TEXTS,
    })},
    optional={"seller": st.fixed_dictionaries({"seller_id": _TEXTS}, optional={"contacts": _JSON, "stats": _JSON})},
)  # fmt: skip
_SIGHTINGS = st.fixed_dictionaries({
    "type": st.just("listed"), "event_id": _TEXTS, "happened_at": st.just("2026-11-01T08:00:00Z"), "seller_id": _TEXTS,
    "listing": st.fixed_dictionaries(
        {"listing_id": _TEXTS, "title": _TEXTS}, optional={"attributes": st.dictionaries(_NAMES, _JSON, max_size=3)}
    ),
})  # fmt: skip
_ANSWERS = {200, 400, 413, 415, 422}


@given(_JSON | _NEARLY)
def test_any_json_is_scored_or_refused(service: Served, value: object) -> None:
    response = service.post("/v1/score", value)
    assert response.status_code in _ANSWERS
    if response.status_code != 200:
        problem_of(response, response.status_code)


@given(st.lists(_JSON | _SIGHTINGS, min_size=1, max_size=4))
def test_any_events_are_taken_or_refused_one_by_one(service: Served, events: list[object]) -> None:
    response = service.post("/v1/observe", {"events": events})
    assert response.status_code in _ANSWERS
    if response.status_code == 200:
        done = response.json()
        assert done["accepted"] + done["duplicates"] + len(done["rejected"]) == len(events)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused(service: Served, content: bytes) -> None:
    response = service.raw("/v1/score", content)
    assert response.status_code in {400, 422}
    problem_of(response, response.status_code)


def test_after_all_that_the_instance_still_scores(service: Served) -> None:
    assert service.score(body())["status"] == "evaluated"
