"""`counterfoil train`: make a model bundle out of labelled rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterfoil.errors import MappingError, TrainingRefused, UnreadableFile

if TYPE_CHECKING:
    from rich.console import Console

    from counterfoil.ingest.entry import Entry
    from counterfoil.ingest.intake import ContactKey
    from counterfoil.model.dataset import Example
    from counterfoil.model.manifest import Manifest

_LOG_LABEL = (
    "1: the last verdict known on the listing says counterfeit. 0: it says genuine, or no verdict came within 60 days of the "
    "first sighting. Listings without a verdict hide some counterfeits, so the probability is a lower bound of the share."
)


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
    split: Annotated[Split | None, typer.Option(help="Default: by seller, and by time from 90 days on.")] = None,
    cold_share: Annotated[
        float, typer.Option(min=0, max=1, help="The share of rows to show once more without any history.")
    ] = 0.0,
    note: Annotated[str, typer.Option(help="A sentence for the card: where the rows come from.")] = "",
    seed: Annotated[int, typer.Option(min=0, help="The same rows and seed give the same model.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Threads for the trees.")] = 2,
) -> None:
    """Train, cross-validate by seller, calibrate, and write a bundle; the run is kept in MLflow."""
    from rich.console import Console

    from counterfoil.features.embed import load_encoder
    from counterfoil.model import registry
    from counterfoil.model.bundle import save
    from counterfoil.model.dataset import add_cold, assemble
    from counterfoil.model.manifest import Label
    from counterfoil.model.split import check, choose
    from counterfoil.model.train import fit
    from counterfoil.settings import Settings

    console = Console()
    settings = Settings()
    dropped: Counter[str] = Counter()
    if log is not None and file is None:
        examples, label = _from_log(log, settings.key(), dropped), Label(meaning=_with(note, _LOG_LABEL), source="log")
    elif file is not None and mapping is not None and log is None:
        examples, meaning = _from_file(file, mapping, settings.key(), dropped)
        label = Label(meaning=_with(note, meaning), source="file")
    else:
        raise typer.BadParameter("give a FILE with --mapping, or --log")
    with console.status("reading") as status:
        loaded = load_encoder(encoder)
        data = assemble(add_cold(examples, cold_share, seed), loaded, label.meaning, dropped)
        asked: Any = split.value if split is not None else None
        check(data)
        choose(data, asked)  # refuse before a run is opened that could only fail
        with registry.run(settings.mlflow_uri, settings.var / "mlartifacts", out.name) as run:
            fitted = fit(data, split=asked, seed=seed, threads=threads, say=status.update)
            fitted.parameters["cold_share"] = cold_share
            status.update("writing")
            created_at = datetime.now(UTC)
            manifest = save(fitted, loaded, encoder, out, created_at=created_at, label=label, run_id=run.run_id)
            run.log(manifest, out)
    _show(console, manifest, out)


def _with(note: str, meaning: str) -> str:
    return f"{note.strip()} {meaning}".strip()


def _from_log(log: str, key: ContactKey, dropped: Counter[str]) -> list[Example]:
    from counterfoil.ingest.source import AcceptedEvent, read_events
    from counterfoil.model.dataset import examples_from_log
    from counterfoil.store.store import Store

    if "://" in log:
        return examples_from_log(Store(log).entries(), dropped)

    def entries() -> Iterator[Entry]:
        for row in read_events(Path(log), key=key, now=datetime.now(UTC)):
            if isinstance(row, AcceptedEvent):
                yield row.entry
            else:
                dropped["rejected"] += 1

    return examples_from_log(sorted(entries(), key=lambda entry: entry.known_at), dropped)


def _from_file(file: Path, mapping: str, key: ContactKey, dropped: Counter[str]) -> tuple[list[Example], str]:
    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.ingest.source import Accepted, as_entry, read_listings
    from counterfoil.model.dataset import examples_from_targets

    loaded = load_mapping(mapping)
    if loaded.spec.label is None:
        raise MappingError(
            f"got mapping {mapping!r} without a [label], expected one that names the label and its meaning"
        )
    now = datetime.now(UTC)
    rows: list[tuple[Entry, int | None]] = []
    try:
        for row in read_listings(file, mapping=loaded, key=key, now=now, default_known_at=now):
            if not isinstance(row, Accepted):
                dropped["duplicate" if type(row).__name__ == "Duplicate" else "rejected"] += 1
            elif (entry := as_entry(row)) is None:
                dropped["without_id_or_seller"] += 1
            else:
                rows.append((entry, row.target))
    except UnreadableFile as error:
        raise TrainingRefused(f"{error.detail}; a model of half a file would hide it") from error
    rows.sort(key=lambda pair: pair[0].known_at)
    return examples_from_targets(rows, dropped), loaded.spec.label.meaning


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
    table = Table(
        "measure", "this model", "best baseline", title="Cross-validated by seller, 95 % intervals", box=SIMPLE
    )
    for key, name in MEASURES.items():
        rivals = {rival: figures[key] for rival, figures in metrics["baselines"].items()}
        best = max(rivals, key=lambda rival: float(rivals[rival]["value"]))
        figure = _figure(metrics["cross_validated_by_seller"][key])
        table.add_row(name, figure, f"{_figure(rivals[best])} {best.replace('_', ' ')}")
    console.print(table)
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
