"""`counterfoil score`: score whole files."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """The format of the decisions."""

    jsonl = "jsonl"
    parquet = "parquet"
    csv = "csv"


class Reasons(StrEnum):
    """Which rows get reasons."""

    flagged = "flagged"
    all = "all"
    none = "none"


def score(
    files: Annotated[
        list[Path], typer.Argument(help="CSV, TSV, JSON Lines or Parquet files, packed with gzip or not.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="The folder for decisions, rejected rows and the report.", file_okay=False)],
    mapping: Annotated[
        str | None, typer.Option(help="A shipped mapping's name or a TOML file; without: score bodies.")
    ] = None,
    bundle: Annotated[
        Path | None, typer.Option(help="The model bundle; default models/current, else models/demo.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(help="Keep the sightings in this store; default: a temporary one.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="When rows without a time were known, RFC 3339; default: now.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="A shipped policy's name or a TOML file.")] = None,
    output_format: Annotated[Format, typer.Option("--format", help="The format of the decisions.")] = Format.jsonl,
    reasons: Annotated[
        Reasons, typer.Option(help="Which rows get reasons; a row with them costs several without.")
    ] = Reasons.flagged,
) -> None:
    """Score every row of some files: decisions in the order of the input, and an account of each row."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    from counterfoil.batch.run import Job, run
    from counterfoil.decide.policy import load_policy
    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.ingest.register import load_register
    from counterfoil.model.bundle import Bundle
    from counterfoil.scorer import Scorer
    from counterfoil.settings import Settings
    from counterfoil.store.store import Store

    settings = Settings()
    register = load_register(settings.registers)
    job = Job(
        files=files,
        mapping=load_mapping(mapping) if mapping is not None else None,
        scorer=Scorer(Bundle.load(bundle or settings.bundle_path), load_policy(policy or settings.policy)),
        store=Store(store, register) if store is not None else None,
        key=settings.key(),
        clock=lambda: datetime.now(UTC),
        as_of=_instant(as_of),
        out=out,
        file_format=output_format.value,
        reasons=reasons.value,
        register=register,
    )
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=None)
        try:
            finished = run(
                job, lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total)
            )
        except KeyboardInterrupt:
            typer.echo("Stopped; nothing was left half-written.", err=True)
            raise typer.Exit(130) from None
    report = finished.report
    typer.echo(
        f"{report['rows_read']:,} rows read: {report['accepted']:,} accepted, {report['duplicates']:,} duplicates, "
        f"{report['rejected']:,} rejected; {report['flagged']:,} flagged for review. See {out / 'report.html'}"
    )
    if finished.damaged:
        for file in report["inputs"]:
            if file["damage"] is not None:
                typer.echo(f"{file['file']}: {file['damage']}", err=True)
        raise typer.Exit(3)


def _instant(text: str | None) -> datetime | None:
    from pydantic import TypeAdapter, ValidationError

    from counterfoil.ingest.fields import Instant

    if text is None:
        return None
    try:
        return TypeAdapter(Instant).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"], param_hint="--as-of") from None
