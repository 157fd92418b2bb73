from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from counterfoil.errors import BadInput, MappingError
from counterfoil.ingest.mapping import Mapping, load_mapping, parse_mapping, shipped_mappings
from counterfoil.ingest.mapping_file import FIELDS
from counterfoil.ingest.schema import Listing, Price, ScoreRequest, Seller

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def mapping(fields: str = "", top: str = "", file: str = "", rest: str = "") -> Mapping:
    return parse_mapping(
        f'about = "test"\n{top}\n[file]\nformat = "csv"\ntime_zone = "Asia/Ho_Chi_Minh"\n{file}\n'
        f'[fields]\n"listing.title" = "name"\n{fields}\n{rest}',
        "test",
    )


PRICED = '"listing.price.amount" = "price"\n"listing.price.currency" = "money"'


def body(made: Mapping, **values: object) -> dict[str, Any]:
    return made.read({"name": "Giày", **values}, NOW, NOW).body


def refused(made: Mapping, **values: object) -> BadInput:
    with pytest.raises(BadInput) as caught:
        body(made, **values)
    return caught.value


def test_every_field_of_the_contract_can_be_mapped() -> None:
    def walk(model: Any, prefix: str) -> set[str]:
        names = set()
        for name, info in model.model_fields.items():
            inner = {"price": Price}.get(name, info.annotation)
            deeper = hasattr(inner, "model_fields")
            names |= walk(inner, f"{prefix}.{name}") if deeper else {f"{prefix}.{name}"}
        return names

    every = walk(Listing, "listing") | walk(Seller, "seller")
    assert set(FIELDS) == every - {"listing.attributes", "listing.images"}


def test_ids_constants_and_attributes_are_put_together() -> None:
    made = mapping(
        '"listing.attributes.material" = "chất liệu"',
        rest='[ids]\n"listing.listing_id" = "x:{shop id}.{id}"\n[constants]\n"listing.platform" = "x"',
    )
    assert body(made, id=7.0, **{"shop id": "3", "chất liệu": "da"}) == {
        "listing": {"listing_id": "x:3.7", "platform": "x", "title": "Giày", "attributes": {"material": "da"}}
    }
    assert "listing_id" not in body(made, id="", **{"shop id": "3"})["listing"]


@given(
    st.decimals(0, 10**14, places=2, allow_nan=False), st.sampled_from([("", "."), (".", ","), (",", "."), (" ", ",")])
)
def test_money_comes_through_to_the_last_digit(amount: Decimal, style: tuple[str, str]) -> None:
    thousands, point = style
    text = f"{amount:,f}".replace(",", "T").replace(".", point).replace("T", thousands)
    made = mapping(PRICED, file=f"thousands = '{thousands}'\ndecimal = '{point}'")
    request = ScoreRequest.model_validate(body(made, price=text, money="USD"))
    assert request.listing.price is not None
    assert request.listing.price.amount == amount


def test_a_float_of_whole_dong_is_money_and_a_missing_price_is_hidden() -> None:
    made = mapping(PRICED)
    assert body(made, price=751.0, money="VND")["listing"]["price"]["amount"] == "751"
    assert "price" not in body(made, price=float("nan"), money="VND")["listing"]
    assert "price" not in body(made, price=None, money="VND")["listing"]


@pytest.mark.parametrize("cell", ["abc", "1_000", "NaN", "Infinity", "1.2.3", "12k", "１２", "--5"])
def test_what_is_no_number_is_no_price(cell: str) -> None:
    error = refused(mapping(PRICED), price=cell, money="VND")
    assert error.faults[0].code == "invalid_price"
    assert error.faults[0].pointer == "#/listing/price/amount"
    assert "column 'price'" in error.detail
    assert cell in error.detail


