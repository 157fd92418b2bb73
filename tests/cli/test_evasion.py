from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from counterfoil.cli.evasion import evasion
from counterfoil.decide.policy import load_policy
from counterfoil.errors import BadInput, UnreadableFile
from counterfoil.language.evasion import ATTACKS, pairs
from tests.batch.jobs import body, decisions, lines, score
from tests.model import small

ROOT = Path(__file__).parents[2]
app = typer.Typer()
app.command()(evasion)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    for name in ("COUNTERFOIL_BUNDLE", "COUNTERFOIL_POLICY"):
        monkeypatch.delenv(name, raising=False)


def told(*words: object) -> Result:
    result = CliRunner().invoke(app, [*map(str, words), "--bundle", str(small.bundle_folder())])
    if isinstance(result.exception, (BadInput, UnreadableFile)):
        raise result.exception
    return result


def claims(count: int) -> list[dict[str, Any]]:
    return [body(number, title=f"Giày Gucci super fake mã {number}") for number in range(count)]


def test_rows_that_cannot_be_used_are_counted_by_cause(tmp_path: Path) -> None:
    late = body(8, title="Giày super fake", observed_at="2990-01-01T00:00:00Z")
    file = lines(
        tmp_path / "copies.jsonl", *claims(4), body(9), b"{not json", {"listing": {}}, late, body(7, title="Không bán super fake")
    )  # fmt: skip
    result = told(file, "--json", tmp_path / "out.json")
    assert result.exit_code == 0
    assert "4 copies with a claim or a brand in the title" in result.stdout
    found = json.loads((tmp_path / "out.json").read_text())
    assert found["left_out"] == {"neither claim nor brand in the title": 2, "not a valid score body": 3}
    assert [one["attacks"] for one in found["single"]] == [[name] for name in ATTACKS]
    assert found["pairs"] == []


def test_every_attack_is_a_line_of_the_table_and_says_on_how_many_rows_it_stands(tmp_path: Path) -> None:
    out = told(lines(tmp_path / "copies.jsonl", *claims(4))).stdout
    for name in ATTACKS:
        assert re.search(rf"(?m)^ +{name} +\d+ ", out), name
    assert "One row is 25.00 points" in out
    assert "no title that it can change" in out  # keycap: these titles hide no digit
    assert "Gucci … super fake → Ｇｕｃｃｉ" in out


def test_pairs_are_drawn_by_the_seed(tmp_path: Path) -> None:
    file = lines(tmp_path / "copies.jsonl", *claims(12))
    for name in ("one", "two"):
        out = told(file, "--pairs", "--budget", 1, "--seed", 3, "--json", tmp_path / name).stdout
        # These titles hide no digit, so a keycap finds nothing to do but where leet has put one.
        able = [pair for pair in pairs() if "keycap" not in pair or "leet" in pair]
        assert f"of {len(able)} pairs that change a title" in out
    one = json.loads((tmp_path / "one").read_text())
    assert one == json.loads((tmp_path / "two").read_text())
    assert [found["attacks"] for found in one["pairs"]] == [list(pair) for pair in pairs()]
    assert {
        found["rows"] for found in one["pairs"] if "keycap" in found["attacks"] and "leet" not in found["attacks"]
    } == {0}
    assert max(found["rows"] for found in one["pairs"]) == 10


def test_the_base_is_what_score_says_of_each_row_alone(tmp_path: Path) -> None:
    policy = load_policy()
    rows = [*claims(3), body(50, title="Túi Gucci siêu fake", price=None), body(51, title="Áo hàng nhái Nike")]
    flagged = above = 0
    for number, row in enumerate(rows):
        out = tmp_path / f"scored{number}"
        score(out, lines(tmp_path / f"row{number}.jsonl", row))
        (decision,) = decisions(out)
        flagged += decision["recommended_action"] != "allow"
        above += decision["probability"] >= policy.review.probability
    told(lines(tmp_path / "copies.jsonl", *rows), "--json", tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text())
    assert found["copies"] == len(rows)
    assert found["recall"] == pytest.approx(flagged / len(rows))
    assert found["threshold"] == policy.review.probability
    assert found["above_threshold"] == pytest.approx(above / len(rows))


def test_what_is_invisible_is_written_out(tmp_path: Path) -> None:
    out = told(lines(tmp_path / "copies.jsonl", *claims(3))).stdout
    assert re.search(r"zero_width .*<(?:200B|200C|200D|2060|FEFF|00AD)>", out)
    assert not re.search("[\u200b\u200e\u202a-\u202e\u2060\u2066-\u2069]", out)


def test_a_file_without_a_copy_to_attack_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"1 rows \(1 neither claim nor brand in the title\)"):
        told(lines(tmp_path / "copies.jsonl", body(1)))
    with pytest.raises(UnreadableFile, match="expected JSON Lines"):
        told(lines(tmp_path / "copies.csv", b"title", b"x"))


def test_the_reference_names_every_attack_with_what_the_code_says_of_it() -> None:
    page = (ROOT / "docs" / "reference" / "evasion.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \| (.+?) \|", page))
    assert rows == {name: attack.about for name, attack in ATTACKS.items()}
    assert f"{len(pairs())} pairs" in page
