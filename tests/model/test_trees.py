from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pytest
from numpy.typing import NDArray

from counterfoil.model.trees import Splits, Trees
from tests.instances import demo_bundle

NAMES = [f"c{i}" for i in range(6)]


def rows(seed: int, count: int, missing: float = 0.2) -> NDArray[np.float64]:
    """Numbers, whole numbers, zeros and ones, some missing; the last two columns never are."""
    dice = np.random.default_rng(seed)
    made = np.column_stack(
        [
            dice.normal(size=count),
            dice.exponential(size=count),
            dice.integers(0, 9, count),
            dice.integers(0, 2, count),
            dice.integers(0, 2, count),
            dice.normal(size=count),
        ]
    ).astype(np.float64)
    made[:, :4][dice.random((count, 4)) < missing] = np.nan
    return made


def booster(leaves: int, seed: int = 0, **more: Any) -> lightgbm.Booster:
    matrix = rows(seed, 800)
    # Noise, so that the trees grow as large as they may.
    target = np.nan_to_num(matrix[:, 0]) + np.random.default_rng(seed).normal(size=len(matrix))
    settings = {
        "objective": "regression",
        "num_leaves": leaves,
        "min_data_in_leaf": 3,
        "verbose": -1,
        "seed": seed,
        **more,
    }
    return lightgbm.train(settings, lightgbm.Dataset(matrix, target, feature_name=NAMES), num_boost_round=12)


@pytest.mark.parametrize("leaves", [2, 3, 7, 15, 31, 60])
@pytest.mark.parametrize("seed", [0, 1])
def test_contributions_are_those_of_lightgbm(leaves: int, seed: int) -> None:
    model, asked = booster(leaves, seed), rows(seed + 100, 90)
    asked[0] = np.nan  # also where the training rows were never missing
    trees = Trees.of(model.dump_model())
    assert trees.exact
    assert max(len(tree.asks) for tree in trees.trees) == leaves - 1
    found = trees.contributions(asked)
    np.testing.assert_allclose(found, model.predict(asked, pred_contrib=True), rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=1), model.predict(asked, raw_score=True), rtol=0, atol=1e-9)


@pytest.mark.parametrize("more", [{"linear_tree": True}, {"num_leaves": 100}])
def test_trees_that_are_not_understood_say_so(more: dict[str, Any]) -> None:
    assert not Trees.of(booster(40, **more).dump_model()).exact


def test_a_tree_with_categories_is_left_to_lightgbm() -> None:
    matrix = rows(0, 800)
    data = lightgbm.Dataset(matrix, matrix[:, 4], feature_name=NAMES, categorical_feature=["c2", "c4"])
    model = lightgbm.train({"objective": "binary", "verbose": -1, "min_data_in_leaf": 3}, data, num_boost_round=3)
    assert not Trees.of(model.dump_model()).exact


def test_one_leaf_is_the_base_value() -> None:
    model = booster(2, min_data_in_leaf=10_000)
    found = Trees.of(model.dump_model()).contributions(rows(5, 4))
    np.testing.assert_allclose(found, model.predict(rows(5, 4), pred_contrib=True), rtol=0, atol=1e-9)


def test_a_bundle_gives_many_rows_at_once_what_it_gives_each_alone() -> None:
    bundle = demo_bundle()
    dice = np.random.default_rng(0)
    cuts = bundle.thresholds()
    asked = np.full((64, len(bundle.columns.names)), np.nan)
    for i, name in enumerate(bundle.columns.names):
        if name in cuts:
            asked[:, i] = dice.choice(cuts[name].at, 64) + dice.choice([-1e-3, 0.0, 1e-3], 64)
    asked[dice.random(asked.shape) < 0.1] = np.nan
    together = bundle.contributions(asked)
    alone = np.concatenate([bundle.contributions(asked[i : i + 1]) for i in range(len(asked))])
    # LightGBM unwinds paths by dividing through shares of rows as small as 1e-4 and loses digits there (4e-5 was seen, where the
    # same sums in longer numbers agree with ours to 1e-15); both close to the margin.
    np.testing.assert_allclose(together, alone, rtol=0, atol=2e-4)
    assert np.quantile(np.abs(together - alone), 0.99) < 1e-9
    margins = [one.margin for one in bundle.risk(asked)]
    np.testing.assert_allclose(together.sum(axis=1), margins, rtol=0, atol=1e-9)
    np.testing.assert_allclose(alone.sum(axis=1), margins, rtol=0, atol=1e-9)


def test_thresholds_are_the_cuts_of_the_trees_without_those_that_only_part_missing_values() -> None:
    model = booster(15)
    splits = Trees.of(model.dump_model()).splits
    told = model.trees_to_dataframe().dropna(subset=["split_feature"])
    for name, found in splits.items():
        cuts = sorted(cut for cut in told[told.split_feature == name].threshold if abs(cut) < 1e300)
        assert found.at.tolist() == pytest.approx(cuts)
    assert splits["c2"].whole
    assert splits["c4"].whole
    assert not splits["c0"].whole
    assert (splits["c2"].low, splits["c2"].high) == (0, 8)


def test_a_spread_is_never_zero() -> None:
    assert Splits(np.array([0.5, 0.5, 0.5]), 0, 3).spread == 3
    assert Splits(np.array([0.5]), 2, 2).spread == 1
    assert Splits(np.arange(101.0), 0, 1000).spread == pytest.approx(80)
