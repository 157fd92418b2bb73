from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.errors import BadInput, MappingError, UnreadableFile
from counterfoil.ingest.register import (
    NO_REGISTER,
    CsvRegister,
    RefusedRow,
    RegisterEntry,
    canonical_code,
    check_not_empty,
    kept_entries,
    load_register,
    read_register,
    write_register,
)

HEADER = "kind,code,status,brand,product,holder,known_from,valid_until\n"
TODAY = date(2026, 11, 24)
GOOD = "cosmetic_notification,154960/21/cbmp-qlđ,valid,Cocoon,Kem,Công ty A,2026-01-05,2026-12-31\n"


def rows(tmp_path: Path, text: str) -> list[RegisterEntry | RefusedRow]:
    file = tmp_path / "register.csv"
    file.write_text(text, encoding="utf-8")
    return list(read_register(file, TODAY))


def test_a_good_row_is_kept_under_its_one_spelling(tmp_path: Path) -> None:
    assert rows(tmp_path, HEADER + GOOD) == [
        RegisterEntry(
            "cosmetic_notification",
            "154960/21/CBMP-QLD",
            "valid",
            "Cocoon",
            "Kem",
            "Công ty A",
            date(2026, 1, 5),
            date(2026, 12, 31),
        )
    ]


def test_the_last_day_is_optional_and_other_columns_are_left_aside(tmp_path: Path) -> None:
    text = "note," + HEADER.replace(",valid_until", "") + "x,gtin,8930000000019,revoked,,,,2026-01-05\n"
    (entry,) = rows(tmp_path, text)
    assert isinstance(entry, RegisterEntry)
    assert (entry.code, entry.status, entry.valid_until) == ("08930000000019", "revoked", None)


@pytest.mark.parametrize(
    ("row", "cause", "said"),
    [
        ("recipe,1,valid,,,,2026-01-05,", "unknown_kind", "'recipe'"),
        ("gtin,8930000000018,valid,,,,2026-01-05,", "bad_code", "8930000000018"),
        ("gtin,1111111111111,valid,,,,2026-01-05,", "bad_code", "1111111111111"),
        ("isbn,9786040000018,valid,,,,2026-01-05,", "bad_code", "isbn"),
        ("cosmetic_notification,123456/21/CBMP-QLD,valid,,,,2026-01-05,", "bad_code", "123456"),
        ("cosmetic_notification,8071/2019/ĐKSP,valid,,,,2026-01-05,", "bad_code", "cosmetic_notification"),
        ("gtin,8930000000019,genuine,,,,2026-01-05,", "bad_status", "valid or revoked"),
        ("gtin,8930000000019,valid,,,,05/01/2026,", "bad_date", "known_from"),
        ("gtin,8930000000019,valid,,,,,", "bad_date", "known_from"),
        ("gtin,8930000000019,valid,,,,2026-01-05,soon", "bad_date", "valid_until"),
        ("gtin,8930000000019,valid,,,,2026-11-25,", "future_date", "2026-11-24"),
        ("gtin,8930000000019,valid", "wrong_field_count", "3 fields"),
        (f"gtin,8930000000019,valid,{'x' * 501},,,2026-01-05,", "bad_cell", "brand"),
        (GOOD.strip(), "duplicate", "once"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_cause_and_the_rest_is_read(
    tmp_path: Path, row: str, cause: str, said: str
) -> None:
    first, refused, last = rows(tmp_path, f"{HEADER}{GOOD}{row}\nisbn,0-306-40615-2,valid,,,,2026-11-24,\n")
    assert isinstance(refused, RefusedRow)
    assert (refused.line, refused.cause) == (3, cause)
    assert said in refused.detail
    assert isinstance(first, RegisterEntry)
    assert isinstance(last, RegisterEntry)
    assert last.code == "9780306406157"


def test_a_missing_column_and_an_empty_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="known_from"):
        rows(tmp_path, "kind,code,status,brand,product,holder\n")
    with pytest.raises(UnreadableFile, match="empty"):
        rows(tmp_path, "")
    with pytest.raises(UnreadableFile, match="at least one"):
        check_not_empty(tmp_path / "register.csv", [])


def test_a_book_s_barcode_is_its_isbn() -> None:
    assert canonical_code("gtin", "9786040000019") == canonical_code("isbn", "978-604-0-00001-9")
    assert canonical_code("gtin", "0306406152") is None
    assert canonical_code("medicine_registration", "VN-123-20") == ("medicine_registration", "VN-123-20")
    assert canonical_code("ad_approval", "497/2025/XNQC-ATTP và thêm") is None


def test_what_was_written_is_read_back_and_a_changed_file_is_refused(tmp_path: Path) -> None:
    entries = [one for one in rows(tmp_path, HEADER + GOOD) if isinstance(one, RegisterEntry)]
    folder = tmp_path / "registers"
    assert load_register(folder) is NO_REGISTER
    write_register(folder / "a.csv", entries)
    assert kept_entries(folder / "a.csv") == entries
    assert [path.name for path in folder.iterdir()] == ["a.csv"]
    found = load_register(folder).look_up(
        "cosmetic_notification", "154960/21/CBMP-QLD", datetime(2026, 5, 1, tzinfo=UTC)
    )
    assert found == entries
    with (folder / "a.csv").open("a", encoding="utf-8") as file:
        file.write("gtin,1,valid,,,,2026-01-01,\n")
    with pytest.raises(BadInput, match="line 3"):
        load_register(folder)


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30).map(str.strip)


@given(_TEXT, _TEXT, _TEXT, st.dates(date(2000, 1, 1), TODAY))
def test_any_names_survive_being_kept(
    tmp_path_factory: pytest.TempPathFactory, brand: str, product: str, holder: str, day: date
) -> None:
    entry = RegisterEntry("gtin", "08930000000019", "valid", brand, product, holder, day)
    path = tmp_path_factory.mktemp("r") / "a.csv"
    write_register(path, [entry])
    assert kept_entries(path) == [entry]


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2026, 1, 30)), max_size=6), st.dates(date(2026, 1, 1), date(2026, 2, 5))
)
def test_nothing_known_later_is_ever_answered(known: list[date], day: date) -> None:
    register = CsvRegister(
        RegisterEntry("gtin", "08930000000019", "valid", "", str(n), "", one) for n, one in enumerate(known)
    )
    asked = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=1)
    found = register.look_up("gtin", "08930000000019", asked)
    by_then = sorted(one for one in known if one <= day)
    assert [entry.known_from for entry in found or ()] == by_then
    assert (found is None) is (not by_then)
    assert register.look_up("isbn", "9786040000019", asked) is None
