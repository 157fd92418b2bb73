from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.model.multiplicity import benjamini_hochberg, estimated_fdr

P_VALUES = st.lists(st.floats(0.001, 1), max_size=40)


@given(P_VALUES, st.floats(0.01, 0.5))
def test_discoveries_are_those_of_the_definition(p_values: list[float], level: float) -> None:
    n = len(p_values)
    standing = [k for k in range(1, n + 1) if sorted(p_values)[k - 1] <= level * k / n]
    found = benjamini_hochberg(np.array(p_values), level)
    assert found.count == max(standing, default=0)
    assert found.p_value == (sorted(p_values)[found.count - 1] if found.count else None)
    # Nobody with a smaller p-value than a discovery's is left out, and nobody beyond the largest is let in.
    assert sum(p <= (found.p_value or 0) for p in p_values) == found.count


@given(P_VALUES, st.floats(0.01, 0.3), st.floats(0.01, 0.3))
def test_a_laxer_level_never_takes_a_discovery_away(p_values: list[float], one: float, other: float) -> None:
    strict, lax = (benjamini_hochberg(np.array(p_values), level).count for level in sorted((one, other)))
    assert strict <= lax


def test_the_share_of_false_discoveries_stays_below_the_level_on_conformal_p_values() -> None:
    dice = np.random.default_rng(3)
    shares, found = [], 0
    for _ in range(400):
        calibration = np.sort(dice.normal(size=2_000))
        margins = np.concatenate([dice.normal(size=900), dice.normal(size=100) + 4])
        p_values = (1 + 2_000 - np.searchsorted(calibration, margins)) / 2_001
        cut = benjamini_hochberg(p_values, 0.1).p_value
        flagged = p_values <= (cut or 0)
        shares.append(flagged[:900].sum() / max(1, flagged.sum()))
        found += int(flagged[900:].sum())
    assert np.mean(shares) <= 0.1
    assert np.mean(shares) >= 0.06  # the level is used, not thrown away: 0.9 × 0.1 is what is expected
    assert found > 0.5 * 400 * 100


@pytest.mark.parametrize(
    ("evaluated", "flagged", "expected"), [(255, 9, 255 * 0.01 / 9), (10_000, 20, 1.0), (100, 0, None), (0, 0, None)]
)
def test_the_expected_share_of_false_alerts_is_that_of_the_contract(
    evaluated: int, flagged: int, expected: float | None
) -> None:
    assert estimated_fdr(evaluated, 0.01, flagged) == expected
