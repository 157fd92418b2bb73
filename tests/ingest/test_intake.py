from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from counterfoil.errors import BadInput
from counterfoil.ingest.events import EVENT, Listed, Verdict
from counterfoil.ingest.faults import redact_text
from counterfoil.ingest.intake import ContactKey, admit, admit_event, faults_of, redact
from counterfoil.ingest.schema import ScoreRequest, Seller

KEY = ContactKey("k3", b"a key for tests, thirty-two bytes")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Obviously no one's number, put together at run time.
PHONE = "0900 " + "000 " + "001"
BARE = PHONE.replace(" ", "")


def request(**listing: Any) -> ScoreRequest:
    return ScoreRequest.model_validate({"listing": {"title": "Giày", **listing}})


def test_a_phone_hashes_the_same_in_every_spelling() -> None:
    spellings = [PHONE, BARE, "+84" + BARE[1:], "84" + BARE[1:], BARE[:4] + "." + BARE[4:]]
    hashes = {KEY.hash("phone", spelling) for spelling in spellings}
    assert len(hashes) == 1
    prefix, name, digest = hashes.pop().split(":")
    assert (prefix, name, len(digest)) == ("tel", "k3", 32)


def test_another_key_gives_another_hash_and_never_shows_its_secret() -> None:
    assert ContactKey("k3", b"other").hash("phone", PHONE) != KEY.hash("phone", PHONE)
    assert "thirty" not in repr(KEY)


def test_a_zalo_account_that_is_a_phone_is_that_phone() -> None:
    assert KEY.hash("zalo", PHONE) == KEY.hash("phone", PHONE)
    assert KEY.hash("zalo", "shop.giay").startswith("zalo:k3:")


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [("email", "mail"), ("facebook", "fb"), ("telegram", "tg"), ("bank", "bank"), ("address", "addr"), ("x", "other")],
)
def test_each_kind_has_its_prefix(kind: str, prefix: str) -> None:
    assert KEY.hash(kind, "abc").startswith(f"{prefix}:k3:")


def test_contacts_become_hashes_and_are_gone() -> None:
    seller = Seller.model_validate({"seller_id": "s", "contacts": [{"kind": "phone", "value": PHONE}] * 2})
    admitted = admit(request().listing, seller, key=KEY, now=NOW).seller
    assert admitted is not None
    assert admitted.contacts == ()
    assert admitted.contact_hashes == (KEY.hash("phone", PHONE),)


def test_a_phone_is_masked_with_equal_length_wherever_it_stands() -> None:
    title = f"Giày đẹp, gọi {PHONE} nhé"
    listing = request(
        title=title,
        description=f"zalo {BARE}",
        brand=f"Shop {BARE}",
        attributes={"note": {"deep": [f"sđt {BARE}"]}, "n": 5},
    ).listing
    seller = Seller(seller_id="s", display_name=f"Kho {BARE}")
    subject = admit(listing, seller, key=KEY, now=NOW)
    text = subject.listing.model_dump_json() + (subject.seller.model_dump_json() if subject.seller else "")
    assert BARE[-6:] not in text.replace(" ", "")
    assert len(subject.listing.title) == len(title)
    found = next(finding for finding in subject.findings if finding.field == "title")
    assert title[found.start : found.end] == PHONE
    assert subject.listing.title[found.start : found.end] == "•" * len(PHONE)
    assert found.hash == KEY.hash("phone", PHONE)
    assert subject.listing.attributes["n"] == 5
    assert {finding.field for finding in subject.findings} == {
        "title", "description", "brand", "attributes.note.deep.0", "seller.display_name",
    }  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=80))
def test_masking_never_moves_a_code_point(text: str) -> None:
    if text.strip():
        assert len(admit(request(title=text).listing, None, key=KEY, now=NOW).listing.title) == len(text)


def test_a_listing_without_contacts_passes_as_it_is() -> None:
    listing = request(description="Da bò, size 39").listing
    assert admit(listing, None, key=KEY, now=NOW).listing is listing


@given(st.integers(-(10**7), 10**7))
def test_a_time_is_in_the_future_from_five_minutes_on(seconds: int) -> None:
    listing = request(observed_at=(NOW + timedelta(seconds=seconds)).isoformat()).listing
    if seconds <= 300:
        admit(listing, None, key=KEY, now=NOW)
    else:
        with pytest.raises(BadInput) as caught:
            admit(listing, None, key=KEY, now=NOW)
        assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
            ("#/listing/observed_at", "future_time")
        ]


