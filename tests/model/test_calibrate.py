from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.model.calibrate import Calibration

MARGIN = st.floats(-12, 12).map(lambda value: round(value, 4))


@st.composite
def calibrations(draw: st.DrawFn) -> Calibration:
    seed, sign = draw(st.integers(0, 10_000)), draw(st.sampled_from([1, -1]))
    dice = np.random.default_rng(seed)
    target = (dice.random(80) < 0.3).astype(np.int64)
    target[:2] = [0, 1]
    return Calibration.fit(sign * target * draw(st.floats(0, 3)) + dice.normal(size=80), target)


@settings(max_examples=40, deadline=None)
@given(calibrations(), st.lists(MARGIN, min_size=2, max_size=30, unique=True))
def test_a_higher_margin_is_never_a_lower_probability_and_never_a_tie_inside_the_clip(
    calibration: Calibration, margins: list[float]
) -> None:
    ordered = np.array(sorted(margins))
    probability = calibration.probability(ordered)
    assert (probability >= 1e-6).all()
    assert (probability <= 1 - 1e-6).all()
    assert (np.diff(probability) >= 0).all()
    inside = (probability > 1e-6) & (probability < 1 - 1e-6)
    if calibration.slope > 1e-3:  # below it four decimals of margin are less than a probability can tell apart
        assert (np.diff(probability[inside]) > 0).all()


@settings(max_examples=40, deadline=None)
@given(calibrations())
def test_a_calibration_survives_json_bit_by_bit(calibration: Calibration) -> None:
    back = Calibration.from_json(json.loads(json.dumps(calibration.to_json())))
    margins = np.linspace(-9, 9, 50)
    assert back.probability(margins).tolist() == calibration.probability(margins).tolist()
    assert back.quantiles.tolist() == calibration.quantiles.tolist()
    assert (back.slope, back.offset, back.rows) == (calibration.slope, calibration.offset, calibration.rows)


def test_margins_that_rank_backwards_still_give_an_increasing_map() -> None:
    target = np.array([1] * 40 + [0] * 40)
    calibration = Calibration.fit(np.linspace(-3, 3, 80), target)
    assert calibration.slope > 0


def test_platts_map_finds_the_odds_of_well_specified_data() -> None:
    dice = np.random.default_rng(1)
    margins = dice.normal(size=20_000) * 2
    target = (dice.random(20_000) < 1 / (1 + np.exp(-(0.7 * margins - 1)))).astype(np.int64)
    calibration = Calibration.fit(margins, target)
    assert calibration.slope == pytest.approx(0.7, abs=0.05)
    assert calibration.offset == pytest.approx(-1, abs=0.08)


@given(MARGIN)
def test_the_calibration_term_closes_the_sum(margin: float) -> None:
    calibration = Calibration(1.3, -0.4, np.linspace(0, 1, 1_001), 10)
    probability = float(calibration.probability(np.array([margin]))[0])
    assert margin + calibration.term(margin, probability) == pytest.approx(np.log(probability / (1 - probability)))


def test_the_percentile_is_the_share_of_calibration_rows_below() -> None:
    dice = np.random.default_rng(2)
    margins = dice.normal(size=5_000)
    calibration = Calibration.fit(margins, (margins + dice.normal(size=5_000) > 1).astype(np.int64))
    probability = calibration.probability(margins)
    for value in (0.05, 0.2, 0.7):
        share = 100 * (probability < value).mean()
        assert calibration.percentile(np.array([value]))[0] == pytest.approx(share, abs=0.2)
    assert calibration.percentile(np.array([0.0, 1.0])).tolist()[0] == 0.0
    assert calibration.percentile(np.array([1.0]))[0] <= 100.1


def test_what_a_look_gets_wrong_is_taken_out_of_the_probability() -> None:
    rng = np.random.default_rng(3)
    margins = rng.normal(-3, 2, 60_000)
    copy = rng.random(60_000) < 1 / (1 + np.exp(-margins))
    said = np.where(copy, rng.random(60_000) < 0.8, rng.random(60_000) < 0.01).astype(np.int64)
    right = (np.full(60_000, 0.8), np.full(60_000, 0.99))
    told, plain = Calibration.fit(margins, said, right=right), Calibration.fit(margins, said)
    assert (told.slope, told.offset) == pytest.approx((1, 0), abs=0.08)
    assert plain.slope < 0.85
