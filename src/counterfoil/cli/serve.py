"""`counterfoil serve`: the scoring API."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to bind to; until keys exist, a loopback one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port to listen on.")] = 3000,
    bundle: Annotated[
        Path | None, typer.Option(help="The model bundle; default models/current, else models/demo.")
    ] = None,
    store: Annotated[str | None, typer.Option(help="The store's URL; default sqlite:///var/counterfoil.db.")] = None,
) -> None:
    """Serve the scoring API; /docs shows it, /readyz says when it can score."""
    from counterfoil.errors import SettingsError
    from counterfoil.model.manifest import read_manifest
    from counterfoil.settings import Settings
    from counterfoil.store.store import Store

    if not _is_loopback(host):
        raise SettingsError(
            f"got host {host!r}, expected a loopback address such as 127.0.0.1: the API asks for no keys yet, so it must "
            "not be reachable from elsewhere; put a proxy that authenticates in front of it"
        )
    environment = dict(os.environ)
    if bundle is not None:
        environment["COUNTERFOIL_BUNDLE"] = str(bundle.resolve())
    if store is not None:
        environment["COUNTERFOIL_STORE"] = store
    os.environ.update(environment)
    settings = Settings()
    # Refuse what cannot be served here, in a sentence, rather than in a worker that is started over and over.
    read_manifest(settings.bundle_path)
    opened = Store(settings.store_url)
    with opened.snapshot():
        pass
    opened.close()
    typer.echo(
        f"counterfoil on http://{host}:{port} (docs: /docs), model {settings.bundle_path}, store {settings.store_url}"
    )
    sys.stdout.flush()
    environment.setdefault("OMP_NUM_THREADS", "1")
    environment.setdefault("BENTOML_DO_NOT_TRACK", "1")
    command = [sys.executable, "-m", "bentoml", "serve", "counterfoil.serve.service:Counterfoil"]
    os.execve(sys.executable, [*command, "--host", host, "--port", str(port)], environment)  # noqa: S606 (no shell is wanted)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
