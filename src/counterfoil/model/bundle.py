"""A model bundle: a folder of plain files that names its columns and refuses any others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import BundleMismatch
from counterfoil.features.catalogue import FeatureSet, catalogue
from counterfoil.features.embed import Encoder, load_encoder
from counterfoil.features.reading import Reading, listing_text, ngram_text, read
from counterfoil.features.segment import nothing_known, segment_path
from counterfoil.history.views import About
from counterfoil.model.calibrate import Calibration
from counterfoil.model.conformal import Conformal
from counterfoil.model.manifest import Manifest, difference, read_manifest
from counterfoil.model.pvalue import Guarantee
from counterfoil.model.trained_on import TrainedOn
from counterfoil.model.trees import Splits, Trees
from counterfoil.model.views import Views, count_ngrams

if TYPE_CHECKING:
    from lightgbm import Booster

TREES, CALIBRATION, VIEWS, CARD, ENCODER = "trees.txt", "calibration.json", "views.npz", "card.md", "encoder"
# Not in every bundle: without it no false-alert rate can be stated.
CONFORMAL = "conformal.json"
# Nor is what its training rows are known again by, which only an evaluation reads.
LINEAGE = "lineage.npz"
# From so many rows on, taking them through the trees together is cheaper than one by one; both close to the margin, and where
# they differ (4e-5 was seen) LightGBM's single rows have lost digits.
_MANY = 64
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

    def __init__(
        self,
        manifest: Manifest,
        columns: Columns,
        booster: Booster,
        calibration: Calibration,
        conformal: Conformal | None = None,
        folder: Path | None = None,
    ) -> None:
        self.manifest = manifest
        self.columns = columns
        self.calibration = calibration
        self.conformal = conformal
        self._booster = booster
        self._folder = folder

    def risk(self, matrix: NDArray[np.float64]) -> list[Risk]:
        """Margin, calibrated probability and percentile of each row."""
        margins = np.asarray(self._booster.predict(matrix, raw_score=True, num_threads=1), dtype=np.float64)
        probabilities = self.calibration.probability(margins)
        percentiles = self.calibration.percentile(probabilities)
        return [Risk(*map(float, row)) for row in zip(margins, probabilities, percentiles, strict=True)]

    def guarantees(self, risks: Sequence[Risk], about: Sequence[About], smallest: float) -> list[Guarantee]:
        """What false-alert rate can be stated of each row, `smallest` being the smallest that is asked for."""
        if self.conformal is None:
            return [Guarantee(reason=self.manifest.no_guarantee)] * len(risks)
        margins = np.array([risk.margin for risk in risks])
        segments = [
            None if one.subject.seller is None or nothing_known(one) else segment_path(one)[-1] for one in about
        ]
        return self.conformal.judge(margins, segments, smallest=smallest)

    def probability_at(self, guarantee: Guarantee, alpha: float) -> float | None:
        """The probability beyond which rows of the same calibration set are flagged at a rate; None without one."""
        if self.conformal is None or guarantee.segment is None:
            return None
        bound = self.conformal.references[guarantee.segment].bound(alpha)
        return float(self.calibration.probability(np.array([bound]))[0])

    def contributions(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows, columns + 1) log-odds that sum to the margin; the last is the trees' base value. Far dearer than a prediction."""
        if len(matrix) >= _MANY and self.trees.exact:
            return self.trees.contributions(matrix)
        return np.asarray(self._booster.predict(matrix, pred_contrib=True, num_threads=1), dtype=np.float64)

    @cached_property
    def lineage(self) -> TrainedOn | None:
        """What its training rows are known again by, read when it is first asked for; None of an older bundle."""
        if self._folder is None or LINEAGE not in self.manifest.files:
            return None
        return TrainedOn.load(self._folder / LINEAGE)

    @cached_property
    def trees(self) -> Trees:
        """The trees taken apart, when they are first asked for."""
        return Trees.of(self._booster.dump_model())

    def thresholds(self) -> Mapping[str, Splits]:
        """Where the trees cut each column that they use."""
        return self.trees.splits

    @classmethod
    def load(cls, folder: Path) -> Bundle:
        """Verify everything, then load; raises `BundleMismatch` with what differs."""
        import lightgbm

        manifest = read_manifest(folder)
        rows, views = catalogue(), Views.load(folder / VIEWS)
        encoder = load_encoder(folder / ENCODER)
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
            booster = lightgbm.Booster(model_file=str(folder / TREES))
            calibration = Calibration.from_json(json.loads((folder / CALIBRATION).read_text()))
            conformal = _conformal(folder, manifest)
        except (lightgbm.basic.LightGBMError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BundleMismatch(f"got trees or a calibration in {folder} that cannot be read: {error!r}") from None
        if diff := difference(manifest.features, booster.feature_name(), "manifest", TREES):
            raise BundleMismatch(f"the columns of the trees in {folder} are not those of its manifest:\n{diff}")
        return cls(manifest, columns, booster, calibration, conformal, folder)


def _conformal(folder: Path, manifest: Manifest) -> Conformal | None:
    """The calibration sets of a bundle, None where it has none; those of another encoder's margins state nothing."""
    if CONFORMAL not in manifest.files:
        return None
    conformal = Conformal.from_json(json.loads((folder / CONFORMAL).read_text()))
    return conformal if conformal.encoder == manifest.encoder else replace(conformal, void="another_encoder")


def schema_of(columns: Columns) -> str:
    """The fingerprint of the columns: of the row features, and how many fitted ones follow."""
    return f"{columns.rows.fingerprint}+views{len(columns.views.names)}"
