from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from counterfoil.features.rules import Vote
from counterfoil.model.labelmodel import ODDS_UNBRANDED, weigh_votes
from counterfoil.model.votes import Ballot


def vote(name: str, family: str, says: str) -> Vote:
    return Vote.model_validate(
        {"id": name, "family": family, "says": says, "all": [{"feature": "claim_terms", "op": ">=", "value": 1}]}
    )


FAMILIES = (
    (vote("claim", "text", "copy"), vote("hint", "text", "copy")),
    (vote("cheap", "price", "copy"), vote("dear", "price", "genuine")),
    (vote("young", "seller", "copy"), vote("official", "seller", "genuine")),
)
# The chance of each answer (none first) on copies and on others.
COPIES = ([0.45, 0.40, 0.15], [0.45, 0.50, 0.05], [0.50, 0.45, 0.05])
OTHERS = ([0.94, 0.01, 0.05], [0.57, 0.03, 0.40], [0.66, 0.04, 0.30])


def drawn(rows: int, share: float, seed: int) -> tuple[Ballot, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Votes that are independent given the truth, and the truth."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(rows) < share).astype(np.int64)
    cast = np.column_stack(
        [
            np.where(truth == 1, rng.choice(3, rows, p=copies), rng.choice(3, rows, p=others))
            for copies, others in zip(COPIES, OTHERS, strict=True)
        ]
    )
    return Ballot(FAMILIES, cast.astype(np.int64), np.ones(rows, dtype=np.bool_)), truth


def test_agreement_alone_tells_what_a_vote_is_worth() -> None:
    ballot, truth = drawn(20_000, 0.05, 3)
    model = weigh_votes(ballot, 0.05)
    for odds, copies, others in zip(model.odds, COPIES, OTHERS, strict=True):
        for got, on_copies, on_others in zip(odds, copies, others, strict=True):
            assert np.log(got) == pytest.approx(np.log(on_copies / on_others), abs=0.6)
    probability = model.probability(ballot)
    assert probability.mean() == pytest.approx(truth.mean(), abs=0.01)
    hits = np.isin(ballot.cast, [1]).sum(axis=1) + (ballot.cast[:, 0] == 2)
    assert average_precision_score(truth, probability) > average_precision_score(truth, hits) + 0.02


def test_the_truth_is_never_needed_and_the_same_votes_give_the_same_weights() -> None:
    ballot, _ = drawn(2_000, 0.05, 4)
    first, second = weigh_votes(ballot), weigh_votes(ballot)
    assert all((one == other).all() for one, other in zip(first.odds, second.odds, strict=True))


def test_a_vote_never_comes_to_say_the_opposite() -> None:
    ballot, _ = drawn(5_000, 0.3, 5)
    turned = Ballot(ballot.families, np.where(ballot.cast == 0, 0, 3 - ballot.cast), ballot.branded)
    for odds, family in zip(weigh_votes(turned, 0.3).odds, FAMILIES, strict=True):
        for got, one in zip(odds[1:], family, strict=True):
            assert got >= 1 if one.says == "copy" else got <= 1


def test_goods_without_a_protected_brand_are_weighed_by_what_was_learnt_elsewhere() -> None:
    ballot, _ = drawn(5_000, 0.05, 6)
    model = weigh_votes(ballot, 0.05)
    outside = Ballot(FAMILIES, np.array([[0, 0, 0], [1, 0, 0]]), np.zeros(2, dtype=np.bool_))
    silent, claimed = model.probability(outside).tolist()
    prior = 0.05 / 0.95 * ODDS_UNBRANDED
    assert silent == pytest.approx(prior / (1 + prior))
    odds = prior * model.odds[0][1]
    assert claimed == pytest.approx(odds / (1 + odds))


def test_an_account_has_every_vote_with_its_rows_and_odds() -> None:
    ballot, _ = drawn(3_000, 0.05, 7)
    account = weigh_votes(ballot).account(ballot)
    assert [one["id"] for one in account] == ["claim", "hint", "cheap", "dear", "young", "official"]
    assert account[0]["rows"] == int((ballot.cast[:, 0] == 1).sum())
    assert account[2]["says"] == "copy"


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), max_size=40), st.floats(0.001, 0.5))
def test_any_votes_give_probabilities(rows: list[tuple[int, int, int]], prior: float) -> None:
    cast = np.array(rows, dtype=np.int64).reshape(-1, 3)
    ballot = Ballot(FAMILIES, cast, np.ones(len(cast), dtype=np.bool_))
    probability = weigh_votes(ballot, prior).probability(ballot)
    assert ((probability > 0) & (probability < 1)).all()


def test_a_copy_vote_more_never_makes_a_row_less_likely() -> None:
    ballot, _ = drawn(5_000, 0.05, 8)
    model = weigh_votes(ballot)
    grid = Ballot(FAMILIES, np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]), np.ones(4, dtype=np.bool_))
    assert (np.diff(model.probability(grid)) > 0).all()
