from __future__ import annotations

import gzip
import os
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.errors import CounterfoilError, MappingError, UnreadableFile
from counterfoil.ingest.events import Listed
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.mapping import load_mapping, parse_mapping
from counterfoil.ingest.schema import Listing, Seller
from counterfoil.ingest.source import Accepted, AcceptedEvent, Duplicate, Rejected, read_events, read_listings

KEY = ContactKey("k3", b"a key for tests")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BARE = "0900" + "000001"
SIMPLE = parse_mapping(
    'about = "t"\nknown_at = "at"\n[file]\nformat = "csv"\ntime_zone = "UTC"\n[ids]\n"listing.listing_id" = "x:{id}"\n'
    '[constants]\n"listing.price.currency" = "VND"\n[fields]\n"listing.title" = "name"\n"listing.price.amount" = "price"\n'
    '"seller.seller_id" = "shop"\n"seller.contacts" = { columns = { phone = "call" } }',
    "simple",
)
HEADER = "id,name,price,shop,call,at\n"


def listings(path: Path, mapped: bool = False) -> list[Accepted | Duplicate | Rejected]:
    return list(read_listings(path, mapping=SIMPLE if mapped else None, key=KEY, now=NOW, default_known_at=NOW))


def lines(tmp_path: Path, *bodies: object) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(body if isinstance(body, bytes) else orjson.dumps(body) for body in bodies))
    return path


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    return path


def outcome(row: Accepted | AcceptedEvent | Duplicate | Rejected) -> str:
    return row.cause if isinstance(row, Rejected) else type(row).__name__


BAD: list[tuple[object, str]] = [
    (b'{"listing": ', "bad_json"),
    (b"[]", "not_an_object"),
    (b'{"listing": {"title": "caf\xe9"}}', "bad_encoding"),
    (b'{"listing": {"title": "\\ud800"}}', "lone_surrogate"),
    ({"listing": {}}, "missing_title"),
    ({"listing": {"title": ""}}, "missing_title"),
    ({}, "missing_listing"),
    ({"listing": {"title": "a", "price": {"amount": "-1", "currency": "VND"}}}, "negative_price"),
    ({"listing": {"title": "a", "price": {"amount": "1", "currency": "XYZ"}}}, "unknown_currency"),
    ({"listing": {"title": "a", "observed_at": "2026-01-01T00:00:00"}}, "naive_time"),
    ({"listing": {"title": "a", "observed_at": "2027-01-01T00:00:00Z"}}, "future_time"),
    (
        {"listing": {"title": "a", "observed_at": "2026-01-01T00:00:00Z", "created_at": "2026-02-01T00:00:00Z"}},
        "future_time",
    ),
    ({"listing": {"title": "a", "colour": "red"}}, "unknown_field"),
    ({"listing": {"title": "a" * 10_000_000}}, "too_long"),
    ({"listing": {"title": "a\x00b"}}, "nul_byte"),
    ({"listing": {"title": "a", "attributes": {"x": "\x00"}}}, "nul_byte"),
    ({"listing": {"title": "a", "stats": {"sold_count": -1}}}, "invalid"),
]


@pytest.mark.parametrize(("bad", "cause"), BAD, ids=[f"{number}-{cause}" for number, (_, cause) in enumerate(BAD)])
def test_a_bad_line_is_counted_by_cause_and_the_good_ones_are_kept(tmp_path: Path, bad: object, cause: str) -> None:
    good = {"listing": {"title": "Giày", "listing_id": "1"}}
    read = listings(lines(tmp_path, good, bad, {"listing": {"title": "Dép"}}))
    assert [outcome(row) for row in read] == ["Accepted", cause, "Accepted"]
    assert isinstance(read[1], Rejected)
    assert read[1].line == 2
    assert len(orjson.dumps(read[1].row)) < 20_000


def test_a_line_is_known_when_it_was_observed_else_by_default(tmp_path: Path) -> None:
    read = listings(
        lines(tmp_path, {"listing": {"title": "a", "observed_at": "2026-01-01T00:00:00Z"}}, {"listing": {"title": "a"}})
    )
    assert [row.known_at for row in read if isinstance(row, Accepted)] == [datetime(2026, 1, 1, tzinfo=UTC), NOW]


