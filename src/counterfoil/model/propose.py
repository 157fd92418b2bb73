"""Which listings are suspect, for `counterfoil lexicon propose`: by the verdicts of a log, or by the scores of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from counterfoil.errors import UnreadableFile
from counterfoil.history.keys import keys_of
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Listed, is_ruling
from counterfoil.ingest.schema import Listing
from counterfoil.language.propose import Said, known_spans


def said_in(listing: Listing, seller: str, *, suspect: bool) -> Said:
    """A listing as the proposals read it: on the shelf of its category, with or without a protected brand."""
    keys = keys_of(listing)
    brands = [(one.start, one.end) for one in keys.brands_named]
    known = known_spans(keys.title, keys.category, brands)
    return Said(keys.title, seller, f"{keys.category}|{keys.branded}", keys.brand, suspect, known)


def said_by_verdict(log: Iterable[Entry]) -> Iterator[Said]:
    """The listings of a log as first seen, suspect where the last verdict known at its end says counterfeit.

    Listings found to be another violation, and those without a seller, are left out.
    """
    labels: dict[str, str] = {}
    first: dict[str, Listed] = {}
    for entry in log:
        event = entry.event
        if is_ruling(event):
            labels[event.target.id] = event.label
        elif isinstance(event, Listed) and event.listing.listing_id is not None:
            first.setdefault(event.listing.listing_id, event)
    for listing_id, event in first.items():
        label = labels.get(listing_id)
        if label != "other_violation":
            yield said_in(event.listing, event.seller_id, suspect=label == "counterfeit")


def said_by_score(folder: Path, listings: Iterable[tuple[Listing, str]], top: float) -> Iterator[Said]:
    """The listings of a scored file, suspect where their probability is among the highest share `top` of the decisions.

    `folder` is what `counterfoil score` wrote; each listing comes with its seller's id. Raises `UnreadableFile`.
    """
    scores = dict(_scores(folder))
    cut = sorted(scores.values(), reverse=True)[max(0, round(top * len(scores)) - 1)] if scores else 0.0
    seen: set[str] = set()
    for listing, seller in listings:
        score = scores.get(listing.listing_id or "")
        if score is not None and listing.listing_id not in seen:
            seen.add(listing.listing_id or "")
            yield said_in(listing, seller, suspect=score >= cut)
    if not seen:
        raise UnreadableFile(
            f"got no listing with a decision in {folder}, expected the file that was scored: name it by --listings"
        )


def _scores(folder: Path) -> Iterator[tuple[str, float]]:
    path = folder / "decisions.jsonl"
    try:
        with path.open("rb") as file:
            for line in file:
                answer = orjson.loads(line)
                if answer["listing_id"] is not None and answer["probability"] is not None:
                    yield answer["listing_id"], answer["probability"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise UnreadableFile(
            f"got {error!r} reading {path}, expected the decisions that `counterfoil score --format jsonl` writes"
        ) from error
