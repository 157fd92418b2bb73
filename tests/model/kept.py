"""The small bundle kept in an MLflow store of its own, as two trainings would have left it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from counterfoil.features.embed import load_encoder
from counterfoil.model import registry
from counterfoil.model.manifest import MANIFEST, Label, Manifest
from counterfoil.model.save import save
from tests.model import small


def keep(var: Path, folder: Path, fairness: dict[str, Any] | None = None) -> Manifest:
    """One training's end: a run, the bundle written into a folder, and the model in the registry.

    `fairness` takes the place of what the bundle says of flag rates; None leaves it without.
    """
    encoder = load_encoder(small.encoder_folder())
    fitted = small.fitted()
    fitted = replace(fitted, parameters={**fitted.parameters, "note": folder.name})
    with registry.run(f"sqlite:///{var / 'mlflow.db'}", var / "mlartifacts", folder.name) as run:
        manifest = save(
            fitted, encoder, small.encoder_folder(), folder, created_at=small.MADE,
            label=Label(meaning=small.MEANING, source="file"), run_id=run.run_id, version=run.next_version(),
        )  # fmt: skip
        metrics = {name: value for name, value in manifest.metrics.items() if name != "fairness"}
        told = {"fairness": fairness} if fairness is not None else {}
        manifest = manifest.model_copy(update={"metrics": metrics | told})
        (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n")
        run.log(manifest, folder)
    return manifest
