"""A running instance for tests: the demo bundle, a store of its own, a clock that tests set, a client without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from fastapi.testclient import TestClient

from counterfoil.decide.policy import load_policy
from counterfoil.ingest.intake import ContactKey
from counterfoil.model.bundle import Bundle
from counterfoil.serve.app import create_app
from counterfoil.serve.instance import Instance
from counterfoil.store.store import Store

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "models" / "demo"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PROBLEM = "application/problem+json"


class Response(Protocol):
    """What tests read of an answer, whichever client got it."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    def json(self) -> Any: ...


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Served:
    """A client of one instance, and what stands behind it."""

    client: TestClient
    instance: Instance
    clock: Clock
    database: Path

    def post(self, path: str, body: object) -> Response:
        """A body as JSON; what JSON cannot carry is sent as its escape."""
        return self.raw(path, json.dumps(body).encode())

    def raw(self, path: str, body: bytes, content_type: str | None = "application/json") -> Response:
        """Bytes as they are."""
        headers = {"content-type": content_type} if content_type is not None else {}
        return self.client.post(path, content=body, headers=headers)

    def score(self, body: object) -> dict[str, Any]:
        """The answer to a score request that must be answered."""
        response = self.post("/v1/score", body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def observe(self, *events: object) -> dict[str, Any]:
        """What became of some events."""
        response = self.post("/v1/observe", {"events": list(events)})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def database_bytes(self) -> bytes:
        """Everything that the store has written so far."""
        return b"".join(path.read_bytes() for path in sorted(self.database.parent.glob(self.database.name + "*")))


@cache
def demo_bundle() -> Bundle:
    """The committed bundle, loaded once."""
    return Bundle.load(DEMO)


@contextmanager
def served(folder: Path, *, warm: bool = True) -> Iterator[Served]:
    """An instance on an empty store in a folder."""
    clock, database = Clock(), folder / "counterfoil.db"
    store = Store(f"sqlite:///{database}")
    instance = Instance(demo_bundle(), load_policy(), store, ContactKey("k1", bytes(range(32))), clock)
    if warm:
        instance.warm_up()
    with TestClient(create_app(instance), raise_server_exceptions=False) as client:
        yield Served(client, instance, clock, database)
    store.close()


def problem_of(response: Response, status: int) -> dict[str, Any]:
    """The problem that an answer must be, with the parts every problem has and none that it must not have."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["type"].startswith("/problems/")
    assert body["title"]
    assert body["detail"]
    for word in ("Traceback", 'File "', ".py", "pydantic"):
        assert word not in response.text
    for fault in body.get("errors", []):
        assert fault["pointer"].startswith("#")
        assert fault["detail"]
    return body


def pointers(problem: dict[str, Any]) -> list[str]:
    """The places that a problem names."""
    return [fault["pointer"] for fault in problem["errors"]]


def fake_phone(number: int = 1) -> str:
    """A phone number that nobody has, put together here so that none stands in the text of the repository."""
    return f"0900 000 {number:03d}"
