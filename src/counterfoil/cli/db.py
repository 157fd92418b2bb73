"""`counterfoil db`: the store."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="The store: the log and what is folded from it.", no_args_is_help=True)


@app.callback()
def _db() -> None:
    """The store: the log and what is folded from it."""


@app.command()
def rebuild(
    store: Annotated[str | None, typer.Option(help="The store's URL; default: the instance's own.")] = None,
) -> None:
    """Fold the whole log again, after the knowledge files have changed."""
    from counterfoil.settings import Settings
    from counterfoil.store.store import Store

    target = Store(store or Settings().store_url)
    typer.echo(f"folded {target.rebuild():,} events")
    target.close()
