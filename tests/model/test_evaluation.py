from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.errors import EvaluationRefused
from counterfoil.model import evaluate, learn
from counterfoil.model.conformal import beta_binomial_interval
from counterfoil.model.evaluation import measures, stated
from counterfoil.model.evaluation.account import Options, evaluation
from counterfoil.model.evaluation.comparison import comparison
from counterfoil.model.evaluation.judged import Judged
from counterfoil.model.evaluation.page import page, pictures
from counterfoil.model.evaluation.rivals import side_by_side
from counterfoil.model.evaluation.sections import clean
from counterfoil.model.evaluation.text import compared, evaluated
from tests.model import small

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6)), min_size=2, max_size=40).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)


def judged(*, sellers: int = 40, each: int = 6, seed: int = 0, good: float = 2.0) -> Judged:
    """Rows of the small world with made-up margins, and p-values that are uniform among the genuine."""
    data = small.dataset(small.world(sellers, each))
    dice = np.random.default_rng(seed)
    margin = dice.normal(size=len(data)) + good * data.target - 2
    probability = 1 / (1 + np.exp(-margin))
    count = len(data)
    data = replace(data, slices={"even": np.arange(count) % 2 == 0, "few": np.arange(count) < 5})
    flagged = probability > 0.5
    return Judged(
        data=data,
        ids=tuple(f"l{number}" for number in range(count)),
        margin=margin,
        probability=probability,
        p_value=dice.random(count),
        void=("",) * count,
        held=("all",) * count,
        size=np.full(count, 500),
        action=tuple("review" if one else "allow" for one in flagged),
        truth=data.target,
        weight=np.ones(count),
    )


@cache
def small_figures() -> dict[str, Any]:
    usual, learn.ROUNDS = learn.ROUNDS, 5
    try:
        return evaluation(judged(), Options(splits=True, threads=1))
    finally:
        learn.ROUNDS = usual


@given(ROWS, st.integers(1, 40))
def test_precision_at_k_is_the_mean_over_all_orders_of_ties(rows: list[tuple[int, int]], k: int) -> None:
    target, score = (np.array(column) for column in zip(*rows, strict=True))
    k = min(k, len(rows))
    edge = sorted(score, reverse=True)[k - 1]
    above, at = target[score > edge], target[score == edge]
    naive = (above.sum() + (k - len(above)) * at.mean()) / k
    found = measures.precision_at(target, score.astype(float), np.ones(len(rows)), k)
    assert found == pytest.approx(naive)


@given(ROWS, st.floats(0.1, 20), st.floats(0.1, 20))
def test_costs_are_as_by_trying_every_threshold(rows: list[tuple[int, int]], missed: float, false_alert: float) -> None:
    target, level = (np.array(column) for column in zip(*rows, strict=True))
    probability = (level + 1) / 10
    one = judged(sellers=20, each=3)
    rows_of = np.arange(len(rows)) % len(one)
    made = replace(one.subset(rows_of), truth=target, probability=probability)
    found = measures.costs(made, missed=missed, false_alert=false_alert)

    def cost(flagged: Any) -> float:
        return float(1_000 / len(rows) * (missed * target[~flagged].sum() + false_alert * (1 - target)[flagged].sum()))

    tried = [cost(probability >= threshold) for threshold in [2.0, *set(probability)]]
    assert found["cheapest"]["cost"] == pytest.approx(min(tried), abs=1e-3)
    assert cost(probability >= found["cheapest"]["threshold"]) == pytest.approx(min(tried), abs=1e-3)
    assert found["flag_none"]["cost"] == pytest.approx(cost(probability > 1), abs=1e-3)
    assert found["flag_all"]["cost"] == pytest.approx(cost(probability > -1), abs=1e-3)
    fair = false_alert / (false_alert + missed)
    assert found["by_probability"]["cost"] == pytest.approx(cost(probability >= fair), abs=1e-3)


@given(ROWS)
def test_every_point_of_the_precision_recall_curve_is_that_of_a_threshold(rows: list[tuple[int, int]]) -> None:
    target, score = (np.array(column) for column in zip(*rows, strict=True))
    points = {
        (round(target[score >= t].sum() / target.sum(), 5), round(target[score >= t].mean(), 5)) for t in set(score)
    }
    curve = evaluate.precision_recall(target, score.astype(float), np.ones(len(rows)))
    assert {(one["recall"], one["precision"]) for one in curve} <= points
    assert curve[-1]["recall"] == 1.0


