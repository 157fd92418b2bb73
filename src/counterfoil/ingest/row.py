"""One row as a file holds it, and what tables and JSON Lines check alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from counterfoil.errors import MappingError

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as the file holds it.

    `line` is the physical line, from 1, on which the record starts; in Parquet it is the number of the row, from 1.
    Either `values` is there, or `error` (cause, detail) together with `raw_text`.
    """

    line: int
    values: dict[str, object] | None
    error: tuple[str, str] | None = None
    raw_text: str | None = None


def is_clean(text: str) -> bool:
    """Whether a text has no lone surrogate, which is what undecodable bytes become."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def undecodable(encoding: str) -> tuple[str, str]:
    """The cause and the detail for bytes that are not in the declared encoding."""
    return (
        "bad_encoding",
        f"got bytes that are not {encoding}, expected {encoding} throughout; name the file's encoding in the mapping",
    )


def require(path: Path, header: list[str], delimiter: str | None, wanted: Collection[str]) -> None:
    """Raise `MappingError` when the header lacks a wanted column, with the delimiter that would fit if that is why."""
    missing = sorted(set(wanted) - set(header))
    if not missing:
        return
    if delimiter is not None and len(header) == 1 and len(wanted) > 1:
        fits = max(DELIMITERS, key=lambda other: len(set(header[0].split(other)) & set(wanted)))
        advice = f"delimiter = {fits!r} would fit" if fits in header[0] else "is this the right file?"
        raise MappingError(
            f"{path}: got one column when splitting at {delimiter!r}, expected {len(wanted)}; {advice} (in [file])"
        )
    raise MappingError(
        f"{path}: got no column {', '.join(map(repr, missing))}, expected it by the mapping; the file has {header}"
    )
