from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import date
from math import isnan
from typing import Any

import pytest

from counterfoil.decide.wording import LANGUAGES
from counterfoil.features import identifiers, stated
from counterfoil.features.catalogue import catalogue
from counterfoil.features.reading import Reading, read
from counterfoil.history.fold import Fold
from counterfoil.ingest.register import CsvRegister, RegisterEntry
from counterfoil.knowledge.files import read_toml
from counterfoil.language.codes import read_gtin
from tests.features.asked import NOW, code, reading, told, value
from tests.worlds import at, listed, listing, subject


def ean(twelve: str) -> str:
    """Twelve digits and the check digit that belongs to them."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-total % 10)


GOOD, IN_STORE = ean("893000000001"), ean("200000000001")
WRONG = GOOD[:-1] + str((int(GOOD[-1]) + 1) % 10)
NAN = float("nan")


@pytest.mark.parametrize(
    ("brand", "title", "missing", "only_in_title", "differs"),
    [
        (None, "Giày thể thao", 1, 0, 0),
        ("OEM", "Giày thể thao", 1, 0, 0),
        ("No Brand", "Giày Nike Air", 1, 1, 0),
        (None, "Giày Nike Air", 1, 1, 0),
        ("Nike", "Giày Nike Air", 0, 0, 0),
        ("Adidas", "Giày Nike Air", 0, 0, 1),
        ("Nike", "Giày thể thao", 0, 0, 0),
    ],
)
def test_the_brand_field_against_the_title(
    brand: str | None, title: str, missing: int, only_in_title: int, differs: int
) -> None:
    row = reading(listing(title=title, brand=brand))
    found = [value(name, row) for name in ("brand_missing", "brand_only_in_title", "brand_title_differs")]
    assert found == [missing, only_in_title, differs]
    assert code("brand_only_in_title", row) == ("BRAND_ONLY_IN_TITLE" if only_in_title else None)


def test_a_brand_in_the_title_is_quoted_where_it_stands() -> None:
    title = "👟 Giày NIKE Air"
    found = told("brand_only_in_title", reading(listing(title=title)))
    assert found is not None
    start, end = found.evidence["span"]
    assert title[start:end] == found.evidence["quote"] == "NIKE"


@pytest.mark.parametrize(
    ("gtins", "given", "fails", "odd", "reasons"),
    [
        ([], 0.0, NAN, NAN, [None, None]),
        ([GOOD], 1.0, 0.0, 0.0, [None, None]),
        ([WRONG], 1.0, 1.0, NAN, ["GTIN_CHECK_FAILS", None]),
        (["12"], 1.0, 1.0, NAN, ["GTIN_CHECK_FAILS", None]),
        ([IN_STORE], 1.0, 0.0, 1.0, [None, "GTIN_PREFIX_ODD"]),
        ([GOOD, WRONG], 1.0, 1.0, 0.0, ["GTIN_CHECK_FAILS", None]),
    ],
)
def test_codes_are_checked_and_none_given_is_missing(
    gtins: list[str], given: float, fails: float, odd: float, reasons: list[Any]
) -> None:
    row = reading(listing(gtins=gtins))
    assert value("gtin_given", row) == given
    assert value("gtin_check_fails", row) == pytest.approx(fails, nan_ok=True)
    assert value("gtin_prefix_odd", row) == pytest.approx(odd, nan_ok=True)
    assert [code(name, row) for name in ("gtin_check_fails", "gtin_prefix_odd")] == reasons


def test_the_office_that_licensed_a_prefix_moves_no_feature() -> None:
    offices = [ean(prefix + "000000001") for prefix in ("893", "690", "400", "000")]
    names = ("gtin_given", "gtin_check_fails", "gtin_prefix_odd")
    found = {tuple(value(name, reading(listing(gtins=[one]))) for name in names) for one in offices}
    assert len(found) == 1
    assert not any(isnan(part) for part in found.pop())


SKIN = ["Sắc Đẹp", "Chăm sóc da mặt"]


def cream(text: str | None, brand: str | None = "Cocoon", name: str = "l1", **more: Any) -> Reading:
    return reading(listing(name, title="Kem dưỡng", brand=brand, description=text, category_path=SKIN, **more))


@pytest.mark.parametrize(
    ("gtins", "made_up"), [([], NAN), ([GOOD], 0.0), ([GOOD, "1234567890128"], 1.0), (["0" * 13], 1.0)]
)
def test_a_made_up_barcode_is_a_sign(gtins: list[str], made_up: float) -> None:
    row = reading(listing(gtins=gtins))
    assert value("gtin_is_placeholder", row) == pytest.approx(made_up, nan_ok=True)
    assert code("gtin_is_placeholder", row) == ("GTIN_PLACEHOLDER" if made_up == 1 else None)


@pytest.mark.parametrize(
    ("path", "text", "fails"),
    [
        (["Nhà Sách"], "ISBN 9786040000018", 1.0),
        (["Nhà Sách"], "ISBN 9786040000019", 0.0),
        (["Nhà Sách"], "Bìa cứng", NAN),
        (["Giày Dép Nam"], "ISBN 9786040000018", NAN),
    ],
)
def test_a_wrong_book_number_counts_for_books(path: list[str], text: str, fails: float) -> None:
    row = reading(listing(description=text, category_path=path))
    assert value("isbn_check_fails", row) == pytest.approx(fails, nan_ok=True)
    assert code("isbn_check_fails", row) == ("ISBN_CHECK_FAILS" if fails == 1 else None)


@pytest.mark.parametrize(
    ("text", "given", "malformed", "expired", "reasons"),
    [
        ("Kem tốt", 0, NAN, NAN, [None, None, None]),
        ("154960/24/CBMP-QLD", 1, 0, 0, ["REGISTRATION_GIVEN", None, None]),
        ("154960/20/CBMP-QLD", 1, 0, 1, ["REGISTRATION_GIVEN", None, "REGISTRATION_EXPIRED"]),
        ("000000/24/CBMP-QLD", 1, 1, 0, [None, "REGISTRATION_PLACEHOLDER", None]),
        ("9154960/24/CBMP-QLD", 1, 1, 0, [None, "REGISTRATION_MALFORMED", None]),
        ("154960/27/CBMP-QLD", 1, 1, 0, [None, "REGISTRATION_YEAR_AHEAD", None]),
        (
            "000000/24/CBMP-QLD hay 154960/24/CBMP-QLD",
            1,
            1,
            0,
            ["REGISTRATION_GIVEN", "REGISTRATION_PLACEHOLDER", None],
        ),
    ],
)
def test_registration_numbers_are_judged_on_the_day_of_the_sighting(
    text: str, given: float, malformed: float, expired: float, reasons: list[str | None]
) -> None:
    row = cream(f"Số công bố: {text}")
    names = ("registration_given", "registration_malformed", "registration_expired")
    assert [value(name, row) for name in names] == pytest.approx([given, malformed, expired], nan_ok=True)
    assert [code(name, row) for name in names] == reasons


def test_a_registration_s_reason_quotes_what_the_seller_wrote() -> None:
    text = "👍 Kem tốt, SCB: 000000 / 24 / cbmp - qlđ"
    found = told("registration_malformed", cream(text))
    assert found is not None
    start, end = found.evidence["span"]
    assert text[start:end] == found.evidence["quote"] == "000000 / 24 / cbmp - qlđ"
    assert found.evidence["field"] == "description"


@pytest.mark.parametrize(
    ("path", "more", "missing"),
    [
        (SKIN, {"description": "Kem tốt"}, 1.0),
        (SKIN, {"attributes": {"Loại da": "mọi loại"}}, 1.0),
        (SKIN, {"attributes": {"Số công bố": "154960/24/CBMP-QLD"}}, 0.0),
        (SKIN, {"description": "123456/24/CBMP-QLD"}, 0.0),
        (SKIN, {"description": "8071/2019/ĐKSP"}, 1.0),
        (SKIN, {}, NAN),
        (["Giày Dép Nam"], {"description": "Giày tốt"}, NAN),
        ([], {"description": "Kem tốt"}, NAN),
        (["Nhà Sách"], {"description": "Sách hay", "gtins": ["9786040000019"]}, 0.0),
    ],
)
def test_a_needed_number_is_missed_only_where_there_is_a_text(
    path: list[str], more: dict[str, Any], missing: float
) -> None:
    row = reading(listing(category_path=path, **more))
    assert value("registration_missing", row) == pytest.approx(missing, nan_ok=True)
    assert code("registration_missing", row) == ("REGISTRATION_MISSING" if missing == 1 else None)


def test_a_number_mostly_seen_on_another_brand_is_a_sign_and_the_usual_one_is_not() -> None:
    text, path = "154960/24/CBMP-QLD", SKIN
    log = [
        listed(at(n), f"s{n}", listing(f"x{n}", brand="Cocoon", description=text, category_path=path)) for n in range(3)
    ]
    asked: dict[str, Any] = {"description": text, "category_path": path}
    other, same = (reading(listing("l1", brand=brand, **asked), *log) for brand in ("Innisfree", "Cocoon"))
    assert value("code_on_other_brands", other) == 0.75
    assert value("code_on_other_brands", same) == 0
    found = told("code_on_other_brands", other)
    assert found is not None
    assert (found.evidence["unlike"], found.evidence["alike"], found.evidence["sellers"]) == (3, 0, 2)
    assert code("code_on_other_brands", same) is None
    assert isnan(value("code_on_other_brands", reading(listing("l1"), *log)))


def registered(text: str, brand: str, *entries: RegisterEntry) -> Reading:
    what = listing(title="Kem dưỡng", brand=brand, description=text, category_path=SKIN)
    return read(Fold(register=CsvRegister(entries)).about(subject(what), NOW))


def on_file(status: Any = "valid", **more: Any) -> RegisterEntry:
    what = ("cosmetic_notification", "154960/24/CBMP-QLD", status, "Cocoon", "Kem dưỡng", "Công ty A")
    return RegisterEntry(*what, date(2025, 1, 1), **more)


@pytest.mark.parametrize(
    ("brand", "entry", "revoked", "mismatch"),
    [
        ("Cocoon", on_file(), 0.0, 0.0),
        ("Cocoon", on_file("revoked"), 1.0, 0.0),
        ("Innisfree", on_file(), 0.0, 1.0),
    ],
)
def test_what_a_register_says_becomes_a_feature(
    brand: str, entry: RegisterEntry, revoked: float, mismatch: float
) -> None:
    row = registered("154960/24/CBMP-QLD", brand, entry)
    assert (value("code_revoked", row), value("code_mismatch", row)) == (revoked, mismatch)
    assert code("code_revoked", row) == ("CODE_REVOKED" if revoked else None)
    found = told("code_mismatch", row)
    assert (found.evidence["on_file"] if found is not None else None) == ("Cocoon Kem dưỡng" if mismatch else None)


def test_without_a_register_or_a_code_its_features_are_missing() -> None:
    for row in (cream("154960/24/CBMP-QLD"), registered("Kem tốt", "Cocoon", on_file())):
        assert isnan(value("code_revoked", row))
        assert isnan(value("code_mismatch", row))


def test_a_register_s_last_day_ends_a_number_before_its_kind_would() -> None:
    ends = at(0).date()
    assert value("registration_expired", registered("154960/24/CBMP-QLD", "Cocoon", on_file(valid_until=ends))) == 1
    assert (
        value("registration_expired", registered("154960/24/CBMP-QLD", "Cocoon", on_file(valid_until=NOW.date()))) == 0
    )


# ---- no reason reads an origin from a code ----

# Words for who issued a number, for countries and for origins, in both languages.
ORIGIN = re.compile(
    r"(?i)\b(?:issu(?:er|ed|ing)|licens\w*|countr(?:y|ies)|nation\w*|origin\w*|made in|manufactured|imported|GS1|"
    r"vietnam\w*|chin(?:a|ese)|japan\w*|korea\w*|french|france|"
    r"quốc gia|đất nước|từ nước|nước sản xuất|nơi sản xuất|sản xuất (?:tại|ở)|xuất xứ|nguồn gốc|nhập khẩu từ|cấp mã|"
    r"hàng (?:Việt|Trung|Nhật|Hàn|Mỹ|Pháp)|Việt Nam|Trung Quốc|Nhật Bản|Hàn Quốc)(?!\w)"
)
_OF_CODES = ("gtin", "code", "isbn", "prefix", "registration")


def reasons_of_codes() -> set[str]:
    """The codes of reasons that features of codes give, read from their source."""
    source = inspect.getsource(identifiers) + inspect.getsource(stated)
    return set(re.findall(r'"([A-Z][A-Z_]{4,})"', source)) & set(read_toml("reasons.toml"))


def evidence_keys() -> Iterator[str]:
    """Every keyword with which a reason is made in the modules of codes, and the keys of their shared evidence."""
    for module in (identifiers, stated):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "reason":
                yield from (one.arg for one in node.keywords if one.arg is not None)
            if isinstance(node, ast.Dict):
                yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))


def test_the_search_for_origins_finds_what_it_looks_for() -> None:
    for text in (
        "Hàng có xuất xứ từ xa",
        "issued by GS1 Vietnam",
        "country",
        "the goods were made in x",
        "đầu mã hàng Trung",
    ):
        assert ORIGIN.search(text), text
    assert {"GTIN_PREFIX_ODD", "CODE_MISMATCH", "REGISTRATION_GIVEN"} <= reasons_of_codes()
    assert {"gtin", "quote", "span", "on_file"} <= set(evidence_keys())


@pytest.mark.parametrize("name", sorted(set(read_toml("reasons.toml")) - {"words"}))
def test_no_sentence_reads_an_origin_from_a_code(name: str) -> None:
    texts = [read_toml("reasons.toml")[name][language] for language in LANGUAGES]
    about_a_code = name in reasons_of_codes() or any(f"{{{part}" in text for part in _OF_CODES for text in texts)
    # A sentence that quotes a seller's own words on an origin reads it from those; no sentence on a code may.
    own_words = not about_a_code and all("{quote}" in text for text in texts)
    assert own_words or not any(ORIGIN.search(text) for text in texts)


def test_no_evidence_of_a_code_names_an_issuer_a_country_or_an_origin() -> None:
    keys = {*evidence_keys(), *read_toml("reasons.toml")["words"]["en"]}
    assert [key for key in keys if ORIGIN.search(key.replace("_", " "))] == []


def test_no_reason_s_evidence_holds_the_office_of_any_prefix() -> None:
    names = [one for one in catalogue().features if one.family == "identifiers"]
    offices = 0
    for prefix in range(1000):
        gtin = ean(f"{prefix:03d}000000001")
        row = reading(listing(gtins=[gtin]))
        reasons = [found for found in (one.reason(row) for one in names) if found is not None]
        office = read_gtin(gtin).issuer
        offices += office is not None
        assert not any(ORIGIN.search(str(part)) for found in reasons for part in found.evidence.values())
        assert office is None or not reasons  # a national prefix gives no reason at all
    assert offices > 100
