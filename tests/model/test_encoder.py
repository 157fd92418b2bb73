from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from counterfoil.cli.encoder import app
from counterfoil.errors import BadInput, TrainingRefused, UnreadableFile
from counterfoil.features.embed import SentenceEncoder, StaticEncoder
from counterfoil.language.evasion import ATTACKS, evade
from counterfoil.language.normalise import fold_text
from counterfoil.language.syllable import has_odd_accents
from counterfoil.model.encoder import train_encoder
from counterfoil.model.encoder_pairs import VIEWS, ListingText, Rivals, distinct, examples, made_up
from counterfoil.model.encoder_syllables import syllables
from tests.benchmarks import encoder as benchmark

ROOT = Path(__file__).parents[2]
THINGS = ["Giày thể thao", "Túi xách", "Nước hoa", "Áo khoác", "Đồng hồ", "Tai nghe", "Son môi", "Ví da"]
TRAITS = ["đế êm", "màu đỏ", "cao cấp", "chống nước", "giá rẻ", "mới về", "nhập khẩu", "bản giới hạn"]
PLACES = ["Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ", "Nha Trang", "Vinh"]
EXTRA = 'needs the extra: pip install "counterfoil[encoder]"'


def corpus() -> list[ListingText]:
    return [
        ListingText(
            f"{thing} {trait} {place}",
            f"Shop ở {place} bán {thing.lower()}, {trait}, liên hệ 0900000001",
            brand=place,
            category=thing,
        )
        for thing in THINGS
        for trait in TRAITS
        for place in PLACES
    ]


def train(out: Path, seed: int = 5) -> Path:
    pytest.importorskip("sentence_transformers", reason=EXTRA)
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


def test_the_same_bytes_come_out_on_another_number_of_threads(folder: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason=EXTRA)
    before = torch.get_num_threads()
    torch.set_num_threads(1 if before > 1 else 3)
    try:
        assert contents(train(tmp_path / "threads")) == contents(folder)
    finally:
        torch.set_num_threads(before)


@pytest.mark.slow
def test_another_process_with_one_thread_for_everything_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.model.test_encoder import train; train(Path(sys.argv[1]))"
    )
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    out = tmp_path / "encoder"
    environment = {**os.environ, **threads, "PYTHONHASHSEED": "77"}
    subprocess.run([sys.executable, "-c", script, str(out)], check=True, env=environment, cwd=ROOT)
    assert contents(out) == contents(folder)


@pytest.mark.slow
def test_training_teaches_titles_to_find_their_own_other_wordings(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason=EXTRA)
    trained = train_encoder(corpus(), tmp_path / "encoder", dim=16, vocabulary=600, epochs=10)
    assert [row.view for row in trained.agreement] == list(VIEWS)
    assert trained.titles + trained.agreement[0].among == len(corpus())
    for row in trained.agreement:
        assert 0 <= row.untrained <= 1
        assert 0 <= row.trained <= 1
    assert sum(row.trained for row in trained.agreement) > sum(row.untrained for row in trained.agreement) + 0.2


def test_the_committed_encoder_finds_evaded_titles_that_were_made_up_for_this_test() -> None:
    encoder = StaticEncoder(ROOT / "models" / "encoder")
    titles = [made_up(listing.title, Random(place)) for place, listing in enumerate(corpus())]
    for name in ATTACKS:
        evaded = [unicodedata.normalize("NFC", evade(title, name, place)) for place, title in enumerate(titles)]
        known, asked = (
            rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in map(encoder.encode, (titles, evaded))
        )
        found = (asked @ known.T).argmax(axis=1) == np.arange(len(titles))
        assert found.mean() >= 0.8, name


def test_the_committed_encoder_gives_the_same_bytes_one_by_one_and_by_the_thousand() -> None:
    encoder = StaticEncoder(ROOT / "models" / "encoder")
    titles = [made_up(listing.title, Random(turn)) for turn in range(3) for listing in corpus()][:1_024]
    assert len(titles) == 1_024
    assert encoder.encode(titles).tobytes() == b"".join(encoder.encode([title]).tobytes() for title in titles)


def test_both_loaders_give_the_same_vectors_of_a_trained_folder(folder: Path) -> None:
    pytest.importorskip("sentence_transformers", reason=EXTRA)
    texts = [*(listing.title for listing in corpus()[:50]), "Ｎ.i.k.е r3p", "1️⃣:1️⃣", "", "運動鞋"]
    np.testing.assert_allclose(
        SentenceEncoder(folder).encode(texts), StaticEncoder(folder).encode(texts), rtol=0, atol=1e-6
    )


