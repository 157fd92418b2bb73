"""The label-free start against the policy's rules: `python -m tests.benchmarks.weak [LISTINGS [SEED]]` prints the table.

A simulated crawl is read without its labels, as an agency would on its first day. Everything that learns (what a vote is
worth, the trees, the calibration) learns from the first four fifths of the period; what comes two weeks after that is
ranked, each seller by trees that met no listing of that seller. Only then is the truth looked at. Both sides see the same rows.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from counterfoil.decide.policy import load_policy
from counterfoil.features.embed import load_encoder
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.source import Accepted, as_entry, read_listings
from counterfoil.model import learn
from counterfoil.model.dataset import Dataset, assemble
from counterfoil.model.evaluate import RANKING, Estimate, Metric, average_precision, estimate
from counterfoil.model.examples import examples_unlabelled
from counterfoil.model.votes import load_voters
from counterfoil.model.weak import let_vote, without_labels
from counterfoil.synth.write import write_market
from tests.benchmarks.figures import ROOT, table
from tests.benchmarks.markets import later_by_seller, truth_of

Floats = NDArray[np.float64]
FOLDS = 3
DRAWS = 400
WORDS = {"rules": "the policy's rules, by how many hit", "votes": "the votes, weighed", "trees": "trees on the votes"}


@dataclass(frozen=True, slots=True)
class Compared:
    """Scores of the later rows by each way to rank them, and the truth about them; `new` are sellers never met before."""

    target: NDArray[np.int64]
    groups: NDArray[np.int64]
    new: NDArray[np.bool_]
    scores: dict[str, Floats]

    def ratio(self, name: str, rows: NDArray[np.bool_] | None = None) -> Estimate:
        """Average precision over that of the rules on the same rows, resampled by seller."""
        return self._estimate(np.column_stack([self.scores[name], self.scores["rules"]]), _over, rows)

    def figure(self, name: str, metric: str = "average_precision", rows: NDArray[np.bool_] | None = None) -> Estimate:
        """One measure of one ranking, resampled by seller."""
        return self._estimate(self.scores[name], RANKING[metric], rows)

    def _estimate(self, score: Floats, metric: Metric, rows: NDArray[np.bool_] | None) -> Estimate:
        kept = np.ones(len(self.target), dtype=np.bool_) if rows is None else rows
        return estimate({"it": metric}, self.target[kept], score[kept], self.groups[kept], draws=DRAWS)["it"]


def _over(target: NDArray[np.int64], scores: Floats, weight: Floats) -> float:
    """Average precision of the first of two scores, (rows, 2), over that of the second."""
    first, second = (average_precision(target, score, weight) for score in scores.T)
    return first / second


def crawl(market: Path) -> tuple[Dataset, NDArray[np.int64]]:
    """The listings of a simulated market as an unlabelled dataset, and the truth beside it, row by row."""
    key, now = ContactKey("bench", b"a key for benches"), datetime.now(UTC)
    read = read_listings(market / "listings.jsonl", mapping=None, key=key, now=now, default_known_at=now)
    entries = [entry for row in read if isinstance(row, Accepted) and (entry := as_entry(row)) is not None]
    entries.sort(key=lambda entry: entry.known_at)
    dropped: Counter[str] = Counter()
    examples = without_labels(examples_unlabelled(entries, dropped), dropped)
    data = assemble(examples, load_encoder(ROOT / "models" / "encoder"), "none", dropped)
    return data, truth_of(market, examples)


def compare(market: Path, *, folds: int = FOLDS, threads: int = 2) -> Compared:
    """Rank the later rows of a market in each way."""
    data, truth = crawl(market)
    rules = load_policy().rules
    voters = load_voters(rules)
    names = data.features.names
    parts = later_by_seller(data, folds)
    later = np.sort(np.concatenate([rows for _, rows in parts]))
    named = (dict(zip(names, row, strict=True)) for row in data.values[later].tolist())
    hits = [sum(rule.hits(row) for rule in rules) for row in named]
    voted, ranked = np.zeros(len(data)), np.zeros(len(data))
    for earlier, rows in parts:
        learnt = let_vote(data.subset(earlier), voters)
        assert learnt.weak is not None
        voted[rows] = learnt.weak.model.probability(voters.cast(data.features, data.values[rows]))
        parameters = learn.base_parameters(learnt, 0, threads)
        booster, views = learn.fit_trees(learnt, np.arange(len(learnt)), parameters)
        ranked[rows] = learn.margins_of(booster, views, data, rows)
    scores = {"rules": np.array(hits, dtype=np.float64), "votes": voted[later], "trees": ranked[later]}
    new = ~np.isin(data.groups[later], data.groups[np.concatenate([earlier for earlier, _ in parts])])
    return Compared(truth[later], data.groups[later], new, scores)


def measure(market: Path) -> str:
    """The table, and in a sentence what it is of."""
    found = compare(market)
    rows = []
    for name, words in WORDS.items():
        recall = found.figure(name, "recall_at_1pct_false_alerts")
        ratio = "1" if name == "rules" else str(found.ratio(name))
        rows.append([words, str(found.figure(name)), ratio, str(recall), str(found.figure(name, rows=found.new))])
    head = [
        "ranking",
        "average precision",
        "over the rules",
        "recall at 1 % false alerts",
        "average precision, new sellers",
    ]
    return (
        f"{table(head, rows)}\n\n{len(found.target):,} later listings, {int(found.target.sum()):,} of them counterfeit; each "
        f"ranked by trees that never met its seller. New sellers: {int(found.new.sum()):,} listings "
        f"({int(found.target[found.new].sum()):,} counterfeit) of sellers of whom the earlier months show nothing at all. "
        "Simulated; intervals resample sellers."
    )


def main(listings: int = 24_000, seed: int = 7) -> None:
    """Simulate, measure, print."""
    with TemporaryDirectory() as folder:
        write_market(listings, seed, Path(folder) / "market")
        print(measure(Path(folder) / "market"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
