"""Writing what was fitted as a bundle: aside, with the hash of every file, and into its place at once."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path

import numpy as np

from counterfoil.errors import BundleMismatch
from counterfoil.features.embed import Encoder
from counterfoil.model.bundle import (
    CALIBRATION,
    CARD,
    CONFORMAL,
    ENCODER,
    LINEAGE,
    NAME,
    TREES,
    VIEWS,
    Columns,
    schema_of,
)
from counterfoil.model.card import card
from counterfoil.model.manifest import MANIFEST, Label, Manifest, files_below, sha256_of
from counterfoil.model.train import Fitted

_LIBRARIES = ("lightgbm", "numpy", "tokenizers", "safetensors")


def save(
    fitted: Fitted,
    encoder: Encoder,
    encoder_folder: Path,
    folder: Path,
    *,
    created_at: datetime,
    label: Label,
    run_id: str | None,
    version: int | None = None,
) -> Manifest:
    """Write a bundle aside and put it in its place at once; an older bundle there is replaced, anything else is refused.

    `version` is the registry's number; None counts on from the older bundle in the folder.
    """
    if folder.exists() and not (folder / MANIFEST).is_file() and any(folder.iterdir()):
        raise BundleMismatch(f"got {folder} with other files in it, expected an empty folder or an older bundle")
    aside = folder.with_name(folder.name + ".new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    columns = Columns(fitted.data.features, fitted.views, encoder)
    fitted.booster.save_model(str(aside / TREES))
    (aside / CALIBRATION).write_text(json.dumps(fitted.calibration.to_json()))
    if fitted.conformal is not None:
        stamped = replace(fitted.conformal, encoder=encoder.fingerprint, calibrated_at=created_at)
        (aside / CONFORMAL).write_text(json.dumps(stamped.to_json(), separators=(",", ":")))
    fitted.views.save(aside / VIEWS)
    fitted.data.lineage.summary().save(aside / LINEAGE)
    shutil.copytree(encoder_folder, aside / ENCODER)
    data = fitted.data
    facts = {
        "format": 1,
        "name": NAME,
        "version": version if version is not None else _next_version(folder),
        "created_at": created_at,
        "run_id": run_id,
        "features": columns.names,
        "feature_schema": schema_of(columns),
        "encoder": encoder.fingerprint,
        "label": label,
        "training": {
            "rows": len(data),
            "positives": int(data.target.sum()),
            "sellers": len(np.unique(data.groups)),
            "span_days": round(data.span_days, 1),
            "split": fitted.split,
            "dropped": dict(data.dropped),
            "data_sha256": data.sha256,
            **({"weak": data.weak.account} if data.weak is not None else {}),
            **({"labels": data.labels} if data.labels is not None else {}),
            **({"random_look": data.look.to_json()} if data.look is not None else {}),
        },
        "metrics": {
            "cross_validated_by_seller": {name: value.to_json() for name, value in fitted.metrics.items()},
            "calibration_error": round(fitted.calibration_error, 4),
            "baselines": {
                rival: {n: v.to_json() for n, v in values.items()} for rival, values in fitted.baselines.items()
            },
            "later_rows_of_unseen_sellers": fitted.later,
            "reliability": fitted.reliability,
            "precision_recall": fitted.precision_recall,
            **({"guarantee": fitted.conformal.account()} if fitted.conformal is not None else {}),
            **({"fairness": fitted.fairness} if fitted.fairness is not None else {}),
            **({"proxies": fitted.proxies} if fitted.proxies is not None else {}),
        },
        "parameters": fitted.parameters,
        "libraries": {name: version_of(name) for name in _LIBRARIES},
        "files": {},
    }
    (aside / CARD).write_text(card(Manifest.model_validate(facts)))
    facts["files"] = {name: sha256_of(aside / name) for name in files_below(aside)}
    manifest = Manifest.model_validate(facts)
    (aside / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n")
    for path in aside.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    return manifest


def _next_version(folder: Path) -> int:
    path = folder / MANIFEST
    return int(json.loads(path.read_text())["version"]) + 1 if path.is_file() else 1
