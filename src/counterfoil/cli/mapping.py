"""`counterfoil mapping`: draft a mapping for a foreign file, see how it reads, list the shipped ones."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from counterfoil.ingest.source import Accepted, Duplicate, Rejected

app = typer.Typer(help="Mappings: how the columns of a foreign file become listings.", no_args_is_help=True)

_Path = Annotated[Path, typer.Argument(help="A CSV, TSV, JSON Lines or Parquet file, packed with gzip or not.")]


@app.command("draft")
def draft(
    file: _Path,
    out: Annotated[Path | None, typer.Option(help="Write the mapping here, instead of to the terminal.")] = None,
) -> None:
    """Propose a mapping from the names and the cells of the columns."""
    from counterfoil.ingest.draft import draft_mapping

    text = draft_mapping(file)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
        typer.echo(f"Wrote {out}. Go over it, then: counterfoil mapping check {file} --mapping {out}")


@app.command("check")
def check(
    file: _Path,
    mapping: Annotated[str, typer.Option(help="The name of a shipped mapping, or the path of a TOML file.")],
    rows: Annotated[int, typer.Option(min=1, max=20, help="How many rows to show.")] = 5,
    first: Annotated[int, typer.Option(min=1, help="How many rows to read and count.")] = 1_000,
) -> None:
    """Show the first rows as they would be read, the columns nobody uses, and what becomes of the first rows."""
    from rich.console import Console

    from counterfoil.ingest.intake import ContactKey
    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.ingest.source import columns_of, read_listings

    console = Console()
    # Nothing is kept, so contacts are hashed under a key that nobody keeps either.
    key = ContactKey("check", secrets.token_bytes(32))
    now = datetime.now(UTC)
    loaded = load_mapping(mapping)
    unused = [name for name in columns_of(file, loaded) if name not in loaded.columns_used]
    outcomes: list[Accepted | Duplicate | Rejected] = []
    try:
        for outcome in islice(read_listings(file, mapping=loaded, key=key, now=now, default_known_at=now), first):
            outcomes.append(outcome)  # noqa: PERF402 (what was read before a file breaks off is shown too)
    finally:
        if outcomes:
            _show(console, outcomes, rows, unused)
    if loaded.spec.label is not None:
        console.print(f"Label {loaded.spec.label.column!r}: {loaded.spec.label.meaning}", markup=False)


@app.command("list")
def list_mappings() -> None:
    """List the mappings that come with the package."""
    from rich.console import Console
    from rich.table import Table

    from counterfoil.ingest.mapping import shipped_mappings

    table = Table("name", "format", "what it reads", "label")
    for mapping in shipped_mappings():
        label = mapping.spec.label
        table.add_row(
            mapping.name, mapping.spec.file.format, mapping.spec.about, label.meaning if label is not None else "none"
        )
    Console().print(table)


def _show(console: Any, outcomes: list[Accepted | Duplicate | Rejected], rows: int, unused: list[str]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from counterfoil.ingest.source import Accepted, Rejected

    shown = [outcome for outcome in outcomes if isinstance(outcome, Accepted)][:rows]
    table = Table()
    table.add_column("field", no_wrap=True)
    for row in shown:
        table.add_column(f"line {row.line}")
    cells = [_cells(row) for row in shown]
    for field in dict.fromkeys(name for row in cells for name in row):
        table.add_row(field, *(escape(row.get(field, "")) for row in cells))
    console.print(table)
    console.print(f"Columns nobody uses: {', '.join(map(repr, unused)) or 'none'}", markup=False)
    counts = Counter(f"rejected, {o.cause}" if isinstance(o, Rejected) else type(o).__name__.lower() for o in outcomes)
    told = "; ".join(f"{name}: {count}" for name, count in counts.most_common())
    console.print(f"The first {len(outcomes)} rows: {told}", markup=False)
    for refused in [outcome for outcome in outcomes if isinstance(outcome, Rejected)][:rows]:
        console.print(f"  line {refused.line}: {refused.detail}", markup=False)


def _cells(row: Accepted) -> dict[str, str]:
    body = {
        "listing": row.subject.listing.model_dump(mode="json", exclude_defaults=True),
        "seller": row.subject.seller.model_dump(mode="json", exclude_defaults=True)
        if row.subject.seller is not None
        else {},
    }
    cells = {"known_at": row.known_at.isoformat(timespec="seconds")}
    if row.target is not None:
        cells["label"] = str(row.target)
    _flatten("", body, cells)
    return cells


def _flatten(prefix: str, value: Any, cells: dict[str, str]) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _flatten(f"{prefix}.{name}" if prefix else name, part, cells)
    else:
        text = " > ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        cells[prefix] = text if len(text) <= 40 else text[:39] + "…"
