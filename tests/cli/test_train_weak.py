from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
import typer
from typer.testing import CliRunner

from counterfoil.answer import Served, answer
from counterfoil.cli import train as module
from counterfoil.decide.policy import load_policy
from counterfoil.errors import TrainingRefused
from counterfoil.history.fold import Fold
from counterfoil.model import learn
from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Scorer
from tests.model import small
from tests.model.test_weak import crawl
from tests.worlds import at, subject


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COUNTERFOIL_MLFLOW", "off")
    monkeypatch.setattr(learn, "ROUNDS", 5)
    app = typer.Typer()
    app.command()(module.train)

    def invoke(*words: object) -> Any:
        done = CliRunner().invoke(
            app, [*map(str, words), "--encoder", str(small.encoder_folder())], env={"COLUMNS": "220"}
        )
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return invoke


def bodies(folder: Path, language: str | None = None) -> Path:
    """The made-up crawl as a file of score bodies."""
    rows = []
    for entry in crawl():
        shown = entry.subject
        listing = {
            **shown.listing.model_dump(mode="json", exclude_none=True),
            "observed_at": entry.known_at.isoformat(),
        }
        if language is not None:
            listing["language"] = language
        assert shown.seller is not None
        body = {"listing": listing, "seller": shown.seller.model_dump(mode="json", exclude_none=True)}
        rows.append(orjson.dumps(body))
    path = folder / "crawl.jsonl"
    path.write_bytes(b"\n".join(rows) + b"\n")
    return path


@pytest.mark.slow
def test_a_crawl_without_labels_makes_a_bundle_in_one_command_and_its_answers_say_what_it_is(
    run: Any, tmp_path: Path
) -> None:
    done = run("--weak", bodies(tmp_path), "--out", tmp_path / "weak", "--prior", 0.2, "--threads", 1)
    assert done.exit_code == 0, done.output
    assert "Weakly supervised" in done.output
    bundle = Bundle.load(tmp_path / "weak")
    assert bundle.manifest.label.source == "weak"
    assert bundle.manifest.training["weak"]["prior"] == 0.2
    about = Fold().about(subject(crawl()[0].subject.listing), at(0))
    (decision,) = Scorer(bundle, load_policy()).decide([about])
    body = answer(decision, bundle, Served(at(0), 0, at(0), 1.0), ("reasons",))
    assert body["guarantee"]["valid"] is False
    assert body["guarantee"]["reason"] == "weak_labels"
    assert "guarantee_not_valid" in body["degraded"]


def test_a_crawl_in_a_language_that_no_rule_reads_is_refused_and_leaves_no_bundle(run: Any, tmp_path: Path) -> None:
    with pytest.raises(TrainingRefused, match="240 more are in no language that the rules read"):
        run("--weak", bodies(tmp_path, "zh-Hant"), "--out", tmp_path / "weak")
    assert not (tmp_path / "weak").exists()


def test_a_file_and_a_log_at_once_are_refused(run: Any, tmp_path: Path) -> None:
    path = bodies(tmp_path)
    assert run("--weak", path, "--log", path, "--out", tmp_path / "weak").exit_code == 2
    assert run("--weak", "--out", tmp_path / "weak").exit_code == 2
    assert run(path, "--out", tmp_path / "weak").exit_code == 2
