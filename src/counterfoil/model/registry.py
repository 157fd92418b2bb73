"""The one door to MLflow: every training is a run with its figures and hashes, and a version of the registered model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterfoil.errors import PromotionRefused
from counterfoil.model.bundle import NAME
from counterfoil.model.manifest import Manifest

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from counterfoil.model.search import Trial

EXPERIMENT = "counterfoil"
# The alias of the version in use; an alias keeps no history, so the promotion log is ours.
CHAMPION = "champion"
# In place of a tracking URI: no run is kept.
OFF = "off"
# What the registered model is kept with, and what it answers; `pyfunc` reads both.
BUNDLE = "bundle"
OUTPUTS = ("probability", "percentile", "margin")


class Run:
    """A training that is being kept."""

    def __init__(self, run_id: str | None, client: MlflowClient | None) -> None:
        self.run_id = run_id
        self._client = client

    def next_version(self) -> int | None:
        """The number that the registry will give this run's model; None when no run is kept."""
        if self._client is None:
            return None
        return max((int(one.version) for one in self._client.search_model_versions(f"name='{NAME}'")), default=0) + 1

    def log_trials(self, trials: Sequence[Trial]) -> None:
        """Keep each trial of a search as a run below this one: its hyper-parameters, and its value on the choosing rows."""
        if self._client is None:
            return
        import mlflow

        for one in trials:
            with mlflow.start_run(run_name=f"trial {one.number}", nested=True):
                mlflow.log_params(one.parameters)
                mlflow.log_metric("choosing_average_precision", one.value)

    def log(self, manifest: Manifest, folder: Path) -> None:
        """Keep a finished bundle: parameters, metrics, tags, and the model itself as a version of the registered one."""
        if self._client is None:
            return
        import mlflow

        training, metrics = manifest.training, manifest.metrics
        mlflow.log_params(manifest.parameters)
        mlflow.log_metrics({name: e["value"] for name, e in metrics["cross_validated_by_seller"].items()})
        mlflow.log_metric("calibration_error", metrics["calibration_error"])
        for rival, figures in metrics["baselines"].items():
            mlflow.log_metrics({f"baseline_{rival}_{name}": figure["value"] for name, figure in figures.items()})
        later = metrics["later_rows_of_unseen_sellers"] or {}
        mlflow.log_metrics({f"later_{name}": e["value"] for name, e in later.items() if isinstance(e, dict)})
        mlflow.log_metrics({name: training[name] for name in ("rows", "positives", "sellers", "span_days")})
        mlflow.set_tags(
            {
                "data_sha256": training["data_sha256"],
                "feature_schema": manifest.feature_schema,
                "label_meaning": manifest.label.meaning,
                "split": training["split"],
                "bundle_version": str(manifest.version),
            }
        )
        _log_model(manifest, folder)


def _log_model(manifest: Manifest, folder: Path) -> None:
    import mlflow
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, Schema

    from counterfoil import __version__

    # Only what comes out is signed: by a signature of what goes in, MLflow would put reordered columns in order and drop
    # surplus ones without a word, where the model refuses them with a diff.
    outputs = Schema([ColSpec("double", name) for name in OUTPUTS])
    mlflow.pyfunc.log_model(
        name="model",
        python_model=str(Path(__file__).with_name("pyfunc.py")),
        artifacts={BUNDLE: str(folder.resolve())},
        signature=ModelSignature(outputs=outputs),
        pip_requirements=[f"counterfoil=={__version__}"],
        metadata={"columns": list(manifest.features), "dtype": "float64"},
        registered_model_name=NAME,
    )


@contextmanager
def run(tracking_uri: str, artifacts: Path, name: str) -> Iterator[Run]:
    """A run in the experiment `counterfoil`, failed when the block raises; nothing is kept under the URI `off`."""
    if tracking_uri == OFF:
        yield Run(None, None)
        return
    import mlflow

    mlflow.set_tracking_uri(tracking_uri)
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        mlflow.create_experiment(EXPERIMENT, artifact_location=artifacts.resolve().as_uri())
    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name=name) as active:
        yield Run(active.info.run_id, mlflow.MlflowClient())


class Registry:
    """The versions of the registered model, and which of them is in use."""

    def __init__(self, tracking_uri: str) -> None:
        if tracking_uri == OFF:
            raise PromotionRefused(
                "got COUNTERFOIL_MLFLOW=off, expected a store with runs: without one there are no versions to promote"
            )
        import mlflow

        mlflow.set_tracking_uri(tracking_uri)
        self._client = mlflow.MlflowClient()

    def champion(self) -> int | None:
        """The version in use, or None before the first promotion."""
        from mlflow.exceptions import MlflowException

        try:
            return int(self._client.get_model_version_by_alias(NAME, CHAMPION).version)
        except MlflowException as error:
            # MLflow says of a missing alias that it is an invalid parameter, of a missing model that it does not exist.
            if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                return None
            raise

    def name_champion(self, version: int | None) -> None:
        """Point the alias at a version; None takes it away."""
        if version is None:
            self._client.delete_registered_model_alias(NAME, CHAMPION)
        else:
            self._client.set_registered_model_alias(NAME, CHAMPION, str(version))

    def fetch(self, version: int, into: Path) -> str:
        """Copy the bundle of a version into a folder, which must not exist; gives the id of its run.

        Raises `PromotionRefused` with the versions there are.
        """
        import mlflow

        found: dict[int, Any] = {int(one.version): one for one in self._client.search_model_versions(f"name='{NAME}'")}
        if version not in found:
            known = ", ".join(map(str, sorted(found))) or "none: make one with `counterfoil train`"
            raise PromotionRefused(f"got version {version}, expected one of the registry's versions: {known}")
        source = f"models:/{NAME}/{version}"
        # MLflow keeps a folder under its own name, which it writes down beside the model.
        kept = mlflow.models.get_model_info(source).flavors["python_function"]["artifacts"][BUNDLE]["path"]
        fetched = Path(mlflow.artifacts.download_artifacts(f"{source}/{kept}"))
        shutil.copytree(fetched, into)
        return str(found[version].run_id)
