"""Columns that are fitted on training rows and kept in the bundle: the text vector compressed, and an n-gram score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import BundleMismatch

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# More columns say more about the wording of the training rows than about titles of another hand.
COLUMNS = 12
BUCKETS = 2**16
_NGRAM_ARRAYS = ["ngrams.idf", "ngrams.offset", "ngrams.weights"]
_TEXT_ARRAYS = ["text.axes", "text.mean"]


@dataclass(frozen=True, slots=True)
class TextView:
    """The first principal components of the text vectors: `mean` (dim,), `axes` (dim, columns)."""

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]

    @property
    def names(self) -> list[str]:
        """Column names."""
        return [f"text_{i:02d}" for i in range(self.axes.shape[1])]

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], columns: int = COLUMNS) -> TextView:
        """Fit on training rows; no target is read, so the same fit serves in and out of fold."""
        exact = vectors[vectors.any(axis=1)].astype(np.float64)
        if not len(exact):  # no text that the encoder can read: the columns will all be missing
            dim = vectors.shape[1]
            return cls(np.zeros(dim), np.zeros((dim, min(columns, dim))))
        mean = exact.mean(axis=0)
        centred = exact - mean
        _, axes = np.linalg.eigh(centred.T @ centred)
        axes = axes[:, ::-1][:, : min(columns, exact.shape[1])]
        # An axis has no sign of its own; fix one so that two fits of the same rows are the same columns.
        largest = np.abs(axes).argmax(axis=0)
        return cls(mean, axes * np.sign(axes[largest, np.arange(axes.shape[1])]))

    def transform(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """(rows, dim) -> (rows, columns); a text that the encoder cannot read (all zeros) gives NaN."""
        columns: NDArray[np.float64] = (vectors.astype(np.float64) - self.mean) @ self.axes
        columns[~vectors.any(axis=1)] = np.nan
        return columns

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a bundle keeps."""
        return {"mean": self.mean, "axes": self.axes}


@cache
def _hasher() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(analyzer="char", ngram_range=(1, 3), n_features=BUCKETS, alternate_sign=False, norm=None)


def count_ngrams(texts: Sequence[str]) -> csr_matrix:
    """Counts of character 1- to 3-grams in hashed buckets, (texts, BUCKETS)."""
    return _hasher().transform(texts)


@dataclass(frozen=True, slots=True)
class NgramScore:
    """The log-odds of a logistic regression on weighted n-gram counts: `idf` and `weights` (BUCKETS,), `offset`."""

    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    offset: float

    @classmethod
    def fit(
        cls, counts: csr_matrix, target: NDArray[np.int64], seed: int, weight: NDArray[np.float64] | None = None
    ) -> NgramScore:
        """Fit on training rows; their own column must come from fits that left the row's seller out."""
        from sklearn.linear_model import SGDClassifier

        seen = np.bincount(counts.indices, minlength=BUCKETS)
        idf = (np.log((1 + counts.shape[0]) / (1 + seen)) + 1).astype(np.float32)
        weighted = _weighted(counts, idf)
        model = SGDClassifier(loss="log_loss", alpha=3e-5, max_iter=10, tol=None, average=True, random_state=seed)
        model.fit(weighted, target, sample_weight=weight)
        return cls(idf, model.coef_[0].astype(np.float32), float(model.intercept_[0]))

    def score(self, counts: csr_matrix) -> NDArray[np.float64]:
        """(rows, BUCKETS) -> (rows,) log-odds."""
        weighted = _weighted(counts, self.idf)
        return np.asarray(weighted @ self.weights.astype(np.float64), dtype=np.float64) + self.offset

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a bundle keeps."""
        return {"idf": self.idf, "weights": self.weights, "offset": np.array(self.offset)}


def _weighted(counts: csr_matrix, idf: NDArray[np.float32]) -> csr_matrix:
    """Damped counts times idf, each row scaled to length 1."""
    weighted = counts.copy()
    weighted.data = (1.0 + np.log(weighted.data)) * idf[weighted.indices]
    rows = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=weighted.data**2, minlength=weighted.shape[0]))
    weighted.data /= np.maximum(lengths, 1e-12)[rows]
    return weighted


@dataclass(frozen=True, slots=True)
class Views:
    """All fitted columns of a bundle; `ngrams` None leaves the n-gram score out."""

    text: TextView
    ngrams: NgramScore | None

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [*(["ngram_score"] if self.ngrams is not None else []), *self.text.names]

    def columns(self, vectors: NDArray[np.float32], counts: csr_matrix | None) -> NDArray[np.float64]:
        """The columns of rows that had no part in the fit, (rows, columns); `counts` may be None without an n-gram score."""
        text = self.text.transform(vectors)
        return text if self.ngrams is None else np.column_stack([self.ngrams.score(counts), text])

    def save(self, path: Path) -> None:
        """Write as npz without objects."""
        arrays = {f"text.{name}": array for name, array in self.text.arrays().items()}
        if self.ngrams is not None:
            arrays |= {f"ngrams.{name}": array for name, array in self.ngrams.arrays().items()}
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path) -> Views:
        """Read; raises `BundleMismatch` for anything but the arrays expected."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                got = sorted(arrays.files)
                if got not in (_TEXT_ARRAYS, _NGRAM_ARRAYS + _TEXT_ARRAYS):
                    raise BundleMismatch(
                        f"got arrays {got} in {path.name}, expected {_TEXT_ARRAYS}, with or without {_NGRAM_ARRAYS}"
                    )
                text = TextView(arrays["text.mean"], arrays["text.axes"])
                if got == _TEXT_ARRAYS:
                    return cls(text, None)
                return cls(
                    text, NgramScore(arrays["ngrams.idf"], arrays["ngrams.weights"], float(arrays["ngrams.offset"]))
                )
        except (ValueError, EOFError, BadZipFile) as error:
            # Not an archive of plain arrays; objects are never unpickled.
            raise BundleMismatch(f"got {error} in {path.name}, expected the arrays {_TEXT_ARRAYS}") from None
