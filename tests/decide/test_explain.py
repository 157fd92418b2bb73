from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.decide.explain import MOST_LOWERING, MOST_RAISING, Explained, Row, account, explain, family_of
from counterfoil.features.catalogue import FeatureSet, catalogue
from counterfoil.features.feature import Feature, Reason, reason
from counterfoil.features.reading import Reading, read
from counterfoil.features.rules import Rule
from counterfoil.history.fold import Fold
from tests.worlds import at, listing, subject

CODES = st.lists(st.sampled_from(["A", "B", "C", None, "silent"]), min_size=1, max_size=12)


def reading(**more: Any) -> Reading:
    return read(Fold().about(subject(listing(**more)), at(0)))


def _because(code: str | None) -> Reason | None:
    return reason(code, n=1) if code is not None else None


def features(*codes: str | None) -> FeatureSet:
    """One feature a code; None is a feature that has nothing to say, `silent` one that never can."""
    found = []
    for number, code in enumerate(codes):
        one = Feature(f"f{number}", "price", 0, 1, "d.", (), lambda: 0.0)
        if code != "silent":
            one.because(partial(_because, code))
        found.append(one)
    return FeatureSet(tuple(found))


def row(codes: list[str | None], amounts: list[float], fitted: dict[str, float] | None = None) -> Row:
    """One row of such features, with fitted columns and their contributions; the base value is -3."""
    some, extra = features(*codes), fitted or {}
    names = [*some.names, *extra]
    contributions = [*amounts, *extra.values(), -3.0]
    return Row(reading(), some, names, family_of(some, names), [0.5] * len(names), contributions)


def rule(*names: str, rule_id: str = "R-1") -> Rule:
    # Built without its check of names, since these features are not of the catalogue.
    conditions = tuple({"feature": name, "op": ">=", "value": 0.5} for name in names)
    made = [catalogue_condition(one) for one in conditions]
    return Rule.model_construct(id=rule_id, version=1, name="n", action="review", all=tuple(made))


def catalogue_condition(body: dict[str, Any]) -> Any:
    from counterfoil.features.rules import Condition

    return Condition.model_construct(**body)


def explained(codes: list[str | None], amounts: list[float], *ruled: str) -> list[Explained]:
    return list(explain(row(codes, amounts), [rule(*ruled)] if ruled else []))


def test_features_of_one_code_are_one_reason_whose_log_odds_add_up() -> None:
    found = explained(["A", "B", "A"], [0.5, 0.2, -0.1])
    assert [(one.code, one.log_odds) for one in found] == [("A", 0.4), ("B", 0.2)]
    assert found[0].evidence == {"n": 1}
    assert found[0].family == "price"


@pytest.mark.parametrize(("amount", "shown"), [(0.029, False), (0.03, True), (-0.029, False), (-0.03, True)])
def test_what_moves_the_score_too_little_is_left_out(amount: float, shown: bool) -> None:
    assert bool(explained(["A"], [amount])) is shown


def test_raising_reasons_come_first_strongest_first_and_few() -> None:
    codes: list[str | None] = [f"C{i:02d}" for i in range(24)]
    found = explained(codes, [0.1 * (i - 11.5) for i in range(24)])
    raising = [one.log_odds for one in found if one.direction == "raises"]
    lowering = [one.log_odds for one in found if one.direction == "lowers"]
    assert len(raising) == MOST_RAISING
    assert len(lowering) == MOST_LOWERING
    assert raising == sorted(raising, reverse=True)
    assert lowering == sorted(lowering)
    assert [one.direction for one in found] == ["raises"] * MOST_RAISING + ["lowers"] * MOST_LOWERING


@pytest.mark.parametrize("amount", [0.0, -0.5, 0.4, 0.01, -0.01])
def test_a_feature_of_a_rule_that_hit_is_shown_whatever_the_trees_made_of_it(amount: float) -> None:
    (found,) = explained(["A"], [amount], "f0")
    assert (found.code, found.log_odds, found.rules) == ("A", amount, ("R-1",))


