from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from counterfoil.decide.explain import MOST_LOWERING, MOST_RAISING, Explained, explain
from counterfoil.features.catalogue import FeatureSet
from counterfoil.features.feature import Feature, Reason, reason
from counterfoil.features.reading import Reading, read
from counterfoil.history.fold import Fold
from tests.worlds import at, listing, subject


def reading() -> Reading:
    return read(Fold().about(subject(listing()), at(0)))


def _because(code: str | None) -> Reason | None:
    return reason(code, n=1) if code is not None else None


def features(*codes: str | None) -> FeatureSet:
    """One feature a code; None is a feature that has nothing to say."""
    found = []
    for number, code in enumerate(codes):
        one = Feature(f"f{number}", "text", 0, 1, "d.", (), lambda: 0.0)
        if code != "silent":
            one.because(partial(_because, code))
        found.append(one)
    return FeatureSet(tuple(found))


def explained(codes: list[str | None], amounts: list[float], *always: str) -> list[Explained]:
    return list(explain(features(*codes), reading(), [*amounts, 99.0], always))


def test_features_of_one_code_are_one_reason_whose_log_odds_add_up() -> None:
    found = explained(["A", "B", "A"], [0.5, 0.2, -0.1])
    assert [(one.code, one.log_odds) for one in found] == [("A", 0.4), ("B", 0.2)]
    assert found[0].evidence == {"n": 1}


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


@pytest.mark.parametrize("amount", [0.0, -0.5, 0.4])
def test_a_feature_of_a_rule_that_hit_is_shown_whatever_the_trees_made_of_it(amount: float) -> None:
    (found,) = explained(["A"], [amount], "f0")
    assert (found.code, found.log_odds) == ("A", amount)


def test_a_feature_without_a_reason_says_nothing_even_for_a_rule() -> None:
    assert explained(["silent", None], [3.0, 3.0], "f0", "f1") == []


def test_the_seller_is_quoted_by_code_points_of_the_text_as_it_is_shown() -> None:
    from counterfoil.features.catalogue import catalogue

    asked: Any = listing(title="👟 Giày super fake")
    row = read(Fold().about(subject(asked), at(0)))
    amounts = [0.0] * len(catalogue().features)
    (found,) = [one for one in explain(catalogue(), row, amounts, {"claim_terms"}) if one.code == "COPY_CLAIMED"]
    start, end = found.evidence["span"]
    assert asked.title[start:end] == found.evidence["quote"]
    assert "fake" in found.evidence["quote"]
