"""`counterfoil train`: make a model bundle out of labelled rows."""

from __future__ import annotations

from collections import Counter
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
    from counterfoil.ingest.mapping import Mapping
    from counterfoil.model.dataset import Example
    from counterfoil.model.manifest import Manifest

_LOG_LABEL = (
    "1: the last verdict known on the listing says counterfeit. 0: it says genuine, or no verdict came within 60 days of the "
    "first sighting. Listings without a verdict hide some counterfeits, so the probability is a lower bound of the share."
)
_LOG_BELIEF = (
    "1: the last verdict known on the listing says counterfeit. 0: it says genuine, or no verdict came within 60 days of the "
    "first sighting. Listings without a verdict hide some counterfeits: a random look says how many, and the probability "
    "counts them in."
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
) -> None:
    """Train, cross-validate by seller, calibrate, and write a bundle; the run is kept in MLflow."""
    from rich.console import Console

    from counterfoil.decide.policy import load_policy
    from counterfoil.features.embed import load_encoder
    from counterfoil.model import registry
    from counterfoil.model.bundle import save
    from counterfoil.model.cold import add_cold
    from counterfoil.model.dataset import assemble, examples_from_log, examples_unlabelled
    from counterfoil.model.manifest import Label
    from counterfoil.model.split import check, choose
    from counterfoil.model.train import fit
    from counterfoil.model.unlabelled import RandomLook, random_look
    from counterfoil.model.votes import load_voters
    from counterfoil.model.weak import MEANING, let_vote, without_labels
    from counterfoil.settings import Settings

    console = Console()
    settings = Settings()
    dropped: Counter[str] = Counter()
    look: RandomLook | None = None
    if weak and (file is None) != (log is None):
        found = (
            _unlabelled(file, mapping, settings.key(), dropped)
            if file is not None
            else examples_unlabelled(_entries(log or "", settings.key(), dropped), dropped)
        )
        examples, label = without_labels(found, dropped), Label(meaning=_with(note, MEANING), source="weak")
    elif log is not None and file is None:
        entries = _entries(log, settings.key(), dropped)
        examples, look = examples_from_log(entries, dropped), random_look(entries)
        meaning = _LOG_LABEL if look is None else _LOG_BELIEF
        label = Label(meaning=_with(note, meaning), source="log")
    elif file is not None and mapping is not None and log is None:
        examples, meaning = _from_file(file, mapping, settings.key(), dropped)
        label = Label(meaning=_with(note, meaning), source="file")
    else:
        raise typer.BadParameter("give a FILE with --mapping, or --log; with --weak a FILE alone holds score bodies")
    with console.status("reading") as status:
        loaded = load_encoder(encoder)
        data = assemble(
            add_cold(examples, cold_share, seed), loaded, label.meaning, dropped, look, scored_ngrams=ngrams
        )
        if weak:
            data = let_vote(data, load_voters(load_policy().rules), prior)
        asked: Any = split.value if split is not None else None
        check(data)
        choose(data, asked)  # refuse before a run is opened that could only fail
        with registry.run(settings.mlflow_uri, settings.var / "mlartifacts", out.name) as run:
            fitted = fit(data, split=asked, seed=seed, threads=threads, say=status.update)
            fitted.parameters["cold_share"] = cold_share
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


def _with(note: str, meaning: str) -> str:
    return f"{note.strip()} {meaning}".strip()


def _entries(log: str, key: ContactKey, dropped: Counter[str]) -> list[Entry]:
    """All events of a log in the order in which they became known."""
    from counterfoil.ingest.source import read_log
    from counterfoil.store.store import Store

    if "://" in log:
        return list(Store(log).entries())
    return read_log(Path(log), key=key, now=datetime.now(UTC), rejected=dropped)


def _unlabelled(file: Path, mapping: str | None, key: ContactKey, dropped: Counter[str]) -> list[Example]:
    """The first sightings of a crawl, a label column and all."""
    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.model.dataset import examples_unlabelled

    loaded = load_mapping(mapping) if mapping is not None else None
    return examples_unlabelled((entry for entry, _ in _rows(file, loaded, key, dropped)), dropped)


def _from_file(file: Path, mapping: str, key: ContactKey, dropped: Counter[str]) -> tuple[list[Example], str]:
    from counterfoil.ingest.mapping import load_mapping
    from counterfoil.model.dataset import examples_from_targets

    loaded = load_mapping(mapping)
    if loaded.spec.label is None:
        raise MappingError(
            f"got mapping {mapping!r} without a [label], expected one that names the label and its meaning"
        )
    return examples_from_targets(_rows(file, loaded, key, dropped), dropped), loaded.spec.label.meaning


def _rows(
    file: Path, mapping: Mapping | None, key: ContactKey, dropped: Counter[str]
) -> list[tuple[Entry, int | None]]:
    """The rows of a file as sightings in order of `known_at`, each with its label's target."""
    from counterfoil.ingest.source import Accepted, as_entry, read_listings

    now = datetime.now(UTC)
    rows: list[tuple[Entry, int | None]] = []
    try:
        for row in read_listings(file, mapping=mapping, key=key, now=now, default_known_at=now):
            if not isinstance(row, Accepted):
                dropped["duplicate" if type(row).__name__ == "Duplicate" else "rejected"] += 1
            elif (entry := as_entry(row)) is None:
                dropped["without_id_or_seller"] += 1
            else:
                rows.append((entry, row.target))
    except UnreadableFile as error:
        raise TrainingRefused(f"{error.detail}; a model of half a file would hide it") from error
    return sorted(rows, key=lambda pair: pair[0].known_at)


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
