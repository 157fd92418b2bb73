"""Rows out of files, streamed: CSV, TSV, JSON Lines and Parquet, each row with the line it starts on.

A row that cannot be read is yielded as an error and the next one follows; only a file that cannot be read raises.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, Any, Literal, cast

from counterfoil.errors import UnreadableFile
from counterfoil.ingest.row import RawRow, require, undecodable
from counterfoil.ingest.table import table_rows

FileFormat = Literal["csv", "tsv", "jsonl", "parquet"]

_BY_SUFFIX: dict[str, FileFormat] = {
    ".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet",
}  # fmt: skip
_BATCH_ROWS = 2_000


def format_of(path: Path, declared: FileFormat | None = None) -> FileFormat:
    """The format of a file by its name (`.gz` is looked through), else by what it begins with, else as declared.

    Raises `UnreadableFile` when there is nothing to tell by.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in (".gz", ".gzip")]
    if suffixes and suffixes[-1] in _BY_SUFFIX:
        return _BY_SUFFIX[suffixes[-1]]
    if _magic(path)[:4] == b"PAR1":
        return "parquet"
    if declared is None:
        known = " ".join(_BY_SUFFIX)
        raise UnreadableFile(
            f"{path}: got the name {path.name!r}, expected one ending in {known} (or that plus .gz); rename the file"
        )
    return declared


def read_rows(
    path: Path,
    *,
    file_format: FileFormat,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    wanted: Collection[str] = (),
) -> Iterator[RawRow]:
    """Every row of a file in order; blank lines are no rows.

    Raises `UnreadableFile` when the file cannot be opened, is empty, has no header, or ends before it should: then only
    after the last complete row. Raises `MappingError` when a table lacks a column of `wanted`.
    """
    magic = _magic(path)
    if not magic:
        raise UnreadableFile(
            f"{path}: got an empty file, expected rows of {file_format}; was the export or the download cut short?"
        )
    if magic[:4] == b"PK\x03\x04":
        raise UnreadableFile(
            f"{path}: got a ZIP archive or an Excel workbook, expected {file_format}; export the sheet as CSV first"
        )
    if file_format == "parquet":
        yield from _parquet(path, wanted)
        return
    try:
        with _opened(path, magic) as stream:
            if file_format == "jsonl":
                yield from _json_lines(path, stream, encoding)
            else:
                separator = delimiter or ("\t" if file_format == "tsv" else ",")
                named = _without_bom(encoding)
                with io.TextIOWrapper(stream, named, errors="surrogateescape", newline="") as text:
                    yield from table_rows(path, text, encoding, separator, wanted)
    except EOFError:
        raise UnreadableFile(
            f"{path}: got the end of the file inside the compressed data; copy it again, it was cut short"
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFile(
            f"{path}: got damaged compressed data ({error}), expected gzip; copy the file again"
        ) from None
    except (LookupError, UnicodeError) as error:
        raise UnreadableFile(
            f"{path}: got text that is not {encoding} ({error}); name the file's encoding in the mapping"
        ) from None
    except OSError as error:
        raise UnreadableFile(
            f"{path}: reading stopped ({error.strerror or error}); check the disk and copy the file again"
        ) from None


def first_bytes(path: Path, size: int) -> bytes:
    """The beginning of what the file says, unpacked if it is packed with gzip."""
    try:
        with _opened(path, _magic(path)) as stream:
            return stream.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{path}: got {error}, expected a file that can be read; copy the file again") from None


def _magic(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(8)
    except OSError as error:
        raise UnreadableFile(
            f"{path}: got {error.strerror or error}, expected a file that can be read; check the path"
        ) from None


def _opened(path: Path, magic: bytes) -> IO[bytes]:
    if magic[:2] == b"\x1f\x8b":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def _without_bom(encoding: str) -> str:
    return "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding


def _json_lines(path: Path, stream: IO[bytes], encoding: str) -> Iterator[RawRow]:
    import orjson

    decode = _decoder(encoding)
    seen_any = False
    for line, physical in enumerate(stream, start=1):
        raw = physical.removeprefix(b"\xef\xbb\xbf") if line == 1 else physical
        if raw.isspace() or not raw:
            continue
        seen_any = True
        try:
            values = orjson.loads(decode(raw))
        except UnicodeDecodeError:
            yield RawRow(line, None, undecodable(encoding), raw.decode("utf-8", "surrogateescape"))
        except orjson.JSONDecodeError as error:
            yield RawRow(line, None, _json_fault(raw, error), raw.decode("utf-8", "surrogateescape"))
        else:
            if isinstance(values, dict):
                yield RawRow(line, values)
            else:
                kind = type(values).__name__
                yield RawRow(
                    line, None, ("not_an_object", f"got a {kind}, expected one JSON object a line"), raw.decode("utf-8")
                )
    if not seen_any:
        raise UnreadableFile(f"{path}: got only blank lines, expected one JSON object a line")


def _decoder(encoding: str) -> Callable[[bytes], bytes | str]:
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig"):
        return lambda raw: raw
    return lambda raw: raw.decode(encoding)


def _json_fault(raw: bytes, error: ValueError) -> tuple[str, str]:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return undecodable("utf-8")
    cause = "lone_surrogate" if "surrogate" in str(error) else "bad_json"
    return cause, f"got {error}, expected one JSON object a line"


def _parquet(path: Path, wanted: Collection[str]) -> Iterator[RawRow]:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as table:
            require(path, list(table.schema_arrow.names), None, wanted)
            number = 0
            for batch in table.iter_batches(batch_size=_BATCH_ROWS):
                for values in cast("list[dict[str, Any]]", batch.to_pylist()):
                    number += 1
                    yield RawRow(number, values)
    except (ArrowException, OSError) as error:
        first = str(error).splitlines()[0][:200]
        raise UnreadableFile(
            f"{path}: got {first}, expected a whole Parquet file; copy it again, it may have been cut short"
        ) from None
