"""What stands beside scoring: the model, health, the document, and paths that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from counterfoil.serve.app import create_app
from tests.instances import Served, problem_of, served


def references(node: Any) -> Iterator[str]:
    """Every `$ref` of a document."""
    if isinstance(node, dict):
        for name, part in node.items():
            if name == "$ref":
                yield part
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def test_the_live_model_says_what_its_label_means_and_how_it_did(service: Served) -> None:
    response = service.client.get("/v1/model")
    assert response.status_code == 200
    card = response.json()
    named = service.score({"listing": {"title": "Dép"}})["model"]
    assert {name: card[name] for name in named} == named
    assert card["label"]["meaning"]
    assert card["features"] == service.instance.bundle.columns.names
    assert {"cross_validated_by_seller", "reliability", "baselines"} <= set(card["metrics"])
    assert card["guarantee"]["valid"] is True
    assert "all" in {one["segment"] for one in card["guarantee"]["segments"]}
    assert card["policy"]["name"] == "default"
    jsonschema = pytest.importorskip("jsonschema")
    document = service.client.get("/openapi.json").json()
    schema = {"$ref": "#/components/schemas/ModelCard", "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(card)


def test_it_lives_at_once_and_is_ready_after_the_first_score(tmp_path: Path) -> None:
    with served(tmp_path, warm=False) as service:
        assert service.client.get("/livez").status_code == 200
        assert service.client.get("/readyz").status_code == 503
        service.instance.warm_up()
        assert service.client.get("/readyz").status_code == 200


def test_without_a_model_it_lives_and_says_that_it_cannot_score() -> None:
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        assert client.get("/livez").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/docs").status_code == 200
        problem = problem_of(client.post("/v1/score", json={"listing": {"title": "Dép"}}), 503)
        assert problem["type"] == "/problems/model-unavailable"
        problem_of(client.get("/v1/model"), 503)


def test_the_document_is_whole(service: Served) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    document = service.client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {"/v1/score", "/v1/observe", "/v1/model", "/livez", "/readyz"} == set(document["paths"])
    names = document["components"]["schemas"]
    for schema in names.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    found = set(references(document))
    assert found
    for reference in found:
        head, _, name = reference.rpartition("/")
        assert head == "#/components/schemas"
        assert name in names
    operations = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(operations) == len(set(operations))
    for path in ("/v1/score", "/v1/observe"):
        assert {"200", "400", "413", "415", "422", "500", "503"} == set(document["paths"][path]["post"]["responses"])


@pytest.mark.parametrize(("path", "model"), [("/v1/score", "ScoreRequest"), ("/v1/observe", "ObserveRequest")])
def test_the_examples_of_the_document_keep_its_schema_and_replay(service: Served, path: str, model: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    document = service.client.get("/openapi.json").json()
    body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["$ref"].endswith(f"/{model}")
    schema = {**body["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(body["example"])
    response = service.post(path, body["example"])
    assert response.status_code == 200
    assert response.json().get("rejected", []) == []


def test_the_page_of_the_document_asks_no_address_outside(service: Served) -> None:
    page = service.client.get("/docs").text
    assert re.findall(r"(?:https?:)?//[\w.]+", page) == []
    assets = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(assets) >= 2
    for asset in assets:
        response = service.client.get(asset)
        assert response.status_code == 200, asset
        assert response.content
    css = next(asset for asset in assets if asset.endswith(".css"))
    assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", service.client.get(css).text)


@pytest.mark.parametrize("path", ["/", "/nope", "/v1", "/v1/nope", "/v1/score/", "/v2/score", "/docs-assets/none.js"])
def test_an_unknown_path_is_a_problem(service: Served, path: str) -> None:
    assert problem_of(service.client.get(path), 404)["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/score", "POST"),
        ("DELETE", "/v1/score", "POST"),
        ("PUT", "/v1/observe", "POST"),
        ("POST", "/v1/model", "GET"),
        ("PATCH", "/livez", "GET"),
        ("POST", "/docs", "GET"),
    ],
)
def test_a_method_that_a_path_does_not_know_is_a_problem_that_names_those_it_knows(
    service: Served, method: str, path: str, allowed: str
) -> None:
    response = service.client.request(method, path)
    assert problem_of(response, 405)["type"] == "/problems/method-not-allowed"
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "BREW"])
def test_a_strange_method_is_a_problem(service: Served, method: str) -> None:
    problem_of(service.client.request(method, "/v1/score"), 405)


def test_an_error_of_ours_is_a_problem_without_its_cause(service: Served, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Any:
        raise RuntimeError("secret of the house")

    service.instance.clock = broken
    response = service.post("/v1/score", {"listing": {"title": "Dép"}})
    problem = problem_of(response, 500)
    assert "secret" not in response.text
    assert problem["instance"] in caplog.text


def test_the_page_of_the_document_understands_its_version(service: Served) -> None:
    version = service.client.get("/openapi.json").json()["openapi"]
    script = service.client.get("/docs-assets/swagger-ui-bundle.js")
    assert script.status_code == 200
    assert f"openapi: {version.rpartition('.')[0]}." in script.text