def test_a_seller_from_the_future_is_refused() -> None:
    seller = Seller.model_validate({"seller_id": "s", "registered_at": "2027-01-01T00:00:00Z"})
    with pytest.raises(BadInput) as caught:
        admit(request().listing, seller, key=KEY, now=NOW)
    assert caught.value.faults[0].pointer == "#/seller/registered_at"


def test_a_raw_number_among_the_hashes_is_refused_and_not_echoed() -> None:
    with pytest.raises(BadInput) as caught:
        admit(request().listing, Seller(seller_id="s", contact_hashes=(BARE,)), key=KEY, now=NOW)
    assert caught.value.faults[0].pointer == "#/seller/contact_hashes/0"
    assert BARE not in caught.value.detail


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"a": ["\ud800"]}, "lone_surrogate"),
        ({"a": {"\ud800": 1}}, "lone_surrogate"),
        ({"a": "x\x00"}, "nul_byte"),
    ],
)
def test_the_open_map_holds_only_whole_text(attributes: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        admit(request(attributes=attributes).listing, None, key=KEY, now=NOW)
    assert caught.value.faults[0].code == code
    orjson.dumps([fault.detail + fault.pointer for fault in caught.value.faults])


def test_the_open_map_is_not_bottomless() -> None:
    deep: Any = "x"
    for _ in range(100):
        deep = [deep]
    with pytest.raises(BadInput, match="levels"):
        admit(request(attributes={"a": deep}).listing, None, key=KEY, now=NOW)


def test_an_event_is_masked_and_hashed_before_it_is_logged() -> None:
    event = EVENT.validate_python(
        {
            "type": "listed", "event_id": "e", "happened_at": "2026-11-24T11:00:00Z", "seller_id": "s",
            "listing": {"listing_id": "l", "title": f"Giày {BARE}"},
            "seller": {"seller_id": "s", "contacts": [{"kind": "phone", "value": PHONE}]},
        }
    )  # fmt: skip
    entry = admit_event(event, NOW, key=KEY, now=NOW)
    assert isinstance(entry.event, Listed)
    assert BARE not in entry.event.model_dump_json()
    assert entry.findings[0].field == "title"


@pytest.mark.parametrize("name", ["happened_at", "labelled_at"])
def test_an_event_from_the_future_is_refused(name: str) -> None:
    later = (NOW + timedelta(hours=1)).isoformat()
    body: dict[str, Any] = (
        {"type": "delisted", "event_id": "e", "listing_id": "l", "happened_at": later}
        if name == "happened_at"
        else {
            "type": "verdict", "label_id": "v", "target": {"type": "listing", "id": "l"}, "label": "unsure",
            "source": "random_audit", "labelled_at": later,
        }
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        admit_event(EVENT.validate_python(body), NOW, key=KEY, now=NOW)
    assert caught.value.faults[0].pointer == f"#/{name}"


def test_a_verdicts_reason_is_masked() -> None:
    verdict = Verdict.model_validate(
        {
            "type": "verdict", "label_id": "v", "target": {"type": "listing", "id": "l"}, "label": "unsure",
            "source": "random_audit", "labelled_at": "2026-11-24T11:00:00Z", "reason": f"gọi {BARE}",
        }
    )  # fmt: skip
    event = admit_event(verdict, NOW, key=KEY, now=NOW).event
    assert isinstance(event, Verdict)
    assert event.reason == "gọi " + "•" * len(BARE)


def faults(body: object) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        ScoreRequest.model_validate(body)
    return {fault.pointer: fault.code for fault in faults_of(caught.value)}


@pytest.mark.parametrize(
    ("listing", "pointer", "code"),
    [
        ({}, "#/listing/title", "missing_title"),
        ({"title": "  "}, "#/listing/title", "missing_title"),
        ({"title": "x" * 2_001}, "#/listing/title", "too_long"),
        ({"title": "x" * 10_000_000}, "#/listing/title", "too_long"),
        ({"title": "a\x00b"}, "#/listing/title", "nul_byte"),
        ({"title": "a\ud800"}, "#/listing/title", "lone_surrogate"),
        ({"title": "a", "prices": 1}, "#/listing/prices", "unknown_field"),
        ({"title": "a", "a/b~": 1}, "#/listing/a~1b~0", "unknown_field"),
        ({"title": "a", "price": {"amount": "-1", "currency": "VND"}}, "#/listing/price/amount", "negative_price"),
        ({"title": "a", "price": {"amount": "x", "currency": "VND"}}, "#/listing/price/amount", "invalid_price"),
        ({"title": "a", "price": {"amount": 1.5, "currency": "VND"}}, "#/listing/price/amount", "invalid_price"),
        ({"title": "a", "price": {"amount": "1.5", "currency": "VND"}}, "#/listing/price", "invalid_price"),
        ({"title": "a", "price": {"amount": "1", "currency": "XXX"}}, "#/listing/price/currency", "unknown_currency"),
        ({"title": "a", "price": {"amount": "1"}}, "#/listing/price/currency", "missing_currency"),
        ({"title": "a", "observed_at": "2026-01-01T00:00:00"}, "#/listing/observed_at", "naive_time"),
        ({"title": "a", "observed_at": "yesterday"}, "#/listing/observed_at", "invalid_time"),
        ({"title": "a", "attributes": {"x\x00": 1}}, "#/listing/attributes/x\x00", "nul_byte"),
    ],
)  # fmt: skip
def test_a_fault_points_to_its_place_and_names_its_cause(listing: dict[str, Any], pointer: str, code: str) -> None:
    assert faults({"listing": listing}) == {pointer: code}


def test_a_body_that_is_no_object_points_to_the_whole() -> None:
    assert faults([]) == {"#": "not_an_object"}
    assert faults({"listing": None}) == {"#/listing": "not_an_object"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"type": "seller", "event_id": "1", "happened_at": "2026-01-01T00:00:00Z", "seller": {}}, "#/seller/seller_id"),
        ({"type": "nope"}, "#/type"),
        ({}, "#/type"),
        ([], "#"),
        (
            {"type": "listed", "seller_id": "x", "event_id": "1", "happened_at": "2026-01-01T00:00:00Z", "listing": {"title": "a"}},
            "#",
        ),
    ],
)  # fmt: skip
def test_the_tag_of_an_event_is_no_part_of_the_pointer(body: object, pointer: str) -> None:
    with pytest.raises(ValidationError) as caught:
        EVENT.validate_python(body)
    assert [fault.pointer for fault in faults_of(caught.value)] == [pointer]


