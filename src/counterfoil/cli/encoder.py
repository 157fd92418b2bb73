"""`counterfoil encoder`: learn the text encoder from listings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterfoil.errors import BadInput, UnreadableFile

if TYPE_CHECKING:
    from counterfoil.model.encoder_pairs import ListingText

app = typer.Typer(help="Learn the text encoder from listings.", no_args_is_help=True)


@app.callback()
def _encoder() -> None:
    """Learn the text encoder from listings."""


@app.command()
def train(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="JSON Lines of /v1/score bodies, CSV, TSV or Parquet with named columns, or .txt with a title a line.",
            metavar="FILES...",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("models/encoder"),
    title: Annotated[str, typer.Option(help="A table's column of titles.")] = "title",
    description: Annotated[str, typer.Option(help="A table's column of descriptions, if it has one.")] = "description",
    brand: Annotated[str, typer.Option(help="A table's column of brands, if it has one.")] = "brand",
    category: Annotated[str, typer.Option(help="A table's column of categories, if it has one.")] = "category",
    dim: Annotated[int, typer.Option(min=8, max=1024, help="Numbers in a vector.")] = 768,
    vocabulary: Annotated[int, typer.Option(min=300, max=100_000, help="Pieces of words to learn, at most.")] = 2_300,
    epochs: Annotated[int, typer.Option(min=1, max=100, help="Passes over the listings.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="The same files and seed give the same encoder.")] = 1,
) -> None:
    """Learn pieces of words and their vectors from the text of listings; needs the extra `encoder`."""
    from rich.console import Console
    from rich.table import Table

    from counterfoil.model.encoder import train_encoder

    columns = {"title": title, "description": description, "brand": brand, "category": category}
    corpus = (text for path in files for text in _read(path, columns))
    trained = train_encoder(corpus, out, dim=dim, vocabulary=vocabulary, epochs=epochs, seed=seed)
    table = Table("a held-out title and itself", "among", "untrained", "trained", title="Found first")
    for row in trained.agreement:
        table.add_row(row.view, f"{row.among:,}", f"{row.untrained:.3f}", f"{row.trained:.3f}")
    megabytes = sum(path.stat().st_size for path in out.iterdir()) / 1e6
    console = Console()
    console.print(table)
    console.print(
        f"{out}: {trained.titles:,} titles, {trained.vocabulary:,} pieces of {trained.dim} numbers, {megabytes:.2f} MB"
    )


def _read(path: Path, columns: dict[str, str]) -> Iterator[ListingText]:
    if path.suffix.lower() == ".txt":
        return _titles(path)
    return _rows(path, columns)


def _titles(path: Path) -> Iterator[ListingText]:
    from counterfoil.model.encoder_pairs import ListingText

    try:
        with path.open(encoding="utf-8-sig") as lines:
            for line in lines:
                if line.strip():
                    yield ListingText(line)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"got {error} reading {path}, expected UTF-8 text; check path and encoding") from error


def _rows(path: Path, columns: dict[str, str]) -> Iterator[ListingText]:
    from counterfoil.ingest.readers import format_of, read_rows
    from counterfoil.model.encoder_pairs import ListingText

    file_format = format_of(path)
    for row in read_rows(path, file_format=file_format):
        where = f"{path} line {row.line}"
        if row.values is None:
            raise BadInput(f"{row.error[1] if row.error else 'got no values'}, at {where}; mend or drop the line")
        if file_format == "jsonl":
            yield _body(row.values, where)
        elif columns["title"] not in row.values:
            raise BadInput(
                f"got the columns {list(row.values)} in {path}, expected one named {columns['title']!r}; "
                "name the column of titles with --title"
            )
        else:
            yield ListingText(**{name: str(row.values.get(column) or "") for name, column in columns.items()})


def _body(values: dict[str, object], where: str) -> ListingText:
    import json

    from pydantic import ValidationError

    from counterfoil.ingest.schema import ScoreRequest
    from counterfoil.model.encoder_pairs import ListingText

    try:
        listing = ScoreRequest.model_validate_json(json.dumps(values)).listing
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "the line"
        raise BadInput(
            f"got {field}: {first['msg']}, expected a /v1/score body, at {where}; mend or drop the line"
        ) from error
    return ListingText(listing.title, listing.description, listing.brand, "/".join(listing.category_path))