def test_the_same_again_is_a_duplicate_and_a_change_is_a_re_sighting(tmp_path: Path) -> None:
    first = {"listing": {"listing_id": "1", "title": "a", "attributes": {"x": 1, "y": 2}}}
    turned = {"listing": {"attributes": {"y": 2, "x": 1}, "title": "a", "listing_id": "1"}}
    read = listings(lines(tmp_path, first, turned, {"listing": {"listing_id": "1", "title": "b"}}, first))
    assert [outcome(row) for row in read] == ["Accepted", "Duplicate", "Accepted", "Duplicate"]
    assert [row.of_line for row in read if isinstance(row, Duplicate)] == [1, 1]


def test_two_texts_that_differ_in_their_masked_phone_alone_are_not_the_same(tmp_path: Path) -> None:
    bodies = [{"listing": {"title": f"Giày {BARE[:-1]}{last}"}} for last in (1, 2)]
    assert [outcome(row) for row in listings(lines(tmp_path, *bodies))] == ["Accepted", "Accepted"]


def test_the_rows_of_a_table_end_in_one_outcome_each(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        f"1,Giày,390000,s,{BARE},2026-11-01",
        f"1,Giày,390000,s,{BARE},2026-11-01",
        f"2,Giày,abc,s,{BARE},2026-11-01",
        "3,Giày,1,s",
        "4,,1,s,,2026-11-01",
        "5,Giày,-1,s,,2026-11-01",
        "6,Giày,1,s,,2026-12-01",
        "7,Giày,1.5,s,,2026-11-01",
        "8,Giày,1,s,,",
    )
    read = listings(path, mapped=True)
    assert [(row.line, outcome(row)) for row in read] == [
        (2, "Accepted"),
        (3, "Duplicate"),
        (4, "invalid_price"),
        (5, "wrong_field_count"),
        (6, "missing_title"),
        (7, "negative_price"),
        (8, "future_time"),
        (9, "invalid_price"),
        (10, "invalid_time"),
    ]
    assert "column 'price'" in next(
        row.detail for row in read if isinstance(row, Rejected) and row.cause == "negative_price"
    )
    assert BARE not in str(read)


def test_a_table_needs_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="mapping draft"):
        listings(table(tmp_path))


def test_a_file_without_a_telling_name_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.dat"
    path.write_text("x")
    with pytest.raises(UnreadableFile, match="rename"):
        listings(path)


