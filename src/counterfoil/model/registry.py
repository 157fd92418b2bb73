"""The one door to MLflow: every training is a run with its parameters, figures, hashes and bundle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counterfoil.model.manifest import Manifest

EXPERIMENT = "counterfoil"


class Run:
    """An open run."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id

    def log(self, manifest: Manifest, folder: Path) -> None:
        """Log a finished bundle: parameters, metrics, tags and the folder itself as an artefact."""
        import mlflow

        training, metrics = manifest.training, manifest.metrics
        mlflow.log_params(manifest.parameters)
        mlflow.log_metrics(
            {name.replace("@", "_at_"): e["value"] for name, e in metrics["cross_validated_by_seller"].items()}
        )
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
        mlflow.log_artifacts(str(folder), artifact_path="bundle")


@contextmanager
def run(tracking_uri: str, artifacts: Path, name: str) -> Iterator[Run]:
    """A run in the experiment `counterfoil`; it is marked as failed when the block raises."""
    import mlflow

    mlflow.set_tracking_uri(tracking_uri)
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        mlflow.create_experiment(EXPERIMENT, artifact_location=artifacts.resolve().as_uri())
    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name=name) as active:
        yield Run(active.info.run_id)
