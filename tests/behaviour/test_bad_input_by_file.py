"""What people hand in by mistake or on purpose, through the whole of `counterfoil score`."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.cli import main as cli
from tests.batch.jobs import body, decisions, lines, read, report, score
from tests.model import small

SURROGATE = b'{"listing": {"title": "a\\ud800b"}}'


def listing(**more: Any) -> dict[str, Any]:
    return {"listing": {"title": "Giày", **more}}


def priced(amount: Any, currency: str = "VND") -> dict[str, Any]:
    return listing(price={"amount": amount, "currency": currency})


ROWS: dict[str, tuple[object, str]] = {
    "bad JSON": (b'{"listing": {"title": "x"', "bad_json"),
    "not an object": (b"[1, 2]", "not_an_object"),
    "a number": (b"7", "not_an_object"),
    "NaN": (b'{"listing": {"title": "x", "stats": {"rating_average": NaN}}}', "bad_json"),
    "no listing": ({"seller": {"seller_id": "s"}}, "missing_listing"),
    "no title": ({"listing": {"listing_id": "l"}}, "missing_title"),
    "an empty title": (listing(title="  "), "missing_title"),
    "a title that is a number": (listing(title=7), "invalid"),
    "a negative price": (priced("-1"), "negative_price"),
    "a price that is none": (priced("cheap"), "invalid_price"),
    "a price without end": (priced("1e999"), "invalid_price"),
    "half a dong": (priced("10.5"), "invalid_price"),
    "an unknown currency": (priced("10", "XXQ"), "unknown_currency"),
    "a naive time": (listing(observed_at="2026-01-01T00:00:00"), "naive_time"),
    "a future time": (listing(observed_at="2031-01-01T00:00:00Z"), "future_time"),
    "a time that is none": (listing(observed_at="soon"), "invalid_time"),
    "an unknown field": (listing(colour="red"), "unknown_field"),
    "an unknown option": ({**listing(), "options": {"mode": "x"}}, "unknown_field"),
    "a title of 10 MB": (listing(title="x" * 10_000_000), "too_long"),
    "a NUL byte": (listing(title="a\0b"), "nul_byte"),
    "a lone surrogate": (SURROGATE, "lone_surrogate"),
    "bytes of another encoding": (b'{"listing": {"title": "caf\xe9"}}', "bad_encoding"),
    "nesting without end": (
        b'{"listing": {"title": "x", "attributes": {"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}}",
        "",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_is_counted_by_its_cause_and_takes_no_other_with_it(tmp_path: Path, name: str) -> None:
    row, cause = ROWS[name]
    finished = score(tmp_path / "out", lines(tmp_path / "a.jsonl", body(1), row, body(2)))
    found = report(tmp_path / "out")
    assert (found["rows_read"], found["accepted"], found["rejected"]) == (3, 2, 1)
    assert [one["listing_id"] for one in decisions(tmp_path / "out")] == ["l1", "l2"]
    (refused,) = read(tmp_path / "out" / "rejected.jsonl")
    assert refused["line"] == 2
    assert found["rejected_by"] == {refused["cause"]: 1}
    if cause:
        assert refused["cause"] == cause
    assert refused["detail"].startswith(("got", "#")) or "got" in refused["detail"]
    assert len(json.dumps(refused)) < 30_000
    assert not finished.damaged


def test_all_bad_rows_together_are_each_counted_once(tmp_path: Path) -> None:
    score(tmp_path / "out", lines(tmp_path / "a.jsonl", *(row for row, _ in ROWS.values())))
    found = report(tmp_path / "out")
    assert found["rows_read"] == found["rejected"] == len(ROWS)
    assert decisions(tmp_path / "out") == []
    assert len(read(tmp_path / "out" / "rejected.jsonl")) == len(ROWS)


TIKI = (
    "id,name,description,original_price,price,fulfillment_type,brand,review_count,rating_average,favourite_count,"
    "current_seller,number_of_images,category,quantity_sold,date_created"
)
TIKI_ROW = "1,Giày thể thao,Đẹp,200000,100000,dropship,OEM,0,0,0,Tiệm,3,Giày,0,10"


def call(capsys: pytest.CaptureFixture[str], tmp_path: Path, *words: object) -> tuple[int, str]:
    """The exit code of `counterfoil score` and what it said, never a trace."""
    before = sys.argv
    where = ["--bundle", small.bundle_folder(), "--out", tmp_path / "out"]
    sys.argv = ["counterfoil", "score", *map(str, (*words, *where))]
    try:
        cli.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    finally:
        sys.argv = before
    err = capsys.readouterr().err
    assert "Traceback" not in err
    return code, " ".join(err.split())


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "300")


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def table(tmp_path: Path) -> bytes:
    path = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"listing": [{"title": "Giày"}] * 100}), path)
    data = path.read_bytes()
    path.unlink()
    return data


def crawl(old: str, new: str) -> Callable[[Path], bytes]:
    """A small crawl with something replaced."""
    return lambda _: f"{TIKI}\n{TIKI_ROW}\n".replace(old, new).encode()


MAPPED = ["--mapping", "tiki"]
PACKED = gzip.compress(orjson.dumps(body(1)) * 50)
FILES: dict[str, tuple[str, Callable[[Path], bytes], list[str], int, str]] = {
    "a truncated archive": ("a.jsonl.gz", lambda _: cut(PACKED), [], 3, "a.jsonl.gz"),
    "a truncated table": ("a.parquet", lambda folder: cut(table(folder)), [], 3, "a.parquet"),
    "a table that is none": ("a.parquet", lambda _: b"PAR1 not at all", [], 3, "a.parquet"),
    "an empty table file": ("a.parquet", lambda _: b"", [], 3, "a.parquet"),
    "a wrong delimiter": ("a.csv", crawl(",", ";"), MAPPED, 2, "delimiter = ';' would fit"),
    "a column missing": ("a.csv", crawl("brand", "marke"), MAPPED, 2, "got no column 'brand'"),
    "a table without a mapping": ("a.csv", crawl("", ""), [], 2, "mapping draft"),
    "an ending nobody knows": ("a.xlsx", lambda _: b"PK", [], 3, "a.xlsx"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_ends_with_a_sentence_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    file, content, more, expected, told = FILES[name]
    (tmp_path / file).write_bytes(content(tmp_path))
    code, err = call(capsys, tmp_path, tmp_path / file, *more)
    assert (code, told in err) == (expected, True), (code, err)
    if code == 2:
        assert not (tmp_path / "out").exists()
    else:
        found = report(tmp_path / "out")
        assert found["rows_read"] == found["accepted"] + found["duplicates"] + found["rejected"]
        assert found["inputs"][0]["damage"]
    assert not list(tmp_path.glob(".out*"))


def test_a_file_that_only_calls_itself_packed_is_read_by_what_it_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(orjson.dumps(body(1)) + b"\nnot gzip at all\n")
    code, err = call(capsys, tmp_path, tmp_path / "a.jsonl.gz")
    assert code == 0, err
    assert report(tmp_path / "out")["rejected_by"] == {"bad_json": 1}
    assert [one["listing_id"] for one in decisions(tmp_path / "out")] == ["l1"]


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    for name in ("nowhere.jsonl", "folder.jsonl"):
        code, err = call(capsys, tmp_path, tmp_path / name)
        assert code == 3
        assert name in err


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_rows_or_is_called_unreadable_but_never_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    code, err = call(capsys, tmp_path, tmp_path / "a.jsonl")
    assert code in (0, 3), err
    found = report(tmp_path / "out")
    assert found["rows_read"] == found["accepted"] == 0
    assert (tmp_path / "out" / "decisions.jsonl").read_bytes() == b""


def test_a_table_with_bad_cells_and_ragged_rows_keeps_its_good_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        TIKI,
        TIKI_ROW,
        TIKI_ROW.replace("1,Giày thể thao", "2,"),
        TIKI_ROW.replace("1,", "3,", 1).replace(",100000,", ",-5,"),
        TIKI_ROW.replace("1,", "4,", 1) + ",one cell more",
        "5,Giày",
        TIKI_ROW.replace("1,", "6,", 1).replace("Giày thể thao", '"Giày\nhai dòng"'),
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    code, err = call(capsys, tmp_path, tmp_path / "a.csv", "--mapping", "tiki")
    assert code == 0, err
    found = report(tmp_path / "out")
    assert found["rows_read"] == found["accepted"] + found["duplicates"] + found["rejected"] == 6
    assert [one["listing_id"] for one in decisions(tmp_path / "out")] == ["tiki:1", "tiki:6"]
    assert [one["line"] for one in read(tmp_path / "out" / "rejected.jsonl")] == [3, 4, 5, 6]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=40), max_size=6))
def test_whatever_the_bytes_every_line_has_one_outcome(tmp_path: Path, noise: list[bytes]) -> None:
    data = b"\n".join([orjson.dumps(body(1)), *noise, orjson.dumps(body(2))])
    (tmp_path / "a.jsonl").write_bytes(data)
    score(tmp_path / "out", tmp_path / "a.jsonl")
    found = report(tmp_path / "out")
    assert found["rows_read"] == found["accepted"] + found["duplicates"] + found["rejected"]
    assert {"l1", "l2"} <= {one["listing_id"] for one in decisions(tmp_path / "out")}