def test_a_truncated_file_gives_its_whole_rows_before_it_breaks(tmp_path: Path) -> None:
    whole = b"\n".join(
        orjson.dumps({"listing": {"title": f"a {number} {number * 7919 % 1013}"}}) for number in range(5_000)
    )
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(whole)
    path.write_bytes(packed[: len(packed) * 2 // 3])
    read: list[Accepted | Duplicate | Rejected] = []
    with pytest.raises(UnreadableFile):
        read.extend(read_listings(path, mapping=None, key=KEY, now=NOW, default_known_at=NOW))


def test_parquet_and_json_lines_take_a_mapping_too(tmp_path: Path) -> None:
    values: dict[str, list[Any]] = {
        "id": [1], "name": ["Giày"], "price": [390000.0], "shop": ["s"], "call": [None], "at": [datetime(2026, 11, 1, tzinfo=UTC)],
    }  # fmt: skip
    pq.write_table(pa.table(values), tmp_path / "a.parquet")
    first = listings(tmp_path / "a.parquet", mapped=True)[0]
    second = listings(
        lines(tmp_path, {"id": 1, "name": "Giày", "price": 390000, "shop": "s", "at": "2026-11-01T00:00:00Z"}), True
    )[0]
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.body_sha == second.body_sha


DELISTED = {"type": "delisted", "event_id": "e1", "happened_at": "2026-11-01T00:00:00Z", "listing_id": "1"}


def test_events_are_read_with_the_time_they_became_known(tmp_path: Path) -> None:
    path = lines(
        tmp_path,
        {**DELISTED, "known_at": "2026-11-02T00:00:00Z"},
        DELISTED,
        {**DELISTED, "known_at": "2026-11-02T00:00:00"},
        {**DELISTED, "known_at": "2027-11-02T00:00:00Z"},
        {**DELISTED, "known_at": "2026-10-02T00:00:00Z"},
        {**DELISTED, "known_at": "2026-11-02T00:00:00Z", "type": "gone"},
        {**DELISTED, "known_at": "2026-11-02T00:00:00Z", "who": "x"},
        b"{",
    )
    read = list(read_events(path, key=KEY, now=NOW))
    assert [outcome(row) for row in read] == [
        "AcceptedEvent", "missing_known_at", "naive_time", "future_time", "future_time", "unknown_type", "unknown_field",
        "bad_json",
    ]  # fmt: skip
    assert isinstance(read[0], AcceptedEvent)
    assert read[0].entry.known_at == datetime(2026, 11, 2, tzinfo=UTC)


def test_the_rows_of_a_table_become_listed_events_with_lasting_ids(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "1,Giày,1,s,,2026-11-01",
        "1,Giày,2,s,,2026-11-01",
        "1,Giày,1,s,,2026-11-01",
        ",Giày,1,s,,2026-11-01",
        "1,x,1,,,2026-11-01",
    )
    read = [list(read_events(path, key=KEY, now=NOW, mapping=SIMPLE)) for _ in range(2)]
    assert read[0] == read[1]
    assert [outcome(row) for row in read[0]] == [
        "AcceptedEvent", "AcceptedEvent", "Duplicate", "missing_listing_id", "missing_seller_id",
    ]  # fmt: skip
    events = [row.entry.event for row in read[0] if isinstance(row, AcceptedEvent)]
    assert all(isinstance(event, Listed) for event in events)
    assert len({event.event_id for event in events}) == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    *Listing.model_fields,
    *Seller.model_fields,
    "listing",
    "seller",
    "options",
    "type",
    "event_id",
    "known_at",
    "happened_at",
]
BLOCK = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6)


@given(
    st.lists(
        BLOCK | st.fixed_dictionaries({"listing": BLOCK, "seller": BLOCK, "type": st.just("listed")}),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_json_comes_each_line_has_one_outcome(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[Any]
) -> None:
    path = lines(tmp_path_factory.mktemp("json"), *bodies)
    for read in (listings(path), list(read_events(path, key=KEY, now=NOW))):
        assert [row.line for row in read] == list(range(1, len(bodies) + 1))
        orjson.dumps([(row.cause, row.detail, row.row) for row in read if isinstance(row, Rejected)])


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.jsonl", "a.parquet", "a.csv.gz"]), st.booleans())
def test_whatever_bytes_come_the_error_is_one_of_ours(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str, begun: bool
) -> None:
    start = (
        {"a.csv": HEADER.encode(), "a.parquet": b"PAR1", "a.csv.gz": b"\x1f\x8b\x08"}.get(name, b"") if begun else b""
    )
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(start + content)
    with suppress(CounterfoilError):
        read = listings(path, mapped=True)
        orjson.dumps([(row.cause, row.detail, row.row) for row in read if isinstance(row, Rejected)])


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("tiki", "tiki/vietnamese_tiki_products_men_shoes.csv"),
        ("tiki", "tiki/vietnamese_tiki_products_women_bags.csv"),
        ("tiki", "tiki/vietnamese_tiki_products_women_shoes.csv"),
        ("shopee-tw", "shopee-tw/listings.csv"),
    ],
)
def test_at_least_99_percent_of_a_real_crawl_is_accepted(name: str, file: str) -> None:
    folder = os.environ.get("COUNTERFOIL_DATA")
    if not folder:
        pytest.skip("needs COUNTERFOIL_DATA, the folder with the crawls that are not part of the repository")
    path = Path(folder) / file
    counts = Counter(
        outcome(row) for row in read_listings(path, mapping=load_mapping(name), key=KEY, now=NOW, default_known_at=NOW)
    )
    assert counts["Accepted"] >= 0.99 * counts.total(), counts
