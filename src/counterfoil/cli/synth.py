"""`counterfoil synth`: a simulated market to try everything on."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Level(StrEnum):
    """How far sellers of copies go to stay unseen."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


def synth(
    listings: Annotated[int, typer.Option(min=1, help="How many listings to simulate.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder to write to.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same files.")] = 0,
    adversary: Annotated[
        Level | None,
        typer.Option(
            help="How far all sellers of copies go: L0 not at all, L1 words in disguise, L2 dearer and saying less, "
            "L3 from aged accounts without shared pictures, L4 in an official shop's words. [default: a mix]"
        ),
    ] = None,
) -> None:
    """Write a simulated market: listings.jsonl, events.jsonl and truth.jsonl (which training never reads)."""
    from counterfoil.synth.write import write_market

    written = write_market(listings, seed, out, adversary.value if adversary else None)
    typer.echo(f"{written.listings:,} listings and {written.events:,} events written to {out}")
