"""`counterfoil lexicon propose`: words that suspect sellers use more than others, as a table or as entries for the lexicon."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterfoil.language.propose import Proposal, Said


def propose(
    file: Annotated[
        Path | None, typer.Argument(help="A log of events with verdicts, or the folder that `counterfoil score` wrote.")
    ] = None,
    *,
    store: Annotated[str | None, typer.Option(help="Read the log of a store instead, by its URL.")] = None,
    listings: Annotated[Path | None, typer.Option(help="With a folder: the file that was scored.")] = None,
    mapping: Annotated[str | None, typer.Option(help="The mapping by which that file is read.")] = None,
    top: Annotated[
        float,
        typer.Option(min=0.001, max=0.5, help="With a folder: the share of highest scores that counts as suspect."),
    ] = 0.02,
    limit: Annotated[int, typer.Option(min=1, help="At most so many proposals.")] = 20,
    min_sellers: Annotated[int, typer.Option(min=2, help="Suspect sellers who must use a word.")] = 3,
    toml: Annotated[bool, typer.Option("--toml", help="Print entries for the lexicon instead of a table.")] = False,
) -> None:
    """Propose words that suspect sellers use more than others of the same brand and category, for a person to judge."""
    from datetime import UTC, datetime

    from rich.console import Console

    from counterfoil.language.propose import propose as propose_words

    if (file is None) == (store is None):
        raise typer.BadParameter("give either a FILE or --store")
    if file is not None and file.is_dir():
        if listings is None:
            raise typer.BadParameter("decisions hold no titles: name the file that was scored by --listings")
        said = _scored(file, listings, mapping, top)
    else:
        said = _judged(file, store)
    suspect = {one.seller for one in said if one.suspect}
    found = propose_words(said, limit, min_sellers)
    if toml:
        source = (
            "the verdicts of a log" if file is None or not file.is_dir() else f"the highest {top:.1%} of a scored file"
        )
        typer.echo(_entries(found, datetime.now(UTC).date().isoformat(), source), nl=False)
        return
    console = Console()
    if found:
        console.print(_proposals(found))
    sellers = {one.seller for one in said}
    typer.echo(
        f"{len(said):,} listings of {len(sellers):,} sellers read, {len(suspect):,} sellers with a suspect one: "
        f"{len(found) or 'nothing'} to propose"
    )


def _judged(file: Path | None, store: str | None) -> list[Said]:
    from datetime import UTC, datetime

    from counterfoil.ingest.source import read_log
    from counterfoil.model.propose import said_by_verdict
    from counterfoil.settings import Settings
    from counterfoil.store.store import Store

    if store is not None:
        return list(said_by_verdict(Store(store).entries()))
    return list(said_by_verdict(read_log(file or Path(), key=Settings().key(), now=datetime.now(UTC))))


def _scored(folder: Path, listings: Path, mapping: str | None, top: float) -> list[Said]:
    from datetime import UTC, datetime

    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.ingest.source import Accepted, read_listings
    from counterfoil.model.propose import said_by_score
    from counterfoil.settings import Settings

    now = datetime.now(UTC)
    loaded = load_mapping(mapping) if mapping is not None else None
    rows = read_listings(listings, mapping=loaded, key=Settings().key(), now=now, default_known_at=now)
    subjects = (row.subject for row in rows if isinstance(row, Accepted))
    return list(
        said_by_score(folder, ((one.listing, one.seller.seller_id) for one in subjects if one.seller is not None), top)
    )


def _proposals(found: Sequence[Proposal]) -> Any:
    rows = [
        (
            one.form, f"{one.suspects} of {one.sellers}", f"{one.expected:.1f}",
            f"{one.odds:.0f} ({one.low:.1f} to {_bound(one.high)})", one.examples[0],
        )
        for one in found
    ]  # fmt: skip
    headings = ("words", "suspect sellers", "expected", "odds, corrected 95 % interval", "example")
    return table(headings, rows)


def _bound(high: float) -> str:
    return "any" if high > 99_999 else f"{high:.0f}"


def _entries(found: Sequence[Proposal], day: str, source: str) -> str:
    """TOML for `knowledge/lexicon/`: a draft in which grade and needs are the mildest that make sense."""
    import json
    import re

    from counterfoil.language.normalise import fold_text

    lines = [
        "# A draft by `counterfoil lexicon propose`: read each entry, delete what is innocent, then run `lexicon check`."
    ]
    lines += [f'version = "{day}"', ""] if found else ["# Nothing is proposed."]
    for one in found:
        name = re.sub(r"\W+", "_", fold_text(one.form)).strip("_")
        seen = f"{one.suspects} of {one.sellers} sellers suspect where {one.expected:.1f} were expected, odds {one.odds:.0f}"
        lines += [
            "[[term]]",
            f'id = "proposed_{name}"',
            'grade = "B"',
            f"added = {day}",
            'needs = "brand"',
            f"forms = [{json.dumps(one.form, ensure_ascii=False)}]",
            f"source = {json.dumps(f'{source}, {day}: {seen} (at least {one.low:.1f})', ensure_ascii=False)}",
            f"examples = [{', '.join(json.dumps(title, ensure_ascii=False) for title in one.examples)}]",
            f"counter_examples = [{json.dumps(f'Shop không bán {one.form}', ensure_ascii=False)}]",
            "",
        ]
    return "\n".join(lines) + ("" if found else "\n")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
    """A table for the terminal; cells are printed as they are."""
    from rich.box import SIMPLE
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table
