"""`counterfoil encoder`: learn the text encoder from listings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterfoil.errors import BadInput, UnreadableFile

if TYPE_CHECKING:
    from counterfoil.model.encoder import ListingText

app = typer.Typer(help="Learn the text encoder from listings.", no_args_is_help=True)


@app.callback()
def _encoder() -> None:
    """Learn the text encoder from listings."""


@app.command()
def train(
    files: Annotated[
        list[Path],
        typer.Argument(help="JSON Lines of /v1/score bodies, or .txt with a title a line.", metavar="FILES..."),
    ],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("models/encoder"),
    dim: Annotated[int, typer.Option(min=8, max=1024, help="Numbers in a vector.")] = 160,
    vocabulary: Annotated[int, typer.Option(min=300, max=100_000, help="Subwords to learn, at most.")] = 10_000,
    epochs: Annotated[int, typer.Option(min=1, max=100, help="Passes over the listings.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="The same files and seed give the same encoder.")] = 1,
) -> None:
    """Learn subwords and their vectors from the titles and descriptions of listings; needs the extra `encoder`."""
    from rich.console import Console
    from rich.table import Table

    from counterfoil.model.encoder import train_encoder

    corpus = (text for path in files for text in _read(path))
    trained = train_encoder(corpus, out, dim=dim, vocabulary=vocabulary, epochs=epochs, seed=seed)
    table = Table("a held-out title and its", "among", "untrained", "trained", title="Pair accuracy@1")
    for row in trained.agreement:
        table.add_row(row.view, f"{row.among:,}", f"{row.untrained:.3f}", f"{row.trained:.3f}")
    megabytes = sum(path.stat().st_size for path in out.iterdir()) / 1e6
    console = Console()
    console.print(table)
    console.print(
        f"{out}: {trained.titles:,} titles, {trained.vocabulary:,} subwords of {trained.dim}, {megabytes:.2f} MB"
    )


def _read(path: Path) -> Iterator[ListingText]:
    from counterfoil.model.encoder import ListingText

    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield ListingText(line) if path.suffix == ".txt" else _body(line, f"{path} line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"got {error} reading {path}, expected UTF-8 text; check path and encoding") from error


def _body(line: str, where: str) -> ListingText:
    from pydantic import ValidationError

    from counterfoil.ingest.schema import ScoreRequest
    from counterfoil.model.encoder import ListingText

    try:
        listing = ScoreRequest.model_validate_json(line).listing
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "the line"
        raise BadInput(
            f"got {field}: {first['msg']}, expected a /v1/score body, at {where}; mend or drop the line"
        ) from error
    return ListingText(listing.title, listing.description)
