from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.decide.policy import Outcome, Policy, load_policy
from counterfoil.errors import PolicyError
from counterfoil.features.catalogue import catalogue
from counterfoil.knowledge.files import names_in

HEAD = """name = "mine"
version = 3
review = { alpha = 0.02, probability = 0.4 }
priority = { alpha = 0.005, probability = 0.7 }
"""
THRESHOLDS = {"review": {"alpha": 0.02, "probability": 0.4}, "priority": {"alpha": 0.005, "probability": 0.7}}
RULE = '[[rules]]\nid = "{id}"\nversion = 1\nname = "n"\naction = "{action}"\nall = [{all}]\n'
CLAIM = '{ feature = "claim_terms", op = ">=", value = 1 }'
SHARE = st.floats(0, 1)


def rule(name: str = "R-1", action: str = "review", conditions: str = CLAIM) -> str:
    return RULE.replace("{id}", name).replace("{action}", action).replace("{all}", conditions)


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def to_file(text: str) -> str:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return to_file


def policy(*actions: str) -> Policy:
    rules = [
        {"id": f"R-{i}", "version": 1, "name": "n", "action": action, "all": [
            {"feature": "claim_terms", "op": ">=", "value": 1}]}
        for i, action in enumerate(actions)
    ]  # fmt: skip
    return Policy.model_validate({"name": "t", "version": 1, **THRESHOLDS, "rules": rules})


def row(**values: float) -> dict[str, float]:
    return dict.fromkeys(catalogue().names, math.nan) | values


@pytest.mark.parametrize("name", names_in("policy"))
def test_every_shipped_policy_loads_and_blocks_nothing(name: str) -> None:
    loaded = load_policy(name)
    assert loaded.name == name
    assert all(one.action == "review" for one in loaded.rules)


BAD = [
    (HEAD.replace("0.7", "0.3"), "got priority.probability 0.3 below review.probability 0.4"),
    (HEAD.replace("0.005", "0.03"), "got priority.alpha 0.03 above review.alpha 0.02"),
    (HEAD.replace("{ alpha = 0.02, probability = 0.4 }", "0.4"), "got the number 0.4, expected a table"),
    (HEAD.replace("alpha = 0.02, ", ""), "review.alpha"),
    (HEAD.replace("0.02", "0"), "review.alpha"),
    (HEAD.replace("0.02", "1"), "review.alpha"),
    (HEAD.replace("0.4", "0"), "review.probability"),
    (HEAD.replace("0.7", "1.0"), "priority.probability"),
    (HEAD.replace("0.4", "nan"), "review.probability"),
    (HEAD + "fdr = 0\n", "fdr"),
    (HEAD.replace("version = 3", "version = 0"), "version"),
    (HEAD + "threshold = 1\n", "threshold"),
    (HEAD + rule() + rule(), "expected each once"),
    (HEAD + rule(conditions=CLAIM.replace("claim_terms", "moon_phase")), "got feature 'moon_phase'"),
    (HEAD + rule(conditions=CLAIM.replace(">=", "=~")), "op"),
    (HEAD + rule(conditions=CLAIM.replace("value = 1", "value = nan")), "value"),
    (HEAD + rule(conditions=CLAIM.replace("value = 1", "value = inf")), "value"),
    (HEAD + rule(conditions=""), "all"),
    (HEAD + rule(action="delete"), "action"),
    (HEAD + rule(action="allow"), "action"),
    ("name = ", "not TOML"),
    ("", "name"),
]


@pytest.mark.parametrize(("text", "named"), BAD)
def test_a_policy_that_breaks_its_own_rules_is_refused_in_a_sentence(write: Any, text: str, named: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_policy(write(text))
    assert named in refused.value.detail
    assert "mine.toml" in refused.value.detail


@pytest.mark.parametrize("name", ["strict", "", "../policy/default", "nowhere/x.toml"])
def test_an_unknown_policy_is_refused_by_name(name: str) -> None:
    with pytest.raises(PolicyError, match="expected"):
        load_policy(name)


def test_a_policy_file_is_read_whole(write: Any) -> None:
    loaded = load_policy(write(HEAD + rule() + rule("R-2", "block")))
    assert (loaded.name, loaded.version, loaded.fdr) == ("mine", 3, 0.1)
    assert {name: getattr(loaded, name).model_dump() for name in THRESHOLDS} == THRESHOLDS
    assert loaded.alphas == (0.02, 0.005)
    assert [one.action for one in loaded.rules] == ["review", "block"]


@given(SHARE)
def test_the_model_alone_never_blocks(probability: float) -> None:
    outcome = policy().outcome(probability, row())
    assert outcome.action == ("review" if probability >= 0.4 else "allow")
    assert outcome.rule is None
    assert outcome.flagged == (outcome.action != "allow")


@given(SHARE, SHARE)
def test_where_a_rate_can_be_stated_it_decides_and_the_probability_does_not(probability: float, p_value: float) -> None:
    outcome = policy().outcome(probability, row(), p_value)
    assert outcome.action == ("review" if p_value <= 0.02 else "allow")
    assert outcome.level == ("high" if p_value <= 0.005 else "elevated" if p_value <= 0.02 else "low")


@given(SHARE, SHARE, SHARE)
def test_a_smaller_p_value_is_never_a_milder_action(probability: float, one: float, other: float) -> None:
    order = {"low": 0, "elevated": 1, "high": 2}
    small, large = (policy().outcome(probability, row(), p).level for p in sorted((one, other)))
    assert order[small] >= order[large]


@pytest.mark.parametrize(
    ("probability", "level"), [(0.0, "low"), (0.3999, "low"), (0.4, "elevated"), (0.6999, "elevated"), (0.7, "high")]
)
def test_the_level_follows_the_thresholds_whatever_a_rule_says(probability: float, level: str) -> None:
    assert policy("block").outcome(probability, row(claim_terms=1)).level == level
    assert policy("block").outcome(probability, row(claim_terms=0)).level == level


@pytest.mark.parametrize(
    ("actions", "probability", "action", "by"),
    [
        (("review",), 0.1, "review", "R-0"),
        (("review",), 0.9, "review", None),
        (("block",), 0.9, "block", "R-0"),
        (("review", "block"), 0.1, "block", "R-1"),
        (("block", "block"), 0.1, "block", "R-0"),
        ((), 0.9, "review", None),
    ],
)
def test_the_strongest_action_wins_and_a_rule_is_named_only_where_it_decided(
    actions: tuple[str, ...], probability: float, action: str, by: str | None
) -> None:
    outcome: Outcome = policy(*actions).outcome(probability, row(claim_terms=2))
    assert outcome.action == action
    assert (outcome.rule.id if outcome.rule is not None else None) == by
    assert len(outcome.hits) == len(actions)


@given(SHARE, SHARE, st.sampled_from([math.nan, 0.0, 1.0]))
def test_a_higher_probability_is_never_a_milder_action(one: float, other: float, claims: float) -> None:
    rank = {"allow": 0, "review": 1, "block": 2}
    low, high = sorted((one, other))
    judged = [policy("review").outcome(p, row(claim_terms=claims)).action for p in (low, high)]
    assert rank[judged[0]] <= rank[judged[1]]
