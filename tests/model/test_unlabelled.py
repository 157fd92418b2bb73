from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import EVENT
from counterfoil.model.unlabelled import FEWEST_COPIES, believed, random_look

START = datetime(2026, 1, 1, tzinfo=UTC)


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


def test_verdicts_that_were_not_drawn_at_random_say_nothing_about_the_share() -> None:
    others = [ruling(1_000 + n, "counterfeit", mechanism="complaint", propensity=None) for n in range(300)]
    assert random_look([*audits(20, 380), *others]) == random_look(audits(20, 380))


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
