from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.features.rules import Condition, Rule

OPERATORS = [">=", ">", "<=", "<", "==", "!="]


def condition(op: str, value: float = 1.0, feature: str = "claim_terms") -> Condition:
    return Condition.model_validate({"feature": feature, "op": op, "value": value})


def rule(*conditions: Condition) -> Rule:
    return Rule(id="R", version=1, name="n", action="review", all=conditions)


@pytest.mark.parametrize(
    ("op", "held"),
    [
        (">=", [False, True, True]),
        (">", [False, False, True]),
        ("<=", [True, True, False]),
        ("<", [True, False, False]),
        ("==", [False, True, False]),
        ("!=", [True, False, True]),
    ],
)
def test_a_condition_compares_as_its_sign_says(op: str, held: list[bool]) -> None:
    assert [condition(op).holds({"claim_terms": value}) for value in (0.0, 1.0, 2.0)] == held


@given(st.sampled_from(OPERATORS), st.floats(allow_nan=False, allow_infinity=False))
def test_a_missing_value_satisfies_no_condition_not_even_unequal(op: str, value: float) -> None:
    assert not condition(op, value).holds({"claim_terms": math.nan})
    assert not rule(condition(op, value)).hits({"claim_terms": math.nan})


def test_a_rule_hits_when_all_its_conditions_hold() -> None:
    both = rule(condition(">="), condition(">", 0.5, "cheaper_by"))
    assert both.hits({"claim_terms": 1, "cheaper_by": 0.6})
    assert not both.hits({"claim_terms": 1, "cheaper_by": 0.5})
    assert not both.hits({"claim_terms": 0, "cheaper_by": 0.6})
    assert not both.hits({"claim_terms": 1, "cheaper_by": math.nan})
