from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from counterfoil.cli.codes import app
from counterfoil.errors import MappingError, UnreadableFile
from counterfoil.ingest.register import NO_REGISTER, load_register
from counterfoil.settings import Settings

HEADER = "kind,code,status,brand,product,holder,known_from\n"
ROWS = (
    "cosmetic_notification,154960/21/CBMP-QLD,valid,Cocoon,Kem,Công ty A,2025-01-05\n"
    "gtin,8930000000019,revoked,,,,2025-02-05\n"
    "gtin,8930000000018,valid,,,,2025-02-05\n"
)


def run(*words: str) -> Any:
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def register(tmp_path: Path) -> Path:
    file = tmp_path / "office.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")
    return file


def test_an_import_keeps_the_good_rows_and_writes_the_others_aside(register: Path, tmp_path: Path) -> None:
    aside = tmp_path / "rejected.jsonl"
    done = run("import", str(register), "--rejected", str(aside))
    assert "3 rows read: 2 taken, 1 rejected" in done.output
    (refused,) = [json.loads(line) for line in aside.read_text(encoding="utf-8").splitlines()]
    assert (refused["file"], refused["line"], refused["cause"]) == ("office.csv", 4, "bad_code")
    assert refused["row"]["code"] == "8930000000018"
    assert load_register(Settings().registers) is not NO_REGISTER
    assert [path.name for path in Settings().registers.iterdir()] == ["office.csv"]


def test_an_import_under_the_same_name_replaces_and_under_another_adds(register: Path, tmp_path: Path) -> None:
    for name in ("a", "a", "b"):
        run("import", str(register), "--as", name, "--rejected", str(tmp_path / "r.jsonl"))
    assert sorted(path.stem for path in Settings().registers.iterdir()) == ["a", "b"]
    shown = run("list").output
    assert shown.count("cosmetic_notification") == 2
    assert "2025-01-05" in shown


@pytest.mark.parametrize("name", ["../up", "a/b", "", "a b"])
def test_a_name_that_is_no_plain_word_is_refused(register: Path, name: str) -> None:
    done = run("import", str(register), f"--as={name}")
    assert done.exit_code == (0 if name == "" else 2)
    assert not (Settings().var / "up.csv").exists()


def test_a_file_without_a_good_row_replaces_nothing(register: Path, tmp_path: Path) -> None:
    aside = ("--rejected", str(tmp_path / "r.jsonl"))
    run("import", str(register), *aside)
    register.write_text(HEADER + "gtin,1,valid,,,,2025-01-05\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="nothing was imported"):
        run("import", str(register), *aside)
    register.write_text("kind;code\n", encoding="utf-8")
    with pytest.raises(MappingError, match="column"):
        run("import", str(register), *aside)
    assert load_register(Settings().registers) is not NO_REGISTER


def test_reading_a_text_shows_its_codes_and_what_the_register_says(register: Path, tmp_path: Path) -> None:
    text = "Kem 154960/21/CBMP-QLD, mã 8930000000019, sai 8930000000018, ISBN 9786040000018, 154960/xx/CBMP-QLD"
    before = run("read", text, "--brand", "Innisfree").output
    assert "mismatch" not in before
    run("import", str(register), "--rejected", str(tmp_path / "r.jsonl"))
    shown = run("read", text, "--brand", "Innisfree").output
    for part in ("mismatch", "revoked", "wrong length or check digit", "wrong check digit", "placeholder", "Công ty A"):
        assert part in shown
    assert "known" in run("read", text, "--brand", "Cocoon").output
    earlier = run("read", text, "--brand", "Innisfree", "--as-of", "2025-01-04").output
    assert "mismatch" not in earlier
    assert "revoked" not in earlier
    assert "genuine" not in shown


def test_reading_understands_links_element_strings_and_categories() -> None:
    assert "08930000000019" in run("read", "https://example.com/01/08930000000019/10/L1").output
    assert "08930000000019" in run("read", "(01)08930000000019(10)L1").output
    assert "08930000000019" in run("read", "8 930000 000019").output
    assert "No code" in run("read", "VN-123-20").output
    assert "medicine_registration" in run("read", "VN-123-20", "--category", "medicine").output


def test_an_empty_shelf_of_registers_says_how_to_fill_it() -> None:
    assert "counterfoil codes import FILE" in run("list").output
