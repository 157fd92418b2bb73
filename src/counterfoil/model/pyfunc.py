"""The model as MLflow serves it: `mlflow models predict` on the named feature matrix gives the risk that the scorer gives.

MLflow keeps this file itself beside the bundle and runs it when it loads the model, so nothing is pickled. It needs
counterfoil installed, in the version that wrote the bundle's columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd  # type: ignore[import-untyped]
from numpy.typing import NDArray

from counterfoil.errors import BundleMismatch
from counterfoil.model.bundle import Bundle
from counterfoil.model.manifest import difference
from counterfoil.model.registry import BUNDLE, OUTPUTS


class BundleModel(mlflow.pyfunc.PythonModel):  # type: ignore[misc]  # mlflow has no types
    """A bundle behind MLflow's interface."""

    bundle: Bundle

    def load_context(self, context: Any) -> None:
        """Load the bundle that was kept with the model; it is verified as everywhere."""
        self.bundle = Bundle.load(Path(context.artifacts[BUNDLE]))

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:  # noqa: ARG002
        """A frame of `probability`, `percentile` (0-100) and `margin`, a row for each row of the feature matrix.

        Raises `BundleMismatch` with a diff when the columns are not the bundle's, in its order, or not float64.
        """
        risks = self.bundle.risk(matrix_of(model_input, self.bundle.columns.names))
        return pd.DataFrame(
            {name: [getattr(risk, name) for risk in risks] for name in OUTPUTS},
            dtype=np.float64,
        )


def matrix_of(frame: object, names: Sequence[str]) -> NDArray[np.float64]:
    """The matrix of a frame whose columns are exactly `names`, in order, all float64; a column of nothing but nulls is missing."""
    if not isinstance(frame, pd.DataFrame):
        raise BundleMismatch(f"got {type(frame).__name__}, expected a table with the {len(names)} named columns")
    if diff := difference(list(names), [str(name) for name in frame.columns], "the bundle", "the table"):
        raise BundleMismatch(f"the columns of the table are not those of the bundle, in its order:\n{diff}")
    # JSON has no type for an empty column: all nulls come as objects.
    wrong = [
        f"{name} ({dtype})"
        for name, dtype in frame.dtypes.items()
        if dtype != np.float64 and not (dtype.kind == "O" and frame[name].isna().all())
    ]
    if wrong:
        raise BundleMismatch(
            f"got {', '.join(wrong)}, expected float64 in every column: write 1.0, not 1, and null or NaN where missing"
        )
    return np.asarray(frame.to_numpy(dtype=np.float64, na_value=np.nan))


mlflow.models.set_model(BundleModel())
