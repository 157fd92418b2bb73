from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import EVENT
from counterfoil.model.audit import FEWEST_COPIES, RandomLook
from counterfoil.model.audit import random_look as look_of
from counterfoil.model.labels import labels_at
from counterfoil.model.unlabelled import believed
from tests.worlds import at, listed, listing

START = datetime(2026, 1, 1, tzinfo=UTC)


def random_look(log: list[Entry]) -> RandomLook | None:
    return look_of(log, labels_at(log))


def ruling(
    number: int, label: str, *, mechanism: str = "random_audit", propensity: float | None = 0.1, **more: str
) -> Entry:
    at = START + timedelta(hours=number)
    body = {
        "type": "verdict",
        "label_id": f"v{number}",
        "target": {"type": "listing", "id": more.pop("listing", f"l{number}")},
        "label": label,
        "source": "random_audit",
        "labelled_at": at.isoformat(),
        "selection": {"mechanism": mechanism, "propensity": propensity},
        **more,
    }
    return Entry(at, EVENT.validate_python(body))


def audits(copies: int, genuine: int) -> list[Entry]:
    labels = ["counterfeit"] * copies + ["genuine"] * genuine
    return [ruling(number, label) for number, label in enumerate(labels)]


def test_the_share_of_copies_is_that_of_the_listings_drawn_at_random() -> None:
    look = random_look(audits(20, 380))
    assert look is not None
    assert look.share == pytest.approx(0.05)
    assert look.low < 0.05 < look.high
    assert (look.looked_at, look.copies) == (400, 20)


def test_what_was_found_in_other_ways_counts_once_and_random_looks_speak_for_the_rest() -> None:
    seen = [listed(at(n), "s1", listing(f"l{n}")) for n in range(1_000)]
    others = [
        ruling(10_000 + n, "counterfeit", mechanism="complaint", propensity=None, listing=f"l{n}")
        for n in range(300, 500)
    ]
    look = random_look([*seen, *audits(20, 380), *others])
    assert look is not None
    # 100 of the listings drawn at random had been found out otherwise; of the other 300 twenty were copies.
    assert (look.looked_at, look.copies) == (300, 20)
    assert look.share == pytest.approx(0.2 + 0.8 * 20 / 300)


def test_who_was_cleared_on_appeal_was_not_found_out() -> None:
    seen = [listed(at(n), "s1", listing(f"l{n}")) for n in range(1_000)]
    accused = [
        ruling(10_000 + n, "counterfeit", mechanism="complaint", propensity=None, listing=f"l{n}")
        for n in range(500, 600)
    ]
    cleared = [
        ruling(20_000 + n, "genuine", mechanism="complaint", propensity=None, listing=f"l{n}") for n in range(500, 600)
    ]
    assert random_look([*seen, *audits(20, 380), *accused, *cleared]) == random_look([*seen, *audits(20, 380)])


def test_a_month_in_which_fewer_were_drawn_counts_for_as_many_listings() -> None:
    rare = [ruling(n, "counterfeit", propensity=0.01) for n in range(20)]
    common = [ruling(100 + n, "genuine", propensity=0.1) for n in range(200)]
    look = random_look([*rare, *common])
    assert look is not None
    assert look.share == pytest.approx(20 * 100 / (20 * 100 + 200 * 10))


def test_a_few_dear_looks_do_not_outweigh_many_cheap_ones() -> None:
    bought = [ruling(9_000 + n, "counterfeit", propensity=0.0001, source="test_purchase") for n in range(2)]
    look = random_look([*audits(20, 380), *bought])
    assert look is not None
    assert look.share == pytest.approx((400 * 0.05 + 2 * 1.0) / 402)


def test_an_appeal_does_not_make_a_second_draw() -> None:
    appeal = ruling(5_000, "genuine", listing="l0", supersedes="v0", source="appeal_upheld")
    assert random_look([*audits(20, 380), appeal]) == random_look(audits(20, 380))


def test_a_handful_of_copies_is_no_share() -> None:
    assert random_look(audits(FEWEST_COPIES - 1, 400)) is None
    assert random_look([]) is None


def test_beliefs_add_up_to_the_share_where_verdicts_find_every_copy_alike() -> None:
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 4, 200_000)
    risk = np.array([0.001, 0.02, 0.2, 0.9])[kind]
    copy = rng.random(len(kind)) < risk
    target = (copy & (rng.random(len(kind)) < 0.4)).astype(np.int64)
    belief = believed(target, 0.4 * risk, float(copy.mean()))
    assert belief.mean() == pytest.approx(copy.mean(), rel=0.02)
    without = target == 0
    for one in range(4):
        rows = without & (kind == one)
        assert belief[rows].mean() == pytest.approx(copy[rows].mean(), abs=0.02)


@given(
    st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=30),
    st.floats(0.001, 1),
)
def test_a_belief_is_a_probability_and_a_verdict_is_believed(rows: list[tuple[bool, float]], share: float) -> None:
    target = np.array([int(found) for found, _ in rows])
    labelled = np.array([chance for _, chance in rows])
    belief = believed(target, labelled, share)
    assert ((belief >= 0) & (belief <= 1)).all()
    assert (belief[target == 1] == 1).all()
    if target.mean() >= share or not target.any():
        assert (belief == target).all()
