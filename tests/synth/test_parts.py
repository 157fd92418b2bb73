"""The parts of the simulator, one by one."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.synth.accounts import accounts, scattered
from counterfoil.synth.actors import ACTORS
from counterfoil.synth.calendar import DAY, END, START, campaign_day, iso, moment
from counterfoil.synth.dice import Dice, streams
from counterfoil.synth.goods import catalogue, check_digit
from counterfoil.synth.prices import quote, rounded
from counterfoil.synth.text import description, paper, title
from counterfoil.synth.typed import without_accents

GOODS = (*catalogue().branded, *catalogue().plain, *catalogue().compatible)
seeds = st.integers(0, 10_000)


def dice(seed: int) -> Dice:
    return Dice(np.random.SeedSequence(seed))


def test_the_shares_of_the_actors_sum_to_one() -> None:
    assert sum(actor.share for actor in ACTORS) == pytest.approx(1)


@given(st.integers(1, 400), seeds)
def test_the_accounts_put_up_exactly_the_listings_asked_for(listings: int, seed: int) -> None:
    opened = list(accounts(listings, seed, streams(seed)))
    assert sum(len(account.visits) for account in opened) == listings
    for account in opened:
        assert all(START <= visit < END for visit in account.visits)
        assert all(account.registered <= visit <= account.closes for visit in account.visits)


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


@given(st.sampled_from(ACTORS), st.sampled_from(GOODS), st.booleans(), seeds)
def test_a_quote_shows_no_list_price_below_what_is_asked(actor: object, good: object, fake: bool, seed: int) -> None:
    asked = quote(actor, good, fake, START, dice(seed))  # type: ignore[arg-type]
    assert asked.amount >= 1000
    assert asked.crossed_out is None or asked.crossed_out >= asked.amount - 500


@given(st.sampled_from(GOODS), st.sampled_from(ACTORS), st.booleans(), seeds)
def test_texts_are_filled_short_and_mask_every_phone(good: object, actor: object, fake: bool, seed: int) -> None:
    style = actor.fake_style if fake else actor.style  # type: ignore[attr-defined]
    head = title(good, style, 199_000, 1, dice(seed))  # type: ignore[arg-type]
    body = description(good, style, "99999/24/CBMP-QLD", dice(seed))  # type: ignore[arg-type]
    assert head.strip()
    assert len(head) <= 130
    assert not re.search(r"[{}]", head + body)
    assert not re.search(r"(?<!\d)0\d{9}(?!\d)", head + body)


@given(seeds)
def test_registration_numbers_have_the_form_of_their_kind(seed: int) -> None:
    for good in catalogue().branded:
        number = paper(good, False, dice(seed))
        if good.shelf.papers == "cosmetics":
            assert number is not None
            assert re.fullmatch(r"\d{1,6}/\d{2}/CBMP-QLD", number)
        elif good.shelf.papers == "supplement":
            assert number is not None
            assert re.fullmatch(r"\d{1,5}/20\d{2}/ĐKSP", number)
        else:
            assert number is None


def test_accents_are_dropped_as_typed_without_them() -> None:
    assert without_accents("Đồng hồ chính hãng") == "Dong ho chinh hang"


def test_no_file_of_the_simulator_holds_a_phone_number() -> None:
    folder = Path(__file__).parents[2] / "src" / "counterfoil" / "synth"
    for path in folder.glob("*.toml"):
        assert not re.search(r"(?<!\d)0[35789]\d{8}(?!\d)", path.read_text(encoding="utf-8"))
