from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from counterfoil.cli import main as cli
from counterfoil.features.reference import markdown
from counterfoil.ingest.mapping import shipped_mappings
from tests.batch.jobs import body, decisions, lines, report
from tests.model import small

HEAVY = [
    "pandas", "lightgbm", "mlflow", "bentoml", "torch", "sklearn", "scipy", "pyarrow", "sentence_transformers",
    "fastapi",
]  # fmt: skip
VERBS = [
    "score",
    "train",
    "serve",
    "ingest",
    "synth",
    "features",
    "evasion",
    "lexicon",
    "codes",
    "mapping",
    "encoder",
    "db",
]


EVENT = {
    "type": "listed",
    "event_id": "e1",
    "happened_at": "2026-01-01T00:00:00Z",
    "known_at": "2026-01-01T00:00:00Z",
    "seller_id": "s1",
    "listing": {"listing_id": "l1", "title": "Áo"},
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("COUNTERFOIL_BUNDLE", "COUNTERFOIL_STORE", "COUNTERFOIL_POLICY"):
        monkeypatch.delenv(name, raising=False)


def told(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Exit code and what was printed, as a shell would see it."""
    before = sys.argv
    sys.argv = ["counterfoil", *map(str, words)]
    try:
        cli.main()
        code: object = 0
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.argv = before
    printed = capsys.readouterr()
    return (code if isinstance(code, int) else 0), printed.out, printed.err


def sentence(err: str) -> str:
    """What went wrong, and nothing of how the code is made."""
    assert err.strip()
    assert "Traceback" not in err
    assert "site-packages" not in err
    return " ".join(err.split())


def score(*files: Path, out: Path, more: Sequence[object] = ()) -> list[object]:
    return ["score", *files, "--out", out, "--bundle", small.bundle_folder(), *more]


def test_the_command_line_is_imported_without_anything_heavy() -> None:
    code = f"import sys, counterfoil.cli.main; print(sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_lists_every_verb_and_each_verb_helps() -> None:
    runner = CliRunner()
    listed = runner.invoke(cli.app, ["--help"])
    assert listed.exit_code == 0
    for verb in VERBS:
        assert verb in listed.output
        assert runner.invoke(cli.app, [verb, "--help"]).exit_code == 0


def test_rejected_rows_are_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = lines(tmp_path / "a.jsonl", body(1), b"{", body(2))
    code, out, err = told(capsys, *score(source, out=tmp_path / "out"))
    assert code == 0, err
    assert "3 rows read: 2 accepted, 0 duplicates, 1 rejected" in " ".join(out.split())
    assert len(decisions(tmp_path / "out")) == 2


def test_a_file_that_cannot_be_read_ends_with_3_and_the_others_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = lines(tmp_path / "a.jsonl", body(1))
    code, _, err = told(capsys, *score(good, tmp_path / "nowhere.jsonl", out=tmp_path / "out"))
    assert code == 3
    assert "nowhere.jsonl" in sentence(err)
    assert report(tmp_path / "out")["accepted"] == 1


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--policy", "strict"], "got policy 'strict'"),
        (["--mapping", "lazada"], "lazada"),
        (["--as-of", "yesterday"], "--as-of"),
        (["--as-of", "2026-01-01T00:00:00"], "--as-of"),
        (["--format", "xlsx"], "--format"),
        (["--store", "mysql://nowhere/x"], "mysql"),
        (["--bundle", "nowhere"], "counterfoil train"),
    ],
)
def test_a_wrong_option_ends_with_2_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], named: str
) -> None:
    source = lines(tmp_path / "a.jsonl", body(1))
    code, _, err = told(capsys, *score(source, out=tmp_path / "out", more=more))
    assert code == 2
    assert named in sentence(err)
    assert not (tmp_path / "out").exists()


def test_an_interruption_ends_with_130_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterfoil.batch import run

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "_decide", interrupt)
    code, _, err = told(capsys, *score(lines(tmp_path / "a.jsonl", body(1)), out=tmp_path / "out"))
    assert code == 130
    assert "nothing was left half-written" in sentence(err)
    assert not list(tmp_path.glob("*out*"))


def test_the_time_of_rows_without_one_can_be_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = lines(tmp_path / "a.jsonl", body(1))
    command = score(source, out=tmp_path / "out", more=["--as-of", "2026-03-04T05:06:07+07:00"])
    assert told(capsys, *command)[0] == 0
    assert decisions(tmp_path / "out")[0]["as_of"] == "2026-03-03T22:06:07Z"
    assert report(tmp_path / "out")["known_at"] == "as_of"


def test_features_prints_the_catalogue_for_people_and_for_the_docs() -> None:
    runner = CliRunner()
    assert runner.invoke(cli.app, ["features", "--format", "markdown"]).output == markdown()
    table = runner.invoke(cli.app, ["features"])
    assert table.exit_code == 0
    assert "cheaper_by" in table.output


def test_mapping_list_names_every_shipped_mapping_and_its_label(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "mapping", "list")
    assert code == 0
    for mapping in shipped_mappings():
        assert mapping.name in out
    assert "The platform took the listing down later" in out


@pytest.mark.parametrize("verb", ["draft", "check"])
def test_mapping_verbs_tell_of_a_missing_file_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    more = ["--mapping", "tiki"] if verb == "check" else []
    code, _, err = told(capsys, "mapping", verb, tmp_path / "nowhere.csv", *more)
    assert code == 3
    assert "nowhere.csv" in sentence(err)


def test_mapping_verbs_tell_of_a_misfit_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    code, _, err = told(capsys, "mapping", "check", tmp_path / "a.csv", "--mapping", "tiki")
    assert code == 2
    assert "got no column" in sentence(err)


def test_there_is_one_way_in_which_errors_are_told() -> None:
    folder = Path(cli.__file__).parent
    handlers = [
        path.name for path in folder.glob("*.py") if "except CounterfoilError" in path.read_text(encoding="utf-8")
    ]
    assert handlers == ["main.py"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["train", "--out", "b"], "--log"),
        (["train", "a.csv", "--out", "b"], "--mapping"),
        (["serve", "--host", "0.0.0.0"], "loopback"),
        (["serve", "--host", "example"], "loopback"),
        (["synth", "--listings", "0", "--out", "o"], "listings"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = told(capsys, *words)
    assert code == 2
    assert named in sentence(err)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of what MLflow is made of
def test_training_on_too_few_rows_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = EVENT | {
        "event_id": "e2",
        "known_at": "2026-06-01T00:00:00Z",
        "listing": {"listing_id": "l2", "title": "Áo"},
    }
    log = lines(tmp_path / "e.jsonl", EVENT, late)
    command = ["train", "--log", log, "--out", tmp_path / "b", "--encoder", small.encoder_folder()]
    code, _, err = told(capsys, *command)
    assert code == 2
    assert "got 0 positive and 1 negative rows" in sentence(err)
    assert not (tmp_path / "b").exists()


def test_ingest_counts_every_event_and_ends_with_3_for_a_broken_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    log = lines(tmp_path / "e.jsonl", EVENT, EVENT, {"type": "listed"}, b"{")
    code, out, err = told(capsys, "ingest", log, "--store", f"sqlite:///{tmp_path / 'x.db'}")
    assert code == 0, err
    assert "rows read: 4" in out
    assert "accepted: 1" in out
    assert "duplicates: 1" in out
    rejected = [json.loads(line) for line in (tmp_path / "rejected.jsonl").read_text().splitlines()]
    assert [row["line"] for row in rejected] == [3, 4]
    code, _, err = told(capsys, "ingest", tmp_path / "nowhere.jsonl", "--store", f"sqlite:///{tmp_path / 'x.db'}")
    assert code == 3
    assert "nowhere.jsonl" in sentence(err)


def test_the_module_of_the_command_runs_as_a_program(tmp_path: Path) -> None:
    code = "import sys; from counterfoil.cli.main import main; sys.argv[0] = 'counterfoil'; main()"
    environment = os.environ | {"COUNTERFOIL_VAR": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, "-c", code, "synth", "--listings", "20", "--seed", "3", "--out", str(tmp_path / "m")],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first = orjson.loads((tmp_path / "m" / "listings.jsonl").read_bytes().splitlines()[0])
    assert first["listing"]["title"]
