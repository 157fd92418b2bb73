from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from counterfoil.cli.mapping import app
from counterfoil.errors import MappingError, UnreadableFile
from counterfoil.ingest.draft import draft_mapping
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.mapping import parse_mapping
from counterfoil.ingest.source import Accepted, read_listings

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TABLE = (
    "Mã sản phẩm;Tên sản phẩm;Giá bán;Thương hiệu;Danh mục;Ngày tham gia;Người bán;is_fake;ghi chú\n"
    "1;Giày chạy bộ;1.290.000 ₫;OEM;Thời trang > Giày;02/11/2024;Cửa hàng A;0;x\n"
    '2;"Dép; đẹp";45.000 ₫;Biti\'s;Thời trang > Dép;13/01/2025;Cửa hàng B;1;y\n'
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "crawl.csv"
    path.write_text(TABLE, encoding="utf-8-sig")
    return path


def test_a_draft_loads_and_reads_the_file_it_was_made_from(table: Path) -> None:
    mapping = parse_mapping(draft_mapping(table), "draft")
    read = list(read_listings(table, mapping=mapping, key=ContactKey("k", b"x"), now=NOW, default_known_at=NOW))
    first, second = read
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.subject.listing.brand is None
    assert first.subject.listing.price is not None
    assert first.subject.listing.price.amount == 1_290_000
    assert second.subject.listing.title == "Dép; đẹp"
    assert second.subject.listing.category_path == ("Thời trang", "Dép")
    assert second.subject.seller is not None
    assert second.subject.seller.registered_at == datetime(2025, 1, 12, 17, tzinfo=UTC)


def test_a_draft_explains_nothing_away(table: Path) -> None:
    text = draft_mapping(table)
    assert '# column = "is_fake"' in text
    assert '# Not used: "ghi chú"' in text


def test_a_file_without_texts_has_no_title_to_propose(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(MappingError, match="title"):
        draft_mapping(path)


def test_draft_and_check_work_together_in_the_terminal(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "draft.toml"
    assert CliRunner().invoke(app, ["draft", str(table), "--out", str(out)]).exit_code == 0
    checked = CliRunner().invoke(app, ["check", str(table), "--mapping", str(out)], env={"COLUMNS": "160"})
    assert checked.exit_code == 0, checked.output
    assert "accepted: 2" in checked.output
    assert "ghi chú" in checked.output


def test_the_terminal_lists_the_shipped_mappings_with_their_labels() -> None:
    shown = CliRunner().invoke(app, ["list"], env={"COLUMNS": "300"})
    assert "tiki" in shown.output
    assert "does not mean counterfeit" in " ".join(shown.output.split())


def test_what_is_wrong_with_the_file_or_the_mapping_is_raised_for_the_command_line_to_tell(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.csv")
    assert isinstance(CliRunner().invoke(app, ["draft", missing]).exception, UnreadableFile)
    assert isinstance(CliRunner().invoke(app, ["check", missing, "--mapping", "nowhere"]).exception, MappingError)


def test_the_rows_before_a_break_are_shown(table: Path) -> None:
    table.write_text(TABLE + '3;"Giày', encoding="utf-8")
    mapping = table.with_suffix(".toml")
    mapping.write_text(
        'about = "t"\n[file]\nformat = "csv"\ndelimiter = ";"\ntime_zone = "UTC"\n[fields]\n"listing.title" = "Tên sản phẩm"'
    )
    checked = CliRunner().invoke(app, ["check", str(table), "--mapping", str(mapping)], env={"COLUMNS": "160"})
    assert isinstance(checked.exception, UnreadableFile)
    assert "accepted: 2" in checked.output