def test_a_unit_is_taken_off_and_percent_becomes_a_share() -> None:
    made = mapping(
        '"listing.price.amount" = { column = "price", unit = "₫" }\n"seller.seller_id" = "shop"\n'
        '"seller.stats.response_rate" = { column = "rate", percent = true }',
        file='thousands = "."\ndecimal = ","',
        rest='[constants]\n"listing.price.currency" = "VND"',
    )
    read = body(made, price="1.290.000 ₫", shop="s", rate="57,0")
    assert read["listing"]["price"]["amount"] == "1290000"
    assert read["seller"]["stats"]["response_rate"] == 0.57


def test_none_words_are_unknown_whatever_their_case_and_tabs() -> None:
    made = mapping('"listing.brand" = { column = "brand", none = ["OEM", "No Brand"] }')
    for word in ("OEM", "\tOEM", "oem ", "NO BRAND", "", " ", None):
        assert "brand" not in body(made, brand=word)["listing"]
    assert body(made, brand="\tBiti's ")["listing"]["brand"] == "Biti's"


def test_a_title_keeps_its_white_space_and_an_empty_one_is_missing() -> None:
    made = mapping()
    assert body(made, name="  a\tb ")["listing"]["title"] == "  a\tb "
    assert "title" not in body(made, name="  ")["listing"]


def test_lists_flags_words_and_counts_are_read() -> None:
    made = mapping(
        '"listing.category_path" = { column = "path", separator = " > " }\n"seller.seller_id" = "shop"\n'
        '"listing.condition" = { column = "state", words = { "Mới" = "new" } }\n"seller.official_store" = "mall"\n'
        '"seller.stats.rating_counts" = { columns = { good = "g", bad = "b" } }\n"listing.stats.sold_count" = "sold"\n'
        '"seller.contacts" = { columns = { phone = "tel" } }'
    )
    read = body(made, path="A > B", shop="s", state="Mới", mall="True", g="5.0", b="", sold=12.0, tel="x")
    assert read["listing"]["category_path"] == ["A", "B"]
    assert read["listing"]["condition"] == "new"
    assert read["listing"]["stats"]["sold_count"] == 12
    assert read["seller"]["official_store"] is True
    assert read["seller"]["stats"]["rating_counts"] == {"good": 5}
    assert read["seller"]["contacts"] == [{"kind": "phone", "value": "x"}]
    assert made.contact_columns == {"tel"}
    error = refused(made, shop="s", state="Cũ", mall="maybe", g="many", sold="1.5")
    assert {fault.pointer for fault in error.faults} == {
        "#/listing/condition", "#/seller/official_store", "#/seller/stats/rating_counts", "#/listing/stats/sold_count",
    }  # fmt: skip


def test_a_row_without_a_seller_id_speaks_of_no_seller() -> None:
    made = mapping('"seller.seller_id" = "shop"\n"seller.display_name" = "label"')
    assert "seller" not in body(made, shop="", label="x")


def test_the_list_of_a_parquet_file_is_a_path() -> None:
    assert body(mapping('"listing.category_path" = "path"'), path=["A", "B"])["listing"]["category_path"] == ["A", "B"]


DAYS = st.dates(datetime(1975, 1, 1).date(), datetime(2026, 11, 23).date())


@given(DAYS)
def test_a_bare_date_of_knowing_ends_its_day_and_any_other_starts_it(day: Any) -> None:
    made = mapping('"listing.observed_at" = "seen"\n"listing.created_at" = "seen"', top='known_at = "seen"')
    row = made.read({"name": "x", "seen": day.isoformat()}, NOW, NOW)
    start = datetime.fromisoformat(row.body["listing"]["created_at"])
    end = datetime.fromisoformat(row.body["listing"]["observed_at"])
    assert row.known_at == end
    assert start.astimezone(HANOI).date() == end.astimezone(HANOI).date() == day
    # Vietnam has kept one offset since 1975-06-13.
    assert end - start in (
        timedelta(days=1, microseconds=-1),
        timedelta(hours=25, microseconds=-1),
        timedelta(hours=23, microseconds=-1),
    )


