"""Learning without labels: votes of rules in the place of a target, and what that changes in training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import TrainingRefused
from counterfoil.model.dataset import Dataset, Weak
from counterfoil.model.examples import Example
from counterfoil.model.labelmodel import PRIOR, weigh_votes
from counterfoil.model.split import MIN_EACH
from counterfoil.model.votes import LANGUAGES, Voters, readable

# How often a family's columns are hidden from the trees, row by row: whoever always sees the votes learns only the votes.
HIDDEN = 0.5
MEANING = (
    "Weakly supervised: no label was read. 1: by rules that vote on what a listing says, costs, is numbered and who sells it, "
    "weighed by how they agree, a copy is likely. The probability is that of these votes, not a share of counterfeits found."
)


def without_labels(examples: Iterable[Example], dropped: Counter[str]) -> list[Example]:
    """The examples on which rules may vote, with no target; the rest is counted as `not_readable`.

    Raises `TrainingRefused` where there are none.
    """
    kept = []
    for one in examples:
        if readable(one.about.listing):
            kept.append(replace(one, target=0))
        else:
            dropped["not_readable"] += 1
    if not kept:
        raise _no_votes(0, 0, dropped)
    return kept


def _no_votes(copies: int, rows: int, dropped: Counter[str]) -> TrainingRefused:
    return TrainingRefused(
        f"got {copies} listings that a rule takes for copies among {rows:,} ({dropped['not_readable']:,} more are in no "
        f"language that the rules read: {', '.join(LANGUAGES)}), expected at least {MIN_EACH}: the rules have no votes here. "
        "Extend the lexicon and knowledge/votes.toml for this market, or bring labels"
    )


def let_vote(data: Dataset, voters: Voters, prior: float = PRIOR) -> Dataset:
    """The dataset with votes in the place of its target, which is not read.

    `prior`: the share of copies among listings of a protected brand. Raises `TrainingRefused` where too few rows have a
    vote that says "copy" for anything to be learnt.
    """
    ballot = voters.cast(data.features, data.values)
    copies = int(_says(ballot.families, ballot.cast, "copy").sum())
    if copies < MIN_EACH:
        raise _no_votes(copies, len(data), data.dropped)
    model = weigh_votes(ballot, prior)
    probability = model.probability(ballot)
    names = data.features.names
    account = {
        "prior": prior,
        "votes": model.account(ballot),
        "without_vote": int((ballot.cast == 0).all(axis=1).sum()),
        "branded": int(ballot.branded.sum()),
        "not_readable": data.dropped["not_readable"],
        "hidden": HIDDEN,
    }
    hidden = tuple(tuple(map(names.index, family)) for family in voters.voted)
    return replace(
        data, target=(probability >= 0.5).astype(np.int64), weak=Weak(hidden, account, model), belief=probability
    )


def _says(families: Sequence[Sequence[Any]], cast: NDArray[np.int64], what: str) -> NDArray[np.bool_]:
    """The rows on which some family cast a vote that says so."""
    said = np.zeros(len(cast), dtype=np.bool_)
    for column, family in enumerate(families):
        places = [place for place, vote in enumerate(family, 1) if vote.says == what]
        said |= np.isin(cast[:, column], places)
    return said


def hide(data: Dataset, seed: int) -> NDArray[np.float64]:
    """The row features to train on; of votes each family's own columns are missing in a share `HIDDEN` of the rows, drawn apart."""
    if data.weak is None:
        return data.values
    rng = np.random.default_rng(seed)
    values = data.values.copy()
    for columns in data.weak.hidden:
        rows = np.flatnonzero(rng.random(len(values)) < HIDDEN)
        values[np.ix_(rows, np.array(columns, dtype=np.int64))] = np.nan
    return values
