"""`counterfoil features`: the catalogue, from the docstrings themselves."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """How the catalogue is printed."""

    table = "table"
    markdown = "markdown"


def features(
    style: Annotated[
        Format, typer.Option("--format", help="A table for the terminal, or Markdown for the docs.")
    ] = Format.table,
) -> None:
    """Print every feature: its family, its sign, its reason and what it means."""
    from counterfoil.features.catalogue import catalogue
    from counterfoil.features.reference import markdown

    if style is Format.markdown:
        typer.echo(markdown(), nl=False)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("feature", "family", "sign", "reason", "what it is")
    for one in catalogue().features:
        table.add_row(one.name, one.family, "+" if one.monotone > 0 else "", "yes" if one.explains else "", one.doc)
    Console().print(table)
