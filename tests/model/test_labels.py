from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import EVENT, Verdict
from counterfoil.knowledge.files import read_toml
from counterfoil.model.labels import Label, labels_at, quality

START = datetime(2026, 1, 1, tzinfo=UTC)
SOURCES = list(read_toml("label_sources.toml")["rank"])


def ruled(hour: int, label: str = "counterfeit", source: str = "moderator_review", **more: Any) -> Entry:
    at = START + timedelta(hours=hour)
    body = {
        "type": "verdict",
        "label_id": f"v{hour}",
        "target": {"type": "listing", "id": "l1"},
        "label": label,
        "source": source,
        "labelled_at": at.isoformat(),
        **more,
    }
    return Entry(at, EVENT.validate_python(body))


def label(*log: Entry) -> Label:
    return labels_at(log).by_listing["l1"]


def test_every_source_of_a_verdict_has_a_rank_and_nothing_else_has_one() -> None:
    known = Verdict.model_fields["source"].annotation
    assert set(SOURCES) == set(known.__args__)  # type: ignore[union-attr]


def test_what_is_known_later_than_the_cut_off_is_not_read_and_is_counted() -> None:
    log = [ruled(1, "genuine"), ruled(5)]
    found = labels_at(log, START + timedelta(hours=4))
    assert found.by_listing["l1"].target == 0
    assert found.account["verdicts_left_out"] == {"later_than_the_cut_off": 1}
    assert labels_at(log).by_listing["l1"].target == 1


def test_the_higher_source_decides_whenever_it_spoke() -> None:
    inspected = ruled(1, "genuine", "inspection_result")
    assert label(inspected, ruled(9)).target == 0
    assert label(ruled(0), inspected).source == "inspection_result"
    assert labels_at([inspected, ruled(9)]).account["conflicts_settled_by"] == {"source": 1}


def test_of_equal_sources_the_stronger_verdict_decides_and_then_the_later() -> None:
    assert label(ruled(1, "genuine", strength="confirmed"), ruled(2)).target == 0
    assert label(ruled(1, "genuine"), ruled(2)).target == 1
    account = labels_at([ruled(1, "genuine", strength="confirmed"), ruled(2)]).account
    assert account["conflicts_settled_by"] == {"strength": 1}
    assert labels_at([ruled(1, "genuine"), ruled(2)]).account["conflicts_settled_by"] == {"later": 1}


def test_a_verdict_that_was_replaced_is_not_heard_even_from_a_higher_source() -> None:
    assert label(ruled(1, source="inspection_result"), ruled(3, "genuine", supersedes="v1")).target == 0


def test_evidence_alone_makes_no_label() -> None:
    found = labels_at([ruled(1, source="customer_complaint"), ruled(2, source="weak_rule")])
    assert not found.by_listing
    assert found.account["verdicts_left_out"] == {"evidence_only": 1}


def test_a_verdict_on_a_seller_is_counted_and_not_spread_over_its_listings() -> None:
    found = labels_at([ruled(1, target={"type": "seller", "id": "l1"}), ruled(2, "unsure")])
    assert not found.by_listing
    assert found.account["verdicts_left_out"] == {"on_sellers": 1, "unsure": 1}


def test_a_label_keeps_how_its_listing_was_chosen_first() -> None:
    drawn = {"selection": {"mechanism": "random_audit", "propensity": 0.02}}
    found = label(ruled(1, "genuine", "random_audit", **drawn), ruled(5, source="inspection_result"))
    assert (found.mechanism, found.propensity) == ("random_audit", 0.02)
    assert found.look is not None
    assert (found.look.target, found.look.propensity) == (0, 0.02)
    assert found.found


def test_a_rights_holder_alone_does_not_settle_it() -> None:
    noticed = label(ruled(1, source="rights_holder_notice"))
    assert (noticed.target, noticed.found) == (1, False)
    assert 1 < noticed.odds < inf
    assert label(ruled(1, source="rights_holder_notice"), ruled(2)).odds < inf
    assert label(ruled(1, source="rights_holder_notice"), ruled(2, source="inspection_result")).odds == inf


def test_a_model_of_chosen_listings_alone_says_so() -> None:
    chosen: dict[str, Any] = {"selection": {"mechanism": "score_queue", "propensity": 1.0}}
    drawn: dict[str, Any] = {"selection": {"mechanism": "random_audit", "propensity": 0.1}}
    assert labels_at([ruled(1, **chosen)]).account["queue_only"]
    assert not labels_at([ruled(1, **drawn)]).account["queue_only"]
    assert not labels_at([]).account["queue_only"]


def test_the_quality_of_a_look_is_what_the_file_says_and_perfect_where_nobody_measured_it() -> None:
    assert quality("random_audit") == (0.9, 0.995)
    assert quality("inspection_result") == (1.0, 1.0)


@given(
    st.lists(
        st.tuples(st.sampled_from(SOURCES), st.sampled_from(["counterfeit", "genuine", "other_violation"])),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 5),
)
def test_a_label_at_a_cut_off_does_not_change_when_more_becomes_known(
    verdicts: list[tuple[str, str]], cut: int
) -> None:
    log = [ruled(hour, label, source) for hour, (source, label) in enumerate(verdicts)]
    cut_off = START + timedelta(hours=cut)
    assert labels_at(log, cut_off).by_listing == labels_at(log[: cut + 1]).by_listing


@pytest.mark.parametrize("source", ["inspection_result", "random_audit"])
def test_another_violation_is_neither_a_copy_nor_genuine(source: str) -> None:
    assert label(ruled(1, "other_violation", source)).target is None
