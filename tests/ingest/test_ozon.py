"""The mapping of the Ozon E-CUP 2025 files, on made-up rows of their shape: not one row of the contest is here."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from counterfoil.cli.main import app
from counterfoil.ingest.mapping import load_mapping
from counterfoil.ingest.schema import ScoreRequest
from counterfoil.model import learn
from counterfoil.model.manifest import read_manifest
from tests.model import small
from tests.ozon import COLUMNS, rows, write

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_mapping_reads_only_columns_that_the_file_has() -> None:
    assert load_mapping("ozon-ecup").columns_used <= set(COLUMNS)
    assert len(COLUMNS) == 45


def test_a_row_is_read_as_its_makers_meant() -> None:
    row = next(rows(1)) | {
        "name_rus": "Кружка придуманная 300 мл", "brand_name": "", "PriceDiscounted": "655.83127", "item_time_alive": "10",
        "seller_time_alive": "12.5", "ItemID": "7", "SellerID": "3", "resolution": "1", "rating_1_count": "2.0",
    }  # fmt: skip
    read = load_mapping("ozon-ecup").read(row, NOW, NOW)
    request = ScoreRequest.model_validate(read.body)
    assert (read.target, request.listing.listing_id, request.listing.brand) == (1, "ozon:7", None)
    assert request.listing.price is not None
    assert str(request.listing.price.amount) == "655.83"
    assert request.listing.stats.rating_counts is not None
    assert request.listing.stats.rating_counts["1"] == 2
    assert request.seller is not None
    assert request.seller.registered_at is not None
    assert request.listing.created_at is not None
    # Moscow keeps UTC+3: 10 days and 12.5 days before 15:00 there are the 14th and the 12th, from midnight on.
    assert request.listing.created_at == datetime(2026, 11, 14, tzinfo=UTC) - timedelta(hours=3)
    assert request.seller.registered_at == datetime(2026, 11, 12, tzinfo=UTC) - timedelta(hours=3)


def test_unrated_items_have_no_ratings_and_returns_stay_out() -> None:
    row = next(rows(1)) | {f"rating_{stars}_count": "" for stars in range(1, 6)}
    body = load_mapping("ozon-ecup").read(row, NOW, NOW).body
    assert "rating_counts" not in body["listing"].get("stats", {})
    assert "item_count_fake_returns90" not in load_mapping("ozon-ecup").columns_used


def test_a_bundle_can_be_trained_on_a_file_of_that_shape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_MLFLOW", "off")
    monkeypatch.setenv("COUNTERFOIL_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(learn, "ROUNDS", 10)
    file = write(tmp_path / "made_up.csv", 240)
    with file.open(encoding="utf-8", newline="") as opened:
        assert next(csv.reader(opened)) == list(COLUMNS)
    asked = ["train", file, "--mapping", "ozon-ecup", "--encoder", small.encoder_folder(), "--out", tmp_path / "b"]
    done = CliRunner().invoke(app, [str(word) for word in asked], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    manifest = read_manifest(tmp_path / "b")
    assert manifest.training["rows"] == 240
    assert manifest.label.meaning.startswith("Moderators of the platform ruled the listing counterfeit")
