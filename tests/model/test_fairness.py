"""Flag rates among genuine rows: each seller once, each row for what it stands for, and no verdict from too few."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from counterfoil.model.fairness import ENOUGH, LIMIT, flag_rates, proxies, unfair, watched


def bools(count: int, *at: int) -> NDArray[np.bool_]:
    return np.isin(np.arange(count), at)


def market(sellers: int, rate: float, small_rate: float, seed: int = 0) -> dict[str, NDArray[np.bool_]]:
    """Two rows a seller, the first half small shops; a seller is flagged in both rows or in none."""
    dice = np.random.default_rng(seed)
    small = np.arange(sellers) < sellers // 2
    hit = dice.random(sellers) < np.where(small, small_rate, rate)
    return {"flagged": np.repeat(hit, 2), "small": np.repeat(small, 2), "genuine": np.ones(2 * sellers, dtype=np.bool_)}


rows = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@given(rows, st.integers(1, 60))
def test_a_rate_is_the_mean_of_drawing_one_genuine_row_of_each_seller(dice: np.random.Generator, count: int) -> None:
    sellers = dice.integers(-1, 12, count)
    flagged, genuine, part = (dice.random(count) < share for share in (0.4, 0.8, 0.5))
    account = flag_rates(flagged, genuine, {"part": part}, sellers, draws=5)
    for rows_of, told in ((genuine, account["overall"]), (genuine & part, account["slices"]["part"])):
        named = {int(s) for s in sellers[rows_of] if s >= 0}
        alone = np.flatnonzero(rows_of & (sellers < 0))
        shares = [float(flagged[rows_of & (sellers == one)].mean()) for one in sorted(named)]
        shares += flagged[alone].astype(float).tolist()
        assert told["rows"] == rows_of.sum()
        assert told["sellers"] == len(shares)
        assert told["rate"] == pytest.approx(np.mean(shares) if shares else 0.0, abs=6e-6)


@given(rows)
def test_what_a_copy_s_row_says_changes_nothing(dice: np.random.Generator) -> None:
    sellers, flagged, genuine = dice.integers(0, 9, 40), dice.random(40) < 0.5, dice.random(40) < 0.7
    part = {"part": dice.random(40) < 0.5}
    other = np.where(genuine, flagged, ~flagged)
    assert flag_rates(flagged, genuine, part, sellers, draws=9) == flag_rates(other, genuine, part, sellers, draws=9)


@given(rows)
def test_the_order_of_rows_and_the_names_of_sellers_mean_nothing_to_the_rates(dice: np.random.Generator) -> None:
    sellers, flagged, genuine = dice.integers(0, 9, 40), dice.random(40) < 0.5, dice.random(40) < 0.7
    part, order = dice.random(40) < 0.5, dice.permutation(40)
    one = flag_rates(flagged, genuine, {"part": part}, sellers, draws=5)
    renamed = 7 * (9 - sellers[order])
    other = flag_rates(flagged[order], genuine[order], {"part": part[order]}, renamed, draws=5)
    assert one["overall"] == other["overall"]
    assert one["slices"]["part"]["rate"] == other["slices"]["part"]["rate"]


def test_a_slice_flagged_three_times_as_often_is_unfair_and_says_so_in_figures() -> None:
    data = market(2_000, 0.02, 0.10)
    sellers = np.repeat(np.arange(2_000), 2)
    account = flag_rates(data["flagged"], data["genuine"], {"small_shop": data["small"]}, sellers, alpha=0.05)
    ((name, one),) = account["slices"].items()
    assert one["verdict"] == "unfair"
    assert one["ratio"]["low"] > 1
    assert one["ratio"]["value"] > LIMIT
    (sentence,) = unfair(account)
    assert sentence.startswith(name)
    assert f"{one['ratio']['value']:.2f} times" in sentence
    assert watched(account) == []


def test_equal_rates_are_fair_and_a_slice_flagged_less_often_is_too() -> None:
    data = market(4_000, 0.05, 0.05)
    less = market(4_000, 0.10, 0.02)
    for one in (data, less):
        account = flag_rates(one["flagged"], one["genuine"], {"small": one["small"]}, np.repeat(np.arange(4_000), 2))
        assert account["slices"]["small"]["verdict"] == "fair"
        assert unfair(account) == watched(account) == []


def test_above_the_limit_with_an_interval_that_holds_one_is_only_watched() -> None:
    sellers = np.arange(1_000)
    part = sellers < 200
    flagged = bools(1_000, 0, 1, 2, 3, 500, 600, 700, 800, 900)  # 4 of 200 against 9 of 1,000: 2.2 times
    account = flag_rates(flagged, np.ones(1_000, dtype=np.bool_), {"part": part}, sellers)
    assert account["slices"]["part"]["ratio"]["value"] == pytest.approx(20 / 9, abs=1e-4)
    assert account["slices"]["part"]["ratio"]["low"] < 1
    assert account["slices"]["part"]["verdict"] == "watch"
    assert unfair(account) == []
    assert len(watched(account)) == 1


@pytest.mark.parametrize(("sellers", "verdict"), [(ENOUGH - 1, "too_few"), (ENOUGH, "unfair")])
def test_fewer_genuine_sellers_than_a_hundred_are_not_judged(sellers: int, verdict: str) -> None:
    count = 2_000
    account = flag_rates(
        bools(count, *range(50)), np.ones(count, dtype=np.bool_), {"part": np.arange(count) < sellers}, np.arange(count)
    )
    assert account["slices"]["part"]["verdict"] == verdict


def test_many_rows_of_few_sellers_are_few() -> None:
    sellers = np.concatenate([np.repeat(np.arange(20), 50), np.arange(20, 1_020)])
    part = sellers < 20
    account = flag_rates(part, np.ones(len(sellers), dtype=np.bool_), {"part": part}, sellers)
    assert account["slices"]["part"]["rows"] == 1_000
    assert account["slices"]["part"]["verdict"] == "too_few"


def test_where_nobody_is_flagged_nobody_is_treated_unfairly() -> None:
    count = 500
    none = np.zeros(count, dtype=np.bool_)
    account = flag_rates(none, ~none, {"part": np.arange(count) < 200, "empty": none}, np.arange(count))
    assert account["slices"]["part"] == {"rows": 200, "sellers": 200, "rate": 0.0, "ratio": None, "verdict": "fair"}
    assert account["slices"]["empty"]["verdict"] == "too_few"


def test_no_genuine_row_at_all_gives_an_account_that_judges_nothing() -> None:
    none = np.zeros(3, dtype=np.bool_)
    account = flag_rates(~none, none, {"part": ~none}, np.arange(3))
    assert account["overall"] == {"rows": 0, "sellers": 0, "rate": 0.0}
    assert account["slices"]["part"]["verdict"] == "too_few"


@given(rows)
def test_weights_of_a_random_slice_find_what_all_rows_would_say(dice: np.random.Generator) -> None:
    """Rows drawn with unequal chance, weighed by its inverse, against the whole market."""
    sellers = dice.integers(0, 2_000, 20_000)
    part = dice.random(20_000) < 0.3
    flagged = dice.random(20_000) < np.where(part, 0.30, 0.10)
    chance = np.where(flagged, 0.6, 0.15)  # whoever is flagged is looked at more often
    drawn = dice.random(20_000) < chance
    every = np.ones(20_000, dtype=np.bool_)
    whole = flag_rates(flagged, every, {"part": part}, sellers, draws=5)
    weighed = flag_rates(flagged, every, {"part": part}, sellers, weight=drawn / chance, draws=5)
    assert weighed["overall"]["rate"] == pytest.approx(whole["overall"]["rate"], rel=0.12)
    assert weighed["slices"]["part"]["rate"] == pytest.approx(whole["slices"]["part"]["rate"], rel=0.12)
    assert weighed["overall"]["rows"] == drawn.sum()


def test_equal_weights_are_no_weights() -> None:
    data = market(300, 0.2, 0.3)
    sellers = np.repeat(np.arange(300), 2)
    told = flag_rates(data["flagged"], data["genuine"], {"small": data["small"]}, sellers)
    weighed = flag_rates(data["flagged"], data["genuine"], {"small": data["small"]}, sellers, weight=np.full(600, 2.0))
    assert told == weighed


def test_the_account_is_plain_data_and_repeats_itself() -> None:
    data = market(300, 0.1, 0.2)
    sellers = np.repeat(np.arange(300), 2)
    one, two = (
        flag_rates(data["flagged"], data["genuine"], {"small": data["small"]}, sellers, alpha=0.01, meaning="p ≤ 0.01")
        for _ in range(2)
    )
    assert json.loads(json.dumps(one)) == one == two
    assert (one["alpha"], one["flagged"], one["limit"]) == (0.01, "p ≤ 0.01", LIMIT)


def test_the_interval_covers_the_true_ratio_about_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(60):
        data = market(1_500, 0.10, 0.20, seed)
        account = flag_rates(
            data["flagged"], data["genuine"], {"small": data["small"]}, np.repeat(np.arange(1_500), 2), draws=200
        )
        ratio = account["slices"]["small"]["ratio"]
        covered += ratio["low"] <= 0.20 / 0.15 <= ratio["high"]
    assert covered >= 52  # of 60 at 95 %: fewer than 52 happen once in 100,000


def test_the_features_that_stand_in_for_a_slice_are_those_that_tell_it_apart() -> None:
    dice = np.random.default_rng(3)
    small = dice.random(600) < 0.3
    followers = np.where(small, dice.normal(3, 1, 600), dice.normal(6, 1, 600))
    price = dice.normal(0, 1, 600) + 0.4 * small
    values = np.column_stack([dice.normal(0, 1, 600), followers, price, np.full(600, np.nan)])
    found = proxies(values, ["noise", "followers", "price", "unknown"], {"small_shop": small}, most=2)
    assert [one["feature"] for one in found["small_shop"]] == ["followers", "price"]
    assert found["small_shop"][0]["auc"] < 0.1
    assert found["small_shop"][1]["auc"] > 0.5


@given(rows)
def test_a_proxy_s_auc_is_the_usual_one_where_both_are_known(dice: np.random.Generator) -> None:
    from sklearn.metrics import roc_auc_score

    part = np.arange(120) % 2 == 0
    values = dice.integers(0, 6, (120, 3)).astype(float)
    values[dice.random((120, 3)) < 0.2] = np.nan
    for one in proxies(values, ["a", "b", "c"], {"part": part}, most=3)["part"]:
        column = values[:, ["a", "b", "c"].index(one["feature"])]
        known = ~np.isnan(column)
        assert one["auc"] == pytest.approx(roc_auc_score(part[known], column[known]), abs=6e-4)


def test_a_feature_known_in_too_few_rows_stands_in_for_nothing() -> None:
    part = np.arange(100) < 50
    seldom = np.where(np.arange(100) < 10, 1.0, np.where(np.arange(100) >= 50, 0.0, np.nan))
    assert proxies(seldom[:, None], ["seldom"], {"part": part, "none": np.zeros(100, dtype=np.bool_)}) == {
        "part": [], "none": [],
    }  # fmt: skip


def test_the_page_on_fairness_says_the_limits_that_are_used() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "fairness.md").read_text(encoding="utf-8")
    assert f"fewer than {ENOUGH} genuine sellers" in page
    assert f"at most {LIMIT} times the rate of all" in page
