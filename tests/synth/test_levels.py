"""Five levels of adversary, each harder to see than the one below, and the turn of the law."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import mean, median
from typing import get_args

import pytest

from counterfoil.language.normalise import fold_text
from counterfoil.synth.accounts import Account, accounts
from counterfoil.synth.calendar import DAY, END, IDENTITY_LAW, START
from counterfoil.synth.dice import streams
from counterfoil.synth.goods import catalogue
from counterfoil.synth.levels import LEVELS, Adversary
from counterfoil.synth.spoken import phrases
from counterfoil.synth.text import official_text
from counterfoil.synth.write import Market, simulate
from tests.synth.test_parts import dice

SIZE = 2_000


@pytest.fixture(scope="module")
def worlds() -> dict[str, Market]:
    return {level: simulate(SIZE, 5, level) for level in get_args(Adversary)}


def copies(market: Market, *styles: str) -> list[tuple[dict[str, object], dict[str, object]]]:
    pairs = zip(market.listings, market.truth, strict=True)
    return [(body["listing"], row) for body, row in pairs if row["counterfeit"] and row["style"] in styles]


@pytest.mark.slow
def test_every_copy_carries_its_level_and_nothing_else_does(worlds: dict[str, Market]) -> None:
    for level, market in worlds.items():
        assert {row["adversary"] for row in market.truth if row["counterfeit"]} == {level}
        assert {row["adversary"] for row in market.truth if not row["counterfeit"]} == {None}


def test_without_a_level_all_five_come_about() -> None:
    found = {account.level.name for account in accounts(20_000, 1, streams(1)) if account.copier}
    assert {"L0", "L1", "L2"} <= found <= {level.name for level in LEVELS}
    assert len(found) >= 4


@pytest.mark.slow
def test_from_the_second_level_fewer_say_it_and_none_is_cheap(worlds: dict[str, Market]) -> None:
    words = [fold_text(word) for word in (*phrases()["claims"], *phrases()["hints"])]
    said = {}
    price = {}
    for level, market in worlds.items():
        open_ones = copies(market, "overt")
        said[level] = mean(any(word in fold_text(str(body["title"])) for word in words) for body, _ in open_ones)
        price[level] = median(float(str(row["price_ratio"])) for _, row in open_ones)
    print(f"say so: {said}; median price: {price}")
    assert said["L0"] > 1.15 * said["L1"]
    assert said["L2"] < 0.6 * said["L0"]
    assert said["L4"] < 0.05
    assert price["L1"] < 0.4
    assert all(0.55 < price[level] < 0.85 for level in ("L2", "L3", "L4"))


@pytest.mark.slow
def test_only_from_the_first_level_words_are_disguised(worlds: dict[str, Market]) -> None:
    def odd(market: Market) -> float:
        """The share of open copies with a letter of another alphabet or an invisible character."""
        titles = [str(body["title"]) for body, _ in copies(market, "overt")]
        return mean(
            any(0x1D400 <= ord(char) < 0x1D800 or 0x370 <= ord(char) < 0x500 or ord(char) == 0x200B for char in title)
            for title in titles
        )

    assert odd(worlds["L1"]) > odd(worlds["L0"]) + 0.02


def copiers(level: Adversary) -> list[Account]:
    return [account for account in accounts(20_000, 6, streams(6), level) if account.actor.life is not None]


def test_from_the_third_level_accounts_are_old_small_and_share_nothing() -> None:
    plain, aged = copiers("L2"), copiers("L3")
    assert median(age(account) for account in aged) > 300 > median(age(account) for account in plain)
    assert mean(len(account.life.visits) for account in aged) < 0.6 * mean(
        len(account.life.visits) for account in plain
    )
    shared = Counter(contact for account in aged for contact in account.contacts)
    assert max(shared.values(), default=0) == 1
    assert {account.shared for account in aged} == {0.0}
    assert all(0.4 <= account.shared <= 0.8 for account in plain)


def age(account: Account) -> float:
    return (account.life.visits[0] - account.life.registered) / DAY


@pytest.mark.slow
def test_the_fourth_level_takes_official_texts_word_for_word(worlds: dict[str, Market]) -> None:
    chance = dice(0)
    texts = {official_text(good, None, chance)[0] for good in catalogue().branded for _ in range(30)}
    titles = [str(body["title"]) for body, _ in copies(worlds["L4"], "overt", "deceptive")]
    single = [title for title in titles if not title.startswith("Combo")]
    assert mean(title in texts for title in single) == 1.0


def test_operators_that_come_back_share_pictures_and_wear_new_names() -> None:
    again: dict[str, list[Account]] = {}
    for account in accounts(20_000, 2, streams(2)):
        if account.actor.name == "counterfeiter_naive":
            again.setdefault(account.operator, []).append(account)
    chains = [chain for chain in again.values() if len(chain) > 1]
    assert len(chains) >= 4
    for chain in chains:
        assert len({account.seller_id for account in chain}) == len(chain)
        for before, after in pairwise(chain):
            if not after.level.aged:
                assert after.life.visits[0] > before.life.closes


@pytest.mark.slow
def test_the_law_makes_new_copiers_rarer_and_bought_accounts_more_common() -> None:
    opened: dict[str, list[float]] = {"counterfeiter_naive": [], "hijacked": []}
    for seed in range(4):
        for account in accounts(30_000, seed, streams(seed)):
            if account.actor.name == "hijacked":
                opened["hijacked"].append(account.life.takeover)
            elif account.actor.name == "counterfeiter_naive":
                opened["counterfeiter_naive"].append(account.life.visits[0])
    rate = {
        name: mean(at >= IDENTITY_LAW for at in times)
        / (END - IDENTITY_LAW)
        / (mean(at < IDENTITY_LAW for at in times) / (IDENTITY_LAW - START))
        for name, times in opened.items()
    }
    print(f"accounts a day after the law beside before: {rate}")
    assert rate["counterfeiter_naive"] < 0.8
    assert rate["hijacked"] > 1.8
