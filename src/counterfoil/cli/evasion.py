"""`counterfoil evasion`: how far recall falls when known copies are written in evasive ways."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterfoil.errors import BadInput, UnreadableFile

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from counterfoil.ingest.intake import ContactKey
    from counterfoil.ingest.schema import Listing, ScoreRequest
    from counterfoil.model.robustness import Copy, Loss, Robustness, Score
    from counterfoil.scorer import Scorer

_PAIRS_SHOWN = 20
_LONGEST_EXAMPLE = 36
# Nobody hides an assurance ("chính hãng 100%"): grade C words are not what an evasion is for.
_HIDDEN_GRADES = frozenset({"S", "A", "B"})


def evasion(
    file: Annotated[Path, typer.Argument(help="JSON Lines of /v1/score bodies of known copies.")],
    *,
    bundle: Annotated[
        Path | None, typer.Option(help="The model bundle; default models/current, else models/demo.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="A shipped policy's name or a TOML file.")] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Also every pair of attacks, on a sample of the rows.")
    ] = False,
    budget: Annotated[int, typer.Option(min=1, help="Titles to score for all pairs together.")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="The same rows and seed give the same attacks.")] = 0,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.", dir_okay=False)] = None,
) -> None:
    """Hide the claims and brands of known copies in every known way, and measure how far recall falls."""
    from rich.console import Console

    from counterfoil.decide.policy import load_policy
    from counterfoil.model.bundle import Bundle
    from counterfoil.model.robustness import measure
    from counterfoil.scorer import Scorer
    from counterfoil.settings import Settings

    settings = Settings()
    scorer = Scorer(Bundle.load(bundle or settings.bundle_path), load_policy(policy or settings.policy))
    now, key = datetime.now(UTC), settings.key()
    left_out: Counter[str] = Counter()
    requests, copies = _read(file, key, now, left_out)
    if not copies:
        raise BadInput(
            f"got {file} with {left_out.total()} rows ({_account(left_out)}), expected at least one copy whose title "
            "names a claim or a brand"
        )
    console = Console()
    with console.status("scoring") as status:
        found = measure(
            copies,
            _score(requests, scorer, key, now),
            threshold=scorer.policy.review.probability,
            seed=seed,
            with_pairs=pairs,
            budget=budget,
            longest=_max_title(),
            say=status.update,
        )
    _show(console, found, scorer, left_out)
    if json is not None:
        _write(json, found, scorer, left_out)
        typer.echo(f"all figures: {json}")


def _read(path: Path, key: ContactKey, now: datetime, left_out: Counter[str]) -> tuple[list[ScoreRequest], list[Copy]]:
    """The rows that can be used, and what to hide in the title of each; all others are counted by cause."""
    from pydantic import ValidationError

    from counterfoil.ingest.intake import TOLERANCE, admit
    from counterfoil.ingest.readers import format_of, read_rows
    from counterfoil.ingest.schema import ScoreRequest
    from counterfoil.model.robustness import Copy

    found = format_of(path)
    if found != "jsonl":
        raise UnreadableFile(f"got {path} as {found}, expected JSON Lines of /v1/score bodies")
    requests, copies = [], []
    for raw in read_rows(path, file_format=found):
        try:
            request = ScoreRequest.model_validate(raw.values)
            # A row may have been observed at any time up to now; what it says lies before that.
            known_at = min(request.listing.observed_at or now, now + TOLERANCE)
            admit(request.listing, request.seller, key=key, now=known_at)
        except (ValidationError, BadInput):
            left_out["not a valid score body"] += 1
            continue
        targets = _targets(request.listing)
        if not targets:
            left_out["neither claim nor brand in the title"] += 1
            continue
        requests.append(request)
        copies.append(Copy(request.listing.title, targets))
    return requests, copies


def _targets(listing: Listing) -> tuple[tuple[int, int], ...]:
    """What the product itself sees in a title: claims in offer scope and names of brands; a mark described is no name."""
    from counterfoil.history.keys import keys_of
    from counterfoil.language.evasion.patch import merged

    keys = keys_of(listing)
    spans = [(hit.start, hit.end) for hit in keys.title_hits if hit.scope == "claim" and hit.grade in _HIDDEN_GRADES]
    spans += [(mention.start, mention.end) for mention in keys.brands_named if mention.disguise != "described"]
    return merged(spans, len(listing.title))


def _score(requests: Sequence[ScoreRequest], scorer: Scorer, key: ContactKey, now: datetime) -> Score:
    """Each title in its own body, on an empty store: as a file of one row is scored."""
    from counterfoil.history.fold import Fold
    from counterfoil.history.views import About
    from counterfoil.ingest.intake import admit
    from counterfoil.model.robustness import Seen

    def about(place: int, title: str) -> About:
        request = requests[place]
        known_at = request.listing.observed_at or now
        listing = request.listing.model_copy(update={"title": title})
        return Fold().about(admit(listing, request.seller, key=key, now=known_at), known_at)

    def score(titles: Sequence[tuple[int, str]]) -> list[Seen]:
        decisions = scorer.decide([about(place, title) for place, title in titles], "none")
        return [Seen(decision.risk.probability, decision.outcome.flagged) for decision in decisions]

    return score


def _max_title() -> int:
    from counterfoil.ingest.fields import MAX_TITLE

    return MAX_TITLE


def _show(console: Console, found: Robustness, scorer: Scorer, left_out: Counter[str]) -> None:
    n = found.copies
    console.print(
        f"{n:,} copies with a claim or a brand in the title; left out: {_account(left_out)}. One row is {100 / n:.2f} "
        f"points. As written, {found.flagged / n:.3f} are flagged under policy {scorer.policy.name} and "
        f"{found.above / n:.3f} lie at or above its review probability {found.threshold:g}, which stays as it is."
    )
    console.print(_table("Recall under each attack", found.single))
    if worst := sorted((loss for loss in found.pairs if loss.rows), key=lambda loss: -loss.points_lost):
        rows = [loss.rows for loss in worst]
        shown = worst[:_PAIRS_SHOWN]
        console.print(_table(f"The worst {len(shown)} of {len(worst)} pairs that change a title", shown))
        console.print(f"Each of them stands on {min(rows)} to {max(rows)} rows, drawn by the seed {found.seed}.")
    console.print("Recall is counted over the rows that an attack could change. 'lost': flagged before, not after.")


def _table(title: str, losses: Sequence[Loss]) -> Table:
    from rich.box import SIMPLE
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, box=SIMPLE)
    table.add_column("attack")
    for name in ("rows", "before", "after", "points lost", "lost", "above before", "after"):
        table.add_column(name, justify="right")
    table.add_column("an example, lost if any is", overflow="fold")
    for loss in losses:
        if not loss.rows:
            table.add_row(" + ".join(loss.attacks), "0", *["-"] * 6, "no title that it can change")
            continue
        counts = (loss.flagged_before, loss.flagged_after, loss.above_before, loss.above_after)
        before, after, above_before, above_after = (f"{count / loss.rows:.3f}" for count in counts)
        shown = " → ".join(map(_visible, loss.example or ()))
        table.add_row(
            " + ".join(loss.attacks), f"{loss.rows:,}", before, after, f"{loss.points_lost:+.1f}", f"{loss.lost:,}",
            above_before, above_after, escape(shown),
        )  # fmt: skip
    return table


def _visible(text: str) -> str:
    """The words with what is invisible written out, cut to a readable length."""
    cut = text if len(text) <= _LONGEST_EXAMPLE else text[:_LONGEST_EXAMPLE] + "…"
    return "".join(f"<{ord(char):04X}>" if unicodedata.category(char)[0] == "C" else char for char in cut)


def _account(left_out: Counter[str]) -> str:
    return ", ".join(f"{count:,} {cause}" for cause, count in sorted(left_out.items())) or "none"


def _write(path: Path, found: Robustness, scorer: Scorer, left_out: Counter[str]) -> None:
    import orjson

    body = {
        "model": {"name": scorer.bundle.manifest.name, "version": scorer.bundle.manifest.version},
        "policy": {"name": scorer.policy.name, "version": scorer.policy.version},
        "left_out": dict(sorted(left_out.items())),
        **found.to_json(),
    }
    try:
        path.write_bytes(orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    except OSError as error:
        raise UnreadableFile(f"got {error} writing {path}, expected a file that can be written") from error
