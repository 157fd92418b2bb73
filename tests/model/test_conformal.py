"""p-values, their calibration sets by segment, why none is stated, and that the stated rate is the realised one."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from counterfoil.model import conformal
from counterfoil.model.conformal import Conformal, Kind, beta_binomial_interval
from counterfoil.model.draw import one_each
from counterfoil.model.pvalue import Floats, Guarantee, Reference

MARGINS = st.lists(st.integers(-50, 50).map(lambda v: v / 10), min_size=1, max_size=40)
HERE, THERE = "shopee/vi/shoes/unbadged", "shopee/vi/bags/unbadged"


def made(
    margins: Floats,
    genuine: NDArray[np.bool_] | None = None,
    sellers: NDArray[np.int64] | None = None,
    segments: list[str] | None = None,
    *,
    weight: Floats | None = None,
    seed: int = 0,
    kind: Kind = "split_conformal",
) -> Conformal:
    """A calibration; by default every row is a genuine seller of its own in one segment."""
    rows = len(margins)
    found = Conformal.fit(
        margins,
        np.ones(rows, dtype=np.bool_) if genuine is None else genuine,
        np.arange(rows) if sellers is None else sellers,
        [HERE] * rows if segments is None else segments,
        weight=weight,
        seed=seed,
        kind=kind,
    )
    assert found is not None
    return found


# p-values


@given(MARGINS, MARGINS)
def test_a_p_value_counts_the_calibration_margins_at_or_above_and_one_for_the_row_itself(
    calibration: list[float], asked: list[float]
) -> None:
    found = Reference.of(np.array(calibration)).p_values(np.array(asked))
    expected = [(1 + sum(m >= one for m in calibration)) / (len(calibration) + 1) for one in asked]
    assert found.tolist() == pytest.approx(expected, abs=1e-12)


@given(MARGINS, MARGINS, st.integers(0, 1_000))
def test_weights_count_as_the_formula_says(calibration: list[float], asked: list[float], seed: int) -> None:
    weights = np.random.default_rng(seed).uniform(0.1, 9, len(calibration))
    found = Reference.of(np.array(calibration), weights)
    own, total = weights.mean(), weights.sum()
    for one, p_value in zip(asked, found.p_values(np.array(asked)), strict=True):
        above = sum(w for m, w in zip(calibration, weights, strict=True) if m >= one)
        assert p_value == pytest.approx((own + above) / (own + total))
    assert found.size == math.floor(total**2 / (weights**2).sum() + 1e-9)
    assert 1 <= found.size <= len(calibration)


@given(MARGINS, MARGINS, st.floats(0.2, 5))
def test_equal_weights_are_none(calibration: list[float], asked: list[float], weight: float) -> None:
    plain = Reference.of(np.array(calibration))
    weighted = Reference.of(np.array(calibration), np.full(len(calibration), weight))
    assert weighted.size == plain.size
    np.testing.assert_allclose(weighted.p_values(np.array(asked)), plain.p_values(np.array(asked)))


@given(MARGINS, MARGINS, st.floats(0.01, 0.9), st.booleans())
def test_the_bound_parts_those_that_a_rate_flags_from_the_rest(
    calibration: list[float], asked: list[float], alpha: float, weighted: bool
) -> None:
    weights = np.linspace(1, 3, len(calibration)) if weighted else None
    reference = Reference.of(np.array(calibration), weights)
    flagged = reference.p_values(np.array(asked)) <= alpha
    assert flagged.tolist() == [one > reference.bound(alpha) for one in asked]


@pytest.mark.parametrize(
    ("margins", "weights"), [([], None), ([1, math.nan], None), ([1, math.inf], None), ([1, 2], [1]), ([1], [0])]
)
def test_what_cannot_be_a_calibration_set_is_refused(margins: list[float], weights: list[float] | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        Reference.of(np.array(margins, dtype=float), None if weights is None else np.array(weights, dtype=float))


# who calibrates


@given(st.integers(0, 50), st.lists(st.integers(-1, 8), min_size=1, max_size=40))
@settings(max_examples=60)
def test_one_listing_a_genuine_seller_and_none_of_a_seller_with_a_bad_verdict(seed: int, numbers: list[int]) -> None:
    sellers = np.array(numbers, dtype=np.int64)
    dice = np.random.default_rng(seed)
    genuine, weight = dice.random(len(sellers)) < 0.8, np.where(dice.random(len(sellers)) < 0.7, 1.0, 0.0)
    margins = np.arange(len(sellers), dtype=np.float64)
    found = Conformal.fit(
        margins, genuine, sellers, [HERE] * len(sellers), weight=weight, seed=seed, kind="weighted_conformal"
    )
    bad = set(sellers[~genuine].tolist())
    able = [i for i, seller in enumerate(sellers.tolist()) if seller >= 0 and seller not in bad and weight[i] > 0]
    if found is None:
        assert not able
        return
    drawn = [round(margin) for margin in found.references["all"].margins]
    assert set(drawn) <= set(able)
    assert Counter(sellers[drawn].tolist()) == Counter({int(sellers[i]): 1 for i in able})


def test_each_row_of_a_seller_is_drawn_as_often_as_it_weighs() -> None:
    weight = np.array([1.0, 2.0, 5.0, 0.0])
    drawn = Counter(int(one_each(np.zeros(4, dtype=np.int64), weight, seed)[0][0]) for seed in range(4_000))
    assert [drawn[row] / 4_000 for row in range(4)] == pytest.approx([1 / 8, 2 / 8, 5 / 8, 0], abs=0.03)


@given(st.integers(1, 30), st.floats(1, 50))
def test_the_chance_of_meeting_a_seller_grows_with_its_rows(rows: int, weight: float) -> None:
    weights = np.append(weight, np.zeros(rows - 1))
    # One of `rows` was looked at, each with the chance 1 / weight.
    (chance,) = one_each(np.zeros(rows, dtype=np.int64), weights, 0)[1]
    assert chance == pytest.approx(1 - (1 - 1 / weight) ** rows)


def test_a_draw_depends_on_the_seed_alone() -> None:
    margins, sellers = np.random.default_rng(0).normal(size=300), np.arange(300) % 60
    one, again, other = (made(margins, sellers=sellers, seed=seed).to_json() for seed in (1, 1, 2))
    assert one == again
    assert one["segments"] != other["segments"]


def test_a_listing_counts_against_ties_though_margins_are_kept_short() -> None:
    margins = np.random.default_rng(1).normal(size=999)
    p_values = [g.p_value for g in made(margins).judge(margins, [HERE] * 999)]
    order = np.argsort(-margins)
    assert np.array(p_values)[order].tolist() == pytest.approx(np.arange(2, 1_001) / 1_000)


# segments


def rows_in(**sizes: int) -> list[str]:
    return [f"shopee/vi/{name}/unbadged" for name, size in sizes.items() for _ in range(size)]


def test_a_segment_with_enough_sellers_has_a_set_of_its_own_and_the_rest_goes_to_the_parent() -> None:
    segments = rows_in(shoes=600, bags=300, toys=250)
    found = made(np.arange(1_150, dtype=np.float64), segments=segments)
    assert {name: one.size for name, one in found.references.items()} == {HERE: 600, "shopee/vi": 550, "all": 1_150}
    judged = found.judge(np.array([599.5, 599.5]), [HERE, THERE])
    assert [(one.segment, one.p_value) for one in judged] == [(HERE, 1 / 601), ("shopee/vi", 551 / 551)]


def test_a_rest_of_few_sellers_is_held_against_itself_and_says_that_it_is_too_few() -> None:
    found = made(np.arange(700, dtype=np.float64), segments=rows_in(shoes=600, bags=100))
    assert {name: one.size for name, one in found.references.items()} == {HERE: 600, "all": 100}
    (judged,) = found.judge(np.array([650.0]), [THERE])
    assert (judged.segment, judged.p_value, judged.reason) == ("all", 51 / 101, "too_few")


def test_where_no_rest_is_left_a_segment_not_met_is_held_against_everybody() -> None:
    found = made(np.zeros(600))
    assert {name: one.size for name, one in found.references.items()} == {HERE: 600, "all": 600}


def test_many_rows_of_few_sellers_make_no_segment() -> None:
    found = made(np.zeros(3_000), sellers=np.arange(3_000) % 400)
    assert {name: one.size for name, one in found.references.items()} == {"all": 400}


@given(st.sampled_from([HERE, THERE, "shopee/vi/toys/badged", "tiki/vi/x/y", "all", "all/all/all/all", "", None]))
def test_every_name_is_held_against_some_set_that_its_own_name_begins_with(segment: str | None) -> None:
    found = made(np.zeros(1_150), segments=rows_in(shoes=600, bags=300, toys=250))
    name = found.held(segment)
    assert name in found.references
    assert name == "all" or (segment or "").startswith(name)


# validity


def reasons(found: Conformal, *segments: str | None, smallest: float = 0.002) -> list[str | None]:
    return [one.reason for one in found.judge(np.zeros(len(segments)), segments, smallest=smallest)]


def test_a_rate_holds_for_the_population_that_calibrated_it() -> None:
    found = made(np.zeros(700))
    asked = (HERE, THERE, "tiki/vi/shoes/unbadged", "shopee/en/shoes/unbadged", None)
    assert reasons(found, *asked) == [None, None, "drifted", "drifted", "drifted"]


def test_a_platform_with_a_handful_of_sellers_was_not_met() -> None:
    few = conformal.MIN_POPULATION - 1
    segments = [HERE] * 700 + ["tiki/vi/shoes/unbadged"] * few
    asked = segments[-1]
    assert reasons(made(np.zeros(700 + few), segments=segments), asked, smallest=0.05) == ["drifted"]
    segments.append(asked)
    assert reasons(made(np.zeros(701 + few), segments=segments), asked, smallest=0.05) == [None]
    assert reasons(made(np.zeros(701 + few), segments=segments), asked, smallest=0.01) == ["too_few"]


@pytest.mark.parametrize(("sellers", "smallest", "reason"), [(198, 0.005, "too_few"), (199, 0.005, None)])
def test_too_few_sellers_cannot_tell_so_small_a_rate(sellers: int, smallest: float, reason: str | None) -> None:
    found = made(np.zeros(sellers))
    assert reasons(found, HERE, smallest=smallest) == [reason]
    best = found.judge(np.array([9.0]), [HERE])[0].p_value
    assert (best is not None and best <= smallest) == (reason is None)


def test_p_values_are_there_whether_the_rate_holds_or_not_and_only_a_valid_one_flags() -> None:
    found = made(np.zeros(60))
    (judged,) = found.judge(np.array([1.0]), [HERE])
    assert (judged.reason, judged.valid, judged.p_value, judged.calibration_n) == ("too_few", False, 1 / 61, 60)
    assert judged.flagged_at([0.01]) == []
    assert Guarantee(0.0021, HERE, 700, None).flagged_at([0.01, 0.002]) == [0.05, 0.01, 0.005]
    assert Guarantee().flagged_at([0.05]) == []


@pytest.mark.parametrize("void", ["weak_labels", "another_encoder", "drifted"])
def test_what_voids_a_bundle_voids_every_row(void: Any) -> None:
    found = Conformal.fit(
        np.zeros(700), np.ones(700, dtype=bool), np.arange(700), [HERE] * 700, seed=0, kind="split_conformal", void=void
    )
    assert found is not None
    assert reasons(found, HERE, None) == [void, void]
    assert found.judge(np.array([1.0]), [HERE])[0].p_value == 1 / 701


def test_without_a_genuine_seller_there_is_no_calibration() -> None:
    nobody = Conformal.fit(
        np.zeros(3), np.zeros(3, dtype=bool), np.arange(3), [HERE] * 3, seed=0, kind="split_conformal"
    )
    assert nobody is None
    no_seller = Conformal.fit(
        np.zeros(3), np.ones(3, dtype=bool), np.full(3, -1), [HERE] * 3, seed=0, kind="upper_bound"
    )
    assert no_seller is None


# JSON


@given(st.integers(0, 1_000), st.sampled_from(["split_conformal", "weighted_conformal", "upper_bound"]))
@settings(max_examples=20, deadline=None)
def test_a_calibration_survives_json_bit_by_bit(seed: int, kind: Kind) -> None:
    dice = np.random.default_rng(seed)
    weight = np.where(dice.random(900) < 0.5, dice.uniform(1, 40, 900), 0.0)
    found = made(dice.normal(size=900) * 5, sellers=dice.integers(0, 700, 900), weight=weight, seed=seed, kind=kind)
    back = Conformal.from_json(json.loads(json.dumps(found.to_json())))
    assert back.to_json() == found.to_json()
    asked, names = dice.normal(size=50) * 5, [HERE, THERE] * 25
    assert back.judge(asked, names) == found.judge(asked, names)


def test_six_thousand_sellers_stay_below_two_hundred_kilobytes() -> None:
    dice = np.random.default_rng(0)
    segments = [f"shopee/vi/{dice.choice(['shoes', 'bags', 'toys'])}/unbadged" for _ in range(12_000)]
    found = made(dice.normal(size=12_000) * 4, sellers=np.arange(12_000) % 6_000, segments=segments)
    assert len(found.references) == 4
    assert len(json.dumps(found.to_json(), separators=(",", ":"))) < 200_000


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "magic"},
        {"void": "mood"},
        {"segments": {}},
        {"segments": {"all": {"margins": [], "weights": None}}},
        {"segments": {"all": {"margins": [1.0, "NaN"], "weights": None}}},
        {"segments": {"all": {"margins": [1.0], "weights": [1.0, 2.0]}}},
        {"segments": []},
        {"calibrated_at": "soon"},
        {"seed": None},
    ],
)
def test_a_broken_file_is_an_error_and_not_a_calibration(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        Conformal.from_json({**made(np.zeros(5)).to_json(), **change})


# the stated rate


@pytest.mark.parametrize(("n", "alpha"), [(999, 0.01), (400, 0.05), (1_500, 0.005)])
def test_the_flagged_count_lies_in_its_interval_as_often_as_said(n: int, alpha: float) -> None:
    dice = np.random.default_rng(n)
    low, high = beta_binomial_interval(n, 800, alpha, 0.95)
    counts = []
    for _ in range(1_500):
        reference = Reference.of(dice.normal(size=n))
        counts.append(int((reference.p_values(dice.normal(size=800)) <= alpha).sum()))
    inside = np.mean([low <= count <= high for count in counts])
    assert 0.94 <= inside <= 0.99  # discrete: a little above 95 %
    assert np.mean(counts) / 800 == pytest.approx(math.floor(alpha * (n + 1) + 1e-9) / (n + 1), rel=0.1)


@given(st.integers(1, 3_000), st.integers(1, 3_000), st.floats(0.001, 0.2))
@settings(max_examples=60, deadline=None)
def test_the_interval_holds_its_middle_and_widens_with_the_level(n: int, m: int, alpha: float) -> None:
    low, high = beta_binomial_interval(n, m, alpha, 0.95)
    wider_low, wider_high = beta_binomial_interval(n, m, alpha, 0.99)
    assert 0 <= wider_low <= low <= high <= wider_high <= m
    k = math.floor(alpha * (n + 1) + 1e-9)
    assert low <= m * k / (n + 1) + 1
    assert high >= m * k / (n + 1) - 1


def test_the_interval_at_its_ends_and_against_the_plain_binomial() -> None:
    assert beta_binomial_interval(50, 100, 0.01) == (0, 0)
    assert beta_binomial_interval(3, 10, 1.0) == (10, 10)
    low, high = beta_binomial_interval(1_000, 1_000, 0.05)
    assert high - low > 1.3 * (2 * 1.96 * math.sqrt(1_000 * 0.05 * 0.95))


def test_on_new_sellers_the_rate_is_the_stated_one_overall_and_in_each_segment() -> None:
    """Sellers differ, and have many listings in segments of unlike risk: one listing each calibrates, one each tests."""
    dice = np.random.default_rng(11)
    names = np.array([HERE, THERE, "shopee/vi/toys/badged"])
    rates: dict[str, list[float]] = {name: [] for name in (*names, "overall")}

    def market(sellers: int) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
        of = np.repeat(np.arange(sellers), 1 + dice.poisson(2, sellers))
        kind = np.where(dice.random(sellers)[of] < 0.9, dice.integers(0, 2, len(of)), 2)
        return dice.normal(size=sellers)[of] + dice.normal(size=len(of)) + 2.0 * kind, of, kind

    for draw in range(60):
        margins, sellers, kind = market(1_500)
        found = made(margins, sellers=sellers, segments=names[kind].tolist(), seed=draw)
        margins, sellers, kind = market(1_500)
        test, _ = one_each(sellers, np.ones(len(sellers)), draw)
        judged = found.judge(margins[test], names[kind[test]].tolist())
        flagged = np.array([one.p_value is not None and one.p_value <= 0.05 for one in judged])
        rates["overall"].append(flagged.mean())
        for place, name in enumerate(names):
            rates[name].append(flagged[kind[test] == place].mean())
    assert np.mean(rates["overall"]) == pytest.approx(0.05, rel=0.08)
    assert np.mean(rates[HERE]) == pytest.approx(0.05, rel=0.08)
    assert np.mean(rates[THERE]) == pytest.approx(0.05, rel=0.08)


def test_a_random_slice_calibrates_for_all_sellers_though_large_ones_are_looked_at_more() -> None:
    """Large sellers are riskier here; by row weights alone they would count as often as they have listings."""
    dice = np.random.default_rng(12)
    weighted: list[float] = []
    plain: list[float] = []
    sorts: tuple[tuple[Kind, list[float]], ...] = (("weighted_conformal", weighted), ("upper_bound", plain))
    for draw in range(60):
        size = np.where(dice.random(6_000) < 0.3, 40, 2)
        sellers = np.repeat(np.arange(6_000), size)
        margins = np.where(size == 40, 1.5, 0.0)[sellers] + dice.normal(size=len(sellers))
        weight = np.where(dice.random(len(sellers)) < 0.03, 1 / 0.03, 0.0)
        test = np.where(dice.random(3_000) < 0.3, 1.5, 0.0) + dice.normal(size=3_000)
        for kind, rates in sorts:
            found = made(margins, sellers=sellers, weight=weight, seed=draw, kind=kind)
            rates.append(float((found.references[found.held(HERE)].p_values(test) <= 0.05).mean()))
    assert np.mean(weighted) == pytest.approx(0.05, rel=0.1)
    assert np.mean(plain) < 0.035
