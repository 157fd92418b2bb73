"""What votes are worth, learnt from how they agree, and how likely a copy each row is by them: no label is read.

Latent classes by expectation-maximisation: Dawid and Skene, "Maximum likelihood estimation of observer error-rates using the
EM algorithm", Applied Statistics 28 (1979). Each family of votes is an observer whose answer is one of its votes or none;
with three or more observers, independent given the truth, their error rates follow from their agreement alone (Allman,
Matias and Rhodes, Annals of Statistics 37, 2009). Three things are added, since the rarer class need not be copies:

- votes are weighed among goods of a protected brand only: elsewhere most families cannot speak, and "is branded" would be
  the class that explains most of the agreement;
- the share of copies among those is given, not learnt;
- each family starts from, and is held to by pseudo-counts, what its votes say: a "copy" is `ODDS_COPY` times likelier on a
  copy, a "genuine" `ODDS_GENUINE` times; and no vote may come to say the opposite of what it is written to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.features.rules import Vote
from counterfoil.model.calibrate import sigmoid
from counterfoil.model.votes import Ballot

Floats = NDArray[np.float64]
# What is believed of a vote before any agreement was seen, and for how many rows that belief counts. They are no more
# than a direction: with 20 to 400 rows, the ranking of a simulated market stays the same within its interval.
ODDS_COPY, ODDS_GENUINE, BELIEF_ROWS = 6.0, 1 / 3, 100.0
# Goods of no protected brand leave nothing to copy; they are taken for genuine by this factor unless a vote says more.
ODDS_UNBRANDED = 0.3
# Roughly one branded listing in twenty, where nothing better is known.
PRIOR = 0.05
_ROUNDS, _CLOSE = 500, 1e-8


@dataclass(frozen=True, slots=True)
class LabelModel:
    """The odds of each vote: how much likelier it is cast on a copy; `odds[f][0]` is that of casting none.

    `prior`: the share of copies among goods of a protected brand, 0 to 1.
    """

    families: tuple[tuple[Vote, ...], ...]
    odds: tuple[Floats, ...]
    prior: float
    rounds: int

    def probability(self, ballot: Ballot) -> Floats:
        """How likely a copy each row is by the votes cast on it, (rows,)."""
        outside = ~ballot.branded
        total = np.full(len(ballot.cast), np.log(self.prior / (1 - self.prior)))
        total[outside] += np.log(ODDS_UNBRANDED)
        for column, odds in enumerate(self.odds):
            added = np.log(odds)[ballot.cast[:, column]]
            # A family that could not have spoken says nothing by its silence.
            added[outside & (ballot.cast[:, column] == 0)] = 0.0
            total += added
        return sigmoid(total)

    def account(self, ballot: Ballot) -> list[dict[str, Any]]:
        """Each vote with the rows it was cast on and what it came to weigh, for the manifest and the card."""
        counts = ballot.counts
        return [
            {
                "id": vote.id,
                "family": vote.family,
                "says": vote.says,
                "rows": counts[vote.id],
                "odds": round(float(one), 3),
            }
            for family, odds in zip(self.families, self.odds, strict=True)
            for vote, one in zip(family, odds[1:], strict=True)
        ]


def weigh_votes(ballot: Ballot, prior: float = PRIOR) -> LabelModel:
    """Learn what each vote is worth from the rows of protected brands; `prior` is the share of copies among those."""
    cast = ballot.cast[ballot.branded]
    signs = [np.array([0, *(1 if vote.says == "copy" else -1 for vote in family)]) for family in ballot.families]
    believed = [_belief(cast[:, column], sign) for column, sign in enumerate(signs)]
    odds = [_odds(copy, other, sign) for (copy, other), sign in zip(believed, signs, strict=True)]
    model = LabelModel(ballot.families, tuple(odds), prior, 0)
    seen = Ballot(ballot.families, cast, np.ones(len(cast), dtype=np.bool_))
    before = model.probability(seen)
    for turn in range(1, _ROUNDS + 1):
        odds = []
        for column, ((copy, other), sign) in enumerate(zip(believed, signs, strict=True)):
            on_copies = np.bincount(cast[:, column], weights=before, minlength=len(sign)) + BELIEF_ROWS * copy
            on_others = np.bincount(cast[:, column], weights=1 - before, minlength=len(sign)) + BELIEF_ROWS * other
            odds.append(_odds(on_copies / on_copies.sum(), on_others / on_others.sum(), sign))
        model = LabelModel(ballot.families, tuple(odds), prior, turn)
        after = model.probability(seen)
        if len(after) == 0 or np.abs(after - before).max() < _CLOSE:
            break
        before = after
    return model


def _belief(cast: NDArray[np.int64], sign: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The shares of a family's answers on copies and on others, as believed before any agreement was seen."""
    other = np.bincount(cast, minlength=len(sign)) + 1.0
    other /= other.sum()
    copy = other * np.choose(sign + 1, [ODDS_GENUINE, 1.0, ODDS_COPY])
    return np.asarray(copy / copy.sum(), dtype=np.float64), np.asarray(other, dtype=np.float64)


def _odds(copy: Floats, other: Floats, sign: NDArray[np.int64]) -> Floats:
    odds = copy / other
    return np.where(sign > 0, np.maximum(odds, 1.0), np.where(sign < 0, np.minimum(odds, 1.0), odds))
