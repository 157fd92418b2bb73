"""The command line: one module a group of verbs; what is heavy is imported inside the verb that needs it."""

from __future__ import annotations

import os
import sys

import typer

from counterfoil.cli import (
    codes,
    db,
    encoder,
    evaluate,
    evasion,
    explain,
    features,
    ingest,
    lexicon,
    mapping,
    promote,
    score,
    serve,
    synth,
    train,
)
from counterfoil.errors import CounterfoilError, UnreadableFile

app = typer.Typer(
    name="counterfoil",
    help="Calibrated, explained risk scores for counterfeit listings. A score is a sign of risk; a person decides.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("score")(score.score)
app.command("explain")(explain.explain)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("compare")(evaluate.compare)
app.command("card")(evaluate.card)
app.command("promote")(promote.promote)
app.command("ui")(promote.ui)
app.command("serve")(serve.serve)
app.command("ingest")(ingest.ingest)
app.command("synth")(synth.synth)
app.command("features")(features.features)
app.command("evasion")(evasion.evasion)
app.add_typer(lexicon.app, name="lexicon")
app.add_typer(codes.app, name="codes")
app.add_typer(mapping.app, name="mapping")
app.add_typer(encoder.app, name="encoder")
app.add_typer(db.app, name="db")

WRONG_INPUT, UNREADABLE = 2, 3


def main() -> None:
    """Run a verb; an error that was raised on purpose is a sentence and an exit code, never a trace."""
    # Read when mlflow is first imported: it reports nothing to anybody, and draws no bar for a file it copies.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    try:
        app()
    except CounterfoilError as error:
        typer.echo(f"{error.title}: {error.detail}", err=True)
        sys.exit(UNREADABLE if isinstance(error, UnreadableFile) else WRONG_INPUT)
