"""MLflow end to end: what was trained is registered, loads without a pickle, and says what the scorer says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from counterfoil.errors import PromotionRefused
from counterfoil.model import registry
from counterfoil.model.bundle import NAME, Bundle
from counterfoil.model.manifest import sha256_of
from tests.model import kept, small

# MLflow and what it imports warn about themselves; what is ours to heed shows up in the faster tests.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    kept.keep(folder, folder / "one")
    kept.keep(folder, folder / "two")
    return folder


@pytest.fixture(scope="module")
def uri(var: Path) -> str:
    return f"sqlite:///{var / 'mlflow.db'}"


@pytest.fixture(scope="module")
def matrix() -> NDArray[np.float64]:
    data = small.fitted().data
    columns = Bundle.load(small.bundle_folder()).columns
    return np.column_stack([data.values, columns.views.columns(data.vectors, data.ngrams)])[:40]


@pytest.fixture(scope="module")
def model(uri: str) -> Any:
    import mlflow

    mlflow.set_tracking_uri(uri)
    return mlflow.pyfunc.load_model(f"models:/{NAME}/2")


@pytest.fixture(scope="module")
def frame(var: Path, matrix: NDArray[np.float64]) -> Any:
    import pandas as pd  # type: ignore[import-untyped]

    return pd.DataFrame(matrix, columns=Bundle.load(var / "two").columns.names)


def test_each_training_is_a_version_whose_number_the_bundle_carries(var: Path, uri: str, tmp_path: Path) -> None:
    store = registry.Registry(uri)
    for version, name in ((1, "one"), (2, "two")):
        run_id = store.fetch(version, tmp_path / name)
        loaded = Bundle.load(tmp_path / name)
        assert (loaded.manifest.version, loaded.manifest.run_id) == (version, run_id)
        assert sha256_of(tmp_path / name / "manifest.json") == sha256_of(var / name / "manifest.json")


def test_a_version_that_is_not_there_is_answered_with_those_that_are(uri: str, tmp_path: Path) -> None:
    with pytest.raises(PromotionRefused, match="got version 9, expected one of the registry's versions: 1, 2"):
        registry.Registry(uri).fetch(9, tmp_path / "nine")
    assert not (tmp_path / "nine").exists()


def test_the_alias_moves_and_can_be_taken_away(uri: str) -> None:
    store = registry.Registry(uri)
    assert store.champion() is None
    store.name_champion(2)
    assert store.champion() == 2
    store.name_champion(1)
    assert store.champion() == 1
    store.name_champion(None)
    assert store.champion() is None


def test_the_model_gives_the_risk_that_the_bundle_gives(
    var: Path, model: Any, frame: Any, matrix: NDArray[np.float64]
) -> None:
    assert np.isnan(matrix).any()
    got = model.predict(frame)
    expected = Bundle.load(var / "two").risk(matrix)
    assert list(got.columns) == ["probability", "percentile", "margin"]
    for name in got.columns:
        assert got[name].tolist() == [getattr(risk, name) for risk in expected]
    assert got["probability"].nunique() > 5


def test_nothing_that_was_kept_is_a_pickle(var: Path) -> None:
    files = [path for path in (var / "mlartifacts").rglob("*") if path.is_file()]
    assert any(path.name == "pyfunc.py" for path in files)
    assert not [path for path in files if path.suffix in {".pkl", ".pickle", ".joblib"}]
    assert not [path for path in files if path.read_bytes()[:1] == b"\x80"]


def test_reordered_columns_are_refused_with_a_diff_and_never_reordered(model: Any, frame: Any) -> None:
    first, second, *rest = list(frame.columns)
    with pytest.raises(Exception, match="in its order") as refused:
        model.predict(frame[[second, first, *rest]])
    assert any(f"-{name}" in str(refused.value) and f"+{name}" in str(refused.value) for name in (first, second))


def test_a_missing_and_a_surplus_column_are_named(model: Any, frame: Any) -> None:
    gone = frame.columns[3]
    with pytest.raises(Exception, match=f"\n-{gone}"):
        model.predict(frame.drop(columns=[gone]))
    with pytest.raises(Exception, match=r"\n\+moon_phase"):
        model.predict(frame.assign(moon_phase=1.0))


def test_a_column_of_another_type_is_named_with_it(model: Any, frame: Any) -> None:
    column = frame.columns[0]
    for kind in ("int64", "float32", "str", "bool"):
        with pytest.raises(Exception, match=rf"got {column} \(.*\), expected float64"):
            model.predict(frame.assign(**{column: frame[column].fillna(0).astype(kind)}))


def test_a_column_of_nothing_but_nulls_is_missing_values(model: Any, frame: Any) -> None:
    empty = dict.fromkeys(frame.columns[:2])
    nulls = model.predict(frame.assign(**empty))
    missing = model.predict(frame.assign(**dict.fromkeys(empty, np.nan)))
    assert nulls.equals(missing)


def test_a_list_of_lists_is_refused_since_it_names_no_column(model: Any, matrix: NDArray[np.float64]) -> None:
    with pytest.raises(Exception, match="named columns"):
        model.predict(matrix)


def test_mlflow_models_predict_gives_the_same_risk_in_a_process_of_its_own(
    var: Path, uri: str, frame: Any, matrix: NDArray[np.float64], tmp_path: Path
) -> None:
    rows = tmp_path / "rows.json"
    rows.write_text(json.dumps({"dataframe_split": json.loads(frame.to_json(orient="split", double_precision=15))}))
    command = [sys.executable, "-m", "mlflow", "models", "predict", "--env-manager", "local", "-t", "json"]
    command += ["-m", f"models:/{NAME}/2", "-i", str(rows), "-o", str(tmp_path / "risks.json")]
    environment = {
        **os.environ, "MLFLOW_TRACKING_URI": uri, "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }  # fmt: skip
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    got = json.loads((tmp_path / "risks.json").read_text())["predictions"]
    expected = [risk.probability for risk in Bundle.load(var / "two").risk(matrix)]
    np.testing.assert_allclose([row["probability"] for row in got], expected, rtol=1e-9)


def test_with_mlflow_off_a_training_keeps_no_run_and_writes_its_bundle_all_the_same(tmp_path: Path) -> None:
    with registry.run(registry.OFF, tmp_path / "artifacts", "x") as run:
        assert (run.run_id, run.next_version()) == (None, None)
        run.log(Bundle.load(small.bundle_folder()).manifest, small.bundle_folder())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(PromotionRefused, match="no versions to promote"):
        registry.Registry(registry.OFF)
