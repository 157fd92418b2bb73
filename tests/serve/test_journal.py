"""The journal of served decisions: exactly what was answered, only when wanted, and never a contact."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from tests.instances import Served, fake_phone


def rows(service: Served) -> int:
    with sqlite3.connect(service.database) as connection:
        count: int = connection.execute("select count(*) from journal").fetchone()[0]
    connection.close()
    return count


def body(record: bool) -> dict[str, Any]:
    return {"listing": {"title": "Túi vải canvas trơn", "listing_id": "l1"}, "options": {"record": record}}


def spellings(number: int) -> list[bytes]:
    """The ways in which a fake phone could have been written down."""
    spaced = fake_phone(number)
    joined = spaced.replace(" ", "")
    return [text.encode() for text in (spaced, joined, joined[1:], f"+84{joined[1:]}")]


def test_the_warm_up_is_not_journalled(service: Served) -> None:
    assert rows(service) == 0


def test_a_request_that_asks_not_to_be_recorded_leaves_no_row(service: Served) -> None:
    answer = service.score(body(record=False))
    assert rows(service) == 0
    assert service.instance.store.journalled(answer["score_id"]) is None


def test_exactly_what_was_answered_is_journalled(service: Served) -> None:
    answer = service.score(body(record=True))
    row = service.instance.store.journalled(answer["score_id"])
    assert row is not None
    assert json.loads(row["answer"]) == answer
    assert row["listing_id"] == "l1"
    assert row["log_seq"] == answer["log_seq"]
    assert json.loads(row["request"])["listing"]["title"] == "Túi vải canvas trơn"
    assert len(json.loads(row["features"])) == len(service.instance.bundle.columns.names)
    assert rows(service) == 1


def test_a_refused_request_is_not_journalled(service: Served) -> None:
    assert service.post("/v1/score", {"listing": {"title": " "}}).status_code == 422
    assert rows(service) == 0


def test_no_raw_contact_reaches_the_database_the_answer_or_the_logs(
    service: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    marker = "Vải hoa nhí bảy mươi bảy"
    listing = {
        "listing_id": "l1",
        "title": f"{marker} lh {fake_phone(1)}",
        "description": f"Zalo: {fake_phone(2)}",
        "brand": f"Zalo {fake_phone(3)}",
        "ships_from": f"Hà Nội, gọi {fake_phone(4)}",
        "attributes": {"note": [f"sđt {fake_phone(5)}"]},
    }
    seller = {
        "seller_id": "s1",
        "display_name": f"Shop {fake_phone(6)}",
        "contacts": [{"kind": "phone", "value": fake_phone(7)}],
    }
    include = ["reasons:all", "checks", "features", "contributions"]
    answer = service.score({"listing": listing, "seller": seller, "options": {"include": include}})
    event = {"type": "listed", "event_id": "e1", "happened_at": "2026-11-20T08:00:00Z", "seller_id": "s1"}
    assert service.observe({**event, "listing": listing, "seller": seller})["accepted"] == 1
    written = service.database_bytes()
    assert written.count(marker.encode()) >= 2
    assert b"tel:k1:" in written
    everything = written + json.dumps(answer, ensure_ascii=False).encode() + caplog.text.encode()
    for number in range(1, 8):
        for spelling in spellings(number):
            assert spelling not in everything
