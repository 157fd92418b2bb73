from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from counterfoil.model import evaluate

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=2, max_size=60).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)
Arrays = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]


def arrays(rows: list[tuple[int, int]]) -> Arrays:
    target, score = np.array(rows).T
    return target.astype(np.int64), score.astype(np.float64), np.ones(len(rows))


@given(ROWS)
def test_auc_and_average_precision_are_those_of_the_definitions(rows: list[tuple[int, int]]) -> None:
    target, score, weight = arrays(rows)
    pairs = [(p > n) + 0.5 * (p == n) for p in score[target == 1] for n in score[target == 0]]
    assert evaluate.auc(target, score, weight) == pytest.approx(np.mean(pairs))
    steps, before = 0.0, 0.0
    for threshold in sorted(set(score), reverse=True):
        flagged = score >= threshold
        recall = target[flagged].sum() / target.sum()
        steps += (recall - before) * target[flagged].mean()
        before = recall
    assert evaluate.average_precision(target, score, weight) == pytest.approx(steps)


@given(ROWS)
def test_the_top_of_the_ranking_is_measured_as_by_trying_every_threshold(rows: list[tuple[int, int]]) -> None:
    target, score, weight = arrays(rows)
    by_precision, by_false_alerts = [0.0], [0.0]
    for threshold in set(score):
        flagged = score >= threshold
        recall = float(target[flagged].sum() / target.sum())
        if target[flagged].mean() >= 0.9 - 1e-12:
            by_precision.append(recall)
        if (1 - target[flagged]).sum() <= 0.01 * (1 - target).sum():
            by_false_alerts.append(recall)
    assert evaluate.recall_at_precision(target, score, weight) == pytest.approx(max(by_precision))
    assert evaluate.recall_at_false_alerts(target, score, weight) == pytest.approx(max(by_false_alerts))
    best = score == score.max()  # under 100 rows, one row is the budget, and ties come in together
    assert evaluate.precision_at_budget(target, score, weight) == pytest.approx(target[best].mean())


@given(ROWS, st.data())
def test_a_weight_of_two_is_the_row_twice(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(1, 3), min_size=len(rows), max_size=len(rows)))
    repeated = [row for row, count in zip(rows, times, strict=True) for _ in range(count)]
    target, score, _ = arrays(rows)
    for metric in evaluate.RANKING.values():
        assert metric(target, score, np.array(times, dtype=float)) == pytest.approx(metric(*arrays(repeated)))


def test_the_budget_of_a_large_file_is_one_percent_of_it() -> None:
    target = np.zeros(1_000, dtype=np.int64)
    score = np.linspace(1, 0, 1_000)
    target[:7] = 1
    assert evaluate.precision_at_budget(target, score, np.ones(1_000)) == pytest.approx(0.7)