def test_a_longer_text_of_the_same_words_has_less_of_the_first_piece(folder: Path) -> None:
    encoder = StaticEncoder(folder)
    once, twice, often, blank = encoder.encode(["túi xách", "túi xách " * 2, "túi xách " * 200, " \u200b\n"])
    assert np.linalg.norm(once - often) > np.linalg.norm(twice - often) > 0.001
    assert not blank.any()


def test_every_composed_syllable_is_well_spelt_and_stands_once() -> None:
    every = list(syllables())
    assert len(set(every)) == len(every) > 16_000
    assert [one for one in every if one != unicodedata.normalize("NFC", one.lower())] == []
    assert [one for one in every if has_odd_accents(one, fold_text(one))] == []
    text = "giày đẹp được quà nghiêng khuyên hòa thúy khỏe người nước của kết gì giếng giúp giữ quý tuyệt ngoằn khuya yêu hoài"
    assert set(text.split()) - set(every) == set()
    assert not {"cẹ", "kà", "nghà", "tàt", "qúy", "cuả", "hoà", "nhaí", "gìi", "ghỳ"} & set(every)


def test_a_disguise_that_shows_nothing_changes_nothing(folder: Path) -> None:
    encoder = StaticEncoder(folder)
    plain, hidden, wide, parted = encoder.encode(
        [
            "túi xách 1:1",
            "t\u200bú\u00adi x\u2060ách 1\ufe0f\u20e3:1\ufe0f\u20e3",
            "ｔúｉ ｘáｃｈ １：１",
            "tu\u0301i xa\u0301ch 1:1",
        ]
    )
    assert plain.tobytes() == hidden.tobytes() == wide.tobytes() == parted.tobytes()


@given(title=st.text(max_size=80), description=st.none() | st.text(max_size=80), seed=st.integers(0, 9))
def test_every_view_of_any_text_is_a_pair_of_two_wordings(title: str, description: str | None, seed: int) -> None:
    listings = distinct([ListingText(title, description)])
    for view in VIEWS:
        for example in examples(view, listings, Rivals(listings), Random(seed)):
            assert len(example) == 2
            assert example[0] != example[1]
            assert all(example)


def test_views_say_what_their_names_say() -> None:
    listings = distinct(corpus())
    none = Rivals(())
    plain = list(examples("without accents", listings, none, Random(1)))
    assert plain
    assert all(other == fold_text(title) for title, other in plain)
    described = list(examples("description", listings, none, Random(1)))
    assert described == [(one.title, one.description) for one in listings if one.description]
    assert described
    reordered = list(examples("reordered", listings, none, Random(1)))
    assert reordered
    assert all(set(other.split()) <= set(title.split()) for title, other in reordered)
    evaded = [title for title, _ in examples("evaded", listings, none, Random(1))]
    real = {listing.title for listing in listings}
    assert 0.3 < sum(title in real for title in evaded) / len(evaded) < 0.7


def test_a_rival_is_of_the_same_category_and_another_brand() -> None:
    listings = distinct(corpus())
    by_title = {listing.title: listing for listing in listings}
    rivals = Rivals(listings)
    for listing in listings:
        rival = by_title[rivals.of(listing, Random(3)) or ""]
        assert (rival.category, rival.brand != listing.brand) == (listing.category, True)
    assert rivals.of(ListingText("a", brand="huế"), Random(3)) is None
    assert rivals.of(ListingText("a", category="giày thể thao"), Random(3)) is None
    assert (
        Rivals([ListingText("a", None, "x", "c"), ListingText("b", None, "x", "c")]).of(
            ListingText("a", None, "x", "c"), Random(3)
        )
        is None
    )


def test_the_rival_is_the_third_text_of_an_example_and_never_the_other_wording() -> None:
    listings = [ListingText("giày đỏ", None, "x", "c"), ListingText("giay do", None, "y", "c")]
    rows = list(examples("without accents", listings, Rivals(listings), Random(1)))
    assert rows == [("giày đỏ", "giay do")]
    widths = {len(row) for row in examples("reordered", distinct(corpus()), Rivals(distinct(corpus())), Random(1))}
    assert widths == {3}


@given(st.text(max_size=60), st.integers(0, 9))
def test_made_up_words_keep_the_build_of_the_real_ones(text: str, seed: int) -> None:
    made = made_up(text, Random(seed))
    assert len(made.split()) == len(text.split())
    for real, new in zip(text.split(), made.split(), strict=True):
        assert [char.isdecimal() for char in real] == [char.isdecimal() for char in new]
        assert [char.isspace() for char in real] == [char.isspace() for char in new]


