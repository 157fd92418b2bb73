from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from counterfoil.cli.lexicon import app
from counterfoil.errors import NotFound, UnreadableFile

OWN = """
version = "2026-11-24"

[[term]]
id = "new_slang"
grade = "A"
added = 2026-11-24
needs = "brand"
categories = ["shoes"]
forms = ["hàng xịt keo"]
source = "made for this test"
examples = ["Giày Nike hàng xịt keo"]
counter_examples = ["Keo xịt giày"]
"""


def run(*words: str) -> Any:
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "220"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def own(tmp_path: Path, text: str) -> str:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_shipped_lexicon_passes_its_own_check() -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert "traps: no problems" in done.output


def test_overlaps_are_listed_on_request_and_are_no_problem() -> None:
    done = run("check", "--overlaps")
    assert done.exit_code == 0
    assert "overlap" in done.output


def test_a_file_of_ones_own_is_checked_beside_the_shipped_ones(tmp_path: Path) -> None:
    shipped, both = run("check").output.split()[0], run("check", "--file", own(tmp_path, OWN))
    assert both.exit_code == 0, both.output
    assert both.output.split()[0] == str(int(shipped) + 1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('grade = "A"', 'grade = "AA"', "expected one of S, A, B, C"),
        ('needs = "brand"', 'need = "brand"', "unknown fields need"),
        ('["shoes"]', '["shoe"]', "expected some of"),
        ("hàng xịt keo", "hàng nhái", "dead form"),
        ("Giày Nike hàng xịt keo", "Giày Nike", "is read as nothing"),
        ("Keo xịt giày", "Giày hàng xịt keo", "counter-example"),
    ],
)
def test_a_problem_is_named_and_the_exit_code_is_1(tmp_path: Path, old: str, new: str, words: str) -> None:
    done = run("check", "--file", own(tmp_path, OWN.replace(old, new)))
    assert done.exit_code == 1
    assert words in " ".join(done.output.split())
    assert "new_slang" in done.output


def test_a_file_that_is_no_toml_is_an_error_on_purpose(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"own\.toml"):
        run("check", "--file", own(tmp_path, "[[term]\n"))
    with pytest.raises(UnreadableFile):
        run("check", "--file", str(tmp_path / "absent.toml"))


def test_an_explanation_quotes_what_was_written_and_says_why() -> None:
    done = run("explain", "Túi D.I.O.R hàng nhái", "--category", "bags")
    assert done.exit_code == 0
    for words in (
        "hàng nhái",
        "copy_goods",
        "claim",
        "said of the goods on offer",
        "brand dior: 'D.I.O.R' at 4-11",
        "beside a protected brand",
    ):
        assert words in done.output


def test_an_explanation_shows_terms_that_do_not_count() -> None:
    done = run("explain", "Mũ rep da", "--category", "shoes")
    assert "rep_bare" in done.output
    assert "counts only beside a protected brand" in done.output
    assert "rep_bare" in run("explain", "Mũ rep da", "--category", "shoes", "--brand", "Nike").output
    assert "said of the goods on offer" in run("explain", "Mũ rep da", "--category", "shoes", "--brand", "Nike").output


def test_an_explanation_names_the_brand_that_goods_only_fit() -> None:
    done = run("explain", "Ốp lưng cho iPhone 14 2hand", "--category", "phone_accessories")
    assert "only what the goods fit" in done.output
    assert "made for a brand's goods: 'cho iPhone'" in done.output
    assert "had an owner before: '2hand'" in done.output
    assert "without a protected brand" in done.output


def test_a_title_without_a_term_says_so() -> None:
    assert "No term of the lexicon" in run("explain", "Bàn gỗ").output


def test_an_unknown_category_is_an_error_on_purpose() -> None:
    with pytest.raises(NotFound):
        run("explain", "Giày", "--category", "shoe")