def sample(groups: int, each: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    dice = np.random.default_rng(3)
    number = np.repeat(np.arange(groups), each)
    target = (np.arange(groups) % 2)[number]
    score = target + (dice.normal(size=groups) * 1.5)[number]
    return target, score, number


def interval(**estimates: Any) -> evaluate.Estimate:
    return evaluate.estimate({"auc": evaluate.auc}, **estimates)["auc"]


def test_intervals_resample_sellers_so_copies_of_a_row_do_not_narrow_them() -> None:
    few, many = sample(20, 1), sample(20, 50)
    narrow = interval(target=few[0], score=few[1], groups=few[2])
    wide = interval(target=many[0], score=many[1], groups=many[2])
    as_rows = interval(target=many[0], score=many[1], groups=np.arange(len(many[0])))
    assert wide.value == pytest.approx(narrow.value)
    assert (wide.low, wide.high) == pytest.approx((narrow.low, narrow.high))
    assert wide.high - wide.low > 3 * (as_rows.high - as_rows.low)
    assert wide.low <= wide.value <= wide.high


def test_the_same_seed_gives_the_same_interval() -> None:
    target, score, groups = sample(30, 2)
    assert interval(target=target, score=score, groups=groups) == interval(target=target, score=score, groups=groups)


def test_a_perfectly_calibrated_forecast_has_a_small_error_and_a_wrong_one_its_size() -> None:
    dice = np.random.default_rng(5)
    probability = dice.random(30_000)
    target = (dice.random(30_000) < probability).astype(np.int64)
    assert evaluate.calibration_error(target, probability) < 0.02
    assert evaluate.calibration_error(target, np.full(30_000, 0.9)) == pytest.approx(0.9 - target.mean(), abs=1e-9)
    curve = evaluate.reliability(target, probability)
    assert sum(part["rows"] for part in curve) == 30_000
    assert all(abs(part["probability"] - part["observed"]) < 0.05 for part in curve)


def test_an_estimate_is_printed_with_its_interval() -> None:
    assert str(evaluate.Estimate(0.5, 0.4, 0.61)) == "0.500 [0.400, 0.610]"
    assert evaluate.Estimate(0.123456, 0.1, 0.2).to_json() == {"value": 0.1235, "low": 0.1, "high": 0.2}


@given(ROWS)
def test_recall_at_five_percent_of_false_alerts_is_as_by_trying_every_threshold(rows: list[tuple[int, int]]) -> None:
    target, score, weight = arrays(rows)
    tried = [
        float(target[score >= threshold].sum() / target.sum())
        for threshold in set(score)
        if (1 - target[score >= threshold]).sum() <= 0.05 * (1 - target).sum()
    ]
    assert evaluate.recall_at_5pct_false_alerts(target, score, weight) == pytest.approx(max(tried, default=0.0))


PROBABILITIES = st.lists(
    st.tuples(st.integers(0, 1), st.floats(0.01, 0.99), st.integers(1, 3)), min_size=1, max_size=80
)


@given(PROBABILITIES)
def test_the_brier_score_is_the_mean_squared_distance_of_repeated_rows(rows: list[tuple[int, float, int]]) -> None:
    target, probability, weight = (np.array(column) for column in zip(*rows, strict=True))
    naive = [(p - y) ** 2 for y, p, times in rows for _ in range(times)]
    assert evaluate.brier(target, probability, weight.astype(float)) == pytest.approx(np.mean(naive))


@given(PROBABILITIES, st.integers(1, 20))
def test_the_calibration_error_is_that_of_bins_of_equal_weight(rows: list[tuple[int, float, int]], bins: int) -> None:
    target, probability, weight = (np.array(column) for column in zip(*rows, strict=True))
    # Naive: lay the rows on a line by probability, each as long as it weighs; a row lies in the bin of its middle.
    parts: dict[int, list[tuple[int, float, int]]] = {}
    done, total = 0.0, float(weight.sum())
    for y, p, w in sorted(zip(target, probability, weight, strict=True), key=lambda row: row[1]):
        parts.setdefault(min(bins - 1, int((done + w / 2) / total * bins)), []).append((y, p, w))
        done += w
    naive = sum(abs(sum(w * (y - p) for y, p, w in part)) for part in parts.values()) / total
    found = evaluate.calibration_error(target, probability, bins, weight.astype(float))
    # Rows of one probability may come in either order.
    if len(set(probability)) == len(probability):
        assert found == pytest.approx(naive)
    assert 0 <= found <= 1
    curve = evaluate.reliability(target, probability, bins, weight.astype(float))
    assert sum(part["rows"] for part in curve) == len(rows)


def test_the_slope_is_one_when_calibrated_and_below_one_when_overconfident() -> None:
    dice = np.random.default_rng(2)
    logits = dice.normal(size=60_000) * 1.5 - 2
    target = (dice.random(60_000) < 1 / (1 + np.exp(-logits))).astype(np.int64)
    ones = np.ones(60_000)
    slopes = [evaluate.reliability_slope(target, 1 / (1 + np.exp(-factor * logits)), ones) for factor in (1, 2, 0.5)]
    assert slopes == pytest.approx([1.0, 0.5, 2.0], rel=0.05)


def test_weights_of_a_random_slice_give_the_figures_of_the_whole_population() -> None:
    target, score, groups = sample(400, 3)
    weight = np.where(np.arange(len(target)) % 3 == 0, 3.0, 0.0)
    drawn = weight > 0
    metrics = {"auc": evaluate.auc, "brier": evaluate.brier}
    by_weight = evaluate.estimate(metrics, target, score, groups, weight=weight, draws=50)
    alone = evaluate.estimate(metrics, target[drawn], score[drawn], groups[drawn], draws=50)
    assert {name: one.value for name, one in by_weight.items()} == pytest.approx(
        {name: one.value for name, one in alone.items()}
    )


def test_the_paired_interval_is_that_of_the_difference_and_far_narrower_than_two_apart() -> None:
    target, score, groups = sample(200, 2)
    better = score + 0.3 * target
    metrics = {"auc": evaluate.auc}
    gap = evaluate.paired(metrics, target, better, score, groups, draws=100)["auc"]
    one, two = (evaluate.estimate(metrics, target, s, groups, draws=100)["auc"] for s in (score, better))
    assert gap.value == pytest.approx(two.value - one.value)
    assert 0 < gap.low <= gap.value <= gap.high
    assert gap.high - gap.low < 0.5 * (one.high - one.low)
    same = evaluate.paired(metrics, target, score, score, groups, draws=50)["auc"]
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)


def test_what_no_sample_can_measure_has_no_interval() -> None:
    found = evaluate.interval(0.5, [])
    assert found.value == 0.5
    assert np.isnan(found.low)
    assert np.isnan(found.high)
