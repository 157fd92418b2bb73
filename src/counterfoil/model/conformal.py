"""The stated false-alert rate of a bundle: who calibrates it, by segment, and of which rows it holds.

One listing a genuine seller, drawn by seed, on margins that the seller had no part in. Source of the sets by segment: Vovk,
Gammerman and Shafer, "Algorithmic learning in a random world" (2005), Mondrian predictors.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from counterfoil.model.draw import one_each
from counterfoil.model.pvalue import ALPHAS, Floats, Guarantee, Reference, Void

Kind = Literal["split_conformal", "weighted_conformal", "upper_bound"]
ROOT = "all"
# A segment of its own from here on: with 500 sellers a rate of 0.2 % can still be told (1 / 501).
MIN_SELLERS = 500
# A platform and language with fewer calibration sellers counts as not met: they say nothing about it.
MIN_POPULATION = 30
# Margins are kept to this, rounded up: a tie still counts against the row, and the file stays small.
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Conformal:
    """The calibration sets of a bundle by segment; `void` says why no row's rate holds, whatever the row.

    A segment's set is made of the listings that no finer segment has taken, so every listing belongs to exactly one.
    `populations` are the platforms and languages met in calibration.
    """

    kind: Kind
    references: dict[str, Reference]
    populations: frozenset[str]
    seed: int
    encoder: str = ""
    calibrated_at: datetime | None = None
    void: Void | None = None

    @classmethod
    def fit(
        cls,
        margins: Floats,
        genuine: NDArray[np.bool_],
        sellers: NDArray[np.int64],
        segments: Sequence[str],
        *,
        weight: Floats | None = None,
        seed: int,
        kind: Kind,
        void: Void | None = None,
    ) -> Conformal | None:
        """Draw one listing a genuine seller, by segment; None when no seller is genuine.

        `margins` are out of fold by seller; `genuine` is False where a verdict is bad, which takes all rows of the seller out.
        `sellers` numbers them, -1 for a row without. `weight` is how many listings of the population a row stands for, 0 when
        it was not drawn: such a row is never drawn here, but counts among those of its seller. `segments` are finest names.
        """
        names = np.asarray(segments, dtype=object)
        weight = np.ones(len(margins)) if weight is None else weight
        open_rows = (sellers >= 0) & ~np.isin(sellers, np.unique(sellers[~genuine]))
        candidates = np.flatnonzero(open_rows)
        if not (weight[candidates] > 0).any():
            return None

        def reference(rows: NDArray[np.int64]) -> Reference:
            drawn, chance = one_each(sellers[rows], weight[rows], seed)
            kept = np.ceil(margins[rows[drawn]] * 10**_PLACES + 1e-3) / 10**_PLACES
            return Reference.of(kept, np.round(1 / chance, 6) if kind == "weighted_conformal" else None)

        def sellers_of(rows: NDArray[np.int64]) -> int:
            return len(np.unique(sellers[rows[weight[rows] > 0]]))

        references: dict[str, Reference] = {}
        for depth in range(max(name.count("/") for name in names[candidates]) + 1, 0, -1):
            cells: dict[str, list[int]] = defaultdict(list)
            for row in np.flatnonzero(open_rows).tolist():
                levels = names[row].split("/")
                if len(levels) >= depth:
                    cells["/".join(levels[:depth])].append(row)
            for name, members in sorted(cells.items()):
                rows = np.array(members, dtype=np.int64)
                if name != ROOT and sellers_of(rows) >= MIN_SELLERS:
                    references[name] = reference(rows)
                    open_rows[rows] = False
        rest = np.flatnonzero(open_rows)
        # However few: held against everybody, a riskier rest would be flagged more often than stated. Too few says so.
        references[ROOT] = reference(rest if sellers_of(rest) else candidates)
        met: dict[str, set[int]] = defaultdict(set)
        for row in candidates[weight[candidates] > 0].tolist():
            met[_population(names[row])].add(int(sellers[row]))
        populations = frozenset(name for name, those in met.items() if len(those) >= MIN_POPULATION)
        return cls(kind, references, populations, seed, void=void)

    def judge(
        self, margins: Floats, segments: Sequence[str | None], *, smallest: float = min(ALPHAS)
    ) -> list[Guarantee]:
        """What can be stated of each row; `segments` are finest names, None for a row without a seller.

        `smallest` is the smallest rate that is asked of it: a calibration set too small to tell that one tells none.
        """
        held = [self.held(segment) for segment in segments]
        p_values = np.empty(len(held))
        rows_of: dict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(held):
            rows_of[name].append(row)
        for name, rows in rows_of.items():
            p_values[rows] = self.references[name].p_values(margins[rows])
        return [
            Guarantee(p_value, name, self.references[name].size, self._void(segment, name, smallest))
            for p_value, name, segment in zip(p_values.tolist(), held, segments, strict=True)
        ]

    def held(self, segment: str | None) -> str:
        """The name of the finest calibration set that a row of a segment belongs to."""
        name = str(segment or ROOT)
        while name not in self.references:
            name = name.rpartition("/")[0] or ROOT
        return name

    def void_of(self, name: str, smallest: float) -> Void | None:
        """Why no rate down to `smallest` can be stated from a calibration set, whatever the row; None when it can."""
        if self.void is not None:
            return self.void
        few = not self.populations or (self.references[name].size + 1) * smallest < 1 - 1e-9
        return "too_few" if few else None

    def _void(self, segment: str | None, name: str, smallest: float) -> Void | None:
        met = segment is not None and _population(segment) in self.populations
        if self.void is None and self.populations and not met:
            return "drifted"
        return self.void_of(name, smallest)

    def account(self) -> dict[str, Any]:
        """What was calibrated on, for manifest and card."""
        return {
            "kind": self.kind,
            "reason": self.void,
            "segments": {name: one.size for name, one in sorted(self.references.items())},
            "populations": sorted(self.populations),
        }

    def to_json(self) -> dict[str, Any]:
        """Plain data for the bundle."""
        return {
            "kind": self.kind,
            "seed": self.seed,
            "encoder": self.encoder,
            "calibrated_at": self.calibrated_at.isoformat() if self.calibrated_at is not None else None,
            "void": self.void,
            "populations": sorted(self.populations),
            "segments": {
                name: {
                    "margins": one.margins.tolist(),
                    "weights": None if one.weights is None else one.weights.tolist(),
                }
                for name, one in sorted(self.references.items())
            },
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Conformal:
        """The inverse of `to_json`; raises `ValueError`, `KeyError` or `TypeError` for anything else."""
        if data["kind"] not in get_args(Kind) or data["void"] not in (None, *get_args(Void)):
            raise ValueError(f"got kind {data['kind']!r} and void {data['void']!r}, expected known ones")
        references = {
            name: Reference.of(_numbers(one["margins"]), None if one["weights"] is None else _numbers(one["weights"]))
            for name, one in data["segments"].items()
        }
        if ROOT not in references:
            raise ValueError(f"got the segments {sorted(references)}, expected {ROOT!r} among them")
        made = data["calibrated_at"]
        return cls(
            kind=data["kind"],
            references=references,
            populations=frozenset(map(str, data["populations"])),
            seed=int(data["seed"]),
            encoder=str(data["encoder"]),
            calibrated_at=datetime.fromisoformat(made) if made is not None else None,
            void=data["void"],
        )


def beta_binomial_interval(n: int, m: int, alpha: float, level: float = 0.95) -> tuple[int, int]:
    """The central interval of how many of `m` new sellers are flagged at `alpha`, both ends within, with `n` calibration sellers.

    Whoever is calibrated on n sellers flags a share Beta(k, n + 1 - k) of new ones, k = floor(alpha (n + 1)); the count is
    beta-binomial. A plain binomial forgets the first half. Source: Vovk, "Conditional validity of inductive conformal
    predictors" (2012).
    """
    from scipy.stats import betabinom

    k = math.floor(alpha * (n + 1) + 1e-9)
    if k == 0 or k > n:  # nobody can be flagged, or everybody is
        return (0, 0) if k == 0 else (m, m)
    low, high = betabinom.ppf([(1 - level) / 2, (1 + level) / 2], m, k, n + 1 - k)
    return int(low), int(high)


def _population(segment: str) -> str:
    """The platform and language of a segment's name."""
    return "/".join(segment.split("/", 2)[:2])


def _numbers(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64)
