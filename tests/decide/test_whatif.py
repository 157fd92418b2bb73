from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from counterfoil.decide.policy import Action, load_policy
from counterfoil.decide.whatif import Judge, Question, WhatIf, what_would_change
from counterfoil.features.catalogue import FeatureSet
from counterfoil.features.feature import Feature
from counterfoil.features.rules import Condition, Rule
from counterfoil.history.fold import Fold
from counterfoil.model.trees import Splits
from counterfoil.scorer import Scorer
from tests.instances import demo_bundle
from tests.worlds import at, listing, subject

SIGN, AMOUNT, OTHER = "sign", "amount", "other"
SPLITS = {
    SIGN: Splits(np.array([1e-35]), 0, 1),
    AMOUNT: Splits(np.linspace(0.1, 0.9, 9), 0, 1),
    OTHER: Splits(np.array([0.5, 1.5, 2.5]), 0, 3),
}


def features(monotone: int = 0) -> FeatureSet:
    return FeatureSet(tuple(Feature(name, "text", monotone, 1, "d.", (), lambda: 0.0) for name in SPLITS))


def asked(row: Sequence[float], action: Action, *hits: Rule, monotone: int = 0, splits: Any = None) -> Question:
    names = [*SPLITS, "fitted"]
    return Question(
        features(monotone), names, np.array([*row, 0.0]), action, hits, SPLITS if splits is None else splits
    )


def judge(threshold: float, *rules: Rule) -> Judge:
    """Flags from a sum on, and where a rule hits; the sum of sign, amount and a third of other."""

    def judged(matrix: NDArray[np.float64]) -> list[tuple[float, Action]]:
        found: list[tuple[float, Action]] = []
        for sign, amount, other, _ in np.nan_to_num(matrix).tolist():
            total = sign + amount + other / 3
            hit = any(rule.hits({SIGN: sign, AMOUNT: amount, OTHER: other}) for rule in rules)
            found.append((total / 3, "review" if total >= threshold or hit else "allow"))
        return found

    return judged


def rule(feature: str, op: Any, value: float) -> Rule:
    condition = Condition.model_construct(feature=feature, op=op, value=value)
    return Rule.model_construct(id="R-1", version=1, name="n", action="review", all=(condition,))


def changes(found: WhatIf) -> list[dict[str, tuple[float, float]]]:
    return [{one.feature: (one.before, one.after) for one in each.changes} for each in found.alternatives]


def test_the_nearest_single_change_that_lets_a_row_pass_comes_first() -> None:
    found = what_would_change(asked((1, 0.85, 0), "review"), judge(1.5))
    assert [list(each) for each in changes(found)] == [[AMOUNT], [SIGN]]
    before, after = changes(found)[0][AMOUNT]
    assert before == 0.85
    assert 0.3 < after < 0.5  # from 0.5 on it is flagged, and the cuts of the trees are a tenth apart
    assert changes(found)[1] == {SIGN: (1, 0)}
    assert all(each.action == "allow" for each in found.alternatives)
    assert [each.distance for each in found.alternatives] == sorted(each.distance for each in found.alternatives)


def test_two_changes_are_tried_only_where_no_single_one_is_enough() -> None:
    found = what_would_change(asked((1, 0.95, 3), "review"), judge(1))
    pairs = {frozenset(pair) for pair in ((SIGN, AMOUNT), (SIGN, OTHER), (AMOUNT, OTHER))}
    assert {frozenset(each) for each in changes(found)} <= pairs
    assert found.alternatives
    single = what_would_change(asked((1, 0.95, 0), "review"), judge(1.5))
    assert single.tried < found.tried


def test_none_found_is_said_so() -> None:
    found = what_would_change(asked((1, 0.9, 3), "review"), judge(-1))
    assert found.alternatives == ()
    assert found.to_json()["alternatives"] == []
    assert found.tried > 0


def test_a_row_that_passes_is_asked_what_would_flag_it() -> None:
    found = what_would_change(asked((0, 0.45, 0), "allow"), judge(1))
    assert found.alternatives
    assert all(each.action == "review" for each in found.alternatives)


