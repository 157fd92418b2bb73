"""`counterfoil evaluate`, `compare` and `card`: how good a model is, which of two is better, and what is said of one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from counterfoil.model.manifest import Manifest
    from counterfoil.scorer import Scorer

_FILE = Annotated[Path | None, typer.Argument(help="A labelled file, read by --mapping.")]
_MAPPING = Annotated[str | None, typer.Option(help="A shipped mapping's name or a TOML file that names the label.")]
_LOG = Annotated[str | None, typer.Option(help="Verdicts instead: an events file, or a store's URL.")]
_OUT = Annotated[Path | None, typer.Option(help="The folder of report.html, .md and .json.", file_okay=False)]
_POLICY = Annotated[str | None, typer.Option(help="A shipped policy's name or a TOML file.")]
_UNSEEN = Annotated[
    bool,
    typer.Option("--unseen-only", help="Leave out rows that the bundle was trained on or that are linked to them."),
]
_SEED = Annotated[int, typer.Option(min=0, help="The same rows and seed give the same report.")]


def evaluate(
    bundle: Annotated[Path, typer.Argument(help="The folder of the model bundle.", file_okay=False)],
    file: _FILE = None,
    *,
    mapping: _MAPPING = None,
    log: _LOG = None,
    out: _OUT = None,
    policy: _POLICY = None,
    unseen_only: _UNSEEN = False,
    splits: Annotated[
        bool | None,
        typer.Option(
            "--splits/--no-splits",
            help="Train anew on these rows to show how a random split flatters; default: up to 10,000 rows.",
        ),
    ] = None,
    cost_miss: Annotated[float, typer.Option(min=0, help="What a missed copy costs.")] = 10.0,
    cost_false_alert: Annotated[float, typer.Option(min=0.001, help="What a false alert costs.")] = 1.0,
    seed: _SEED = 0,
    threads: Annotated[int, typer.Option(min=1, help="Threads for the trees of baselines and splits.")] = 2,
) -> None:
    """Measure a bundle on labelled rows it was not made from, beside baselines, with intervals by seller."""
    from rich.console import Console

    from counterfoil.cli.rows import judge, labelled, unseen
    from counterfoil.model.evaluation.account import Options, evaluation
    from counterfoil.model.evaluation.page import pictures
    from counterfoil.model.evaluation.text import evaluated

    console, made_at = Console(), datetime.now(UTC)
    found, scorer = labelled(file, mapping, log), _scorer(bundle, policy)
    unseen(found, scorer, unseen_only=unseen_only)
    with console.status("reading") as status:
        judged = judge(found, scorer, status.update)
        options = Options(cost_miss, cost_false_alert, splits, seed, threads)
        figures = evaluation(judged, options, status.update)
    manifest = scorer.bundle.manifest
    report = {
        **_about("evaluation", made_at, found.meaning, found.notes, scorer),
        "model": _model(manifest),
        "trained_on": manifest.label.meaning,
        "rows": found.account(judged),
        "figures": figures,
    }
    title = f"{manifest.name} version {manifest.version}, evaluated"
    _give(console, report, title, evaluated(report), pictures(figures), out)


def compare(
    first: Annotated[Path, typer.Argument(help="The bundle to compare with, such as the one in use.", file_okay=False)],
    second: Annotated[Path, typer.Argument(help="The bundle that may take its place.", file_okay=False)],
    file: _FILE = None,
    *,
    mapping: _MAPPING = None,
    log: _LOG = None,
    out: _OUT = None,
    policy: _POLICY = None,
    unseen_only: _UNSEEN = False,
    seed: _SEED = 0,
) -> None:
    """Hold two bundles against each other on the same rows: measures, intervals by seller, changed actions, a verdict."""
    from rich.console import Console

    from counterfoil.cli.rows import judge, labelled, unseen
    from counterfoil.model.evaluation.comparison import comparison
    from counterfoil.model.evaluation.text import compared

    console, made_at = Console(), datetime.now(UTC)
    found = labelled(file, mapping, log)
    scorers = [_scorer(bundle, policy) for bundle in (first, second)]
    for scorer in scorers:
        unseen(found, scorer, unseen_only=unseen_only)
    with console.status("reading") as status:
        judged = [judge(found, scorer, status.update) for scorer in scorers]
        status.update("measuring the differences")
        figures = comparison(judged[0], judged[1], seed=seed)
    manifests = [scorer.bundle.manifest for scorer in scorers]
    report = {
        **_about("comparison", made_at, found.meaning, list(dict.fromkeys(found.notes)), scorers[0]),
        "first": _model(manifests[0]),
        "second": _model(manifests[1]),
        "rows": found.account(judged[0]),
        "figures": figures,
    }
    title = f"Version {manifests[1].version} against version {manifests[0].version}"
    _give(console, report, title, compared(report), {}, out)


def card(
    model: Annotated[str, typer.Argument(help="A version in MLflow's registry, or the folder of a bundle.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Write the card as a page with its curves.", dir_okay=False)] = None,
) -> None:
    """Show the card of a model: what it learnt from, how well it does, for whom not, with its curves."""
    from rich.console import Console
    from rich.markdown import Markdown

    from counterfoil.model.card import card as written
    from counterfoil.model.evaluation.page import in_text, page, pictures

    manifest = _manifest(model)
    text, metrics = written(manifest), manifest.metrics
    bins, curve = metrics.get("reliability", []), metrics.get("precision_recall", [])
    console = Console()
    console.print(Markdown(text))
    if bins:
        console.print("\nReliability, out of fold: probability (|) and observed share (*) of each bin", markup=False)
        console.print("\n".join(in_text(bins)), markup=False, highlight=False, soft_wrap=True)
    if curve:
        console.print("\nPrecision against recall, out of fold", markup=False)
        tenth = [max(curve, key=lambda one, r=r: -abs(one["recall"] - r / 10)) for r in range(1, 11)]  # type: ignore[misc]
        told = "  ".join(f"{one['recall']:.0%}: {one['precision']:.2f}" for one in tenth)
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    if out is not None:
        figures = {"reliability": bins, "precision_recall": curve}
        marks = "".join(f"\n\n<!-- picture: {name} -->" for name in pictures(figures))
        shown = page(
            f"{manifest.name} version {manifest.version}", f"{text}\n## Curves\n{marks}\n", pictures(figures), _css()
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(shown, encoding="utf-8")
        console.print(f"page: {out}", soft_wrap=True)


def _scorer(bundle: Path, policy: str | None) -> Scorer:
    from counterfoil.decide.policy import load_policy
    from counterfoil.model.bundle import Bundle
    from counterfoil.scorer import Scorer
    from counterfoil.settings import Settings

    return Scorer(Bundle.load(bundle), load_policy(policy or Settings().policy))


def _manifest(model: str) -> Manifest:
    from tempfile import TemporaryDirectory

    from counterfoil.model.manifest import read_manifest
    from counterfoil.model.registry import Registry
    from counterfoil.settings import Settings

    if not model.isdecimal() or Path(model).is_dir():
        return read_manifest(Path(model))
    with TemporaryDirectory(prefix="counterfoil-card-") as folder:
        into = Path(folder) / "bundle"
        Registry(Settings().mlflow_uri).fetch(int(model), into)
        return read_manifest(into)


def _about(kind: str, made_at: datetime, meaning: str, notes: list[str], scorer: Scorer) -> dict[str, Any]:
    from counterfoil import __version__

    return {
        "kind": kind,
        "made_at": made_at.isoformat(),
        "counterfoil": __version__,
        "label_meaning": meaning,
        "policy": {"name": scorer.policy.name, "version": scorer.policy.version},
        "notes": notes,
    }


def _model(manifest: Manifest) -> dict[str, Any]:
    return {
        "name": manifest.name,
        "version": manifest.version,
        "created_at": manifest.created_at.isoformat(),
        "run_id": manifest.run_id,
        "label_source": manifest.label.source,
        "trained_on_sha256": manifest.training["data_sha256"],
    }


def _css() -> str:
    from importlib import resources

    return resources.files("counterfoil.batch").joinpath("report.css").read_text(encoding="utf-8")


def _give(
    console: Console, report: dict[str, Any], title: str, text: str, pictures: dict[str, str], out: Path | None
) -> None:
    """Print the report, and write its three forms."""
    import orjson
    from rich.markdown import Markdown

    from counterfoil.model.evaluation.page import page

    plain = re.sub(r"<!-- picture: \w+ -->\n\n?", "", text)
    console.print(Markdown(plain))
    if out is None:
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.md").write_text(plain, encoding="utf-8")
    (out / "report.html").write_text(page(title, text, pictures, _css()), encoding="utf-8")
    (out / "report.json").write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    console.print(f"report: {out / 'report.html'}, and beside it report.md and report.json", soft_wrap=True)
