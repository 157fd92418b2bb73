from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.language import propose as module
from counterfoil.language.propose import Said, known_spans, propose
from counterfoil.language.views import views

GOODS = ["giày thể thao", "túi đeo chéo", "áo khoác gió", "ví cầm tay", "mũ lưỡi trai"]
TRAITS = ["êm chân", "siêu nhẹ", "chống nước", "dễ phối đồ", "mềm mịn", "đi mưa", "nhiều ngăn", "co giãn"]
BRANDS = ["nike", "gucci", "dior", "mlb"]


def market(
    slang: str = "bản g7", *, sellers: int = 300, seed: int = 1, suspects: float = 0.1, honest: float = 0.0
) -> list[Said]:
    """Titles of two a seller; a tenth of the sellers is suspect, and half of those use the slang now and then."""
    dice = random.Random(seed)
    said = []
    for seller in range(sellers):
        suspect = dice.random() < suspects
        for _ in range(2):
            words = [dice.choice(GOODS), *dice.sample(TRAITS, 2)]
            if dice.random() < (0.5 if suspect else honest):
                words.insert(dice.randrange(1, 4), slang)
            said.append(Said(views(" ".join(words)), f"s{seller}", "shoes|True", dice.choice(BRANDS), suspect))
    return said


def test_slang_of_suspect_sellers_is_the_first_proposal() -> None:
    found = propose(market())
    assert [one.form for one in found] == ["bản g7"]
    assert found[0].low > 1
    assert found[0].low < found[0].odds < found[0].high
    assert found[0].suspects > 5 * found[0].expected
    assert all("bản g7" in title for title in found[0].examples)


def test_accented_and_accentless_spellings_are_one() -> None:
    said = [
        Said(views(one.title.raw.replace("bản g7", "ban g7")), one.seller, one.shelf, one.brand, one.suspect)
        if number % 3 == 0
        else one
        for number, one in enumerate(market())
    ]
    assert [one.form for one in propose(said)] == ["bản g7"]


@pytest.mark.parametrize("seed", range(8))
def test_words_that_all_use_alike_are_not_proposed(seed: int) -> None:
    assert propose(market(seed=seed, honest=0.5)) == []


def test_what_one_seller_writes_everywhere_is_no_slang() -> None:
    said = market(honest=0.5)
    own = [
        Said(views(f"giày lạ thường {number}"), "s-own", "shoes|True", BRANDS[number % 4], True) for number in range(50)
    ]
    assert propose([*said, *own]) == []


def test_a_model_s_name_that_stands_beside_one_brand_alone_is_not_proposed() -> None:
    said = market()
    one_brand = [Said(one.title, one.seller, one.shelf, "nike", one.suspect) for one in said]
    assert propose(said)
    assert propose(one_brand) == []


def test_what_the_lists_know_already_is_not_proposed() -> None:
    raw = market(slang="hàng nhái")
    known = [
        Said(one.title, one.seller, one.shelf, one.brand, one.suspect, known_spans(one.title, "shoes", ()))
        for one in raw
    ]
    assert [one.form for one in propose(raw)] == ["hàng nhái"]
    assert propose(known) == []


def test_a_shelf_that_is_all_suspect_says_nothing() -> None:
    said = [Said(one.title, one.seller, "bad" if one.suspect else "good", one.brand, one.suspect) for one in market()]
    assert propose(said) == []


def test_numbers_and_masked_telephones_are_no_words() -> None:
    assert propose(market(slang="09xx xxx xxx")) == []
    found = [one.form for one in propose(market(slang="350"))]
    assert found  # what stands beside the number
    assert not [form for form in found if form.replace(" ", "").isdigit()]


def test_the_limit_is_kept_and_nothing_comes_of_nothing() -> None:
    assert propose([]) == []
    assert propose(market(), limit=0) == []
    assert propose(market(), min_sellers=1_000) == []


def test_the_order_of_listings_does_not_matter() -> None:
    said = market()
    mixed = random.Random(5).sample(said, len(said))
    assert [(one.form, one.suspects, one.odds) for one in propose(mixed)] == [
        (one.form, one.suspects, one.odds) for one in propose(said)
    ]


@given(st.lists(st.floats(0.01, 0.9), min_size=1, max_size=40), st.data())
def test_the_interval_holds_the_estimate_and_its_ends_are_where_the_tails_are_the_level(
    chances: list[float], data: st.DataObject
) -> None:
    hits = data.draw(st.integers(1, len(chances)))
    given_chances = np.array(chances)
    odds, low, high = module._interval(given_chances, hits, 0.025)
    assert low <= odds <= high
    assert module._tail(given_chances, hits, low) == pytest.approx(0.025, abs=0.003) or low < -11.9
    if high < 11.9:
        assert module._tail(given_chances, hits, high, above=False) == pytest.approx(0.025, abs=0.003)


def test_a_tail_is_that_of_a_binomial_where_all_chances_are_equal() -> None:
    from scipy.stats import binom

    for hits in range(1, 8):
        assert module._tail(np.full(12, 0.2), hits, 0.0) == pytest.approx(float(binom.sf(hits - 1, 12, 0.2)))
    wide = np.full(2_000, 0.2)
    for hits in (380, 400, 430):
        assert module._tail(wide, hits, 0.0) == pytest.approx(float(binom.sf(hits - 1, 2_000, 0.2)), abs=0.003)
    tails = [module._tail(wide, hits, 0.0) for hits in range(350, 450)]
    assert all(one >= other for one, other in pairwise(tails))