def test_a_bare_date_of_today_ends_now() -> None:
    made = mapping(top='known_at = "seen"')
    assert made.read({"name": "x", "seen": "2026-11-24"}, NOW, NOW).known_at == NOW


@given(st.datetimes(datetime(1980, 1, 1), datetime(2026, 1, 1)))
def test_a_time_without_an_offset_is_in_the_files_zone(moment: datetime) -> None:
    read = mapping('"listing.created_at" = "made"').read({"name": "x", "made": moment.isoformat(" ")}, NOW, NOW)
    if moment.time().isoformat() != "00:00:00":
        assert datetime.fromisoformat(read.body["listing"]["created_at"]) == moment.replace(tzinfo=HANOI)


@given(st.integers(0, 5_000))
def test_days_before_never_lie_after_the_row_was_known(days: int) -> None:
    read = mapping('"listing.created_at" = { column = "age", days_before = "known_at" }').read(
        {"name": "x", "age": days}, NOW, NOW
    )
    created = datetime.fromisoformat(read.body["listing"]["created_at"])
    assert created <= NOW
    assert NOW.astimezone(HANOI).date() - created.astimezone(HANOI).date() == timedelta(days=days)


def test_layouts_and_epochs_are_read() -> None:
    made = mapping(
        '"listing.created_at" = { column = "a", format = "%d/%m/%Y" }\n"seller.seller_id" = "s"\n'
        '"seller.registered_at" = { column = "b", epoch = "ms" }'
    )
    read = body(made, a="02/11/2026", s="s", b="1700000000000")
    assert datetime.fromisoformat(read["listing"]["created_at"]) == datetime(2026, 11, 2, tzinfo=HANOI)
    assert datetime.fromisoformat(read["seller"]["registered_at"]) == datetime.fromtimestamp(1_700_000_000, UTC)


@pytest.mark.parametrize("cell", ["yesterday", "32/13/2026", "0001-01-01", "9999-12-31", "1" * 400])
def test_a_time_that_is_none_is_a_fault_not_a_crash(cell: str) -> None:
    made = mapping('"listing.observed_at" = "at"')
    with pytest.raises((BadInput, ValidationError), match=r"expected (ISO|1970)"):
        ScoreRequest.model_validate(body(made, at=cell))


@pytest.mark.parametrize("cell", ["-1", "-0.5", "99999999", "x"])
def test_days_that_cannot_be_are_a_fault(cell: str) -> None:
    refused(mapping('"listing.created_at" = { column = "age", days_before = "known_at" }'), age=cell)


@given(st.integers(0, 3_000), st.decimals(0, 1, places=3))
def test_days_before_count_back_to_the_start_of_a_day_parts_of_days_too(days: int, part: Decimal) -> None:
    made = mapping('"listing.created_at" = { column = "age", days_before = "known_at" }')
    start = datetime.fromisoformat(body(made, age=str(days + part))["listing"]["created_at"]).astimezone(HANOI)
    moment = NOW.astimezone(HANOI) - timedelta(days=float(days + part))
    assert (start.hour, start.minute) == (0, 0)
    assert start <= moment < start + timedelta(days=1)


def test_money_with_more_places_than_the_currency_has_is_rounded_only_where_the_mapping_says_so() -> None:
    plain, rounded = (
        mapping(f'"listing.price.amount" = {{ column = "price"{more} }}\n"listing.price.currency" = "money"')
        for more in ("", ", places = 2")
    )
    assert body(plain, price="655.83127", money="RUB")["listing"]["price"]["amount"] == "655.83127"
    assert body(rounded, price="655.83127", money="RUB")["listing"]["price"]["amount"] == "655.83"


LABEL = '[label]\ncolumn = "y"\npositive = ["1"]\nnegative = ["0"]\nmeaning = "Somebody decided this on the spot."'


