from __future__ import annotations

from datetime import UTC, datetime
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.model.audit import Drawn, prevalence, recall, stands_for
from counterfoil.model.labels import Label, Look

AT = datetime(2026, 1, 1, tzinfo=UTC)


def label(look: Look | None = None, *, found: bool = False) -> Label:
    return Label(int(found), "moderator_review", "probable", AT, None, None, look, found, inf)


def drawn(target: int, propensity: float = 0.1, source: str = "random_audit") -> Label:
    return label(Look(target, propensity, source))


def test_a_found_copy_stands_for_itself_and_drawn_rows_for_all_the_rest() -> None:
    rows = [label(found=True), *[drawn(0)] * 3, drawn(1), *[None] * 95]
    got = stands_for(rows)
    assert got.weight[0] == 1
    assert got.weight[1:5] == pytest.approx(99 / 4)
    assert not got.weight[5:].any()
    assert got.target[:5].tolist() == [1, 0, 0, 0, 1]


def test_a_row_that_was_drawn_and_found_in_another_way_counts_as_found() -> None:
    got = stands_for([label(Look(0, 0.1, "random_audit"), found=True), drawn(0)])
    assert (got.weight[0], got.target[0]) == (1, 1)


def test_the_rarer_draw_stands_for_more() -> None:
    got = stands_for([drawn(0, 0.05), drawn(0, 0.2), *[None] * 8])
    assert got.weight[0] == pytest.approx(4 * got.weight[1])


def test_how_often_a_look_is_right_comes_with_its_row() -> None:
    got = stands_for([drawn(1), drawn(1, source="test_purchase"), label(found=True)])
    assert got.sensitivity.tolist() == [0.9, 0.95, 1.0]
    assert got.specificity.tolist() == [0.995, 0.99, 1.0]


@given(st.lists(st.sampled_from(["none", "found", "copy", "fine", "bought"]), min_size=1, max_size=60))
def test_the_weights_come_to_the_number_of_listings_as_soon_as_one_was_drawn(kinds: list[str]) -> None:
    rows = {
        "none": None, "found": label(found=True), "copy": drawn(1), "fine": drawn(0, 0.03),
        "bought": drawn(0, 0.01, "test_purchase"),
    }  # fmt: skip
    got = stands_for([rows[kind] for kind in kinds])
    if {"copy", "fine", "bought"} & set(kinds):
        assert got.weight.sum() == pytest.approx(len(kinds))
    else:
        assert got.weight.sum() == kinds.count("found")


def test_recall_and_prevalence_from_the_slice_find_the_truth_that_chosen_rows_hide() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random(40_000) < 0.05
    flagged = np.where(truth, rng.random(40_000) < 0.4, rng.random(40_000) < 0.02)
    # Whoever is flagged is mostly found out; the rest is looked at one in ten.
    found = truth & flagged & (rng.random(40_000) < 0.9)
    looked = rng.random(40_000) < 0.1
    labels = [
        label(found=True) if f else drawn(int(t)) if look else None
        for t, f, look in zip(truth, found, looked, strict=True)
    ]
    got, groups = stands_for(labels), np.arange(40_000)
    share = recall(flagged, got.target, got.weight, groups)
    assert share.low < flagged[truth].mean() < share.high
    assert flagged[found].mean() > share.high  # what a queue alone would say
    all_copies = prevalence(got.target, got.weight, groups)
    assert all_copies.low < truth.mean() < all_copies.high


def test_where_nothing_was_drawn_nothing_is_said() -> None:
    nobody = Drawn(np.zeros(3), np.zeros(3, dtype=np.int64), np.ones(3), np.ones(3))
    assert np.isnan(recall(np.ones(3, dtype=np.bool_), nobody.target, nobody.weight, np.arange(3)).value)