@pytest.mark.parametrize(
    ("op", "value", "row", "fails"),
    [
        (">=", 1, (1, 0, 0), lambda sign: sign < 1),
        (">", 0, (1, 0, 0), lambda sign: sign <= 0),
        ("==", 1, (1, 0, 0), lambda sign: sign != 1),
        ("<", 1, (0, 0, 0), lambda sign: sign >= 1),
        ("<=", 0, (0, 0, 0), lambda sign: sign > 0),
    ],
)
@pytest.mark.parametrize("splits", [SPLITS, {}], ids=["trees ask it too", "only the rule asks it"])
def test_a_rule_that_hit_stops_hitting_when_its_condition_fails(
    op: str, value: float, row: tuple[float, ...], fails: Any, splits: Any
) -> None:
    one = rule(SIGN, op, value)
    found = what_would_change(asked(row, "review", one, splits=splits), judge(99, one))
    ((_, after),) = [each[SIGN] for each in changes(found) if SIGN in each]
    assert fails(after)
    (held,) = found.to_json()["rules"]
    assert held["id"] == "R-1"
    assert held["fails_when_one_does_not_hold"] == [{"feature": SIGN, "op": op, "value": value, "got": row[0]}]


def test_a_sign_that_can_only_raise_the_risk_is_not_raised_to_pass_nor_lowered_to_be_flagged() -> None:
    rows = []

    def watched(matrix: NDArray[np.float64]) -> Sequence[tuple[float, Action]]:
        rows.append(matrix)
        return judge(99)(matrix)

    what_would_change(asked((0, 0.45, 1), "review", monotone=1), watched)
    assert all((matrix[:, :3] <= (0, 0.45, 1)).all() for matrix in rows)
    rows.clear()
    what_would_change(asked((0, 0.45, 1), "allow", monotone=1), watched)
    assert all((matrix[:, :3] >= (0, 0.45, 1)).all() for matrix in rows)


def test_whole_numbers_stay_whole_and_values_stay_in_the_range_that_was_seen() -> None:
    rows = []

    def watched(matrix: NDArray[np.float64]) -> Sequence[tuple[float, Action]]:
        rows.append(matrix)
        return judge(99)(matrix)

    what_would_change(asked((0, 0.45, math.nan), "review"), watched)
    tried = np.concatenate(rows)
    assert set(tried[:, 0]) == {0.0, 1.0}
    assert set(tried[~np.isnan(tried[:, 2]), 2]) == {1.0, 2.0, 3.0}
    assert tried[:, 1].min() >= 0
    assert tried[:, 1].max() <= 1
    assert (tried[:, 3] == 0).all(), "a fitted column is never changed"


@given(
    st.tuples(st.sampled_from([0.0, 1.0]), st.floats(0, 1), st.sampled_from([0.0, 1.0, 2.0, 3.0])), st.floats(0.1, 2.9)
)
def test_every_alternative_found_is_one_when_it_is_judged_again(row: tuple[float, ...], threshold: float) -> None:
    judged = judge(threshold)
    ((_, action),) = judged(np.array([[*row, 0.0]]))
    found = what_would_change(asked(row, action), judged)
    for each in found.alternatives:
        moved = dict(zip([*SPLITS, "fitted"], [*row, 0.0], strict=True)) | {
            one.feature: one.after for one in each.changes
        }
        ((probability, then),) = judged(np.array([list(moved.values())]))
        assert (probability, then) == (each.probability, each.action)
        assert then != action


def test_the_scorer_says_what_would_change_a_real_decision_and_tries_few_rows() -> None:
    scorer = Scorer(demo_bundle(), load_policy())
    bag = listing(title="Túi xách Gucci super fake", price="450000", category_path=["Túi ví nữ"])
    about = [Fold().about(subject(one), at(0)) for one in (bag, listing(title="Dép đi trong nhà", price="25000"))]
    flagged, passes = scorer.decide(about, "all")
    assert (flagged.outcome.action, passes.outcome.action) == ("review", "allow")
    for decision in (flagged, passes):
        found = scorer.what_would_change(decision)
        assert found.tried < 6_000
        assert all(each.action != decision.outcome.action for each in found.alternatives)
        assert all(
            one.feature not in {"category_number", "brand_tier"} for each in found.alternatives for one in each.changes
        )
    assert scorer.what_would_change(passes).alternatives
    assert {held.rule.id for held in scorer.what_would_change(flagged).rules} == {
        rule.id for rule in flagged.outcome.hits
    }
