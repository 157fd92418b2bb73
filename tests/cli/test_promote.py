"""Promote, look, roll back: by the commands that a person types."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from counterfoil.cli.main import app
from counterfoil.errors import BundleMismatch, PromotionRefused, SettingsError
from counterfoil.model.bundle import Bundle
from counterfoil.model.fairness import flag_rates
from counterfoil.model.manifest import sha256_of
from counterfoil.model.promotion import fingerprint
from counterfoil.model.registry import Registry
from counterfoil.settings import CURRENT, DEMO, Settings
from tests.model import kept

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with two trainings in its registry."""
    folder = tmp_path_factory.mktemp("house")
    kept.keep(folder / "var", folder / "one")
    kept.keep(folder / "var", folder / "two")
    return folder


def log(house: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (house / "var" / "promotions.jsonl").read_text().splitlines()]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_promoting_and_rolling_back_move_the_bundle_the_alias_and_the_log(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(house)
    monkeypatch.setenv("COUNTERFOIL_VAR", "var")
    registry = Registry(Settings().mlflow_uri)
    assert Settings().bundle_path == DEMO

    done = run("promote", "1", "--why", "the first", "--by", "Hoa")
    assert done.exit_code == 0, done.output
    assert Settings().bundle_path == CURRENT
    assert registry.champion() == Bundle.load(CURRENT).manifest.version == 1
    assert run("promote", "2", "--why", "better at the top").exit_code == 0
    assert registry.champion() == Bundle.load(CURRENT).manifest.version == 2
    assert fingerprint(CURRENT) == sha256_of(house / "two" / "manifest.json")

    before = fingerprint(CURRENT)
    refused = run("promote", "7", "--why", "no such thing")
    assert isinstance(refused.exception, PromotionRefused)
    poisoned = next(path for path in (house / "var" / "mlartifacts").rglob("one/trees.txt"))
    text = poisoned.read_text()
    poisoned.write_text(text + "\n")
    assert isinstance(run("promote", "1", "--why", "tampered with").exception, BundleMismatch)
    assert fingerprint(CURRENT) == before
    assert registry.champion() == 2
    poisoned.write_text(text)

    assert run("promote", "--rollback", "--why", "alerts doubled").exit_code == 0
    assert registry.champion() == Bundle.load(CURRENT).manifest.version == 1
    assert isinstance(run("promote", "--rollback", "--why", "again").exception, PromotionRefused)

    told = log(house)
    assert [(one["kind"], one["version"], one["previous_version"]) for one in told] == [
        ("promotion", 1, None), ("promotion", 2, 1), ("rollback", 1, 2),
    ]  # fmt: skip
    assert (told[0]["who"], told[0]["why"]) == ("Hoa", "the first")
    manifest = Bundle.load(CURRENT).manifest
    assert told[2]["bundle_sha256"] == fingerprint(CURRENT)
    assert told[2]["data_sha256"] == manifest.training["data_sha256"]
    assert told[2]["metrics"]["auc"] == manifest.metrics["cross_validated_by_seller"]["auc"]["value"]
    assert told[2]["run_id"] == manifest.run_id


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_an_unfair_model_comes_in_only_for_a_reason_that_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ones, sellers = np.ones(1_000, dtype=np.bool_), np.arange(1_000)
    parts = {"small_shop": sellers < 200, "second_hand": sellers >= 900}
    often, watch = sellers % 200 < 40, (sellers % 250 == 0) | (sellers >= 998)  # 40 of 200; 2 of 100 against 6 of 1,000
    fair = flag_rates(watch, ones, parts, sellers, draws=200)
    unfair = flag_rates(often & parts["small_shop"], ones, parts, sellers, draws=200)
    kept.keep(tmp_path / "var", tmp_path / "fair", fair)
    kept.keep(tmp_path / "var", tmp_path / "unfair", unfair)
    kept.keep(tmp_path / "var", tmp_path / "silent")
    monkeypatch.chdir(tmp_path)
    # By its full path: MLflow keeps a store open under its address, and another test has a folder of the same short name.
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))

    noted = run("promote", "1", "--why", "the first", "--override-fairness", "not needed")
    assert noted.exit_code == 0, noted.output
    assert "watch second_hand: " in noted.output

    refused = run("promote", "2", "--why", "more recall")
    assert isinstance(refused.exception, PromotionRefused)
    assert "small_shop: 20.00%" in str(refused.exception)
    assert Registry(Settings().mlflow_uri).champion() == Bundle.load(CURRENT).manifest.version == 1
    assert len(log(tmp_path)) == 1

    let_in = run("promote", "2", "--why", "more recall", "--override-fairness", " a recall of toys ")
    assert let_in.exit_code == 0, let_in.output
    assert "small_shop" in let_in.output
    silent = run("promote", "3", "--why", "the next")
    assert "no fairness figures" in silent.output
    # The way back to what was let in is not argued about again.
    assert run("promote", "--rollback", "--why", "alerts doubled").exit_code == 0
    assert [(one["version"], one["fairness_override"]) for one in log(tmp_path)] == [
        (1, None), (2, "a recall of toys"), (3, None), (2, None),
    ]  # fmt: skip


@pytest.mark.parametrize("words", [(), ("1", "--rollback")])
def test_a_version_and_a_rollback_exclude_each_other(words: tuple[str, ...]) -> None:
    done = run("promote", *words, "--why", "x")
    assert done.exit_code == 2
    assert "VERSION" in done.output


def test_a_reason_is_asked_for() -> None:
    assert run("promote", "1").exit_code == 2
    assert "the reason" in run("promote", "1", "--why", "  ").output
    assert "the reason" in run("promote", "1", "--why", "x", "--override-fairness", " ").output


def test_with_mlflow_off_there_is_nothing_to_promote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_MLFLOW", "off")
    assert isinstance(run("promote", "1", "--why", "x").exception, PromotionRefused)


@pytest.mark.parametrize("uri", ["off", "http://127.0.0.1:9", ""])
def test_the_page_opens_on_runs_that_are_here_and_else_says_why_not(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_MLFLOW", uri)
    assert isinstance(run("ui").exception, SettingsError)


def test_the_page_is_mlflow_s_on_the_loopback_address_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path))
    (tmp_path / "mlflow.db").touch()
    called: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr("os.execve", lambda *what: called.append(what))
    assert run("ui", "--port", "5011").exit_code == 0
    ((_, command, environment),) = called
    assert command[1:4] == ["-m", "mlflow", "ui"]
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "5011"
    assert command[command.index("--backend-store-uri") + 1] == f"sqlite:///{tmp_path / 'mlflow.db'}"
    assert environment["MLFLOW_DISABLE_TELEMETRY"] == "true"
