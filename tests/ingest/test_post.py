from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.errors import BadInput, MappingError
from counterfoil.ingest.intake import ContactKey, safe_id
from counterfoil.ingest.mapping import load_mapping, parse_mapping
from counterfoil.ingest.post import offers
from counterfoil.ingest.source import Accepted, Duplicate, Rejected, read_listings
from tests.suites.posts import contact, filled

KEY = ContactKey("k3", b"a key for tests, thirty-two bytes")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIST = "Hàng về\n1. Áo thun Adidas 150k\n2. Giày Nike like new 450k\nZalo: {phone1}"


def read(tmp_path: Path, *texts: str) -> list[Accepted | Duplicate | Rejected]:
    file = tmp_path / "posts.jsonl"
    rows = [{"post_id": f"p{n}", "author_id": "a1", "text": text} for n, text in enumerate(texts)]
    file.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return list(read_listings(file, mapping=load_mapping("facebook-post"), key=KEY, now=NOW, default_known_at=NOW))


def test_a_post_of_two_things_is_two_listings_with_ids_of_their_own(tmp_path: Path) -> None:
    first, second = read(tmp_path, filled(LIST))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert (first.line, second.line) == (1, 1)
    one, two = first.subject.listing, second.subject.listing
    assert (one.listing_id, two.listing_id) == ("facebook:p0#1", "facebook:p0#2")
    assert (one.title, two.title) == ("Áo thun Adidas", "Giày Nike like new")
    assert [int(part.price.amount) for part in (one, two) if part.price] == [150_000, 450_000]
    assert (one.brand, two.brand, two.condition, two.channel) == ("Adidas", "Nike", "used", "post")


def test_a_listing_keeps_the_lines_of_all_and_not_those_of_the_others(tmp_path: Path) -> None:
    first, second = (
        one.subject.listing.description or "" for one in read(tmp_path, filled(LIST)) if isinstance(one, Accepted)
    )
    assert "Hàng về" in first
    assert "Hàng về" in second
    assert "Giày" not in first
    assert "Áo thun" not in second


def test_every_field_says_where_in_the_post_it_stands_and_how_sure_it_is(tmp_path: Path) -> None:
    text = filled(LIST)
    for row in read(tmp_path, text):
        assert isinstance(row, Accepted)
        told = row.subject.listing.attributes["post"]
        assert told["of"] == 2
        for field in told["fields"].values():
            assert text[slice(*field["span"])] == field["quote"]
            assert 0 < field["confidence"] < 1


def test_contacts_of_a_post_become_hashes_of_its_seller_and_findings_in_its_text(tmp_path: Path) -> None:
    for row in read(tmp_path, filled(LIST)):
        assert isinstance(row, Accepted)
        subject = row.subject
        assert subject.seller is not None
        assert subject.seller.contact_hashes == (KEY.hash("phone", contact("phone", 1)),)
        (finding,) = subject.findings
        assert finding.field == "description"
        assert set((subject.listing.description or "")[finding.start : finding.end]) == {"•"}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "empty_text"), ("🔥🔥", "empty_text"), ("Cần mua giày Nike cũ", "asks_to_buy"),
        ("Tuyển nhân viên bán hàng, lương tốt", "hires"),
        ("Chúc cả nhà buổi tối vui vẻ", "nothing_offered"),
    ],
)  # fmt: skip
def test_a_post_that_offers_nothing_is_refused_by_cause(tmp_path: Path, text: str, cause: str) -> None:
    (row,) = read(tmp_path, text)
    assert isinstance(row, Rejected)
    assert row.cause == cause


def test_the_same_post_again_is_a_duplicate_of_each_of_its_offers(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    row = orjson.dumps({"post_id": "p", "author_id": "a", "text": filled(LIST)}) + b"\n"
    file.write_bytes(row + row)
    found = list(read_listings(file, mapping=load_mapping("facebook-post"), key=KEY, now=NOW, default_known_at=NOW))
    assert [type(one) for one in found] == [Accepted, Accepted, Duplicate, Duplicate]


def test_a_mapping_of_posts_may_not_name_what_is_read_from_the_text() -> None:
    text = 'about = "t"\n[file]\nformat = "csv"\ntime_zone = "UTC"\n[fields]\n"listing.title" = "name"\n[post]\ncolumn = "text"'
    with pytest.raises(MappingError, match=r"listing\.title"):
        parse_mapping(text, "posts")


@pytest.mark.parametrize("kind", ["joined", "mail"])
def test_an_id_that_is_a_contact_is_kept_as_its_hash(kind: str) -> None:
    safe = safe_id(f"zalo:{contact(kind, 1)}", KEY)
    assert safe.startswith("zalo:")
    assert contact(kind, 1) not in safe
    assert safe != safe_id(f"zalo:{contact(kind, 2)}", KEY)


@pytest.mark.parametrize(
    "identifier", ["tiki:84912345", "shopee:178926468.21448123670", "facebook:pfbid02abcXYZ", "page.shop"]
)
def test_an_id_that_is_no_contact_stays_as_it_is(identifier: str) -> None:
    assert safe_id(identifier, KEY) == identifier


TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
        st.sampled_from(["Áo thun 150k", "\n1. ", "\n- ", "Túi Gucci", "giá 3xx", "đồng giá 99k", "\n",
            f"\ngọi {contact('phone', 1)}\n", "ba trăm năm chục", "mẫu 2 ", "✅"]),
    ),
    max_size=12,
).map("".join)  # fmt: skip


@pytest.mark.slow
@given(TEXTS, st.booleans())
def test_whatever_a_post_says_its_fields_stand_where_they_are_said_to_stand(text: str, spoken: bool) -> None:
    body: dict[str, Any] = {"listing": {"listing_id": "x"}}
    try:
        found = list(offers(body, text, KEY, spoken=spoken))
    except BadInput:
        return
    for one in found:
        listing = one.body["listing"]
        assert listing["title"]
        assert contact("phone", 1) not in str(one.body)
        for field in listing["attributes"]["post"]["fields"].values():
            start, end = field["span"]
            assert 0 <= start < end <= len(text)
