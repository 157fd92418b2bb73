from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from counterfoil.model.bundle import Bundle
from counterfoil.model.manifest import Manifest, files_below, read_manifest, sha256_of
from tests.batch.jobs import decisions, read, report

pytestmark = pytest.mark.slow
ENCODER = Path(__file__).parents[2] / "models" / "encoder"
LISTINGS = 3_000


def run(folder: Path, *words: object) -> str:
    """A verb in a process of its own, as a user would run it in `folder`."""
    code = "import sys; from counterfoil.cli.main import main; sys.argv[0] = 'counterfoil'; main()"
    environment = {**os.environ, "COUNTERFOIL_VAR": str(folder / "var"), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated market, ingested, a bundle trained on the log, and the market scored with it."""
    folder = tmp_path_factory.mktemp("loop")
    run(folder, "synth", "--listings", LISTINGS, "--seed", 11, "--out", "market")
    run(folder, "ingest", "market/events.jsonl")
    log = "sqlite:///var/counterfoil.db"
    run(folder, "train", "--log", log, "--encoder", ENCODER, "--out", "bundle", "--note", "A simulated market.")
    run(folder, "score", "market/listings.jsonl", "--bundle", "bundle", "--out", "out")
    return folder


@pytest.fixture(scope="module")
def manifest(folder: Path) -> Manifest:
    return read_manifest(folder / "bundle")


def test_the_simulated_log_makes_a_bundle_that_loads_and_says_where_it_comes_from(
    folder: Path, manifest: Manifest
) -> None:
    assert Bundle.load(folder / "bundle").columns.names == list(manifest.features)
    assert manifest.label.source == "log"
    assert manifest.label.meaning.startswith("A simulated market.")
    assert manifest.training["split"] == "seller+time"
    assert manifest.training["rows"] + manifest.training["dropped"]["unripe"] == LISTINGS
    assert manifest.training["positives"] >= 20


def test_the_model_ranks_sellers_it_has_not_seen_better_than_a_word_list(manifest: Manifest) -> None:
    metrics = manifest.metrics
    auc = metrics["cross_validated_by_seller"]["auc"]
    assert auc["value"] > 0.7
    assert auc["low"] < auc["value"] < auc["high"]
    assert auc["value"] > metrics["baselines"]["keyword"]["auc"]["value"]


def test_the_run_is_in_mlflow_with_parameters_metrics_hashes_and_the_bundle(folder: Path, manifest: Manifest) -> None:
    engine = create_engine(f"sqlite:///{folder / 'var' / 'mlflow.db'}")
    with engine.connect() as connection:

        def pairs(table: str) -> dict[str, object]:
            rows = connection.execute(text(f"SELECT key, value FROM {table} WHERE run_uuid = :run"), {"run": run_id})
            return {row.key: row.value for row in rows}

        run_id, status = connection.execute(text("SELECT run_uuid, status FROM runs")).one()
        version, kept_run = connection.execute(text("SELECT version, run_id FROM model_versions")).one()
        parameters, metrics, tags = pairs("params"), pairs("metrics"), pairs("tags")
    engine.dispose()
    assert (run_id, status) == (manifest.run_id, "FINISHED")
    assert parameters["num_leaves"] == str(manifest.parameters["num_leaves"])
    assert set(map(str, manifest.parameters)) <= set(parameters)
    assert metrics["auc"] == manifest.metrics["cross_validated_by_seller"]["auc"]["value"]
    assert metrics["baseline_keyword_auc"] == manifest.metrics["baselines"]["keyword"]["auc"]["value"]
    assert metrics["rows"] == manifest.training["rows"]
    assert tags["data_sha256"] == manifest.training["data_sha256"]
    assert tags["feature_schema"] == manifest.feature_schema
    assert (version, kept_run) == (manifest.version, run_id)
    (kept,) = [path.parent for path in (folder / "var" / "mlartifacts").rglob("manifest.json")]
    assert files_below(kept) == files_below(folder / "bundle")
    assert sha256_of(kept / "manifest.json") == sha256_of(folder / "bundle" / "manifest.json")


def test_the_trained_bundle_scores_the_market_with_every_row_accounted_for(folder: Path, manifest: Manifest) -> None:
    found = report(folder / "out")
    rows = len((folder / "market" / "listings.jsonl").read_bytes().splitlines())
    assert found["rows_read"] == rows == found["accepted"] + found["duplicates"] + found["rejected"]
    assert found["rejected"] == 0
    assert found["model"]["run_id"] == manifest.run_id
    assert found["label_meaning"] == manifest.label.meaning
    answers = decisions(folder / "out")
    assert len(answers) == found["accepted"]
    assert all(0 < answer["probability"] < 1 for answer in answers)
    assert len({answer["probability"] for answer in answers}) > 100


def test_what_the_model_ranks_high_is_more_often_what_it_should_find(folder: Path) -> None:
    truth = {row["listing_id"]: row for row in read(folder / "market" / "truth.jsonl")}
    answers = sorted(decisions(folder / "out"), key=lambda answer: -answer["probability"])
    bad = [bool(truth[answer["listing_id"]]["counterfeit"]) for answer in answers]
    top = bad[: len(bad) // 20]
    assert sum(top) / len(top) > 3 * sum(bad) / len(bad)
