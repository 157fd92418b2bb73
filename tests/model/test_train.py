from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from counterfoil.errors import TrainingRefused
from counterfoil.model import baselines, learn, train
from counterfoil.model.dataset import Dataset
from counterfoil.model.evaluate import RANKING
from counterfoil.model.split import Rows, folds
from tests.model import small


def test_a_fit_has_every_figure_with_an_interval_beside_every_baseline() -> None:
    fitted = small.fitted()
    assert set(fitted.metrics) == set(RANKING)
    assert set(fitted.baselines) == {"keyword", "price", "keyword_or_price", "char_ngrams"}
    for figures in (fitted.metrics, *fitted.baselines.values()):
        assert all(figure.low <= figure.high for figure in figures.values())
    assert fitted.metrics["auc"].value > 0.6
    assert 0 <= fitted.calibration_error < 0.3
    assert sum(part["rows"] for part in fitted.reliability) == len(fitted.data)


def test_a_short_period_is_split_by_seller_and_has_no_figures_on_later_rows() -> None:
    assert small.fitted().split == "seller"
    assert small.fitted().later is None


def test_trees_are_constrained_where_the_catalogue_says_so() -> None:
    fitted = small.fitted()
    names = fitted.booster.feature_name()
    grid = np.full((30, len(names)), np.nan)
    for one in fitted.data.features.features:
        if one.monotone > 0:
            ramp = grid.copy()
            ramp[:, names.index(one.name)] = np.linspace(-1, 4, 30)
            assert (np.diff(fitted.booster.predict(ramp, raw_score=True)) >= 0).all(), one.name


def test_there_are_no_class_weights() -> None:
    weights = {"scale_pos_weight", "is_unbalance", "class_weight"}
    assert not weights & set(small.fitted().parameters)


def test_rows_that_cannot_make_a_model_are_refused_before_anything_is_fitted() -> None:
    said: list[str] = []
    data = small.dataset()
    with pytest.raises(TrainingRefused, match="0 positive"):
        train.fit(replace(data, target=np.zeros_like(data.target)), say=said.append)
    with pytest.raises(TrainingRefused, match="span 30 days"):
        train.fit(data, split="seller+time", say=said.append)
    assert said == []


@pytest.mark.slow
def test_the_same_rows_and_seed_give_the_same_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "ROUNDS", 20)
    again = train.fit(small.dataset(), threads=1)
    assert again.booster.model_to_string() == small.fitted().booster.model_to_string()
    assert again.calibration.to_json() == small.fitted().calibration.to_json()


def test_a_margin_out_of_fold_comes_from_trees_that_the_seller_had_no_part_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "ROUNDS", 5)
    data = small.dataset()
    given: list[set[int]] = []
    real = learn.fit_trees

    def spy(data: Dataset, rows: Rows, parameters: dict[str, object]) -> object:
        given.append(set(data.groups[rows].tolist()))
        return real(data, rows, parameters)

    monkeypatch.setattr(learn, "fit_trees", spy)
    parts = list(folds(data, 5, 0))
    learn.out_of_fold(data, parts, {**learn.PARAMETERS, "seed": 0, "num_threads": 1}, lambda _: None)
    assert len(given) == 5
    for groups, (_, test) in zip(given, parts, strict=True):
        assert not groups & set(data.groups[test].tolist())


@pytest.mark.slow
def test_a_long_period_is_also_tested_on_later_rows_of_unseen_sellers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "ROUNDS", 5)
    data = small.dataset()
    times = np.linspace(0, 200 * 86_400e6, len(data)).astype(np.int64)
    # Sellers come one after the other, so that the last ones are new.
    order = np.argsort(data.groups, kind="stable")
    known_at = np.empty_like(times)
    known_at[order] = times
    fitted = train.fit(replace(data, known_at=known_at), threads=1)
    assert fitted.split == "seller+time"
    assert fitted.later is not None
    assert fitted.later["gap_days"] == 14
    assert 0 < fitted.later["rows"] < len(data) / 5
    assert 0 <= fitted.later["auc"]["low"] <= fitted.later["auc"]["high"] <= 1


def test_baselines_read_the_rows_and_never_the_target() -> None:
    data = small.dataset()
    turned = replace(data, target=1 - data.target)
    for rule in (baselines.keyword, baselines.price_rule, baselines.keyword_or_price):
        np.testing.assert_array_equal(rule(data), rule(turned))
        assert not np.isnan(rule(data)).any()
    assert (baselines.keyword(data) == data.column("claim_terms")).all()
    joined = baselines.keyword_or_price(data)
    assert joined[baselines.keyword(data) > 0].min() > np.median(joined)


def test_the_rate_of_a_log_is_calibrated_on_its_later_half_where_that_has_sellers_enough() -> None:
    whole = small.dataset()
    rows = np.tile(np.arange(len(whole)), 4)
    early = np.arange(len(rows)) < len(rows) // 2
    margins = np.where(early, 9.0, 1.0)

    def kept(sellers: int, labels: dict[str, int] | None) -> set[float]:
        data = replace(
            whole.subset(rows),
            sellers=np.arange(len(rows)) % sellers,
            target=np.zeros(len(rows), dtype=np.int64),
            known_at=np.linspace(0, 200 * 86_400e6, len(rows)).astype(np.int64),
            labels=labels,
        )
        data = replace(data, drawn=replace(data.drawn, target=data.target))
        found = train.stated(margins, data, 0)
        assert found is not None
        return set(found.references["all"].margins.round(3).tolist())

    assert kept(700, {"listings": 1}) == {1.0}
    assert kept(100, {"listings": 1}) == {1.0, 9.0}
    assert kept(700, None) == {1.0, 9.0}
