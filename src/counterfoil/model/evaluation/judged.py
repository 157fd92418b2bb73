"""Rows with what was found out about them beside what a bundle says of them: all that an evaluation reads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from counterfoil.model.dataset import Dataset

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """Arrays of one entry a row of `data`, whose target is what verdicts came to.

    `p_value` is NaN where the bundle was not calibrated for a stated rate; `void` says why none holds, empty where one does.
    `held` is the calibration set that a row was held against and `size` its sellers. `action` is the policy's. `truth` and
    `weight` are what calibration is measured on: the random slice of a log, each row for as many listings as it stands for,
    else every row for itself.
    """

    data: Dataset
    ids: tuple[str, ...]
    margin: Floats
    probability: Floats
    p_value: Floats
    void: tuple[str, ...]
    held: tuple[str, ...]
    size: Rows
    action: tuple[str, ...]
    truth: Rows
    weight: Floats
    random_slice: bool = False

    def __len__(self) -> int:
        return len(self.data)

    @property
    def flagged(self) -> Bools:
        """The rows that the policy sends to a person."""
        return np.array([action != "allow" for action in self.action], dtype=np.bool_)

    @property
    def genuine(self) -> Bools:
        """The rows of sellers without a bad verdict among their rows; a row without a seller stands alone."""
        return self.data.genuine

    def subset(self, rows: Rows) -> Judged:
        """Some of the rows."""

        def some(values: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(values[row] for row in rows)

        return replace(
            self,
            data=self.data.subset(rows),
            ids=some(self.ids),
            margin=self.margin[rows],
            probability=self.probability[rows],
            p_value=self.p_value[rows],
            void=some(self.void),
            held=some(self.held),
            size=self.size[rows],
            action=some(self.action),
            truth=self.truth[rows],
            weight=self.weight[rows],
        )
