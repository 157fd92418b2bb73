"""The Bento: what `bentoml build` packs, that it is small, and that it scores as the command line does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.instances import ROOT
from tests.serve.bodies import contract_example
from tests.serve.processes import COUNTERFOIL, environment, running

MAX_MEGABYTES = 20


def pinned(text: str) -> dict[str, str]:
    """The versions that a text pins, by package."""
    return dict(re.findall(r"^[\s\-\"]*([a-z0-9\-]+)==([\w.]+)\"?$", text, re.MULTILINE))


def test_the_packages_of_the_bento_are_those_of_the_lock() -> None:
    packed = pinned((ROOT / "bentofile.yaml").read_text())
    locked = pinned((ROOT / "constraints.txt").read_text())
    assert {"bentoml", "fastapi", "lightgbm", "sqlalchemy", "tzdata"} <= set(packed)
    assert packed == {name: locked.get(name) for name in packed}


@pytest.mark.slow
def test_a_built_bento_scores_as_the_command_line_does(tmp_path: Path) -> None:
    example = contract_example()
    example["listing"] |= {"created_at": "2025-03-01T03:10:00Z", "observed_at": "2025-03-23T15:01:07Z"}
    example["seller"]["registered_at"] = "2025-02-27T00:00:00Z"
    example["options"]["include"] = ["reasons:all", "features"]
    alone = {"listing": {"title": "Túi vải canvas trơn"}, "options": {"include": ["features"]}}
    bodies = [example, alone]

    _run([sys.executable, "-m", "bentoml", "build"], tmp_path, cwd=ROOT)
    bento = next((tmp_path / "bentoml" / "bentos" / "counterfoil").glob("*/bento.yaml")).parent
    files = [path for path in bento.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MAX_MEGABYTES * 1_000_000
    assert not [path for path in files if path.suffix in {".pyc", ".db", ".key", ".pkl"}]
    assert (bento / "src" / "models" / "demo" / "manifest.json").is_file()

    scored = []
    for number, body in enumerate(bodies):
        (tmp_path / f"{number}.jsonl").write_text(json.dumps(body) + "\n")
        model = str(bento / "src" / "models" / "demo")
        _run(
            [COUNTERFOIL, "score", f"{number}.jsonl", "--bundle", model, "--out", f"out{number}", "--reasons", "all"],
            tmp_path,
        )
        scored.append(json.loads((tmp_path / f"out{number}" / "decisions.jsonl").read_text()))

    command = [sys.executable, "-m", "bentoml", "serve", "counterfoil:latest", "--host", "127.0.0.1"]
    with running(command, tmp_path) as server:
        served = [server.client.post("/v1/score", json=body).json() for body in bodies]
        assert server.client.get("/openapi.json").json()["info"]["version"]
    for mine, theirs in zip(served, scored, strict=True):
        assert mine["probability"] == theirs["probability"]
        assert mine["features"] == theirs["features"]
        assert mine["score"] == theirs["score"]
        assert mine["recommended_action"] == theirs["recommended_action"]
        assert mine["model"] == theirs["model"]
    assert served[0]["reasons"] == scored[0]["reasons"]
    assert served[0]["probability"] != served[1]["probability"]


def _run(command: list[str], folder: Path, cwd: Path | None = None) -> None:
    done = subprocess.run(
        command, cwd=cwd or folder, env=environment(folder), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
