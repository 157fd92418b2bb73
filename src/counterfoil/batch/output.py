"""Where results go: written aside, put in the order of the input, and moved into place at the end."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import orjson

from counterfoil.errors import UnreadableFile
from counterfoil.model.manifest import sha256_of

Format = Literal["jsonl", "parquet", "csv"]
_FLAT = (
    "score_id", "status", "listing_id", "seller_id", "score", "probability", "percentile", "risk_level",
    "recommended_action", "as_of", "log_seq", "evaluated_at",
)  # fmt: skip
_BATCH = 5_000


class Output:
    """The folder of one run. Nothing of it is in `folder` before `commit`; `discard` leaves nothing behind."""

    def __init__(self, folder: Path, file_format: Format) -> None:
        if folder.exists() and not folder.is_dir():
            raise UnreadableFile(f"got {folder}, which is a file, expected a folder to write into")
        self.folder = folder
        self._format = file_format
        self._aside = folder.with_name(f".{folder.name}.{os.getpid()}.new")
        self._aside.mkdir(parents=True)
        self._spool = (self._aside / "decisions.jsonl").open("wb")
        self._rejected = (self._aside / "rejected.jsonl").open("wb")
        self._places: dict[int, tuple[int, int]] = {}
        self._end = 0

    def decision(self, index: int, body: dict[str, Any]) -> None:
        """Write the answer for the row at a place of the input; places may come in any order."""
        line = orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)
        self._spool.write(line)
        self._places[index] = self._end, len(line)
        self._end += len(line)

    def rejected(self, file: str, line: int, cause: str, detail: str, row: object) -> None:
        """Write a refused row aside, with its line number and why."""
        self._rejected.write(rejected_line(file, line, cause, detail, row).encode())

    def commit(self, report: dict[str, Any], page: str) -> None:
        """Put the decisions in order and the format asked for, hash the files, and move all into place, report last.

        `page` is the report for people, written as `report.html`.
        """
        self._spool.close()
        self._rejected.close()
        self._in_order()
        if self._format == "csv":
            self._to_csv()
        elif self._format == "parquet":
            self._to_parquet()
        (self._aside / "report.html").write_text(page, encoding="utf-8")
        names = sorted(path.name for path in self._aside.iterdir())
        report["outputs"] = {name: sha256_of(self._aside / name) for name in names}
        text = orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (self._aside / "report.json").write_bytes(text)
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in ("decisions.jsonl", "decisions.csv", "decisions.parquet", "report.html", "report.json"):
            (self.folder / old).unlink(missing_ok=True)
        for name in (*names, "report.json"):
            (self._aside / name).replace(self.folder / name)
        self._aside.rmdir()

    def discard(self) -> None:
        """Remove everything written so far."""
        self._spool.close()
        self._rejected.close()
        shutil.rmtree(self._aside, ignore_errors=True)

    def _in_order(self) -> None:
        places = sorted(self._places)
        if places == list(self._places):
            return
        spool = self._aside / "decisions.jsonl"
        ordered = self._aside / "ordered"
        with spool.open("rb") as source, ordered.open("wb") as target:
            for place in places:
                start, length = self._places[place]
                source.seek(start)
                target.write(source.read(length))
        ordered.replace(spool)

    def _answers(self) -> Iterator[dict[str, Any]]:
        with (self._aside / "decisions.jsonl").open("rb") as file:
            for line in file:
                yield _flat(orjson.loads(line))

    def _to_csv(self) -> None:
        with (self._aside / "decisions.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(_flat({})))
            writer.writeheader()
            for answer in self._answers():
                writer.writerow({name: _cell(value) for name, value in answer.items()})
        (self._aside / "decisions.jsonl").unlink()

    def _to_parquet(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        shares = dict.fromkeys(("probability", "percentile", "p_value"), pa.float64())
        numbers = {"score": pa.int64(), **shares, "log_seq": pa.int64()}
        schema = pa.schema([(name, numbers.get(name, pa.string())) for name in _flat({})])
        with pq.ParquetWriter(self._aside / "decisions.parquet", schema) as writer:
            batch: list[dict[str, Any]] = []
            for answer in self._answers():
                batch.append(answer)
                if len(batch) == _BATCH:
                    writer.write_table(pa.Table.from_pylist(batch, schema))
                    batch = []
            if batch:
                writer.write_table(pa.Table.from_pylist(batch, schema))
        (self._aside / "decisions.jsonl").unlink()


def rejected_line(file: str, line: int, cause: str, detail: str, row: object) -> str:
    """A refused row as a line of `rejected.jsonl`."""
    # The standard library escapes what is not Unicode text, so a broken row is kept as it was.
    body = {"file": file, "line": line, "cause": cause, "detail": detail, "row": row}
    return json.dumps(body, ensure_ascii=True, default=str) + "\n"


def _flat(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as one row of a table: its plain fields, then what is nested as JSON text."""
    decision, model = answer.get("decision") or {}, answer.get("model") or {}
    guarantee = answer.get("guarantee") or {}
    reasons = answer.get("reasons") or []
    return {
        **{name: answer.get(name) for name in _FLAT},
        "p_value": guarantee.get("p_value"),
        "guarantee": "valid" if guarantee.get("valid") else guarantee.get("reason"),
        "rule": decision.get("rule"),
        "policy": f"{decision.get('policy')}/{decision.get('policy_version')}",
        "model": f"{model.get('name')}/{model.get('version')}",
        "degraded": " ".join(answer.get("degraded") or []),
        "reasons_en": "; ".join(reason["text"]["en"] for reason in reasons),
        "reasons_vi": "; ".join(reason["text"]["vi"] for reason in reasons),
        "reasons": orjson.dumps(reasons).decode(),
    }


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
