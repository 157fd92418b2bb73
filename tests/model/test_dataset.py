from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from counterfoil.ingest.entry import Entry
from counterfoil.model.examples import RIPE, Example, examples_from_log, examples_from_targets
from counterfoil.model.labels import labels_at
from tests.model import small
from tests.worlds import at, listed, listing, verdict

DAY = 1440
RIPE_DAYS = RIPE.days


def test_labels_of_a_file_never_become_features() -> None:
    rows = small.world()
    turned: list[tuple[Entry, int | None]] = [(entry, 1 - (target or 0)) for entry, target in rows]
    one, other = small.dataset(rows), small.dataset(turned)
    assert (one.target != other.target).all()
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(one.vectors, other.vectors)
    assert (one.ngrams != other.ngrams).nnz == 0
    np.testing.assert_array_equal(one.groups, other.groups)
    assert one.sha256 != other.sha256


def test_a_label_leaves_no_trace_in_what_is_known_of_the_seller() -> None:
    examples = examples_from_targets(small.world(), Counter())
    assert not any(any(one.about.seller.verdicts) for one in examples)
    assert any(one.about.seller.listings_total for one in examples)


def test_unlabelled_rows_are_history_but_no_examples() -> None:
    dropped: Counter[str] = Counter()
    rows: list[tuple[Entry, int | None]] = [
        (listed(at(0), "s1", listing("l1")), None),
        (listed(at(1), "s1", listing("l2")), 1),
        (listed(at(2), "s1", listing("l2", price="9000")), 0),
    ]
    examples = examples_from_targets(rows, dropped)
    assert [(one.about.listing.listing_id, one.target) for one in examples] == [("l2", 1)]
    assert examples[0].about.seller.listings_total == 1
    assert dropped == {"unlabelled": 1, "seen_again": 1}


def from_log(*log: Entry) -> tuple[dict[str | None, Example], Counter[str]]:
    dropped: Counter[str] = Counter()
    found = examples_from_log(log, labels_at(log), dropped)
    examples = {one.about.listing.listing_id: one for one in found}
    assert len(examples) == len(found)
    return examples, dropped


def end(days: float) -> Entry:
    """A sighting that only marks how far the log goes."""
    return listed(at(days * DAY), "late", listing("late"))


@pytest.mark.parametrize(("days", "ripe"), [(RIPE_DAYS - 0.01, False), (RIPE_DAYS, True), (RIPE_DAYS + 1, True)])
@pytest.mark.parametrize("judged", [False, True])
def test_a_listing_is_an_example_once_it_has_been_in_sight_for_sixty_days(
    days: float, ripe: bool, judged: bool
) -> None:
    verdicts = [verdict(at(DAY), "v1", "l1")] if judged else []
    examples, dropped = from_log(listed(at(0), "s1", listing("l1")), *verdicts, end(days))
    assert ("l1" in examples) is ripe
    assert dropped["unripe"] == 2 - ripe
    if ripe:
        assert examples["l1"].target == judged


def test_the_last_verdict_counts_and_unsure_ones_do_not() -> None:
    examples, dropped = from_log(
        listed(at(0), "s1", listing("l1")),
        listed(at(0), "s1", listing("l2")),
        listed(at(0), "s1", listing("l3")),
        verdict(at(1), "v1", "l1", "counterfeit"),
        verdict(at(2), "v2", "l1", "genuine", supersedes="v1"),
        verdict(at(3), "v3", "l2", "counterfeit"),
        verdict(at(4), "v4", "l2", "unsure"),
        verdict(at(5), "v5", "l3", "other_violation"),
        end(70),
    )
    assert {name: one.target for name, one in examples.items()} == {"l1": 0, "l2": 1}
    assert dropped == {"other_violation": 1, "unripe": 1}


def test_an_example_knows_what_was_known_at_its_first_sighting_alone() -> None:
    examples, _ = from_log(
        listed(at(0), "s1", listing("l1")),
        listed(at(DAY), "s1", listing("l2")),
        verdict(at(2 * DAY), "v1", "l1"),
        verdict(at(2 * DAY), "v2", "l2"),
        listed(at(3 * DAY), "s1", listing("l2", price="1000")),
        listed(at(4 * DAY), "s1", listing("l3")),
        end(90),
    )
    assert examples["l2"].known_at == at(DAY)
    assert examples["l2"].about.seller.verdicts.counterfeit == 0
    assert examples["l2"].about.listing.price != listing("l2", price="1000").price
    assert examples["l3"].about.seller.verdicts.counterfeit == 2


def test_a_verdict_on_a_seller_makes_no_listing_positive() -> None:
    examples, _ = from_log(
        listed(at(0), "s1", listing("l1")), verdict(at(1), "v1", "s1", target_type="seller"), end(90)
    )
    assert examples["l1"].target == 0


def test_an_empty_log_has_no_examples() -> None:
    assert from_log() == ({}, {})


def test_the_matrix_is_named_float64_and_its_hash_follows_the_rows() -> None:
    whole = small.dataset()
    assert whole.values.dtype == np.float64
    assert whole.values.shape == (len(whole), len(whole.features.names))
    np.testing.assert_array_equal(whole.column("cheaper_by"), whole.values[:, whole.features.names.index("cheaper_by")])
    assert small.dataset().sha256 == whole.sha256
    assert small.dataset(small.world()[:-1]).sha256 != whole.sha256


def test_a_subset_keeps_every_column_beside_its_row() -> None:
    whole = small.dataset()
    some = np.array([5, 3, 90])
    part = whole.subset(some)
    assert len(part) == 3
    np.testing.assert_array_equal(part.values, whole.values[some])
    np.testing.assert_array_equal(part.vectors, whole.vectors[some])
    assert (part.ngrams != whole.ngrams[some]).nnz == 0
    for name in ("target", "groups", "known_at"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[some])
