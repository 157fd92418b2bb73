"""A model bundle: a folder of plain files that names its columns and refuses any others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import BundleMismatch
from counterfoil.features.catalogue import FeatureSet, catalogue
from counterfoil.features.embed import Encoder, load_encoder
from counterfoil.features.reading import Reading, listing_text, ngram_text, read
from counterfoil.history.views import About
from counterfoil.model.calibrate import Calibration
from counterfoil.model.card import card
from counterfoil.model.manifest import MANIFEST, Label, Manifest, difference, files_below, read_manifest, sha256_of
from counterfoil.model.views import Views, count_ngrams

if TYPE_CHECKING:
    from lightgbm import Booster

    from counterfoil.model.train import Fitted

_TREES, _CALIBRATION, _VIEWS, _CARD, _ENCODER = "trees.txt", "calibration.json", "views.npz", "card.md", "encoder"
_LIBRARIES = ("lightgbm", "numpy", "tokenizers", "safetensors")
NAME = "counterfeit-listing"


@dataclass(frozen=True, slots=True)
class Risk:
    """One row's margin and what calibration makes of it; `percentile` is 0-100."""

    margin: float
    probability: float
    percentile: float


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a bundle: row features, then the fitted views of its text."""

    rows: FeatureSet
    views: Views
    encoder: Encoder

    @property
    def names(self) -> list[str]:
        """All column names, in order."""
        return self.rows.names + self.views.names

    def matrix(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """(rows, columns), float64, missing is NaN; all texts are embedded in one call."""
        vectors = self.encoder.vectors([listing_text(reading.listing) for reading in readings])
        counts = None
        if self.views.ngrams is not None:
            counts = count_ngrams([ngram_text(reading.listing) for reading in readings])
        return np.column_stack([self.rows.values(readings), self.views.columns(vectors, counts)])

    def of(self, about: Sequence[About]) -> tuple[list[Reading], NDArray[np.float64]]:
        """What was read, and the matrix of it."""
        readings = [read(one) for one in about]
        return readings, self.matrix(readings)


class Bundle:
    """A loaded bundle: it turns rows into risks and risks into contributions."""

    def __init__(self, manifest: Manifest, columns: Columns, booster: Booster, calibration: Calibration) -> None:
        self.manifest = manifest
        self.columns = columns
        self.calibration = calibration
        self._booster = booster

    def risk(self, matrix: NDArray[np.float64]) -> list[Risk]:
        """Margin, calibrated probability and percentile of each row."""
        margins = np.asarray(self._booster.predict(matrix, raw_score=True, num_threads=1), dtype=np.float64)
        probabilities = self.calibration.probability(margins)
        percentiles = self.calibration.percentile(probabilities)
        return [Risk(*map(float, row)) for row in zip(margins, probabilities, percentiles, strict=True)]

    def contributions(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows, columns + 1) log-odds that sum to the margin; the last is the trees' base value. Far dearer than a prediction."""
        return np.asarray(self._booster.predict(matrix, pred_contrib=True, num_threads=1), dtype=np.float64)

    @classmethod
    def load(cls, folder: Path) -> Bundle:
        """Verify everything, then load; raises `BundleMismatch` with what differs."""
        import lightgbm

        manifest = read_manifest(folder)
        rows, views = catalogue(), Views.load(folder / _VIEWS)
        encoder = load_encoder(folder / _ENCODER)
        columns = Columns(rows, views, encoder)
        if diff := difference(manifest.features, columns.names, "bundle", "this version of counterfoil"):
            raise BundleMismatch(f"the columns of {folder} are not those of this code; train again:\n{diff}")
        schema = schema_of(columns)
        if manifest.feature_schema != schema:
            raise BundleMismatch(
                f"got feature schema {manifest.feature_schema} in {folder}, expected {schema}: a definition changed, train again"
            )
        if manifest.encoder != encoder.fingerprint:
            raise BundleMismatch(f"got encoder {encoder.fingerprint} in {folder}, expected {manifest.encoder}")
        try:
            booster = lightgbm.Booster(model_file=str(folder / _TREES))
            calibration = Calibration.from_json(json.loads((folder / _CALIBRATION).read_text()))
        except (lightgbm.basic.LightGBMError, ValueError, KeyError, TypeError) as error:
            raise BundleMismatch(f"got trees or a calibration in {folder} that cannot be read: {error!r}") from None
        if diff := difference(manifest.features, booster.feature_name(), "manifest", _TREES):
            raise BundleMismatch(f"the columns of the trees in {folder} are not those of its manifest:\n{diff}")
        return cls(manifest, columns, booster, calibration)


def schema_of(columns: Columns) -> str:
    """The fingerprint of the columns: of the row features, and how many fitted ones follow."""
    return f"{columns.rows.fingerprint}+views{len(columns.views.names)}"


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
    fitted.booster.save_model(str(aside / _TREES))
    (aside / _CALIBRATION).write_text(json.dumps(fitted.calibration.to_json()))
    fitted.views.save(aside / _VIEWS)
    shutil.copytree(encoder_folder, aside / _ENCODER)
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
        },
        "parameters": fitted.parameters,
        "libraries": {name: version_of(name) for name in _LIBRARIES},
        "files": {},
    }
    (aside / _CARD).write_text(card(Manifest.model_validate(facts)))
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
