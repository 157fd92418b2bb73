"""The parts of the simulator, one by one."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.language.normalise import fold_text
from counterfoil.synth.accounts import accounts, scattered
from counterfoil.synth.actors import ACTORS, Actor, Style
from counterfoil.synth.calendar import DAY, END, START, campaign_day, demand, iso, moment, month
from counterfoil.synth.codes import registration
from counterfoil.synth.dice import Dice, streams
from counterfoil.synth.goods import Good, catalogue, check_digit
from counterfoil.synth.habits import HABITS
from counterfoil.synth.levels import LEVELS, Level
from counterfoil.synth.prices import quote, rounded
from counterfoil.synth.spoken import has_other_names
from counterfoil.synth.text import Pitch, description, edited, official_text, title
from counterfoil.synth.typed import without_accents

GOODS = (*catalogue().branded, *catalogue().plain, *catalogue().compatible)
seeds = st.integers(0, 10_000)


def dice(seed: int) -> Dice:
    return Dice(np.random.SeedSequence(seed))


def test_the_shares_of_the_actors_sum_to_one() -> None:
    assert sum(actor.share for actor in ACTORS) == pytest.approx(1)


@settings(max_examples=40)
@given(st.integers(1, 200), seeds)
def test_the_accounts_put_up_exactly_the_listings_asked_for(listings: int, seed: int) -> None:
    opened = list(accounts(listings, seed, streams(seed)))
    assert sum(len(account.life.visits) for account in opened) == listings
    for life in (account.life for account in opened):
        assert all(START <= visit < END for visit in life.visits)
        assert all(life.registered <= visit <= life.closes for visit in life.visits)


@settings(max_examples=25)
@given(st.integers(200, 300), seeds)
def test_a_taken_over_account_is_quiet_for_sixty_days_and_then_sells_other_goods(listings: int, seed: int) -> None:
    for account in accounts(listings, seed, streams(seed)):
        if account.actor.name != "hijacked":
            continue
        before = [visit for visit in account.life.visits if visit < account.life.takeover]
        assert all(visit <= account.life.takeover - 60 * DAY for visit in before)
        assert account.life.takeover - account.life.registered > 100 * DAY
        assert not {good.shelf.name for good in account.stock.branded} & {
            good.shelf.name for good in account.stock.copied
        }


def test_months_run_from_one_to_eighteen() -> None:
    assert [month(START), month(END - 1)] == [1, 18]


@given(st.floats(START, END), st.floats(0, 100 * DAY), st.floats(0, 100 * DAY))
def test_demand_adds_up_over_spans_that_meet(at: float, one: float, other: float) -> None:
    whole = demand(at, at + one + other)
    assert whole == pytest.approx(demand(at, at + one) + demand(at + one, at + one + other), abs=1e-6)
    assert demand(at, at) == 0


def test_a_campaign_day_sells_four_times_as_much() -> None:
    double = next(at for at in range(START, END, DAY) if iso(at).startswith("2025-11-11"))
    assert demand(double, double + DAY) == pytest.approx(4 * demand(double + DAY, double + 2 * DAY))
    assert demand(START, END) == pytest.approx((END - START) / DAY)


def test_a_draw_from_one_stream_does_not_move_the_others() -> None:
    first, second = streams(5), streams(5)
    first.words.random()
    assert [first.prices.random() for _ in range(5)] == [second.prices.random() for _ in range(5)]


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_scattered_numbers_are_all_different(one: int, other: int) -> None:
    assert (scattered(one, 10**9) == scattered(other, 10**9)) == (one == other)


@given(st.floats(START - 400 * DAY, END), st.floats(0, 500 * DAY), seeds)
def test_a_moment_lies_in_its_span(earliest: float, length: float, seed: int) -> None:
    latest = max(earliest + length, START)
    at = moment(dice(seed), earliest, latest)
    assert max(earliest, START) - 1 <= at <= min(latest, END)


def test_double_days_and_the_weeks_before_tet_are_campaigns() -> None:
    days = {iso(at)[:10] for at in range(START, END, DAY) if campaign_day(at)}
    assert {"2025-09-09", "2025-11-11", "2026-02-10", "2026-03-15"} <= days
    assert "2025-09-10" not in days


@given(st.text(alphabet="0123456789", min_size=12, max_size=12))
def test_a_check_digit_closes_the_weighted_sum(body: str) -> None:
    code = body + str(check_digit(body))
    assert sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(code)) % 10 == 0


def test_check_digits_agree_with_published_codes() -> None:
    for code in ("4006381333931", "6291041500213", "8806088269696", "036282818705", "90311017"):
        assert check_digit(code[:-1]) == int(code[-1])


@given(st.floats(1_000, 10**9), st.booleans(), seeds)
def test_a_rounded_price_is_whole_thousands_near_the_amount(amount: float, careless: bool, seed: int) -> None:
    price = rounded(amount, careless=careless, dice=dice(seed))
    assert price % 1000 == 0
    assert price > 0
    assert abs(price - amount) <= max(6_000, 0.05 * amount)


@given(st.sampled_from(ACTORS), st.sampled_from(GOODS), st.sampled_from([None, *LEVELS]), seeds)
def test_a_quote_shows_no_list_price_below_what_is_asked(
    actor: Actor, good: Good, copy: Level | None, seed: int
) -> None:
    asked = quote(actor, good, START, dice(seed), copy=copy)
    assert asked.amount >= 1000
    assert asked.crossed_out is None or asked.crossed_out >= asked.amount - 500
    if copy is not None and copy.price is not None and good.list_price > 100_000:
        assert asked.ratio > 0.9 * copy.price[0] * 0.85  # packs are a little cheaper, and prices are rounded


@given(st.sampled_from(GOODS), st.sampled_from(list(HABITS)), st.sampled_from(LEVELS), st.booleans(), seeds)
def test_texts_are_filled_short_and_mask_every_phone(
    good: Good, style: Style, level: Level, repeats: bool, seed: int
) -> None:
    euphemism = has_other_names(good.brand) and seed % 2 == 0
    pitch = Pitch(good, style, level=level, euphemism=euphemism, signature=seed if repeats else None)
    head = title(pitch, dice(seed))
    body = description(pitch, "99999/24/CBMP-QLD", dice(seed))
    assert head.strip()
    assert len(head) <= 120
    assert not re.search(r"[{}]", head + body)
    assert not re.search(r"(?<!\d)0\d{9}(?!\d)", head + body)


@given(st.sampled_from([good for good in GOODS if has_other_names(good.brand)]), seeds)
def test_a_mark_that_is_described_is_not_named(good: Good, seed: int) -> None:
    pitch = Pitch(good, "overt", euphemism=True)
    words = f" {fold_text(title(pitch, dice(seed)))} {fold_text(description(pitch, None, dice(seed)))} "
    assert f" {fold_text(good.brand or '')} " not in words


@settings(max_examples=20)
@given(st.sampled_from(catalogue().branded), seeds)
def test_an_official_text_is_one_of_three_and_an_edit_leaves_most_of_it(good: Good, seed: int) -> None:
    texts = {official_text(good, None, dice(other)) for other in range(20)}
    assert len(texts) <= 3
    head, body = official_text(good, None, dice(seed))
    assert (head, body) in texts
    kept = set(body.split()) & set(edited(body, dice(seed)).split())
    assert len(kept) >= 0.8 * len(set(body.split()))


@given(st.text())
def test_registration_numbers_have_the_form_of_their_kind(key: str) -> None:
    assert re.fullmatch(r"\d{1,6}/2\d/CBMP-QLD", registration("cosmetics", key))
    assert re.fullmatch(r"\d{1,5}/202\d/ĐKSP", registration("supplement", key))
    assert registration("cosmetics", key) == registration("cosmetics", key)


def test_accents_are_dropped_as_typed_without_them() -> None:
    assert without_accents("Đồng hồ chính hãng") == "Dong ho chinh hang"


def test_no_file_of_the_simulator_holds_a_phone_number() -> None:
    folder = Path(__file__).parents[2] / "src" / "counterfoil" / "synth"
    for path in folder.glob("*.toml"):
        assert not re.search(r"(?<!\d)0[35789]\d{8}(?!\d)", path.read_text(encoding="utf-8"))
