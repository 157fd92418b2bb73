from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from counterfoil.cli.encoder import app
from counterfoil.errors import BadInput, TrainingRefused, UnreadableFile
from counterfoil.features.embed import StaticEncoder
from counterfoil.model.encoder import ListingText, train_encoder

THINGS = ["Giày thể thao", "Túi xách", "Nước hoa", "Áo khoác", "Đồng hồ", "Tai nghe", "Son môi", "Ví da"]
TRAITS = ["đế êm", "màu đỏ", "cao cấp", "chống nước", "giá rẻ", "mới về", "nhập khẩu", "bản giới hạn"]
PLACES = ["Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ", "Nha Trang", "Vinh"]


def corpus() -> list[ListingText]:
    return [
        ListingText(f"{thing} {trait} {place}", f"Shop ở {place} bán {thing.lower()}, {trait}, liên hệ 0900000001")
        for thing in THINGS
        for trait in TRAITS
        for place in PLACES
    ]


def train(out: Path, seed: int = 5) -> Path:
    pytest.importorskip("sentence_transformers", reason='needs the extra: pip install "counterfoil[encoder]"')
    train_encoder(corpus(), out, dim=16, vocabulary=600, epochs=2, seed=seed)
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("trained") / "encoder")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_corpus_and_seed_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert contents(train(tmp_path / "again")) == contents(folder)
    assert StaticEncoder(train(tmp_path / "other", seed=6)).fingerprint != StaticEncoder(folder).fingerprint


def test_training_leaves_plain_readable_files_and_nothing_else(folder: Path) -> None:
    names = {"README.md", "config_sentence_transformers.json", "model.safetensors", "modules.json", "tokenizer.json"}
    assert set(contents(folder)) == names
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    assert [path.name for path in folder.parent.iterdir()] == ["encoder"]


def test_the_card_quotes_no_row_of_the_training_text(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert not [listing.title for listing in corpus() if listing.title in card]
    assert "Shop ở" not in card
    assert "seed 5" in card


def test_the_vocabulary_holds_no_number_longer_than_three_digits(folder: Path) -> None:
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    assert any(re.search(r"\d{3}", token) for token in vocabulary)
    assert not [token for token in vocabulary if re.search(r"\d{4}", token)]


def test_training_teaches_titles_to_find_their_own_other_wordings(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason='needs the extra: pip install "counterfoil[encoder]"')
    trained = train_encoder(corpus(), tmp_path / "encoder", dim=16, vocabulary=600, epochs=2)
    assert {row.view for row in trained.agreement} == {"description", "no accents", "words shuffled and dropped"}
    assert trained.titles + trained.agreement[0].among == len(corpus())
    for row in trained.agreement:
        assert 0 <= row.untrained <= row.trained <= 1


def test_case_and_order_of_words_do_not_matter_and_any_script_has_a_vector(folder: Path) -> None:
    plain, loud, turned, chinese, blank = StaticEncoder(folder).encode(
        ["túi xách màu đỏ", "TÚI XÁCH MÀU ĐỎ", "đỏ màu xách túi", "運動鞋", " \n"]
    )
    assert plain.tobytes() == loud.tobytes()
    np.testing.assert_allclose(plain, turned, atol=1e-6)
    assert chinese.any()
    assert not blank.any()


def test_texts_that_no_tokenizer_takes_are_mended_before_training(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason='needs the extra: pip install "counterfoil[encoder]"')
    hostile = [ListingText("\ud800 giày"), ListingText(" \n"), ListingText("túi", "x" * 100_000), ListingText("👟")]
    trained = train_encoder([*hostile, *corpus()], tmp_path / "encoder", dim=8, vocabulary=400, epochs=1)
    assert np.isfinite(StaticEncoder(trained.folder).encode(["\ud800 giày", "👟"])).all()


def test_too_few_titles_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(TrainingRefused, match="got 1 distinct titles, expected at least 100"):
        train_encoder([ListingText("giày"), ListingText(" giày ")], tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


def test_the_command_reads_score_bodies_and_plain_titles(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason='needs the extra: pip install "counterfoil[encoder]"')
    bodies = ({"listing": {"title": text.title, "description": text.description}} for text in corpus())
    (tmp_path / "listings.jsonl").write_text("\n".join(map(json.dumps, bodies)), encoding="utf-8")
    (tmp_path / "titles.txt").write_text("giày vải\n\ntúi vải\n", encoding="utf-8-sig")
    out = tmp_path / "models" / "encoder"
    arguments = ["train", str(tmp_path / "listings.jsonl"), str(tmp_path / "titles.txt"), "--out", str(out)]
    result = CliRunner().invoke(app, [*arguments, "--dim", "8", "--vocabulary", "400", "--epochs", "1"])
    assert result.exit_code == 0, result.output
    assert "description" in result.output
    assert "MB" in result.output
    assert StaticEncoder(out).dim == 8


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{", BadInput),
        (b'{"listing": {}}', BadInput),
        (b'{"listing": {"title": "a"}, "x": 1}', BadInput),
        (b"\xff", UnreadableFile),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes, error: type[Exception]) -> None:
    file = tmp_path / "listings.jsonl"
    file.write_bytes(b'{"listing": {"title": "a"}}\n' + line + b"\n")
    with pytest.raises(error, match=r"listings\.jsonl"):
        CliRunner().invoke(app, ["train", str(file), "--out", str(tmp_path / "o")], catch_exceptions=False)
