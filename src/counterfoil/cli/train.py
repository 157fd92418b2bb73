"""`counterfoil train`: make a model bundle out of labelled rows."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from counterfoil.model.manifest import Manifest


class Split(StrEnum):
    """How rows are parted for estimates."""

    seller = "seller"
    seller_time = "seller+time"


def train(
    file: Annotated[Path | None, typer.Argument(help="A labelled file, read by --mapping.")] = None,
    *,
    out: Annotated[Path, typer.Option(help="The folder of the bundle.", file_okay=False)],
    mapping: Annotated[
        str | None, typer.Option(help="A shipped mapping's name or a TOML file that names the label.")
    ] = None,
    log: Annotated[
        str | None, typer.Option(help="Learn from verdicts instead: an events file, or a store's URL.")
    ] = None,
    encoder: Annotated[Path, typer.Option(help="The folder of the text encoder.")] = Path("models/encoder"),
    weak: Annotated[
        bool, typer.Option("--weak", help="Read no label: learn from rules that vote on FILE or --log.")
    ] = False,
    prior: Annotated[
        float,
        typer.Option(min=0.001, max=0.5, help="With --weak: the share of copies among listings of a protected brand."),
    ] = 0.05,
    ngrams: Annotated[
        bool,
        typer.Option(
            "--ngrams/--no-ngrams",
            help="Score character n-grams; leave them out where the words of the rows are not those of your market.",
        ),
    ] = True,
    split: Annotated[Split | None, typer.Option(help="Default: by seller, and by time from 90 days on.")] = None,
    cold_share: Annotated[
        float, typer.Option(min=0, max=1, help="The share of rows to show once more without any history.")
    ] = 0.0,
    note: Annotated[str, typer.Option(help="A sentence for the card: where the rows come from.")] = "",
    seed: Annotated[int, typer.Option(min=0, help="The same rows and seed give the same model.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Threads for the trees.")] = 2,
    trials: Annotated[
        int,
        typer.Option(
            min=0,
            help="Search hyper-parameters by so many trials (extra `analysis`); 0: the kept ones, without a search.",
        ),
    ] = 0,
    budget: Annotated[
        float | None, typer.Option(min=0, help="With --trials: begin no trial after so many seconds.")
    ] = None,
) -> None:
    """Train, cross-validate by seller, calibrate, and write a bundle; the run is kept in MLflow."""
    from rich.console import Console

    from counterfoil.cli.learn_from import gathered
    from counterfoil.decide.policy import load_policy
    from counterfoil.features.embed import load_encoder
    from counterfoil.model import registry
    from counterfoil.model.cold import add_cold
    from counterfoil.model.dataset import assemble
    from counterfoil.model.manifest import Label
    from counterfoil.model.save import save
    from counterfoil.model.split import check, choose
    from counterfoil.model.train import fit
    from counterfoil.model.votes import load_voters
    from counterfoil.model.weak import let_vote
    from counterfoil.settings import Settings

    if budget is not None and not trials:
        raise typer.BadParameter("give --trials too: without a search there is nothing to bound", param_hint="--budget")
    if trials:
        from counterfoil.model import search

        search.require_optuna()  # refuse before the rows are read
    console = Console()
    settings = Settings()
    found = gathered(file, mapping, log, settings.key(), weak=weak)
    label = Label(meaning=f"{note.strip()} {found.meaning}".strip(), source=found.source)
    with console.status("reading") as status:
        loaded = load_encoder(encoder)
        data = assemble(
            add_cold(found.examples, cold_share, seed), loaded, label.meaning, found.dropped, found.look,
            labels=found.labels, scored_ngrams=ngrams,
        )  # fmt: skip
        if weak:
            data = let_vote(data, load_voters(load_policy().rules), prior)
        asked: Any = split.value if split is not None else None
        check(data)
        choose(data, asked)  # refuse before a run is opened that could only fail
        parts = search.wall(data, seed) if trials else None
        with registry.run(settings.mlflow_uri, settings.var / "mlartifacts", out.name) as run:
            found_by = None
            if parts is not None:
                found_by = search.search(
                    data, parts, trials, seed=seed, threads=threads, budget=budget, say=status.update
                )
                run.log_trials(found_by.trials)
            fitted = fit(
                data, split=asked, seed=seed, threads=threads, say=status.update,
                parameters=found_by.parameters if found_by else None, reported=parts.reported if parts else None,
            )  # fmt: skip
            fitted.parameters["cold_share"] = cold_share
            if found_by is not None:
                fitted.parameters["search"] = found_by.account
            status.update("writing")
            created_at = datetime.now(UTC)
            manifest = save(
                fitted, loaded, encoder, out, created_at=created_at, label=label,
                run_id=run.run_id, version=run.next_version(),
            )  # fmt: skip
            run.log(manifest, out)
    _show(console, manifest, out)
    if run.run_id is not None:
        console.print(f"put it in use: counterfoil promote {manifest.version} --why 'the reason'", soft_wrap=True)


def _show(console: Console, manifest: Manifest, out: Path) -> None:
    from rich.box import SIMPLE
    from rich.markup import escape
    from rich.table import Table

    from counterfoil.model.card import MEASURES

    metrics, training = manifest.metrics, manifest.training
    console.print(escape(f"Label: {manifest.label.meaning}"))
    console.print(
        f"{training['rows']:,} rows, {training['positives']:,} positive, {training['sellers']:,} unlinked sellers; split by "
        f"{training['split']} over {training['span_days']:.0f} days; left out: {training['dropped'] or 'none'}"
    )
    if manifest.label.source == "weak":
        console.print(
            "Weakly supervised: these figures say how well it agrees with the votes, not how many copies it finds."
        )
    table = Table(
        "measure", "this model", "best baseline", title="Cross-validated by seller, 95 % intervals", box=SIMPLE
    )
    for key, name in MEASURES.items():
        rivals = {rival: figures[key] for rival, figures in metrics["baselines"].items()}
        best = max(rivals, key=lambda rival: float(rivals[rival]["value"]))
        figure = _figure(metrics["cross_validated_by_seller"][key])
        table.add_row(name, figure, f"{_figure(rivals[best])} {best.replace('_', ' ')}")
    console.print(table)
    if searched := manifest.parameters.get("search"):
        console.print(
            f"{searched['trials']} trials on {searched['chosen_on_groups']:,} unlinked sellers: average precision there "
            f"{searched['best']['average_precision']:.3f} at best, {searched['default']:.3f} by default, and the "
            f"{searched['kept']} was kept; these figures are of the {searched['reported_on_groups']:,} others"
        )
    console.print(f"calibration error {metrics['calibration_error']:.4f}")
    if metrics["later_rows_of_unseen_sellers"] is not None:
        later = metrics["later_rows_of_unseen_sellers"]
        console.print(
            f"later rows, unseen sellers: {later['rows']:,} rows, {later['positives']:,} positive; "
            + "; ".join(f"{name} {_figure(later[key])}" for key, name in MEASURES.items())
        )
    console.print(f"bundle: {out} (its card: {out / 'card.md'})")


def _figure(estimate: dict[str, float]) -> str:
    return f"{estimate['value']:.3f} ({estimate['low']:.3f}-{estimate['high']:.3f})"
