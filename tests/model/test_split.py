from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.errors import LeakFound, TrainingRefused
from counterfoil.model.dataset import Dataset
from counterfoil.model.marks import Marks
from counterfoil.model.split import check, choose, folds, holdout
from tests.model import small

DAY = 86_400_000_000


def data(count: int = 200, groups: int = 40, positives: int = 60, days: float = 30, seed: int = 0) -> Dataset:
    """Rows of which only what splits look at is told apart."""
    dice = np.random.default_rng(seed)
    known_at = np.sort(dice.integers(0, int(days * DAY) + 1, count))
    known_at[0], known_at[-1] = 0, int(days * DAY)
    target = np.zeros(count, dtype=np.int64)
    target[dice.permutation(count)[:positives]] = 1
    whole = small.fitted().data
    picked = whole.subset(dice.integers(0, len(whole), count))
    sellers, unlabelled, none = dice.integers(0, groups, count), np.full(count, -1), Marks.of([()] * count)
    lineage = replace(picked.lineage, seller=none, contact=none, image=none, wording=none, family=none)
    return replace(
        picked,
        target=target,
        groups=sellers,
        sellers=sellers,
        lineage=lineage,
        known_at=known_at,
        label_known_at=unlabelled,
    )


@settings(deadline=None, max_examples=25)
@given(st.integers(20, 80), st.integers(2, 10), st.integers(0, 1_000))
def test_every_row_is_tested_once_and_no_fold_shares_a_seller(groups: int, count: int, seed: int) -> None:
    rows = data(groups=groups, seed=seed)
    tested = []
    for train, test in folds(rows, count, seed):
        assert not set(rows.groups[train]) & set(rows.groups[test])
        assert sorted([*train, *test]) == list(range(len(rows)))
        tested += test.tolist()
    assert sorted(tested) == list(range(len(rows)))


def test_folds_of_groups_that_part_a_seller_are_refused() -> None:
    rows = data()
    parted = replace(rows, groups=np.arange(len(rows)))
    with pytest.raises(LeakFound, match="leak same_seller"):
        list(folds(parted, 5, 0))


def test_later_rows_whose_groups_part_a_seller_are_refused() -> None:
    rows = data(days=200)
    with pytest.raises(LeakFound, match="leak same_seller"):
        holdout(replace(rows, groups=np.arange(len(rows))))


def test_folds_follow_from_the_seed() -> None:
    rows = data()

    def tests(seed: int) -> list[list[int]]:
        return [test.tolist() for _, test in folds(rows, 5, seed)]

    assert tests(1) == tests(1)
    assert tests(1) != tests(2)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (data(positives=19), "got 19 positive and 181 negative rows"),
        (data(positives=181), "got 181 positive and 19 negative rows"),
        (data(groups=19), "of 19 unlinked sellers"),
        (data(positives=0), "got 0 positive"),
    ],
)
def test_rows_too_few_for_an_honest_estimate_are_refused_with_their_counts(rows: Dataset, named: str) -> None:
    with pytest.raises(TrainingRefused, match="label more, or more sellers") as refused:
        check(rows)
    assert named in refused.value.detail


def test_rows_enough_are_let_through() -> None:
    check(data(positives=20, groups=60))


@pytest.mark.parametrize(
    ("days", "kind"), [(1, "seller"), (89.99, "seller"), (90, "seller+time"), (400, "seller+time")]
)
def test_time_splits_where_the_rows_span_ninety_days(days: float, kind: str) -> None:
    assert choose(data(days=days), None) == kind


def test_a_split_by_time_of_a_short_period_is_refused_with_its_span() -> None:
    with pytest.raises(TrainingRefused, match=r"span 80 days.*at least 90.*--split seller"):
        choose(data(days=80), "seller+time")


def test_a_split_by_seller_alone_may_always_be_asked_for() -> None:
    assert choose(data(days=400), "seller") == "seller"


@settings(deadline=None, max_examples=25)
@given(st.integers(20, 150), st.integers(90, 600), st.integers(0, 30), st.integers(0, 1_000))
def test_later_rows_come_after_a_gap_and_from_sellers_not_met_before(
    groups: int, days: int, gap: int, seed: int
) -> None:
    rows = data(groups=groups, days=days, seed=seed)
    parts = holdout(rows, gap)
    assert not set(rows.groups[parts.train]) & set(rows.groups[parts.test])
    assert rows.known_at[parts.train].max() <= 0.8 * days * DAY
    assert (rows.known_at[parts.test] > rows.known_at[parts.train].max() + gap * DAY).all()
    missed = np.setdiff1d(np.flatnonzero(rows.known_at > 0.8 * days * DAY + gap * DAY), parts.test)
    assert set(rows.groups[missed]) <= set(rows.groups[parts.train])
