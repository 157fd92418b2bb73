"""`counterfoil ingest`: load events into a store in bulk."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from counterfoil.ingest.source import AcceptedEvent

_CHUNK = 5_000


def ingest(
    files: Annotated[
        list[Path], typer.Argument(help="Events as JSON Lines, each with its known_at; or crawls with --mapping.")
    ],
    *,
    store: Annotated[str | None, typer.Option(help="The store's URL; default: the instance's own.")] = None,
    mapping: Annotated[
        str | None, typer.Option(help="A shipped mapping's name or a TOML file: rows become `listed` events.")
    ] = None,
    rejected: Annotated[Path, typer.Option(help="Where refused rows are written.")] = Path("rejected.jsonl"),
) -> None:
    """Append events to the log, in order of known_at, and fold them; every row is accounted for."""
    from counterfoil.batch.output import rejected_line
    from counterfoil.errors import UnreadableFile
    from counterfoil.ingest.intake import redact
    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.ingest.source import AcceptedEvent, Duplicate, read_events
    from counterfoil.settings import Settings
    from counterfoil.store.store import Store

    settings = Settings()
    loaded = load_mapping(mapping) if mapping is not None else None
    target = Store(store or settings.store_url)
    key, now = settings.key(), datetime.now(UTC)
    counts: Counter[str] = Counter()
    damaged: list[str] = []
    aside: list[str] = []

    def flush(file: Path, pending: list[AcceptedEvent]) -> None:
        done = target.append([one.entry for one in pending])
        counts["accepted"] += done.accepted
        counts["duplicates"] += len(done.duplicates)
        for index, error in done.rejected:
            counts[f"rejected: {type(error).__name__}"] += 1
            event = redact(pending[index].entry.event.model_dump(mode="json", exclude_defaults=True))
            aside.append(rejected_line(file.name, pending[index].line, type(error).__name__, error.detail, event))
        pending.clear()

    for file in files:
        pending: list[AcceptedEvent] = []
        line = 0
        try:
            for row in read_events(file, key=key, now=now, mapping=loaded, default_known_at=now):
                if loaded is not None and loaded.spec.post is not None:
                    counts["posts read"] += row.line != line
                    line = row.line
                counts["rows read"] += 1
                if isinstance(row, AcceptedEvent):
                    pending.append(row)
                    if len(pending) == _CHUNK:
                        flush(file, pending)
                elif isinstance(row, Duplicate):
                    counts["duplicates"] += 1
                else:
                    counts[f"rejected: {row.cause}"] += 1
                    aside.append(rejected_line(file.name, row.line, row.cause, row.detail, row.row))
        except UnreadableFile as error:
            damaged.append(error.detail)
        flush(file, pending)
    target.close()
    for name, count in counts.items():
        typer.echo(f"{name}: {count:,}")
    if aside:
        rejected.write_text("".join(aside), encoding="utf-8")
        typer.echo(f"refused rows, with their line numbers: {rejected}")
    if damaged:
        typer.echo("\n".join(damaged), err=True)
        raise typer.Exit(3)
