"""The search for hyper-parameters: a wall between what chooses and what reports, and a choice that can be repeated."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.errors import TrainingRefused
from counterfoil.model import evaluate, learn, search, train
from counterfoil.model.card import card
from counterfoil.model.dataset import Dataset, Weak
from counterfoil.model.manifest import Manifest, read_manifest
from counterfoil.model.split import MIN_EACH, Rows
from tests.model import small


@cache
def market() -> Dataset:
    return small.dataset(small.world(sellers=60))


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "ROUNDS", 10)


def searched(data: Dataset, parts: search.Wall, trials: int, **options: Any) -> search.Search:
    return search.search(data, parts, trials, threads=1, **options)


def outcome(monkeypatch: pytest.MonkeyPatch, *values: float) -> search.Search:
    """A search whose trials are worth the given values, in this order."""
    worth = iter(values)
    monkeypatch.setattr(search, "_judge", lambda *_: lambda _: next(worth))
    return searched(market(), search.wall(market(), 0), len(values))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_seller_stands_on_both_sides_of_the_wall_whatever_the_seed(seed: int) -> None:
    data = market()
    parts = search.wall(data, seed)
    choosing, reported = (set(data.groups[rows].tolist()) for rows in (parts.choosing, parts.reported))
    assert not choosing & reported
    assert sorted([*parts.choosing, *parts.reported]) == list(range(len(data)))
    assert len(reported) == (len(choosing) + len(reported)) // search.REPORTED
    assert data.target[parts.reported].sum() >= MIN_EACH


def test_the_wall_is_drawn_by_the_seed_alone() -> None:
    def drawn(data: Dataset, seed: int) -> list[int]:
        return [int(row) for row in search.wall(data, seed).reported]

    assert drawn(market(), 1) == drawn(market(), 1)
    assert drawn(market(), 1) != drawn(market(), 2)


def test_a_search_learns_from_and_is_judged_on_choosing_rows_only(monkeypatch: pytest.MonkeyPatch) -> None:
    data = market()
    parts = search.wall(data, 0)
    # Every row is known again by its time, whatever subset it comes in.
    marked = replace(data, known_at=np.arange(len(data)))
    learnt: list[set[int]] = []
    judged: list[int] = []
    prepare, measure = learn.prepared, evaluate.average_precision

    def spy(part: Dataset, rows: Rows, parameters: dict[str, Any]) -> object:
        learnt.append(set(part.known_at.tolist()))
        return prepare(part, rows, parameters)

    def count(target: Any, score: Any, weight: Any) -> float:
        judged.append(len(target))
        return measure(target, score, weight)

    monkeypatch.setattr(learn, "prepared", spy)
    monkeypatch.setattr(search, "average_precision", count)
    searched(marked, parts, 2)
    assert len(learnt) == search.FOLDS
    assert all(rows == set(parts.choosing.tolist()) for rows in learnt)
    assert judged == [len(parts.choosing)] * 2


def test_what_the_reported_rows_hold_cannot_move_the_choice() -> None:
    data = market()
    parts = search.wall(data, 0)
    target, values = data.target.copy(), data.values.copy()
    target[parts.reported] = 1 - target[parts.reported]
    values[parts.reported] = 7.0
    again = searched(replace(data, target=target, values=values), parts, 3)
    assert again.trials == searched(data, parts, 3).trials


@pytest.mark.slow
def test_figures_are_of_the_reported_rows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    data = market()
    reported = search.wall(data, 0).reported
    seen: dict[str, set[int]] = {"rows": set(), "groups": set()}
    measure = evaluate.estimate

    def spy(metrics: Any, target: Any, score: Any, groups: Any, **options: Any) -> Any:
        seen["rows"].add(len(target))
        seen["groups"] |= set(groups.tolist())
        return measure(metrics, target, score, groups, **options)

    monkeypatch.setattr(evaluate, "estimate", spy)
    fitted = train.fit(data, threads=1, reported=reported)
    assert seen == {"rows": {len(reported)}, "groups": set(data.groups[reported].tolist())}
    assert sum(part["rows"] for part in fitted.reliability) == len(reported)
    assert fitted.fairness is not None
    genuine = set(data.sellers[reported].tolist()) - set(data.sellers[data.guilty].tolist())
    assert fitted.fairness["overall"]["sellers"] == len(genuine)
    assert len(fitted.data) == len(data)


@pytest.mark.slow
def test_later_figures_are_of_reported_sellers_too() -> None:
    data = market()
    order = np.argsort(data.groups, kind="stable")
    known_at = np.empty(len(data), dtype=np.int64)
    known_at[order] = np.linspace(0, 400 * 86_400e6, len(data)).astype(np.int64)
    data = replace(data, known_at=known_at)
    free = train.fit(data, threads=1)
    reported = np.flatnonzero(data.groups % 2 == 0)
    walled = train.fit(data, threads=1, reported=reported)
    assert free.later is not None
    assert walled.later is not None
    assert 0 < walled.later["sellers"] < free.later["sellers"]


def test_the_first_trial_has_the_kept_hyper_parameters() -> None:
    first, *_ = searched(market(), search.wall(market(), 0), 1).trials
    assert first.number == 0
    assert first.parameters.pop("extra_trees") is False
    assert first.parameters.pop("rounds") == learn.ROUNDS
    assert first.parameters == {name: learn.PARAMETERS[name] for name in first.parameters}
    assert len(first.parameters) == 6


def test_rounds_follow_the_learning_rate() -> None:
    for one in searched(market(), search.wall(market(), 0), 6).trials:
        assert one.parameters["rounds"] * one.parameters["learning_rate"] == pytest.approx(
            learn.ROUNDS * learn.PARAMETERS["learning_rate"], abs=one.parameters["learning_rate"]
        )


def test_a_set_that_beats_the_kept_one_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, 0.5, 0.4, 0.6, 0.6)
    assert found.parameters == found.trials[2].parameters
    assert found.account["kept"] == "best"
    assert found.account["best"] == {"trial": 2, "average_precision": 0.6, **found.parameters}
    assert (found.account["trials"], found.account["default"]) == (4, 0.5)
    assert (found.account["chosen_on_groups"], found.account["reported_on_groups"]) == (48, 12)


def test_the_kept_set_stays_when_others_only_come_level(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, 0.5, 0.4, 0.5)
    assert found.parameters == {}
    assert found.account["kept"] == "default"
    assert found.account["best"]["trial"] == 0


def test_the_same_seed_gives_the_same_trials_and_another_seed_others() -> None:
    parts = search.wall(market(), 0)
    one, again, other = (searched(market(), parts, 4, seed=seed) for seed in (3, 3, 4))
    assert one == again
    assert one.trials[0].parameters == other.trials[0].parameters
    assert one.trials[1].parameters != other.trials[1].parameters


def test_no_trial_is_begun_once_the_budget_is_spent() -> None:
    parts = search.wall(market(), 0)

    def passed(seconds: float) -> Any:
        """A clock on which so many seconds go by between two looks."""
        ticks = iter(range(1_000))
        return lambda: next(ticks) * seconds

    assert len(searched(market(), parts, 5, budget=2.5, clock=passed(1.0)).trials) == 3
    assert len(searched(market(), parts, 2, budget=2.5, clock=passed(1.0)).trials) == 2
    only = searched(market(), parts, 5, budget=0.0, clock=passed(9.0))
    assert [one.number for one in only.trials] == [0]
    assert only.account["trials"] == 1


@pytest.mark.slow
def test_hyper_parameters_that_were_found_are_those_of_the_final_trees() -> None:
    data = market()
    given = {"learning_rate": 0.05, "rounds": 4, "num_leaves": 7}
    fitted = train.fit(data, threads=1, parameters=given)
    assert fitted.booster.num_trees() == 4
    assert {name: fitted.parameters[name] for name in given} == given
    assert fitted.parameters["lambda_l2"] == learn.PARAMETERS["lambda_l2"]
    assert train.fit(data, threads=1).parameters["rounds"] == learn.ROUNDS


def test_the_card_says_which_sellers_chose_and_which_report(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = read_manifest(small.bundle_folder())
    assert "trials" not in card(manifest)

    def told(account: dict[str, Any]) -> str:
        parameters = {**manifest.parameters, "search": account}
        return card(Manifest.model_validate({**manifest.model_dump(), "parameters": parameters}))

    won = told(outcome(monkeypatch, 0.5, 0.6).account)
    assert "in 2 trials on 48 unlinked sellers (average precision there 0.600 at best, 0.500 before)" in won
    assert "the best of them is used. All figures here are of the 12 other sellers" in won
    assert "none beat the kept ones, which are used" in told(outcome(monkeypatch, 0.5, 0.4).account)


def test_without_optuna_a_search_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = search.wall(market(), 0)
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(TrainingRefused, match=r"got no optuna, expected the extra `analysis`.*counterfoil\[analysis\]"):
        searched(market(), parts, 1)


def test_votes_are_not_searched_and_too_few_sellers_cannot_report() -> None:
    with pytest.raises(TrainingRefused, match="repeats the votes"):
        search.wall(replace(market(), weak=Weak((), {}, None)), 0)  # type: ignore[arg-type]
    with pytest.raises(TrainingRefused, match="got 12 positive and 24 negative rows of the sellers kept out"):
        search.wall(small.dataset(), 0)


@pytest.mark.slow
def test_without_trials_nothing_of_the_search_is_imported() -> None:
    code = (
        "import sys, counterfoil.cli.train, counterfoil.model.train, counterfoil.model.registry, counterfoil.model.save;"
        "print(sorted({'optuna', 'counterfoil.model.search'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
