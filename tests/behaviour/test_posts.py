"""A file of posts from end to end: what becomes listings, what is refused, and that no contact is written anywhere."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from counterfoil.cli import main as cli
from tests.batch.jobs import lines
from tests.instances import served
from tests.model import small
from tests.suites.posts import contact, filled

KINDS = [
    "phone", "joined", "dots", "words", "keycaps", "leet", "bank", "holder", "fbname", "zaloid", "line", "tele", "hotline", "mail",
]  # fmt: skip
TEXT = (
    "HÀNG VỀ {phone1}\n1. Túi Gucci 350k, gọi {joined2}\n2. Giày Nike 450k zalo {dots3}\nSố {words4} hoặc {keycaps5} hoặc {leet6}\n"
    "STK {bank7} Vietcombank {holder7}\nFb: {fbname8}\n"
    "Nhóm zalo.me/g/{zaloid9}\nLine: {line1}\nTele @{tele2}\nHotline {hotline3}\nmail {mail4}"
)
PLACES = list(zip(KINDS, (1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 1, 2, 3, 4), strict=True))


def post(number: int, text: str, **more: str) -> dict[str, str]:
    return {
        "post_id": str(number), "author_id": "a1", "author": "Shop Ví Dụ", "text": text,
        "posted_at": "2026-11-20T08:00:00+07:00", "url": f"https://facebook.com/vidu/posts/{number}", **more,
    }  # fmt: skip


def secrets() -> list[str]:
    """Every contact of the file, in each spelling that somebody could search for."""
    found = [contact(kind, number) for kind, number in PLACES]
    for number in range(1, 10):
        digits = contact("joined", number)
        found += [digits, digits[1:], f"+84{digits[1:]}", contact("phone", number), contact("dots", number)]
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return lines(
        tmp_path / "posts.jsonl",
        post(1, filled(TEXT)),
        post(2, filled("Cần mua giày cũ, gọi {joined2}, fb: {fbname8}"), author_id=contact("joined", 5)),
        post(3, filled("Ví da 200k"), author_id=contact("joined", 6), url=f"https://zalo.me/{contact('joined', 7)}"),
        post(4, ""),
        ('{"post_id": "5", "text": "gọi ' + contact("phone", 8) + " " + contact("joined", 9)).encode(),
        post(1, filled(TEXT)),
    )


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli.app, arguments)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.slow
def test_no_contact_of_a_file_of_posts_is_written_anywhere(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "kept" / "var"))
    kept = tmp_path / "kept"
    said = run("ingest", str(file), "--mapping", "facebook-post", "--rejected", str(kept / "rejected.jsonl"))
    said += run(
        "score", str(file), "--mapping", "facebook-post", "--bundle", str(small.bundle_folder()), "--out",
        str(kept / "out"), "--store", f"sqlite:///{kept / 'scored.db'}", "--reasons", "all",
    )  # fmt: skip
    written = everything(kept)
    assert {
        "rejected.jsonl",
        "var/counterfoil.db",
        "out/report.json",
        "out/rejected.jsonl",
        "out/decisions.jsonl",
    } <= set(written)
    assert b"tel:k1:" in written["var/counterfoil.db"]
    assert "Túi Gucci".encode() in written["var/counterfoil.db"]
    escaped = {secret: json.dumps(secret)[1:-1] for secret in secrets()}
    heard = said.encode() + caplog.text.encode()
    leaks = [
        (name, secret)
        for secret, as_json in escaped.items()
        for name, content in {**written, "output": heard}.items()
        if secret.encode() in content or as_json.encode() in content
    ]
    assert not leaks


def test_every_post_is_accounted_for(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))
    rejected = tmp_path / "rejected.jsonl"
    said = run("ingest", str(file), "--mapping", "facebook-post", "--rejected", str(rejected))
    aside = [json.loads(line) for line in rejected.read_text().splitlines()]
    assert [(one["line"], one["cause"]) for one in aside] == [(2, "asks_to_buy"), (4, "empty_text"), (5, "bad_json")]
    assert "posts read: 6" in said
    assert "accepted: 3" in said
    assert "duplicates: 2" in said


@pytest.mark.slow
def test_a_scored_post_leaves_no_contact_in_the_store_the_journal_or_the_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    listing: dict[str, Any] = {
        "listing_id": f"facebook:{contact('joined', 1)}",
        "title": filled("Túi Gucci 350k gọi {words4}"),
        "description": filled(TEXT),
        "url": f"https://zalo.me/{contact('joined', 2)}",
        "mpn": contact("joined", 3),
        "attributes": {contact("joined", 4): filled("stk {bank7} {holder7} Vietcombank")},
        "images": [{"url": f"https://img.example/{contact('joined', 5)}.jpg"}],
    }
    seller = {"seller_id": f"zalo:{contact('joined', 6)}", "display_name": filled("Shop {dots7}")}
    with served(tmp_path) as service:
        answer = service.score(
            {"listing": listing, "seller": seller, "options": {"include": ["reasons:all", "checks"]}}
        )
        event = {
            "type": "listed",
            "event_id": "e1",
            "happened_at": "2026-11-20T08:00:00Z",
            "seller_id": seller["seller_id"],
        }
        assert service.observe({**event, "listing": listing, "seller": seller})["accepted"] == 1
        written = service.database_bytes()
    heard = written + json.dumps(answer, ensure_ascii=False).encode() + caplog.text.encode()
    assert "Túi Gucci".encode() in written
    assert answer["listing_id"].startswith("facebook:tel:k1:")
    assert not [secret for secret in secrets() if secret.encode() in heard]
