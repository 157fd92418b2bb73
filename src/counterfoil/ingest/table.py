"""The rows of a table of delimited text."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from counterfoil.errors import UnreadableFile
from counterfoil.ingest.row import RawRow, is_clean, require, undecodable

# A quote that never closes swallows what follows; past this many characters the field is given up and reading goes on.
_FIELD_LIMIT = 32 * 1024 * 1024


class _Lines:
    """The lines of a text, remembering whether the last one was handed out."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.exhausted = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline()
        if not line:
            self.exhausted = True
            raise StopIteration
        return line


def table_rows(
    path: Path, text: io.TextIOWrapper, encoding: str, delimiter: str, wanted: Collection[str]
) -> Iterator[RawRow]:
    """Every record, from a text opened with `newline=""` and `errors="surrogateescape"`; see `readers.read_rows`."""
    csv.field_size_limit(_FIELD_LIMIT)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    header = _header(path, reader, encoding)
    if lines.exhausted:
        raise UnreadableFile(f"{path}: got a header that ends inside quotes, expected the names of the columns")
    require(path, header, delimiter, wanted)
    width = len(header)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield RawRow(
                line, None, ("bad_csv", f"got {error}, expected a field that ends; is a closing quote missing?"), ""
            )
            continue
        if cells is None:
            return
        if lines.exhausted:  # the reader asked for more inside a record: a quote was never closed
            raise UnreadableFile(
                f"{path}: got the end of the file inside quotes opened in the record on line {line}; it was cut short"
            )
        if not cells:
            continue
        record = delimiter.join(cells)
        if not record.isascii() and not is_clean(record):
            yield RawRow(line, None, undecodable(encoding), record)
        elif len(cells) != width:
            yield RawRow(
                line, None, ("wrong_field_count", f"got {len(cells)} fields, expected {width} as in the header"), record
            )
        else:
            yield RawRow(line, dict(zip(header, cells, strict=True)))


def _header(path: Path, reader: Iterator[list[str]], encoding: str) -> list[str]:
    try:
        header = next((cells for cells in reader if any(cell.strip() for cell in cells)), [])
    except csv.Error as error:
        raise UnreadableFile(f"{path}: got {error} in the first line, expected the names of the columns") from None
    if not header:
        raise UnreadableFile(f"{path}: got no header line, expected the names of the columns on the first line")
    if not is_clean("".join(header)):
        raise UnreadableFile(f"{path}: the header: {undecodable(encoding)[1]}")
    return _unique(header)


def _unique(header: list[str]) -> list[str]:
    """The names of the columns; a name that comes again is numbered, so that no column hides another."""
    seen: dict[str, int] = {}
    names = []
    for name in (cell.strip() for cell in header):
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
