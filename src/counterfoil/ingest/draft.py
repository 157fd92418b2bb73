"""A first mapping for a foreign file, guessed from the names and the cells of its columns; an analyst goes over it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from counterfoil.ingest.convert import cell_text
from counterfoil.ingest.guess import Column, fields_of, number_format, quoted, slug
from counterfoil.ingest.mapping import parse_mapping
from counterfoil.ingest.readers import FileFormat, first_bytes, format_of, read_rows
from counterfoil.ingest.row import DELIMITERS

_SAMPLE = 300
_LABELS = "label is_fake fake counterfeit is_counterfeit taken_down removed target y nhan hang_gia"
_PLATFORMS = ("tiki", "shopee", "lazada", "tiktok", "sendo", "facebook")


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was found out about a file; `fields` are TOML values by field, `written` are further lines for [file]."""

    path: Path
    file_format: FileFormat
    encoding: str
    delimiter: str | None
    written: list[str]
    platform: str
    columns: list[Column]
    fields: dict[str, str]


def draft_mapping(path: Path) -> str:
    """The TOML text of a mapping that loads, made from the first rows of a file.

    Raises `MappingError` when no column could be a title, `UnreadableFile` when the file cannot be read.
    """
    file_format = format_of(path)
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding) if file_format in ("csv", "tsv") else None
    columns = _columns(path, file_format, encoding, delimiter)
    number, written = number_format(columns)
    platform = next((name for name in _PLATFORMS if name in path.name.casefold()), "unknown")
    fields = fields_of(columns, number, platform)
    draft = _Draft(path, file_format, encoding, delimiter, written, platform, columns, fields)
    lines = _lines(draft)
    mapping = parse_mapping("\n".join(lines), f"draft of {path.name}")
    return "\n".join([*lines, *_left_over(draft, mapping.columns_used)]) + "\n"


def _columns(path: Path, file_format: FileFormat, encoding: str, delimiter: str | None) -> list[Column]:
    cells: dict[str, list[str]] = {}
    for row in islice(read_rows(path, file_format=file_format, encoding=encoding, delimiter=delimiter), _SAMPLE):
        for name, cell in (row.values or {}).items():
            kept = cells.setdefault(name, [])
            if text := cell_text(cell).strip():
                kept.append(text)
    return [Column(name, tuple(kept)) for name, kept in cells.items()]


def _encoding(path: Path) -> str:
    head = first_bytes(path, 1 << 18)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1258"
    return "utf-8"


def _delimiter(path: Path, encoding: str) -> str:
    header = first_bytes(path, 1 << 16).decode(encoding, "replace").split("\n", 1)[0]
    return max(DELIMITERS, key=header.count)


def _lines(draft: _Draft) -> list[str]:
    ids = {field: value for field, value in draft.fields.items() if field.endswith("_id")}
    fields = {field: value for field, value in draft.fields.items() if field not in ids}
    known_at = fields.get("listing.observed_at")
    lines = [
        f"# Drafted from {re.sub(r'[^ -~]', '?', draft.path.name)}: go over every line, then `counterfoil mapping check`.",
        'about = "What this file is, from where, and in which money."',
        f"known_at = {known_at}"
        if known_at
        else "# No column says when a row was seen: --as-of or the start of the run does.",
        "",
        "[file]",
        f'format = "{draft.file_format}"',
        *([f'encoding = "{draft.encoding}"'] if draft.file_format != "parquet" else []),
        *([f"delimiter = {quoted(draft.delimiter)}"] if draft.delimiter else []),
        'time_zone = "Asia/Ho_Chi_Minh"',
        *draft.written,
        "",
        "[ids]",
        *(f'"{field}" = {value}' for field, value in ids.items()),
        "",
        "[constants]",
        f'"listing.platform" = "{draft.platform}"',
    ]
    if "listing.price.amount" in fields and "listing.price.currency" not in fields:
        lines.append('"listing.price.currency" = "VND"  # a guess: the file names no currency')
    return [*lines, "", "[fields]", *(f'"{field}" = {value}' for field, value in fields.items())]


def _left_over(draft: _Draft, used: Collection[str]) -> list[str]:
    """What the analyst should look at: a column that may be a label, and the columns nobody reads."""
    unused = {column.name: column for column in draft.columns if column.name not in used}
    label = next((column for name, column in unused.items() if slug(name) in _LABELS.split()), None)
    lines = []
    if label is not None:
        del unused[label.name]
        cells = ", ".join(quoted(cell[:20]) for cell, _ in Counter(label.cells).most_common(5))
        lines = [
            "",
            "# This column may be a label. A label needs its meaning in words before anything is trained on it.",
            "# [label]",
            f"# column = {quoted(label.name)}  # cells: {cells}",
            '# positive = ["1"]',
            '# negative = ["0"]',
            '# meaning = "Who decided this, on what grounds, and what it does not mean."',
        ]
    return [*lines, "", f"# Not used: {', '.join(map(quoted, unused))}"] if unused else lines
