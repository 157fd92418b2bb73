from __future__ import annotations

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.knowledge.categories import CATEGORY_IDS, category
from counterfoil.knowledge.codes import code_kinds, forms
from counterfoil.language.codes import StatedCode
from counterfoil.language.normalise import fold, fold_text
from counterfoil.language.registration import expired, find_registrations, year_ahead


def one(text: str, category_id: str | None = None, label: str = "") -> StatedCode:
    """The only number of a text."""
    (found,) = find_registrations(text, "description", category_id, label)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "code", "year"),
    [
        ("154960/21/CBMP-QLD", "cosmetic_notification", "154960/21/CBMP-QLD", 2021),
        ("SCB 154960 / 21 / cbmp - qlđ.", "cosmetic_notification", "154960/21/CBMP-QLD", 2021),
        ("154960/21/CBMPQLD", "cosmetic_notification", "154960/21/CBMP-QLD", 2021),
        ("154960/2021/CBMP–QLD", "cosmetic_notification", "154960/21/CBMP-QLD", 2021),
        ("72/18/CBMP-HCM", "cosmetic_notification", "72/18/CBMP-HCM", 2018),
        ("154960/21/CBMP - hàng mới", "cosmetic_notification", "154960/21/CBMP", 2021),
        ("Số 8071/2019/ĐKSP", "supplement_declaration", "8071/2019/ĐKSP", 2019),
        ("8071/2019/DKSP", "supplement_declaration", "8071/2019/ĐKSP", 2019),
        ("8071/19/đksp", "supplement_declaration", "8071/2019/ĐKSP", 2019),
        ("497/2025/XNQC-ATTP", "ad_approval", "497/2025/XNQC-ATTP", 2025),
        ("SĐK: VD - 23456 - 19", "medicine_registration", "VD-23456-19", 2019),
        ("VD-23456-19", "medicine_registration", "VD-23456-19", 2019),
        ("Số đăng ký VN-98765-98", "medicine_registration", "VN-98765-98", 1998),
        ("SĐK QLĐB-555-16", "medicine_registration", "QLDB-555-16", 2016),
        ("sdk qlsp-555-16", "medicine_registration", "QLSP-555-16", 2016),
        ("SĐK VD3-155-21", "medicine_registration", "VD3-155-21", 2021),
        ("SĐK 893110023420", "medicine_registration", "893110023420", 2020),
        ("SĐK: 893 100 0234 20", "medicine_registration", "893100023420", 2020),
    ],
)
def test_each_form_is_read_in_the_spellings_that_sellers_use(text: str, kind: str, code: str, year: int) -> None:
    found = one(text)
    assert (found.kind, found.code, found.year, found.fault) == (kind, code, year, None)
    assert text[found.start : found.end] == found.quote


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("000000/24/CBMP-QLD", "placeholder"),
        ("111111/24/CBMP-QLD", "placeholder"),
        ("123456/24/CBMP-QLD", "placeholder"),
        ("xxxxxx/24/CBMP-QLD", "placeholder"),
        ("****/24/CBMP-QLD", "placeholder"),
        ("154960/xx/CBMP-QLD", "placeholder"),
        ("12345/2024/ĐKSP", "placeholder"),
        ("1234/2024/ĐKSP", "placeholder"),
        ("VD-11111-19", "placeholder"),
        ("SĐK 893110000020", "placeholder"),
        ("9154960/21/CBMP-QLD", "malformed"),
        ("154960/214/CBMP-QLD", "malformed"),
        ("154960/1890/CBMP-QLD", "malformed"),
        ("980712/2019/ĐKSP", "malformed"),
        ("SĐK VD-9876543-19", "malformed"),
    ],
)
def test_made_up_and_impossible_numbers_are_told_apart(text: str, fault: str) -> None:
    assert one(text).fault == fault


