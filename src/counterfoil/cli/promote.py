"""`counterfoil promote` and `counterfoil ui`: which of the trained models is in use, and MLflow's page on all of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def promote(
    version: Annotated[
        int | None, typer.Argument(min=1, help="The version in MLflow's registry, as `train` printed it.")
    ] = None,
    *,
    why: Annotated[str, typer.Option(help="Why; it is kept in the promotion log.")],
    by: Annotated[str, typer.Option(help="Who decides; default: the user of this machine.")] = "",
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the version in use before.")] = False,
) -> None:
    """Put a trained model in use: its alias, models/current, and a line of the promotion log."""
    from datetime import UTC, datetime

    from counterfoil.errors import PromotionRefused
    from counterfoil.model import promotion
    from counterfoil.model.card import MEASURES
    from counterfoil.model.registry import Registry
    from counterfoil.settings import CURRENT, Settings

    if rollback == (version is not None):
        raise typer.BadParameter("give a VERSION, or --rollback")
    if not why.strip():
        raise typer.BadParameter("got nothing, expected the reason in a few words", param_hint="--why")
    settings = Settings()
    log = settings.var / "promotions.jsonl"
    done = promotion.read_promotions(log)
    wanted = version if version is not None else promotion.before_that(done)
    registry = Registry(settings.mlflow_uri)
    before = registry.champion()
    fetched: list[str] = []
    with promotion.replaced(CURRENT, lambda folder: fetched.append(registry.fetch(wanted, folder))) as manifest:
        if manifest.run_id != fetched[0]:
            raise PromotionRefused(
                f"got a bundle of run {manifest.run_id} as version {wanted}, expected run {fetched[0]}: train again"
            )
        figures = manifest.metrics["cross_validated_by_seller"]
        line = promotion.Promotion(
            at=datetime.now(UTC),
            who=by.strip() or _user(),
            why=why.strip(),
            kind="rollback" if rollback else "promotion",
            version=wanted,
            previous_version=before,
            run_id=manifest.run_id,
            bundle_sha256=promotion.fingerprint(CURRENT),
            data_sha256=manifest.training["data_sha256"],
            metrics={
                **{name: figures[name]["value"] for name in MEASURES if name in figures},
                "calibration_error": manifest.metrics["calibration_error"],
            },
        )
        registry.name_champion(wanted)
        try:
            promotion.append(log, line)
        except BaseException:
            registry.name_champion(before)
            raise
    was = f"version {before}" if before is not None else "no promoted version"
    typer.echo(
        f"version {wanted} is in use in place of {was}: {CURRENT}, log {log}. Running servers: start them again."
    )
    if settings.bundle is not None and settings.bundle != CURRENT:
        typer.echo(f"Note: COUNTERFOIL_BUNDLE names {settings.bundle}, which wins over {CURRENT}.", err=True)


def ui(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port to listen on, on this machine only.")] = 5000,
) -> None:
    """Open MLflow's page on the runs and versions of this instance."""
    from counterfoil.errors import SettingsError
    from counterfoil.settings import Settings

    settings = Settings()
    uri = settings.mlflow_uri
    if not uri.startswith("sqlite:///"):
        raise SettingsError(f"got COUNTERFOIL_MLFLOW={uri!r}, expected a sqlite:/// file: open the page of that server")
    path = Path(uri.removeprefix("sqlite:///"))
    if not path.is_file():
        raise SettingsError(f"got no runs in {path}, expected some: make one with `counterfoil train`")
    typer.echo(f"MLflow on http://127.0.0.1:{port}, store {uri}")
    sys.stdout.flush()
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"}
    command = [
        sys.executable,
        "-m",
        "mlflow",
        "ui",
        "--backend-store-uri",
        uri,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--default-artifact-root", (settings.var / "mlartifacts").resolve().as_uri(), "--workers", "1"]
    os.execve(sys.executable, command, environment)  # noqa: S606 (no shell is wanted)


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