def test_a_label_is_a_target_and_never_a_field() -> None:
    made = mapping(rest=LABEL)
    targets = {cell: made.read({"name": "x", "y": cell}, NOW, NOW).target for cell in ("1", "0", "", 1, None)}
    assert targets == {"1": 1, "0": 0, "": None, 1: 1, None: None}
    assert body(made, y="1") == body(made, y="0") == {"listing": {"title": "Giày"}}
    assert "column 'y'" in refused(made, y="2").detail


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("about = ", "not TOML"),
        ('about = "x"\n[file]\nformat = "csv"\n[fields]\n"listing.title" = "a"', "file.time_zone"),
        ('about = "x"\n[file]\nformat = "csv"\ntime_zone = "Hanoi"\n[fields]\n"listing.title" = "a"', "IANA"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(text: str, named: str) -> None:
    with pytest.raises(MappingError, match=named):
        parse_mapping(text, "test")


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"fields": '"listing.titel" = "x"'}, "listing.titel"),
        ({"fields": '"listing.brand" = { colum = "x" }'}, "colum"),
        ({"fields": '"listing.brand" = { none = ["x"] }'}, "column"),
        ({"fields": '"listing.price.amount" = "x"'}, "listing.price.currency"),
        ({"fields": '"seller.display_name" = "x"'}, "seller.seller_id"),
        ({"fields": '"listing.brand" = { columns = { a = "x" } }'}, "listing.brand"),
        ({"rest": '[constants]\n"listing.title" = "x"'}, "twice"),
        ({"rest": '[label]\ncolumn = "y"\npositive = ["1"]'}, "label.meaning"),
        ({"fields": '"listing.brand" = "y"', "rest": LABEL}, "nothing else reads"),
        ({"file": 'colour = "red"'}, "file.colour"),
    ],
)
def test_a_key_that_cannot_be_is_named(parts: dict[str, str], named: str) -> None:
    with pytest.raises(MappingError, match=named):
        mapping(**parts)


def test_the_shipped_mappings_load_and_say_what_their_labels_mean(tmp_path: Path) -> None:
    assert [made.name for made in shipped_mappings()] == [
        "facebook-post", "livestream-transcript", "ozon-ecup", "shopee-tw", "tiki", "zalo-post",
    ]  # fmt: skip
    label = load_mapping("shopee-tw").spec.label
    assert label is not None
    assert "does not mean counterfeit" in label.meaning
    with pytest.raises(MappingError, match="expected one of"):
        load_mapping("nowhere")
    with pytest.raises(MappingError, match=r"none\.toml"):
        load_mapping(tmp_path / "none.toml")


def test_a_row_of_tiki_is_read_as_its_makers_meant() -> None:
    row = load_mapping("tiki").read(
        {
            "id": "1", "name": "Dép thử", "description": "mô tả", "original_price": "0", "price": "25000", "fulfillment_type": "",
            "brand": "\tOEM", "review_count": "0", "rating_average": "0.0", "current_seller": "Cửa hàng thử", "date_created": "10",
            "number_of_images": "3", "category": "Root", "quantity_sold": "0",
        },
        NOW,
        NOW,
    )  # fmt: skip
    request = ScoreRequest.model_validate(row.body)
    assert request.listing.brand is None
    assert request.listing.stats.rating_average is None
    assert request.listing.stats.sold_count == 0
    assert request.listing.price is not None
    assert request.listing.price.list_amount is None
    assert request.listing.created_at == datetime(2026, 11, 14, tzinfo=HANOI)
    assert request.seller is not None
    assert request.seller.seller_id == "tiki:Cửa hàng thử"


def test_the_mapping_of_the_guide_loads() -> None:
    guide = (Path(__file__).parents[2] / "docs/how-to/write-a-mapping.md").read_text(encoding="utf-8")
    text = guide.split("```toml\n")[1].split("```")[0]
    assert parse_mapping(text, "guide").spec.label is not None