def test_a_fault_echoes_no_contact() -> None:
    with pytest.raises(ValidationError) as caught:
        ScoreRequest.model_validate(
            {
                "listing": {"title": "a", "price": {"amount": PHONE, "currency": "VND"}, f"gọi {BARE}": 1},
                "seller": {
                    "seller_id": "s",
                    "contacts": [{"kind": "phone", "value": BARE * 40}, {"kind": BARE, "value": "x"}],
                },
            }
        )
    told = "".join(fault.detail + fault.pointer for fault in faults_of(caught.value)).replace(" ", "")
    assert BARE not in told


def test_a_refused_row_keeps_ids_and_loses_contacts() -> None:
    row = {
        "id": int("8" * 9), "listing_id": "x:8930", "seller_id": f"zalo:{BARE}",
        "gtin": "8930000000019", "price": "390000", "phone": BARE, "SĐT": BARE,
        "seller": {"contacts": [{"kind": "bank", "value": "123"}], "display_name": f"Kho {BARE}", "contact_hashes": ["tel:k:ab"]},
        "title": "x" * 5_000 + "\udce9",
    }  # fmt: skip
    clean = redact(row)
    assert clean["id"] == row["id"]
    assert clean["listing_id"] == "x:8930"
    assert clean["seller_id"] == "zalo:" + "•" * len(BARE)
    assert clean["gtin"] == row["gtin"]
    assert clean["phone"] == clean["SĐT"] == clean["seller"]["contacts"] == "[dropped]"
    assert clean["seller"]["contact_hashes"] == ["tel:k:ab"]
    assert BARE not in clean["seller"]["display_name"]
    assert len(clean["title"]) < 2_100
    orjson.dumps(clean)


def test_a_refused_text_loses_contacts_of_every_kind() -> None:
    text = redact_text('{"title": "x", "contacts": [{"kind": "bank", "value": "12"}], "n": ' + BARE + ", \udce9")
    assert "bank" not in text
    assert BARE not in text
    orjson.dumps(text)


def test_a_contact_column_named_by_the_mapping_is_dropped() -> None:
    assert redact({"cot_7": "abc"}, {"cot_7"}) == {"cot_7": "[dropped]"}


def test_a_bottomless_row_is_cut() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = {"a": deep}
    orjson.dumps(redact(deep))
