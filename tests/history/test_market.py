from __future__ import annotations

import math
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.history.keys import BIN, bin_price, price_bin
from counterfoil.history.market import WINDOW_DAYS, MarketHistory

PRICES = st.lists(st.tuples(st.integers(0, 120), st.floats(1, 1e9)), min_size=1, max_size=40)


def market(prices: list[tuple[int, float]]) -> MarketHistory:
    history = MarketHistory()
    for day, price in prices:
        history.add(day, price_bin(price))
    return history


@given(st.floats(1e-3, 1e12))
def test_a_bin_is_at_most_one_percent_from_its_price(price: float) -> None:
    assert abs(math.log(bin_price(price_bin(price)) / price)) <= BIN / 2 + 1e-9


@given(PRICES)
def test_the_median_is_that_of_the_prices_in_the_window(prices: list[tuple[int, float]]) -> None:
    last_day = 120
    inside = [math.log(bin_price(price_bin(p))) for day, p in prices if last_day - WINDOW_DAYS < day <= last_day]
    level = market(prices).level("category", last_day, None)
    assert level.count == len(inside)
    if inside:
        assert math.isclose(math.log(level.median), median(inside), abs_tol=1e-9)
    else:
        assert math.isnan(level.median)


@given(PRICES, st.data())
def test_leaving_a_price_out_equals_never_having_counted_it(
    prices: list[tuple[int, float]], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(prices) - 1))
    day, price = prices[index]
    with_own = market(prices).level("x", 120, (day, price_bin(price)))
    without = market(prices[:index] + prices[index + 1 :]).level("x", 120, None)
    assert repr(with_own) == repr(without)


@given(PRICES, st.randoms())
def test_the_order_of_prices_does_not_matter(prices: list[tuple[int, float]], random: st.DataObject) -> None:
    shuffled = list(prices)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert market(prices) == market(shuffled)


@given(PRICES)
def test_a_market_survives_json(prices: list[tuple[int, float]]) -> None:
    import orjson

    history = market(prices)
    data = orjson.loads(orjson.dumps(history.to_json(), option=orjson.OPT_NON_STR_KEYS))
    assert MarketHistory.from_json(data) == history


def test_reading_between_two_sightings_does_not_freeze_the_window() -> None:
    history = market([(1, 100.0)])
    assert history.level("x", 1, None).count == 1
    history.add(1, price_bin(200.0))
    assert history.level("x", 1, None).count == 2
    assert history.level("x", 1 + WINDOW_DAYS, None).count == 0
