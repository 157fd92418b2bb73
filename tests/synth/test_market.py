"""The simulated market keeps the contract, its own figures, and the order in which things become known."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import orjson
import pytest

from counterfoil.errors import BadInput
from counterfoil.ingest.events import EVENT, event_id
from counterfoil.ingest.schema import ScoreRequest
from counterfoil.knowledge.categories import category_of
from counterfoil.synth.accounts import accounts
from counterfoil.synth.dice import streams
from counterfoil.synth.goods import catalogue
from counterfoil.synth.labels import cases
from counterfoil.synth.offers import offers
from counterfoil.synth.write import Market, simulate, write_market, write_sample


@pytest.fixture(scope="module")
def small() -> Market:
    return simulate(500, seed=7)


@pytest.fixture(scope="module")
def large() -> Market:
    return simulate(10_000, seed=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def about(event: dict[str, Any]) -> str | None:
    if event["type"] == "listed":
        return str(event["listing"]["listing_id"])
    if event.get("target", {}).get("type") == "listing":
        return str(event["target"]["id"])
    return event.get("listing_id")


def guilt(market: Market) -> list[bool]:
    return [row["counterfeit"] for row in market.truth]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_market(400, seed, tmp_path / name)
    for file in ("listings.jsonl", "events.jsonl", "truth.jsonl"):
        first, again, other = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert first == again
        assert first != other


def test_districts_make_one_log_in_order_with_ids_of_its_own(tmp_path: Path) -> None:
    written = write_market(500, 3, tmp_path, at_once=120)
    log = [orjson.loads(line) for line in (tmp_path / "events.jsonl").read_bytes().splitlines()]
    assert (written.listings, written.events) == (500, len(log))
    assert [event["known_at"] for event in log] == sorted(event["known_at"] for event in log)
    names = [event.get("event_id") or event["label_id"] for event in log]
    assert len(set(names)) == len(names)
    bodies = [orjson.loads(line) for line in (tmp_path / "listings.jsonl").read_bytes().splitlines()]
    truth = [orjson.loads(line) for line in (tmp_path / "truth.jsonl").read_bytes().splitlines()]
    assert [body["listing"]["listing_id"] for body in bodies] == [row["listing_id"] for row in truth]
    assert len({row["listing_id"] for row in truth}) == 500


def test_files_and_memory_hold_the_same_market(tmp_path: Path, small: Market) -> None:
    write_market(500, 7, tmp_path)
    for name, records in (("listings", small.listings), ("events", small.events), ("truth", small.truth)):
        lines = (tmp_path / f"{name}.jsonl").read_bytes().splitlines()
        assert [orjson.loads(line) for line in lines] == orjson.loads(orjson.dumps(records))


def test_a_market_four_times_as_large_needs_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    write_market(600, 5, tmp_path, at_once=75)  # tables that are read and kept once
    for listings in (150, 600):
        tracemalloc.start()
        write_market(listings, 5, tmp_path, at_once=75)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    print(f"peak bytes: {peaks}")
    assert peaks[1] < 1.4 * peaks[0]


def test_about_one_report_in_twenty_is_a_rivals() -> None:
    chance = streams(4)
    offered = list(offers(accounts(6_000, 4, chance), chance))
    found = cases(offered, [""] * len(offered), chance.labels)
    rivals, reports = sum(case.rival for case in found), sum(len(case.complaints) for case in found)
    print(f"{rivals} of {reports} reports are untrue")
    assert 0.025 < rivals / reports < 0.08
    assert all(not case.rival for case in found if any(finding.offer.fake for finding in case.findings))


def test_only_whole_files_are_left_behind(tmp_path: Path) -> None:
    write_market(50, 0, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.jsonl", "listings.jsonl", "truth.jsonl"]
    assert len((tmp_path / "listings.jsonl").read_bytes().splitlines()) == 50


def test_no_listings_or_a_negative_seed_is_refused() -> None:
    for listings, seed in ((0, 0), (10, -1)):
        with pytest.raises(BadInput, match="expected at least"):
            simulate(listings, seed)


def test_every_line_is_valid_against_the_contract(small: Market) -> None:
    for body in small.listings:
        ScoreRequest.model_validate(body)
    for event in small.events:
        EVENT.validate_python({name: value for name, value in event.items() if name != "known_at"})


def test_every_event_and_every_listing_has_an_id_of_its_own(large: Market) -> None:
    ids = [event.get("event_id") or event["label_id"] for event in large.events]
    assert len(set(ids)) == len(ids)
    assert len({body["listing"]["listing_id"] for body in large.listings}) == 10_000
    verdict = next(event for event in large.events if event["type"] == "verdict")
    assert event_id(EVENT.validate_python({k: v for k, v in verdict.items() if k != "known_at"})) == verdict["label_id"]


def test_the_listings_are_the_first_sightings_of_the_log_in_its_order(small: Market) -> None:
    first: dict[str, dict[str, Any]] = {}
    for event in small.events:
        if event["type"] == "listed":
            first.setdefault(event["listing"]["listing_id"], {"listing": event["listing"], "seller": event["seller"]})
    assert list(first.values()) == small.listings
    assert [body["listing"]["listing_id"] for body in small.listings] == [row["listing_id"] for row in small.truth]


def test_the_log_is_in_order_of_what_became_known_and_stays_in_its_time(large: Market) -> None:
    known = [at(event["known_at"]) for event in large.events]
    assert known == sorted(known)
    assert known[0] >= datetime(2025, 5, 1, tzinfo=UTC)
    assert known[-1] < datetime(2026, 11, 1, tzinfo=UTC)


def test_nothing_is_known_before_it_happened(large: Market) -> None:
    for event in large.events:
        assert at(event["known_at"]) > at(event.get("happened_at") or event["labelled_at"])
    for body in large.listings:
        created, registered = body["listing"].get("created_at"), body["seller"].get("registered_at")
        assert created is None or at(created) <= at(body["listing"]["observed_at"])
        assert registered is None or at(registered) <= at(body["listing"]["observed_at"])


def test_no_event_of_a_listing_comes_before_it_is_listed(large: Market) -> None:
    listed: set[str | None] = set()
    for event in large.events:
        if event["type"] == "listed":
            listed.add(about(event))
        elif event["type"] != "seller" and event.get("target", {}).get("type") != "seller":
            assert about(event) in listed


def test_no_listing_is_seen_again_after_it_is_gone(large: Market) -> None:
    gone = {event["listing_id"]: at(event["happened_at"]) for event in large.events if event["type"] == "delisted"}
    for event in large.events:
        if event["type"] == "listed":
            left = gone.get(event["listing"]["listing_id"])
            assert left is None or at(event["happened_at"]) <= left


def test_some_listings_are_seen_again_at_another_price(large: Market) -> None:
    sightings: dict[str, list[str]] = {}
    for event in large.events:
        if event["type"] == "listed" and "price" in event["listing"]:
            sightings.setdefault(event["listing"]["listing_id"], []).append(event["listing"]["price"]["amount"])
    again = [prices for prices in sightings.values() if len(prices) > 1]
    assert 0.06 < len(again) / 10_000 < 0.14
    assert mean(prices[0] != prices[1] for prices in again) > 0.8


def test_the_counts_of_a_seller_only_grow(large: Market) -> None:
    last: dict[str, tuple[int, int]] = {}
    for event in large.events:
        seller = event.get("seller", {})
        if "rating_counts" in seller.get("stats", {}) and "listing_count" in seller["stats"]:
            stats = seller["stats"]
            now = (sum(stats["rating_counts"].values()), stats["listing_count"])
            before = last.get(seller["seller_id"], (0, 0))
            assert now[0] >= before[0]
            assert now[1] >= before[1]
            last[seller["seller_id"]] = now


def test_labels_come_late_by_named_ways_and_some_are_corrected(large: Market) -> None:
    verdicts = [event for event in large.events if event["type"] == "verdict"]
    assert all(at(verdict["known_at"]) > at(verdict["effective_at"]) for verdict in verdicts)
    mechanisms = {verdict["selection"]["mechanism"] for verdict in verdicts}
    assert mechanisms == {"complaint", "external", "random_audit", "score_queue"}
    assert all("propensity" in verdict["selection"] for verdict in verdicts if verdict["source"] == "random_audit")
    ids = {verdict["label_id"] for verdict in verdicts}
    corrections = [verdict["supersedes"] for verdict in verdicts if "supersedes" in verdict]
    assert corrections
    assert set(corrections) <= ids


def test_about_a_quarter_of_fakes_are_labelled_in_a_month_and_half_in_three(large: Market) -> None:
    end = datetime(2026, 11, 1, tzinfo=UTC)
    seen = {body["listing"]["listing_id"]: at(body["listing"]["observed_at"]) for body in large.listings}
    first: dict[str, datetime] = {}
    for event in large.events:
        if event["type"] == "verdict":
            first.setdefault(event["target"]["id"], at(event["known_at"]))
    shares = {}
    for days in (30, 90):
        fakes = [
            row["listing_id"]
            for row in large.truth
            if row["counterfeit"] and (end - seen[row["listing_id"]]).days > days
        ]
        shares[days] = mean(name in first and (first[name] - seen[name]).days < days for name in fakes)
    print(f"labelled within 30 and 90 days: {shares}")
    assert 0.20 < shares[30] < 0.35
    assert 0.38 < shares[90] < 0.52


def test_few_verdicts_are_wrong_and_most_of_those_hit_hand_carried_goods(large: Market) -> None:
    truth = {row["listing_id"]: row for row in large.truth}
    guilty = [
        event["target"]["id"]
        for event in large.events
        if event["type"] == "verdict" and event["label"] == "counterfeit"
    ]
    wrong = [truth[name]["actor"] for name in guilty if not truth[name]["counterfeit"]]
    print(f"wrong among counterfeit verdicts: {len(wrong)} of {len(guilty)}")
    assert 0.01 < len(wrong) / len(guilty) < 0.20
    assert wrong.count("grey_importer") > len(wrong) / 3


def test_the_share_of_fakes_is_that_of_the_actors(large: Market) -> None:
    print(f"prevalence: {mean(guilt(large)):.4f}")
    assert 0.037 < mean(guilt(large)) < 0.053


def without_facts(rows: Sequence[dict[str, Any]]) -> list[bool]:
    return [not {"registered_at", "stats"} & row["seller"].keys() for row in rows]


def test_missing_fields_are_as_common_as_in_crawls_and_say_nothing_about_guilt(large: Market) -> None:
    bare = without_facts(large.listings)
    print(f"listings without facts about the seller: {mean(bare):.3f}")
    assert 0.40 < mean(bare) < 0.60
    fakes = [hidden for hidden, guilty in zip(bare, guilt(large), strict=True) if guilty]
    assert abs(mean(fakes) - mean(bare)) < 0.15  # whole accounts come with or without, so this is a loose bound
    for field, share in (("description", 0.375), ("category_path", 0.10), ("created_at", 0.36), ("stats", 0.36)):
        assert abs(mean(field not in body["listing"] for body in large.listings) - share) < 0.05
    no_brand = mean(body["listing"].get("brand") in (None, "OEM", "No Brand") for body in large.listings)
    assert 0.50 < no_brand < 0.75


def test_accounts_that_come_back_share_contacts(large: Market) -> None:
    sellers: dict[str, set[str]] = {}
    for body in large.listings:
        for contact in body["seller"].get("contact_hashes", ()):
            sellers.setdefault(contact, set()).add(body["seller"]["seller_id"])
    assert sum(len(accounts) > 1 for accounts in sellers.values()) >= 5


def test_paths_mean_the_categories_of_their_shelves() -> None:
    shelves = catalogue().shelves.values()
    meant = [
        category_of(platform, path) == shelf.category
        for shelf in shelves
        for platform, paths in shelf.paths.items()
        for path in paths
    ]
    assert mean(meant) >= 0.90


def test_the_sample_is_small_and_holds_no_truth(tmp_path: Path) -> None:
    write_sample(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.jsonl", "listings.jsonl"]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 1_000_000
    line = (tmp_path / "listings.jsonl").read_bytes().splitlines()[0]
    assert set(orjson.loads(line)) == {"listing", "seller"}


def test_the_shipped_sample_is_what_the_code_writes(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "data" / "sample"
    write_sample(tmp_path)
    for file in ("listings.jsonl", "events.jsonl"):
        assert (tmp_path / file).read_bytes() == (shipped / file).read_bytes(), (
            "run `write_sample(Path('data/sample'))`"
        )
