from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.batch.output import Output, _cell
from counterfoil.errors import UnreadableFile
from tests.batch.jobs import body, decisions, lines, score

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]


def rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_cells_that_a_spreadsheet_would_run_are_defused(tmp_path: Path) -> None:
    named = ["=cmd()", "+1", "-1", "@SUM(A1)"]
    bodies = [body(number, listing_id=name) for number, name in enumerate(named)]
    score(tmp_path / "out", lines(tmp_path / "a.jsonl", *bodies), file_format="csv", reasons="all")
    found = rows(tmp_path / "out" / "decisions.csv")
    assert [row["listing_id"] for row in found] == [f"'{name}" for name in named]
    for row in found:
        assert not any(cell[:1] in {"=", "+", "-", "@", "\t", "\r"} for cell in row.values())


@given(st.one_of(st.sampled_from(FORMULAS), st.text(max_size=8)))
def test_no_text_comes_through_as_a_formula(text: str) -> None:
    cell = str(_cell(text))
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert cell.endswith(text)


def test_numbers_stay_numbers() -> None:
    assert _cell(-1.5) == -1.5


def test_a_table_holds_the_same_decisions_as_the_lines(tmp_path: Path) -> None:
    source = lines(tmp_path / "a.jsonl", *[body(i) for i in range(12)], body(20, title='Giày super fake, "x"\nđẹp'))
    for file_format in ("jsonl", "csv", "parquet"):
        score(tmp_path / file_format, source, file_format=file_format)
    answers = decisions(tmp_path / "jsonl")
    table = pq.read_table(tmp_path / "parquet" / "decisions.parquet").to_pylist()
    sheet = rows(tmp_path / "csv" / "decisions.csv")
    assert len(answers) == len(table) == len(sheet) == 13
    for answer, row, cells in zip(answers, table, sheet, strict=True):
        for name in ("listing_id", "seller_id", "score", "probability", "recommended_action", "as_of", "log_seq"):
            assert row[name] == answer[name]
            assert cells[name] == str(answer[name])
        assert row["reasons_vi"] == "; ".join(reason["text"]["vi"] for reason in answer["reasons"])
    assert table[-1]["reasons_en"]
    assert not (tmp_path / "csv" / "decisions.jsonl").exists()
    assert not (tmp_path / "parquet" / "decisions.jsonl").exists()


def test_a_run_without_rows_still_writes_a_table_with_its_columns(tmp_path: Path) -> None:
    score(tmp_path / "out", lines(tmp_path / "a.jsonl"), file_format="parquet")
    table = pq.read_table(tmp_path / "out" / "decisions.parquet")
    assert table.num_rows == 0
    assert "probability" in table.column_names


def test_a_file_is_never_taken_for_a_folder_to_write_into(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("not a folder")
    with pytest.raises(UnreadableFile, match="which is a file"):
        Output(tmp_path / "out", "jsonl")
    assert (tmp_path / "out").read_text() == "not a folder"


def test_answers_may_come_in_any_order(tmp_path: Path) -> None:
    output = Output(tmp_path / "out", "jsonl")
    for place in (3, 1, 2, 0):
        output.decision(place, {"place": place, "text": "đ" * place})
    output.commit({}, "<p>page</p>")
    assert [one["place"] for one in decisions(tmp_path / "out")] == [0, 1, 2, 3]


def test_a_discarded_run_leaves_nothing(tmp_path: Path) -> None:
    output = Output(tmp_path / "out", "jsonl")
    output.decision(0, {"a": 1})
    output.rejected("f", 1, "bad_json", "d", {"x": "\ud800"})
    output.discard()
    assert list(tmp_path.iterdir()) == []