def test_slices_with_too_few_of_one_outcome_are_named_and_not_judged() -> None:
    found = measures.calibration(judged(sellers=90))
    assert set(found["slices"]) == {"even"}
    assert found["slices_too_few"] == ["few"]
    assert found["overall"]["rows"] == 540
    assert found["slices"]["even"]["rows"] == 270


def test_p_values_that_are_uniform_hold_their_stated_rate_and_smaller_ones_do_not() -> None:
    honest = judged(sellers=1_500, each=1)
    found = stated.realised(honest, draws=20)
    assert found is not None
    assert all(one["holds"] for one in found["overall"]["alphas"])
    assert found["overall"]["sellers"] == int(honest.genuine.sum())
    assert found["overall"]["calibration_n"] == {"all": 500}
    boasting = stated.realised(replace(honest, p_value=honest.p_value / 4), draws=20)
    assert boasting is not None
    assert not any(one["holds"] for one in boasting["overall"]["alphas"][1:])
    for one in found["overall"]["alphas"]:
        low, high = beta_binomial_interval(500, found["overall"]["sellers"], one["alpha"], stated.LEVEL)
        assert (one["low"], one["high"]) == (low, high)


def test_one_row_a_seller_is_drawn_so_a_large_seller_does_not_decide_the_rate_but_does_by_rows() -> None:
    made = judged(sellers=300, each=2)
    honest = np.flatnonzero(made.genuine)
    large = made.data.sellers == made.data.sellers[honest[0]]
    # One honest seller with 200 listings, all of them flagged at any rate.
    rows = np.concatenate([np.arange(len(made)), np.repeat(np.flatnonzero(large), 100)])
    made = replace(made.subset(rows), p_value=np.where(large[rows], 1e-9, 0.5))
    found = stated.realised(made, draws=10)
    assert found is not None
    (_, one, _) = found["overall"]["alphas"]
    assert one["flagged"] == 1
    assert one["by_rows"]["value"] > 0.3


def test_a_seller_with_one_bad_verdict_is_not_genuine_in_any_of_its_rows() -> None:
    made = judged(sellers=40, each=6)
    bad = set(made.data.sellers[made.data.target == 1].tolist())
    assert bad
    assert all((seller not in bad) == honest for seller, honest in zip(made.data.sellers, made.genuine, strict=True))


def test_nothing_can_be_held_to_a_bundle_without_p_values() -> None:
    made = judged()
    assert stated.realised(replace(made, p_value=np.full(len(made), np.nan))) is None


def test_the_interval_of_a_sum_of_calibration_sets_lies_where_theirs_do() -> None:
    alone = stated.interval({"a": (2_000, 3_000)}, 0.05)
    assert alone == beta_binomial_interval(2_000, 3_000, 0.05, stated.LEVEL)
    low, high = stated.interval({"a": (2_000, 1_500), "b": (2_000, 1_500)}, 0.05)
    assert alone[0] <= low < 150 < high <= alone[1]
    assert stated.interval({"a": (50, 40), "b": (60, 40)}, 0.005) == (0, 0)


def test_rows_of_one_outcome_are_refused() -> None:
    made = judged()
    genuine = made.subset(np.flatnonzero(made.data.target == 0))
    with pytest.raises(EvaluationRefused, match="some of both outcomes"):
        evaluation(genuine, Options())


def test_the_evaluation_has_every_part_of_the_report() -> None:
    figures = small_figures()
    assert set(figures["baselines"]) == set(figures["against"]) == {
        "keyword", "price", "keyword_or_price", "char_ngrams", "tabular_trees",
    }  # fmt: skip
    assert set(figures["ranking"]) == set(evaluate.RANKING)
    assert {"random", "seller"} <= set(figures["splits"])
    assert figures["precision_at"][0]["k"] == 10
    assert figures["fairness"]["alpha"] == 0.01