@pytest.mark.parametrize(
    "text",
    [
        "Mỹ phẩm có phiếu công bố CBMP đầy đủ",
        "Giày VN-123-20 mã màu",
        "Ống kính VS 100-24",
        "Gọi 893110023420 để đặt",
        "Kích thước 100/20/30 cm",
        "f154960/21/CBMP-QLD",
        "VD: 20/10/2024",
        "xx",
        "",
    ],
)
def test_what_merely_looks_like_a_number_is_left_alone(text: str) -> None:
    assert find_registrations(text, "title") == []


def test_a_bare_medicine_number_is_read_in_its_category_or_beside_its_word() -> None:
    assert find_registrations("VN-123-20", "title") == []
    assert one("VN-123-20", "medicine").code == "VN-123-20"
    assert one("VN-123-20", label="Số đăng ký").code == "VN-123-20"
    assert one("893110023420", "medicine").code == "893110023420"


def test_several_numbers_come_in_the_order_of_the_text() -> None:
    text = "VD-23456-19, 8071/2019/ĐKSP và 154960/21/CBMP-QLD"
    found = find_registrations(text, "title")
    assert [code.code for code in found] == ["VD-23456-19", "8071/2019/ĐKSP", "154960/21/CBMP-QLD"]


@given(
    st.integers(16, 999_999),
    st.integers(0, 40),
    st.sampled_from(["{}/{}/CBMP-QLD", "{} / {} / cbmp - qlđ", "{}/{}/CBMPQLD"]),
)
def test_every_cosmetics_number_comes_back_whatever_stands_around_it(number: int, year: int, shape: str) -> None:
    written = shape.format(number, f"{year:02d}")
    text = f"👍 Kem dưỡng\u200b ẩm, số: {written}; giá tốt"
    found = one(text)
    assert found.code == f"{number}/{year:02d}/CBMP-QLD"
    assert found.quote == written
    assert one(unicodedata.normalize("NFD", text)).code == found.code


@given(st.text(max_size=200))
def test_any_text_is_read_and_quoted_where_it_stands(text: str) -> None:
    mixed = f"{text} 154960/21/CBMP-QLD {text}"
    found = find_registrations(mixed, "title", "medicine")
    assert all(mixed[code.start : code.end] == code.quote for code in found)
    assert any(code.code.startswith("154960/21/CBMP") for code in found)


@pytest.mark.parametrize(("year", "is_expired"), [(20, True), (21, False), (26, False)])
def test_a_cosmetics_number_holds_to_the_end_of_the_fifth_year_after_its_own(year: int, is_expired: bool) -> None:
    assert expired(one(f"154960/{year}/CBMP-QLD"), date(2026, 1, 1)) is is_expired
    assert not expired(one("8071/2005/ĐKSP"), date(2026, 1, 1))


def test_a_year_to_come_is_one_that_has_not_begun_anywhere() -> None:
    code = one("154960/27/CBMP-QLD")
    assert year_ahead(code, date(2026, 12, 30))
    assert not year_ahead(code, date(2026, 12, 31))
    assert not year_ahead(one("154960/xx/CBMP-QLD"), date(2020, 1, 1))


def test_the_forms_and_categories_name_kinds_that_exist() -> None:
    assert {form.kind for form in forms()} <= set(code_kinds())
    needed = {kind for name in CATEGORY_IDS for kind in category(name).codes_required}
    assert needed
    assert needed <= set(code_kinds())
    assert all(form.marks or (form.context and form.categories) for form in forms())


@given(st.text(max_size=80))
def test_the_flat_text_in_which_numbers_are_sought_is_the_one_that_leads_back(text: str) -> None:
    mixed = f"{text}154960/21/CBMP-QLD\u00a0 {text}"
    assert fold_text(mixed) == fold(mixed).text


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["1", "1/", "vd-1 ", "x", "893 ", "1/1/cbmp"])
def test_hostile_texts_cost_no_more_than_their_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece)) + " cbmp dksp xnqc sdk"
        started = time.perf_counter()
        find_registrations(text, "description")
        return time.perf_counter() - started

    seconds(1_000)
    assert seconds(400_000) < 40 * max(seconds(40_000), 0.002)
