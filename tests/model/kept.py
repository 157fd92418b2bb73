"""The small bundle kept in an MLflow store of its own, as two trainings would have left it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from counterfoil.features.embed import load_encoder
from counterfoil.model import registry
from counterfoil.model.bundle import save
from counterfoil.model.manifest import Label, Manifest
from tests.model import small


def keep(var: Path, folder: Path) -> Manifest:
    """One training's end: a run, the bundle written into a folder, and the model in the registry."""
    encoder = load_encoder(small.encoder_folder())
    fitted = small.fitted()
    fitted = replace(fitted, parameters={**fitted.parameters, "note": folder.name})
    with registry.run(f"sqlite:///{var / 'mlflow.db'}", var / "mlartifacts", folder.name) as run:
        manifest = save(
            fitted, encoder, small.encoder_folder(), folder, created_at=small.MADE,
            label=Label(meaning=small.MEANING, source="file"), run_id=run.run_id, version=run.next_version(),
        )  # fmt: skip
        run.log(manifest, folder)
    return manifest
