from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from typer.testing import CliRunner

from counterfoil.cli.main import app
from counterfoil.cli.rows import NO_LINEAGE, Found, labelled, unseen
from counterfoil.errors import EvaluationRefused, MappingError
from counterfoil.model import learn
from tests.model import calibrated, small
from tests.ozon import write

ROWS = 240


@pytest.fixture(autouse=True)
def _quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_MLFLOW", "off")
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(learn, "ROUNDS", 10)


def run(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_evaluate_writes_one_report_in_three_forms(tmp_path: Path) -> None:
    file, out = write(tmp_path / "rows.csv", ROWS), tmp_path / "report"
    printed = run(
        "evaluate", calibrated.bundle_folder(), file, "--mapping", "ozon-ecup", "--out", out, "--splits", "--threads", 1
    )
    report = json.loads((out / "report.json").read_text())
    text, page = (out / "report.md").read_text(), (out / "report.html").read_text()
    assert report["rows"]["rows"] == ROWS
    assert report["rows"]["from"] == "rows.csv"
    assert report["label_meaning"].startswith("Moderators of the platform")
    assert NO_LINEAGE not in report["notes"]
    assert "The bundle was trained on another label" in text
    figures = report["figures"]
    assert figures["stated_rate"]["overall"]["sellers"] > 0
    assert figures["stated_rate"]["not_valid"] == {"drifted": figures["stated_rate"]["overall"]["rows"]}
    assert {"random", "seller"} <= set(figures["splits"])
    value = figures["ranking"]["auc"]["value"]
    assert f"| AUC | {value:.3f} (" in text
    assert f"{value:.3f} (" in page
    assert page.count("<svg") == 3
    assert "How well it ranks" in printed
    assert "picture:" not in text


def test_the_same_rows_and_seed_give_the_same_figures(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", 120)
    for name in ("a", "b"):
        run("evaluate", small.bundle_folder(), file, "--mapping", "ozon-ecup", "--out", tmp_path / name, "--no-splits")
    first, second = (json.loads((tmp_path / name / "report.json").read_text()) for name in ("a", "b"))
    assert first["figures"] == second["figures"]
    assert first["figures"]["splits"] is None


def test_compare_says_that_a_bundle_does_not_differ_from_itself(tmp_path: Path) -> None:
    file, bundle = write(tmp_path / "rows.csv", 120), small.bundle_folder()
    printed = run("compare", bundle, bundle, file, "--mapping", "ozon-ecup", "--out", tmp_path / "report")
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["figures"]["actions"]["changed"] == 0
    assert report["figures"]["verdict"] in (tmp_path / "report" / "report.html").read_text()
    assert "No measure differs beyond chance" in printed


def test_card_prints_the_card_with_its_curve_and_writes_it_as_a_page(tmp_path: Path) -> None:
    printed = run("card", small.bundle_folder(), "--out", tmp_path / "deep" / "card.html")
    assert "What the label means" in printed
    assert "Reliability, out of fold" in printed
    page = (tmp_path / "deep" / "card.html").read_text()
    assert small.MEANING in page
    assert page.count("<svg") >= 1


def test_a_file_without_a_mapping_or_beside_a_log_is_a_wrong_option(tmp_path: Path) -> None:
    bundle = small.bundle_folder()
    for words in (["x.csv"], [], ["x.csv", "--mapping", "tiki", "--log", "y"]):
        done = CliRunner().invoke(app, ["evaluate", str(bundle), *words])
        assert done.exit_code == 2
        assert "give a FILE with --mapping, or --log" in done.output
    with pytest.raises(MappingError, match=r"without a \[label\]"):
        labelled(tmp_path / "x.csv", "tiki", None)


def met(*seen: bool) -> Any:
    """A scorer whose bundle has met some of the rows."""
    lineage = SimpleNamespace(
        overlap=lambda about: {"seller": np.array(seen), "title": np.zeros(len(seen), dtype=bool)}
    )
    return SimpleNamespace(bundle=SimpleNamespace(lineage=lineage, manifest=SimpleNamespace(version=3)))


def found(count: int) -> Found:
    examples: list[Any] = [SimpleNamespace(about=number) for number in range(count)]
    return Found(examples, "1: made up", "file", "rows.csv", "own")


def test_rows_that_the_bundle_was_trained_on_are_refused_by_kind_with_the_way_out() -> None:
    with pytest.raises(EvaluationRefused, match=r"version 3 was trained on.*2 by seller.*--unseen-only"):
        unseen(found(3), met(True, False, True), unseen_only=False)


def test_with_unseen_only_such_rows_are_left_out_and_counted() -> None:
    rows = found(3)
    unseen(rows, met(True, False, True), unseen_only=True)
    assert [int(cast("Any", example.about)) for example in rows.examples] == [1]
    assert rows.met == {"seller": 2}
    assert rows.notes == []


def test_a_bundle_without_a_record_of_its_rows_is_used_with_a_loud_note() -> None:
    rows = found(2)
    unseen(rows, cast("Any", SimpleNamespace(bundle=SimpleNamespace(lineage=None))), unseen_only=False)
    assert len(rows.examples) == 2
    assert rows.notes == [NO_LINEAGE]