def test_texts_that_no_tokenizer_takes_are_mended_before_training(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason=EXTRA)
    hostile = [ListingText("\ud800 giày"), ListingText(" \n"), ListingText("túi", "x" * 100_000), ListingText("👟")]
    trained = train_encoder([*hostile, *corpus()], tmp_path / "encoder", dim=8, vocabulary=400, epochs=1)
    assert np.isfinite(StaticEncoder(trained.folder).encode(["\ud800 giày", "👟"])).all()


def test_too_few_titles_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(TrainingRefused, match="got 1 distinct titles, expected at least 100"):
        train_encoder([ListingText("giày"), ListingText(" giày ")], tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


def bodies(count: int) -> str:
    rows = (
        {"listing": {"title": text.title, "description": text.description, "brand": text.brand}}
        for text in corpus()[:count]
    )
    return "\n".join(map(json.dumps, rows))


def test_the_command_reads_score_bodies_tables_and_plain_titles(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason=EXTRA)
    (tmp_path / "listings.jsonl").write_text(bodies(100), encoding="utf-8")
    (tmp_path / "titles.txt").write_text("giày vải\n\ntúi vải\n", encoding="utf-8-sig")
    rows = "\n".join(f'"{text.title}, mới",{text.brand}' for text in corpus()[:10])
    (tmp_path / "table.csv").write_text(f"tên,hãng\n{rows}\n", encoding="utf-8-sig")
    out = tmp_path / "models" / "encoder"
    files = [str(tmp_path / name) for name in ("listings.jsonl", "titles.txt", "table.csv")]
    options = ["--title", "tên", "--brand", "hãng", "--dim", "8", "--vocabulary", "400", "--epochs", "1"]
    result = CliRunner().invoke(app, ["train", *files, "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    assert "evaded" in result.output
    assert "MB" in result.output
    assert "from 101 distinct titles" in (out / "README.md").read_text(encoding="utf-8")  # 11 of 112 are held out
    assert StaticEncoder(out).dim == 8


def test_a_table_without_the_column_of_titles_is_named_with_the_option(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("name,brand\na,b\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"got the columns \['name', 'brand'\] in .*table\.csv.*--title"):
        CliRunner().invoke(app, ["train", str(file), "--out", str(tmp_path / "o")], catch_exceptions=False)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b'{"listing": {}}',
        b'{"listing": {"title": "a"}, "x": 1}',
        b'{"listing": {"title": "\\ud800"}}',
        b"\xff",
        b"[]",
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "listings.jsonl"
    file.write_bytes(b'{"listing": {"title": "a"}}\n' + line + b"\n")
    with pytest.raises(BadInput, match=r"listings\.jsonl line 2"):
        CliRunner().invoke(app, ["train", str(file), "--out", str(tmp_path / "o")], catch_exceptions=False)


def test_titles_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "titles.txt"
    file.write_bytes(b"gi\xe0y\n")
    with pytest.raises(UnreadableFile, match=r"titles\.txt"):
        CliRunner().invoke(app, ["train", str(file), "--out", str(tmp_path / "o")], catch_exceptions=False)


@pytest.mark.slow
def test_titles_of_a_real_market_are_found_by_their_evaded_forms() -> None:
    folder = os.environ.get("COUNTERFOIL_DATA")
    if not folder:
        pytest.skip("needs COUNTERFOIL_DATA, the folder with the crawls that are not part of the repository")
    titles = benchmark.tiki_titles(Path(folder))
    _, queries = benchmark.evaded_forms(titles)
    ours = benchmark.Dense("ours", StaticEncoder(ROOT / "models" / "encoder").encode)
    assert len(titles) == 2_000
    assert benchmark.found(ours, titles, queries).mean() >= 0.9
    normal = [fold_text(title) for title in titles], [fold_text(query) for query in queries]
    assert benchmark.found(ours, *normal).mean() >= 0.95


def test_the_benchmark_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTERFOIL_DATA", raising=False)
    assert benchmark.section().startswith("Not measured: set `COUNTERFOIL_DATA`")


def test_macro_f1_is_the_mean_of_both_classes() -> None:
    target = np.array([0, 0, 0, 1])
    assert benchmark.macro_f1(target, target) == 1.0
    assert benchmark.macro_f1(target, np.zeros_like(target)) == pytest.approx((6 / 7 + 0) / 2)
    assert benchmark.macro_f1(target, 1 - target) == 0.0


def test_every_query_of_the_benchmark_differs_from_its_title_and_every_attack_but_one_takes_part() -> None:
    titles = [listing.title for listing in corpus()]
    attacks, queries = benchmark.evaded_forms(titles)
    assert all(query != title for query, title in zip(queries, titles, strict=True))
    assert set(ATTACKS) - set(attacks) <= {"nfd", "keycap"}  # NFC undoes the first, the second needs digits
