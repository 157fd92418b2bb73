"""The catalogue: every feature there is, in a fixed order, and the matrix of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from counterfoil.features import brand, identifiers, listing, price, seller, text
from counterfoil.features.feature import Feature
from counterfoil.features.reading import Reading


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """Features in a fixed order, by name."""

    features: tuple[Feature, ...]

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [f.name for f in self.features]

    @property
    def fingerprint(self) -> str:
        """sha256 over names, families, signs and versions: equal exactly when the columns mean the same."""
        lines = (f"{f.name}|{f.family}|{f.monotone}|{f.version}" for f in self.features)
        return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def values(self, rows: Sequence[Reading]) -> NDArray[np.float64]:
        """The matrix of row features, (rows, features); missing is NaN."""
        plan = [(f.function, f.needs) for f in self.features]
        # Whole lists of numbers: writing cell by cell into an array costs more than the features themselves.
        values = [[function(*[getattr(row, need) for need in needs]) for function, needs in plan] for row in rows]
        return np.array(values, dtype=np.float64).reshape(len(rows), len(self.features))


@cache
def catalogue() -> FeatureSet:
    """Every feature there is, by family and in the order of its definition."""
    modules = (price, seller, listing, brand, identifiers, text)
    return FeatureSet(tuple(f for module in modules for f in vars(module).values() if isinstance(f, Feature)))
