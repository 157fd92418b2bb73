"""A register that was imported reaches files and the server alike, and never a training."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from counterfoil.batch.judge import Judged, judge
from counterfoil.batch.run import Job, run
from counterfoil.ingest.register import CsvRegister, RegisterEntry, load_register, write_register
from counterfoil.ingest.schema import ScoreOptions
from counterfoil.ingest.source import Accepted
from counterfoil.model import examples
from counterfoil.serve.instance import Instance
from counterfoil.settings import Settings
from counterfoil.store.store import Store
from tests.batch.jobs import NOW, body, decisions, lines, scorer
from tests.model import small
from tests.worlds import listing, subject

ENTRY = RegisterEntry("gtin", "08930000000019", "revoked", "Nike", "Giày", "Công ty A", date(2026, 1, 1))


def verdicts(store: Store | None) -> list[str | None]:
    """What is said of the code of one row, seen in a file."""
    row = Accepted(1, subject(listing(gtins=["8930000000019"])), ScoreOptions(), NOW, None, "x")
    ((judged,),) = judge([(0, row)], store, CsvRegister([ENTRY]))
    assert isinstance(judged, Judged)
    return [one.verdict for one in judged.about.codes]


def test_a_file_is_held_against_the_register_with_and_without_a_store(tmp_path: Path) -> None:
    assert verdicts(None) == ["revoked"]
    store = Store(f"sqlite:///{tmp_path / 'log.db'}", CsvRegister([ENTRY]))
    assert verdicts(store) == ["revoked"]
    store.close()


def test_a_run_over_files_asks_the_register_of_its_job(tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", body(1, gtins=["8930000000019"]))
    job = Job((file,), None, scorer(), None, small.KEY, lambda: NOW, None, tmp_path / "with", "jsonl", "all")
    register = CsvRegister([replace(ENTRY, status="valid"), ENTRY])
    run(replace(job, register=register), lambda *_: None)
    run(replace(job, out=tmp_path / "without"), lambda *_: None)
    # The model was trained without a register; that it does not weigh one is what training promises.
    assert [one["score"] for one in decisions(tmp_path / "with")] == [
        one["score"] for one in decisions(tmp_path / "without")
    ]


def test_a_server_loads_the_registers_of_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    write_register(settings.registers / "a.csv", [ENTRY])
    monkeypatch.setattr("counterfoil.serve.instance.Bundle.load", lambda _: scorer().bundle)
    monkeypatch.setattr(Instance, "warm_up", lambda _: None)
    instance = Instance.open(settings)
    assert instance.store.register.look_up("gtin", ENTRY.code, NOW) == [ENTRY]
    assert load_register(settings.registers).look_up("gtin", ENTRY.code, NOW) == [ENTRY]
    instance.store.close()


def test_training_hands_no_register_over() -> None:
    assert "Fold(" in inspect.getsource(examples)
    assert "register" not in inspect.getsource(examples).lower()