def test_a_random_split_flatters_where_the_seller_gives_the_label_away() -> None:
    # 60 sellers; the feature says who the seller is and the label is the seller's, at random.
    data = small.dataset(small.world(60, 8))
    dice = np.random.default_rng(3)
    label = dice.permutation(np.arange(60) % 3 == 0).astype(np.int64)
    seller = np.arange(len(data)) % 60
    values = data.values.copy()
    values[:] = np.nan
    values[:, data.features.names.index("followers")] = dice.permutation(60)[seller]
    data = replace(data, values=values, target=label[seller], groups=seller, vectors=np.zeros_like(data.vectors))
    data = replace(data, scored_ngrams=False)
    found = side_by_side(data, seed=0, threads=1, say=lambda _: None)
    assert found["random"]["auc"]["value"] > 0.9
    assert found["seller"]["auc"]["value"] < 0.75


def test_the_same_bundle_differs_from_itself_in_nothing() -> None:
    made = judged()
    found = comparison(made, made)
    assert all(one["difference"]["value"] == 0 for one in found["measures"].values())
    assert found["actions"]["changed"] == 0
    assert found["verdict"].startswith("No measure differs beyond chance")


def test_a_better_bundle_is_said_to_be_better_and_changed_actions_are_counted() -> None:
    weak, strong = judged(good=0.3), judged(good=4.0)
    found = comparison(weak, strong)
    assert found["verdict"].startswith("The second bundle is better in auc")
    changed = [a != b for a, b in zip(weak.action, strong.action, strict=True)]
    assert found["actions"]["changed"] == sum(changed) == sum(one["rows"] for one in found["actions"]["moves"].values())
    examples = found["actions"]["examples"]
    steps = [abs(one["second"]["probability"] - one["first"]["probability"]) for one in examples]
    assert steps == sorted(steps, reverse=True)
    assert comparison(strong, weak)["verdict"].startswith("The second bundle is worse in auc")
    with pytest.raises(ValueError, match="the same rows"):
        comparison(weak, replace(strong, ids=strong.ids[::-1]))


def report(**more: Any) -> dict[str, Any]:
    rows = {
        "source": "file", "from": "rows|`x`.csv", "mapping": "own", "rows": 240, "positives": 80, "sellers": 40,
        "span_days": 30.0, "left_out": {"rejected": 3}, "met_before": {"seller": 4}, "random_slice": False,
    }  # fmt: skip
    model = {"name": "counterfeit-listing", "version": 7, "created_at": "2026-11-24T00:00:00"}
    return {
        "label_meaning": "<script>alert(1)</script> 1: made up.", "model": model, "first": model, "second": model, "rows": rows,
        "notes": ["Look out."], "figures": small_figures(), **more,
    }  # fmt: skip


def test_the_text_says_every_part_and_whose_rows_were_left_out() -> None:
    text = evaluated(report())
    for part in (
        "How well it ranks", "stated false-alert rate", "10 % means 10 %", "Who is flagged by mistake", "What it costs",
        "How the split flatters", "What was read",
    ):  # fmt: skip
        assert re.search(rf"^## .*{part}", text, re.MULTILINE), part
    assert "a seller that the bundle was trained on 4" in text
    assert "**Note:** Look out." in text
    assert "rows x .csv" in text


def test_the_page_is_one_file_without_script_style_attribute_or_address() -> None:
    made = report()
    shown = page("A <title>", evaluated(made), pictures(made["figures"]), "body { color: black; }")
    body = shown.partition("</style>")[2]
    assert shown.count("<svg") == 3
    assert "<!-- picture" not in shown
    assert "&lt;!-- picture" not in shown
    assert "<script" not in body
    assert "style=" not in body
    assert "http" not in body
    assert "&lt;script&gt;" in body
    assert "<title>A &lt;title&gt;</title>" in shown


def test_a_comparison_is_written_with_its_verdict_and_examples() -> None:
    found = comparison(judged(good=0.3), judged(good=4.0))
    text = compared(report(figures=found))
    assert found["verdict"] in text
    assert "allow -&gt; review" in page("t", text, {}, "") or "allow -> review" in text
    assert all(f"`{one['id']}`" in text for one in found["actions"]["examples"])


@given(st.text(max_size=60))
def test_what_came_from_outside_stays_in_its_cell(text: str) -> None:
    shown = clean(text)
    assert shown
    assert not set(shown) & set("|`\n\r\u202e")
    assert len(shown) <= 200
