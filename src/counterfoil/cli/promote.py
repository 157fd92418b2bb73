"""`counterfoil promote` and `counterfoil ui`: which of the trained models is in use, and MLflow's page on all of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from counterfoil.model.manifest import Manifest


def promote(
    version: Annotated[
        int | None, typer.Argument(min=1, help="The version in MLflow's registry, as `train` printed it.")
    ] = None,
    *,
    why: Annotated[str, typer.Option(help="Why; it is kept in the promotion log.")],
    by: Annotated[str, typer.Option(help="Who decides; default: the user of this machine.")] = "",
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the version in use before.")] = False,
    override_fairness: Annotated[
        str | None,
        typer.Option(help="Why it may be used though it flags a kind of honest seller too often; kept in the log."),
    ] = None,
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
    override = override_fairness.strip() if override_fairness is not None else None
    if override == "":
        raise typer.BadParameter("got nothing, expected the reason in a few words", param_hint="--override-fairness")
    settings = Settings()
    log = settings.var / "promotions.jsonl"
    done = promotion.read_promotions(log)
    wanted = version if version is not None else promotion.before_that(done)
    registry = Registry(settings.mlflow_uri)
    before = registry.champion()
    fetched: list[str] = []

    def judge(manifest: Manifest) -> str | None:
        # What a rollback goes back to was let in before, and an alarm is no time to argue.
        return None if rollback else promotion.needs_override(manifest, override)

    with promotion.replaced(CURRENT, lambda folder: fetched.append(registry.fetch(wanted, folder)), judge) as manifest:
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
            fairness_override=judge(manifest),
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
    for note in _fairness(manifest.metrics.get("fairness"), line.fairness_override):
        typer.echo(f"Note: {note}", err=True)
    if settings.bundle is not None and settings.bundle != CURRENT:
        typer.echo(f"Note: COUNTERFOIL_BUNDLE names {settings.bundle}, which wins over {CURRENT}.", err=True)


def _fairness(account: dict[str, Any] | None, override: str | None) -> list[str]:
    """What a person should hear of the honest sellers that this model flags."""
    from counterfoil.model.fairness import unfair, watched

    if account is None:
        return ["this bundle has no fairness figures: whom it flags by mistake is not known. Train again to have them."]
    kept = f"flagged too often, and let in ({override}): " if override else "flagged too often: "
    return [*(kept + one for one in unfair(account)), *(f"watch {one}" for one in watched(account))]


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
