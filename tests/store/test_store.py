from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from sqlalchemy import text

from counterfoil.errors import BehindTheLog, Conflict, KnowledgeMismatch, SettingsError
from counterfoil.history.fold import Fold
from counterfoil.history.instants import moment
from counterfoil.ingest.entry import Entry, Finding, Subject
from counterfoil.store.codec import decode_entry, encode_entry
from counterfoil.store.store import Store
from tests.worlds import at, entries, listed, listing, subject, subjects, verdict


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'deep' / 'log.db'}")


@settings(max_examples=40, deadline=None)
@given(log=entries(), asked=subjects())
def test_the_store_knows_exactly_what_memory_knows(
    tmp_path_factory: pytest.TempPathFactory, log: list[Entry], asked: Subject
) -> None:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('s') / 'log.db'}")
    memory = Fold()
    for entry in log:
        memory.observe(entry)
    half = len(log) // 2
    store.append(log[:half])
    with store.snapshot() as snapshot:  # fills the cache with records that the second half changes
        snapshot.history.about(asked, at(400 * 720))
    store.append(log[half:])
    as_of = at(500 * 720)
    with store.snapshot() as snapshot:
        assert repr(snapshot.history.about(asked, as_of)) == repr(memory.about(asked, as_of))
        assert snapshot.head.seq == len(log)
    assert list(store.entries()) == log
    store.close()


@given(entries())
def test_an_entry_survives_its_encoding(log: list[Entry]) -> None:
    for entry in log:
        known_at = int(entry.known_at.timestamp()) * 1_000_000
        assert decode_entry(encode_entry(entry), known_at) == entry


def test_findings_are_kept_beside_the_event() -> None:
    entry = replace(listed(at(0), "s1", listing("l1")), findings=(Finding("title", 0, 3, "phone", "tel:k1:00"),))
    assert decode_entry(encode_entry(entry), int(at(0).timestamp()) * 1_000_000) == entry


def test_the_same_event_again_is_a_duplicate_and_another_body_a_conflict(store: Store) -> None:
    first = listed(at(0), "s1", listing("l1"), name="e1")
    assert store.append([first]).accepted == 1
    again = store.append([first, listed(at(5), "s1", listing("l1", price=7), name="e1")])
    assert again.duplicates == (0,)
    [(index, error)] = again.rejected
    assert index == 1
    assert isinstance(error, Conflict)
    with store.snapshot() as snapshot:
        assert snapshot.head.seq == 1


def test_an_event_behind_the_log_is_refused_and_the_others_are_kept(store: Store) -> None:
    store.append([listed(at(10), "s1", listing("l1"))])
    done = store.append([listed(at(9), "s1", listing("l2")), listed(at(11), "s1", listing("l3"))])
    assert done.accepted == 1
    assert isinstance(done.rejected[0][1], BehindTheLog)


def test_a_clock_that_lags_is_lifted_to_the_end_of_the_log(store: Store) -> None:
    store.append([listed(at(10), "s1", listing("l1"))])
    assert store.append([listed(at(9), "s1", listing("l2"))], not_before_head=True).accepted == 1
    assert [entry.known_at for entry in store.entries()] == [at(10), at(10)]


def test_the_head_says_which_instant_reads_everything(store: Store) -> None:
    now = at(100)
    with store.snapshot() as snapshot:
        assert snapshot.head.as_of(now) == now
    store.append([listed(at(10), "s1", listing("l1"))])
    with store.snapshot() as snapshot:
        assert snapshot.head.as_of(now) == at(10)
    store.append([verdict(at(20), "v1", "l1")])
    with store.snapshot() as snapshot:
        as_of = snapshot.head.as_of(now)
        assert as_of == moment(snapshot.head.known_at + 1)
        assert snapshot.history.about(subject(listing("l2"), "s1"), as_of).seller.verdicts.counterfeit == 1
        assert snapshot.head.as_of(at(20)) == at(20)


def test_a_reader_sees_one_moment_while_a_writer_goes_on(store: Store) -> None:
    store.append([listed(at(0), "s1", listing("l1"))])
    with store.snapshot() as snapshot:
        store.append([listed(at(1), "s1", listing("l2"))])
        assert snapshot.history.about(subject(listing("l9"), "s1"), at(5)).seller.listings_total == 1
    with store.snapshot() as snapshot:
        assert snapshot.history.about(subject(listing("l9"), "s1"), at(5)).seller.listings_total == 2


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def crash() -> None:
        with store.writing() as writer:
            writer.append([listed(at(0), "s1", listing("l1"))])
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        crash()
    with store.snapshot() as snapshot:
        assert snapshot.head.seq == 0
        assert snapshot.history.about(subject(listing("l9"), "s1"), at(5)).seller.listings_total == 0


def test_a_store_folded_under_other_knowledge_is_refused_until_it_is_rebuilt(store: Store) -> None:
    store.append([listed(at(0), "s1", listing("l1")), verdict(at(1), "v1", "l1")])
    with store._writer.begin() as connection:
        connection.execute(text("UPDATE head SET knowledge = 'older'"))
        connection.execute(text("DELETE FROM records"))
    with pytest.raises(KnowledgeMismatch, match="counterfoil db rebuild"), store.snapshot():
        pass
    assert store.rebuild() == 2
    with store.snapshot() as snapshot:
        assert snapshot.history.about(subject(listing("l9"), "s1"), at(5)).seller.verdicts.counterfeit == 1


def test_the_journal_gives_back_what_was_recorded(store: Store) -> None:
    row = {"score_id": "scr_1", "evaluated_at": 1, "log_seq": 0, "listing_id": None, "seller_id": "s1"}
    row |= {"request": "{}", "features": "[]", "answer": "{}"}
    store.record([row])
    assert store.journalled("scr_1") == row
    assert store.journalled("scr_2") is None


@pytest.mark.parametrize("url", ["nonsense", "postgresql://localhost/x", "sqlite://"])
def test_a_store_that_cannot_be_opened_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(SettingsError, match="expected"):
        Store(url)
