"""`counterfoil synth`: a simulated market to try everything on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def synth(
    listings: Annotated[int, typer.Option(min=1, help="How many listings to simulate.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder to write to.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same files.")] = 0,
) -> None:
    """Write a simulated market: listings.jsonl, events.jsonl and truth.jsonl (which training never reads)."""
    from counterfoil.synth.write import write_market

    market = write_market(listings, seed, out)
    typer.echo(f"{len(market.listings):,} listings and {len(market.events):,} events written to {out}")
