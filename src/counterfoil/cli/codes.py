"""`counterfoil codes`: code registers, and what is read from a text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterfoil.history.codes import CodeView

app = typer.Typer(
    help="Product codes and registration numbers: registers, and what a text states.", no_args_is_help=True
)


@app.callback()
def _codes() -> None:
    """Product codes and registration numbers: registers, and what a text states."""


@app.command("import")
def import_register(
    file: Annotated[Path, typer.Argument(help="A CSV with kind, code, status, brand, product, holder, known_from.")],
    *,
    name: Annotated[str | None, typer.Option("--as", help="The register's name; default: the file's.")] = None,
    rejected: Annotated[Path, typer.Option(help="Where refused rows are written.")] = Path("rejected.jsonl"),
) -> None:
    """Check a register file row by row and keep it; one of the same name is replaced."""
    from counterfoil.batch.output import rejected_line
    from counterfoil.ingest.register import RefusedRow, check_not_empty, read_register, write_register
    from counterfoil.settings import Settings

    called = name or file.name.partition(".")[0]
    if not called or not all(char.isalnum() or char in "-_" for char in called):
        raise typer.BadParameter("use letters, digits, - and _", param_hint="--as")
    rows = list(read_register(file, datetime.now(UTC).date()))
    refused = [row for row in rows if isinstance(row, RefusedRow)]
    taken = [row for row in rows if not isinstance(row, RefusedRow)]
    if refused:
        lines = [rejected_line(file.name, row.line, row.cause, row.detail, row.row) for row in refused]
        rejected.write_text("".join(lines), encoding="utf-8")
        for row in refused[:5]:
            typer.echo(f"line {row.line}: {row.cause}: {row.detail}", err=True)
        typer.echo(f"refused rows, with their line numbers: {rejected}")
    check_not_empty(file, taken)
    target = Settings().registers / f"{called}.csv"
    write_register(target, taken)
    typer.echo(f"{len(rows):,} rows read: {len(taken):,} taken, {len(refused):,} rejected; kept as {target}")


@app.command("list")
def list_registers() -> None:
    """List the registers that were imported, by name and kind of code."""
    from collections import Counter

    from rich.console import Console
    from rich.table import Table

    from counterfoil.ingest.register import kept_entries, register_files
    from counterfoil.settings import Settings

    table = Table("register", "kind", "entries", "revoked", "known from", "to")
    for path in register_files(Settings().registers):
        entries = kept_entries(path)
        revoked = Counter(one.kind for one in entries if one.status == "revoked")
        for kind, count in sorted(Counter(one.kind for one in entries).items()):
            days = [one.known_from for one in entries if one.kind == kind]
            table.add_row(path.stem, kind, f"{count:,}", f"{revoked[kind]:,}", str(min(days)), str(max(days)))
    Console().print(table if table.row_count else "No register: counterfoil codes import FILE")


@app.command("read")
def read(
    text: Annotated[str, typer.Argument(help="A title or description, a code, or a GS1 Digital Link.")],
    *,
    category: Annotated[str | None, typer.Option(help="The category's id, e.g. cosmetics or medicine.")] = None,
    brand: Annotated[str | None, typer.Option(help="The brand field of the listing.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(help="The day for which to ask, UTC; default: now.", formats=["%Y-%m-%d"])
    ] = None,
) -> None:
    """Show which codes a text states, what is wrong with them, and what the registers say."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from counterfoil.history.codes import codes_of, view_codes
    from counterfoil.history.shelf import MemoryShelf
    from counterfoil.ingest.register import load_register
    from counterfoil.ingest.schema import Listing
    from counterfoil.knowledge.categories import category as known_category
    from counterfoil.language.brands import brand_key
    from counterfoil.settings import Settings

    if category is not None:
        known_category(category)
    when = as_of.replace(tzinfo=UTC) if as_of is not None else datetime.now(UTC)
    listing = Listing(title="-", description=text, gtins=tuple(_numbers(text)))
    register = load_register(Settings().registers)
    found = view_codes(
        MemoryShelf(), listing, codes_of(listing, category), brand_key(brand), category, None, None, register, when
    )
    table = Table()
    for heading in ("kind", "code", "as written", "remarks", "register"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(
            one.stated.kind, one.stated.code, one.stated.quote, _remarks(one, when), one.verdict or "not asked"
        )
    for number, wrong in _unsound(text):
        table.add_row("gtin", escape(number), escape(number), wrong, "not asked")
    Console().print(table if table.row_count else "No code was found.")
    for one in found:
        for entry in one.entries:
            what = " ".join(part for part in (entry.brand, entry.product) if part) or "nothing"
            typer.echo(
                f"{entry.code}: {entry.status} for {what}, held by {entry.holder}, known from {entry.known_from}"
            )


def _numbers(text: str) -> Iterator[str]:
    """The words of a text that look like a GTIN, a Digital Link or an element string; or the text as a whole."""
    import re

    elements = r"\(01\).*|01[0-9]{14}.*|\][A-Za-z][0-9].*"
    whole = text.strip()
    if re.fullmatch(rf"[0-9](?:[ -]?[0-9]){{7,13}}|{elements}", whole, re.DOTALL):
        yield whole[:500]
        return
    for word in dict.fromkeys(word.strip(".,;:'\"") for word in whole.split()):
        if re.fullmatch(rf"[0-9]{{8}}|[0-9]{{12,14}}|{elements}", word) or re.search(r"\w/(?:01|gtin)/[0-9]{8}", word):
            yield word[:500]


def _unsound(text: str) -> Iterator[tuple[str, str]]:
    """The numbers of a text that are no sound GTIN for all to use, and why."""
    from counterfoil.language.codes import read_gtin

    for word in _numbers(text):
        reading = read_gtin(word)
        if reading.placeholder:
            yield reading.code, "looks like one typed to fill the field"
        elif not reading.valid:
            yield reading.code, "wrong length or check digit, if it is meant as a GTIN"
        elif reading.prefix_class in ("restricted", "coupon", "demo", "unassigned"):
            yield reading.code, f"prefix class {reading.prefix_class}: not for products on public sale"


def _remarks(one: CodeView, when: datetime) -> str:
    from counterfoil.language.registration import expired, year_ahead

    stated = one.stated
    remarks = {
        "wrong check digit": stated.check_fails,
        stated.fault or "": stated.fault is not None,
        "year still to come": year_ahead(stated, when.date()),
        "past its validity": expired(stated, when.date()),
    }
    return ", ".join(words for words, holds in remarks.items() if holds) or "sound"
