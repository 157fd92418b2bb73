"""`counterfoil train --trials`: refused before it reads anything, or searched, kept in MLflow and told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from counterfoil.cli.main import app
from counterfoil.errors import TrainingRefused
from counterfoil.model import learn
from counterfoil.model.manifest import read_manifest
from tests.model import small
from tests.ozon import write

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")


def run(*words: object) -> Result:
    given = ["train", *map(str, words), "--mapping", "ozon-ecup", "--encoder", str(small.encoder_folder())]
    return CliRunner().invoke(app, [*given, "--threads", "1"], catch_exceptions=False)


def test_a_budget_without_trials_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path / "none.csv", "--out", tmp_path / "out", "--budget", 60)
    assert done.exit_code == 2
    assert "give --trials too" in done.output


def test_without_optuna_it_is_refused_before_the_file_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(TrainingRefused, match="the extra `analysis`"):
        run(tmp_path / "none.csv", "--out", tmp_path / "out", "--trials", 2)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # MLflow and what it imports warn about themselves
def test_a_search_is_told_in_the_terminal_the_manifest_and_mlflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow import MlflowClient

    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COUNTERFOIL_MLFLOW", uri)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setattr(learn, "ROUNDS", 5)
    done = run(write(tmp_path / "rows.csv", 900), "--out", tmp_path / "out", "--trials", 3)
    assert done.exit_code == 0, done.output
    manifest = read_manifest(tmp_path / "out")
    account = manifest.parameters["search"]
    assert account["trials"] == 3
    assert account["chosen_on_groups"] + account["reported_on_groups"] == manifest.training["sellers"]
    assert f"these figures are of the {account['reported_on_groups']}" in " ".join(done.output.split())
    client = MlflowClient(uri)
    below = client.search_runs(["1"], f"tags.`mlflow.parentRunId` = '{manifest.run_id}'")
    trials = {one.info.run_name: one for one in below}
    assert set(trials) == {"trial 0", "trial 1", "trial 2"}
    values = [one.data.metrics["choosing_average_precision"] for one in trials.values()]
    assert max(values) == pytest.approx(account["best"]["average_precision"], abs=1e-4)
    assert trials["trial 0"].data.params["num_leaves"] == str(learn.PARAMETERS["num_leaves"])
    kept = client.get_run(manifest.run_id or "")
    assert kept.data.params["search"] == str(account)
    assert kept.data.metrics["auc"] == manifest.metrics["cross_validated_by_seller"]["auc"]["value"]
    assert kept.info.status == "FINISHED"
