"""The server as a user starts it: `counterfoil serve`, a process of its own, spoken to over a socket."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx
import pytest

from tests.instances import DEMO, fake_phone, problem_of
from tests.serve.processes import COUNTERFOIL, environment, running

pytestmark = pytest.mark.slow
LISTING = {"title": "Túi xách Gucci super fake full box", "price": {"amount": "450000", "currency": "VND"}}


def test_it_serves_scores_and_problems_and_ends_when_asked(tmp_path: Path) -> None:
    with running([COUNTERFOIL, "serve", "--bundle", str(DEMO)], tmp_path) as server:
        client = server.client
        answer = client.post("/v1/score", json={"listing": LISTING})
        assert answer.status_code == 200
        assert answer.json()["recommended_action"] == "review"
        assert answer.json()["reasons"]
        event = {"type": "listed", "event_id": "e", "happened_at": "2025-01-01T00:00:00Z", "seller_id": "s"}
        observed = client.post("/v1/observe", json={"events": [{**event, "listing": {**LISTING, "listing_id": "l"}}]})
        assert observed.json() == {"accepted": 1, "duplicates": 0, "rejected": []}
        assert client.post("/v1/score", json={"listing": LISTING}).json()["log_seq"] == 1
        for path in ("/livez", "/docs", "/openapi.json", "/v1/model"):
            assert client.get(path).status_code == 200, path

        problem_of(client.get("/nope"), 404)
        problem_of(client.get("/v1/nope/at/all"), 404)
        problem_of(client.get("/v1/score"), 405)
        problem_of(client.post("/v1/score", json={"listing": {}}), 422)
        problem_of(client.post("/v1/score", content=b"{"), 415)
        problem_of(client.post("/v1/score", content=b"{", headers={"content-type": "application/json"}), 400)
        problem_of(client.post("/v1/score", json={"listing": {"title": "a" * 2_000_000}}), 413)
        problem_of(client.post("/v1/score", json={"listing": LISTING, "call": fake_phone()}), 422)

        assert server.stop() in {0, -15, 143}
        with pytest.raises(httpx.ConnectError):
            client.get("/livez")
        said = server.log.read_text()
        assert "Traceback" not in said
        assert fake_phone() not in said
    assert (tmp_path / "var" / "counterfoil.db").is_file()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_an_address_that_others_can_reach_is_refused_in_a_sentence(tmp_path: Path, host: str) -> None:
    done = _refused(tmp_path, "--host", host, "--bundle", str(DEMO))
    assert repr(host) in done
    assert "loopback" in done


def test_a_bundle_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "empty" in _refused(tmp_path, "--bundle", "empty")


def _refused(folder: Path, *options: str) -> str:
    done = subprocess.run(
        [COUNTERFOIL, "serve", *options],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr
