from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.errors import MappingError, UnreadableFile
from counterfoil.ingest.readers import FileFormat, format_of, read_rows
from counterfoil.ingest.row import RawRow


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows(path: Path, file_format: FileFormat = "csv", **more: str) -> list[RawRow]:
    return list(read_rows(path, file_format=file_format, **more))


def until_it_breaks(path: Path, file_format: FileFormat) -> tuple[list[RawRow], str]:
    read: list[RawRow] = []
    with pytest.raises(UnreadableFile) as caught:
        read.extend(read_rows(path, file_format=file_format))
    return read, caught.value.detail


def test_a_row_names_the_line_on_which_it_starts(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'id,name\r\n1,"two\r\nlines"\r\n\r\n2,one\r\n'.encode("utf-8-sig"))
    assert [(row.line, row.values) for row in rows(path)] == [
        (2, {"id": "1", "name": "two\r\nlines"}),
        (5, {"id": "2", "name": "one"}),
    ]


def test_a_tab_separated_file_is_read_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, "a.tsv", b"id\tname\n1\tx,y\n")
    assert format_of(path) == "tsv"
    assert rows(path, "tsv")[0].values == {"id": "1", "name": "x,y"}


def test_a_packed_file_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", gzip.compress(b"id,name\n1,x\n"))
    assert rows(path)[0].values == {"id": "1", "name": "x"}


def test_too_many_or_too_few_fields_are_one_error_each_and_the_rest_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", b"id,name\n1\n2,x,y\n3,z\n")
    assert [row.error[0] if row.error else row.values for row in rows(path)] == [
        "wrong_field_count",
        "wrong_field_count",
        {"id": "3", "name": "z"},
    ]


def test_bytes_of_another_encoding_are_one_error_each(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "id,name\n1,café\n2,tea\n".encode("latin-1"))
    first, second = rows(path)
    assert first.error is not None
    assert first.error[0] == "bad_encoding"
    assert second.values == {"id": "2", "name": "tea"}
    assert rows(path, encoding="latin-1")[0].values == {"id": "1", "name": "café"}


def test_two_columns_with_one_name_are_both_kept(tmp_path: Path) -> None:
    assert rows(written(tmp_path, "a.csv", b"x,x\n1,2\n"))[0].values == {"x": "1", "x (2)": "2"}


def test_a_table_that_ends_inside_quotes_breaks_after_its_last_whole_row(tmp_path: Path) -> None:
    read, detail = until_it_breaks(written(tmp_path, "a.csv", b'id,name\n1,x\n2,"half\n'), "csv")
    assert [row.values for row in read] == [{"id": "1", "name": "x"}]
    assert "line 3" in detail


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0), b"\n\n", "\ufeff".encode()])
def test_an_empty_table_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        rows(written(tmp_path, "a.csv", content))


def test_a_missing_file_or_a_folder_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UnreadableFile):
            rows(path)


def test_a_workbook_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Excel"):
        rows(written(tmp_path, "a.csv", b"PK\x03\x04rest"))


def test_a_truncated_packed_file_yields_its_whole_rows_first(tmp_path: Path) -> None:
    import random

    draw = random.Random(1)
    lines = [f"{number},{draw.random()}" for number in range(20_000)]
    packed = gzip.compress("\n".join(["id,name", *lines]).encode())
    read, detail = until_it_breaks(written(tmp_path, "a.csv.gz", packed[: len(packed) // 2]), "csv")
    assert 1_000 < len(read) < 20_000
    assert all(
        row.values is not None and f"{row.values['id']},{row.values['name']}" == lines[row.line - 2] for row in read
    )
    assert "cut short" in detail


def test_a_damaged_packed_file_cannot_be_read(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"id,name\n1,x\n" * 100))
    packed[20] ^= 0xFF
    with pytest.raises(UnreadableFile):
        rows(written(tmp_path, "a.csv.gz", bytes(packed)))


def test_a_wrong_delimiter_is_told_with_the_one_that_fits(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", b"id;name\n1;x\n")
    with pytest.raises(MappingError, match="';' would fit"):
        list(read_rows(path, file_format="csv", wanted=("id", "name")))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no column 'price'"):
        list(read_rows(written(tmp_path, "a.csv", b"id,name\n1,x\n"), file_format="csv", wanted=("id", "price")))


def test_json_lines_are_read_and_broken_ones_reported(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbf{"a": 1}\n\n{"a": \n[1]\n{"a": "\\ud800"}\n{"a": "\xe9"}\n{"a": NaN}\n{"a": 2}'
    read = rows(written(tmp_path, "a.jsonl", content), "jsonl")
    assert [(row.line, row.error[0] if row.error else row.values) for row in read] == [
        (1, {"a": 1}),
        (3, "bad_json"),
        (4, "not_an_object"),
        (5, "lone_surrogate"),
        (6, "bad_encoding"),
        (7, "bad_json"),
        (8, {"a": 2}),
    ]


def test_parquet_is_read_row_by_row_and_a_truncated_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [1, 2], "name": ["x", None]}), path)
    assert format_of(path) == "parquet"
    assert [(row.line, row.values) for row in rows(path, "parquet")] == [
        (1, {"id": 1, "name": "x"}),
        (2, {"id": 2, "name": None}),
    ]
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(UnreadableFile):
        rows(path, "parquet")


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


@given(table=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_what_a_csv_writer_wrote_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, ...]]
) -> None:
    import csv

    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(["a", "b", "c"])
        writer.writerows(table)
    assert [row.values for row in rows(path)] == [dict(zip("abc", cells, strict=True)) for cells in table]