@given(st.floats(-0.2, 0.2))
def test_no_number_of_stronger_reasons_cuts_that_of_a_rule(amount: float) -> None:
    codes: list[str | None] = ["RULED", *(f"C{i:02d}" for i in range(20))]
    stronger = [1.0 + i for i in range(10)] + [-1.0 - i for i in range(10)]
    found = explained(codes, [amount, *stronger], "f0")
    assert [one.rules for one in found if one.code == "RULED"] == [("R-1",)]
    assert len(found) == MOST_RAISING + MOST_LOWERING + 1


def test_a_rule_none_of_whose_features_can_speak_is_shown_by_its_conditions() -> None:
    (found,) = explained(["silent", None], [3.0, 3.0], "f0", "f1")
    assert (found.code, found.rules, found.log_odds) == ("RULE_CONDITIONS", ("R-1",), 0.0)
    assert found.evidence == {"rule": "R-1", "conditions": "f0 >= 0.5 (0.5), f1 >= 0.5 (0.5)"}


@given(CODES, st.data())
def test_a_flagged_row_is_never_left_without_a_reason_for_it_and_evidence(codes: list[str | None], data: Any) -> None:
    amounts = data.draw(st.lists(st.floats(-2, 2), min_size=len(codes), max_size=len(codes)))
    fitted = data.draw(st.dictionaries(st.sampled_from(["ngram_score", "text_00"]), st.floats(-2, 2)))
    found = explain(row(codes, amounts, fitted), flagged=True)
    assert any(one.direction == "raises" for one in found)
    assert all(one.evidence for one in found)


def test_where_nothing_that_can_speak_raised_the_score_the_columns_that_did_are_named() -> None:
    (found,) = explain(row(["silent", "silent", None, "silent"], [0.1, 0.9, 0.3, -1.0]), flagged=True)
    assert found.code == "NO_SINGLE_SIGN"
    assert found.evidence == {"columns": "f1, f2, f0", "raised": 1.3}
    (found,) = explain(row(["silent"], [-1.0]), flagged=True)
    assert (found.evidence["columns"], found.log_odds) == ("base", 0.0)


def test_the_wording_as_a_whole_is_a_reason_with_its_share() -> None:
    (found,) = explain(row(["silent"], [-1.0], {"ngram_score": 2.5, "text_00": 0.5, "price_near": 1.0}))
    assert (found.code, found.family, found.log_odds) == ("WORDING_LIKE_FLAGGED", "text", 3.0)
    assert found.evidence == {"fields": ["title"], "percent": 60, "columns": 2}
    (found,) = explain(row(["silent"], [1.0], {"ngram_score": -1.0}))
    assert (found.code, found.direction) == ("WORDING_LIKE_UNFLAGGED", "lowers")


@given(CODES, st.data(), st.floats(-1, 1))
def test_the_account_leaves_nothing_out(codes: list[str | None], data: Any, calibration: float) -> None:
    amounts = data.draw(st.lists(st.floats(-5, 5), min_size=len(codes), max_size=len(codes)))
    fitted = {"ngram_score": 0.25, "price_near": -0.5, "seller_centre": 0.125, "category_00": 0.0625}
    found = account(row(codes, amounts, fitted), calibration)
    assert found.log_odds == pytest.approx(sum(amounts) + sum(fitted.values()) - 3.0 + calibration, abs=1e-9)
    assert found.families["text"].reasons == {"WORDING_LIKE_FLAGGED": 0.25}
    assert found.families["price"].total == pytest.approx(sum(amounts) - 0.5, abs=1e-9)
    assert (found.families["seller"].rest, found.families["listing"].rest) == (0.125, 0.0625)
    spoken = {code for code in codes if code not in (None, "silent")}
    assert set(found.families["price"].reasons) == spoken


def test_the_seller_is_quoted_by_code_points_of_the_text_as_it_is_shown() -> None:
    asked: Any = listing(title="👟 Giày super fake")
    said = read(Fold().about(subject(asked), at(0)))
    some = catalogue()
    whole = Row(
        said, some, some.names, family_of(some, some.names), [1.0] * len(some.names), [0.0] * (len(some.names) + 1)
    )
    (found,) = [one for one in explain(whole, [rule("claim_terms")]) if one.code == "COPY_CLAIMED"]
    start, end = found.evidence["span"]
    assert asked.title[start:end] == found.evidence["quote"]
    assert "fake" in found.evidence["quote"]
