from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.errors import BundleMismatch, NotFound
from counterfoil.features.embed import MAX_CHARACTERS, SentenceEncoder, StaticEncoder, load_encoder

STATIC = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
TITLES = ["Giày thể thao nam đế êm", "Túi xách da thật 350k", "Nước hoa chính hãng 50ml", "giay the thao nam"]
ANY_TEXT = st.text(st.characters(), max_size=60)  # lone surrogates included


def write_encoder(folder: Path, dim: int = 12) -> Path:
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(TITLES * 3, trainer)
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(4).normal(size=(tokenizer.get_vocab_size(), dim)).astype(np.float32)
    save_file({"embedding.weight": table}, folder / "model.safetensors")
    modules = [{"idx": 0, "name": "0", "path": "", "type": STATIC}]
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoders") / "static")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> StaticEncoder:
    return StaticEncoder(folder)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_a_text_is_the_mean_of_its_subword_vectors(folder: Path, encoder: StaticEncoder) -> None:
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    table = load_file(folder / "model.safetensors")["embedding.weight"]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for title, row in zip(TITLES, encoder.encode(TITLES), strict=True):
        np.testing.assert_allclose(row, table[tokenizer.encode(title).ids].mean(axis=0), atol=1e-6)


def test_numpy_and_sentence_transformers_read_the_same_folder_alike(folder: Path, encoder: StaticEncoder) -> None:
    pytest.importorskip("sentence_transformers", reason='needs the extra: pip install "counterfoil[encoder]"')
    texts = [*TITLES, "", "  ", "中文標題", "👟🔥1️⃣", "a\ud800b", "x" * 5_000]
    through_torch = SentenceEncoder(folder)
    assert through_torch.dim == encoder.dim
    np.testing.assert_allclose(through_torch.encode(texts), encoder.encode(texts), rtol=0, atol=1e-6)
    assert through_torch.encode([]).shape == (0, encoder.dim)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=20), data=st.data())
def test_a_vector_is_bitwise_the_same_in_every_batch(
    encoder: StaticEncoder, texts: list[str], data: st.DataObject
) -> None:
    together = encoder.encode(texts)
    order = data.draw(st.permutations(range(len(texts))))
    cut = data.draw(st.integers(0, len(texts)))
    shuffled = [texts[place] for place in order]
    parted = np.concatenate([encoder.encode(shuffled[:cut]), encoder.encode(shuffled[cut:])])
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert together.tobytes() == alone.tobytes()
    assert together[list(order)].tobytes() == parted.tobytes()


def test_a_batch_longer_than_one_pass_keeps_its_order(encoder: StaticEncoder) -> None:
    texts = [f"mẫu số {number}" for number in range(2_500)]
    rows = encoder.encode(texts)
    for place in (0, 1_023, 1_024, 2_499):
        assert rows[place].tobytes() == encoder.encode([texts[place]])[0].tobytes()


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "a\udfffb", "👟🔥", "\u200b", "e" + "\u0301" * 300, "中文" * 9, "\u202etxt"]
)
def test_no_text_stops_the_encoder(encoder: StaticEncoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


def test_a_text_without_a_token_is_zeros(encoder: StaticEncoder) -> None:
    assert not encoder.encode([""]).any()
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_a_script_the_vocabulary_never_saw_still_has_a_vector(encoder: StaticEncoder) -> None:
    first, second = encoder.encode(["運動鞋 男款", "皮革手提包"])
    assert first.any()
    assert second.any()
    assert (first != second).any()


def test_only_the_first_characters_of_a_huge_text_are_read(encoder: StaticEncoder) -> None:
    huge = "giày đẹp " * 120_000
    assert len(huge) > 1_000_000
    assert encoder.encode([huge]).tobytes() == encoder.encode([huge[:MAX_CHARACTERS]]).tobytes()


def test_the_fingerprint_follows_the_table_and_not_the_card(folder: Path, encoder: StaticEncoder, copy: Path) -> None:
    (copy / "README.md").write_text("another card", encoding="utf-8")
    assert StaticEncoder(copy).fingerprint == encoder.fingerprint
    blob = bytearray((copy / "model.safetensors").read_bytes())
    blob[-1] ^= 1
    (copy / "model.safetensors").write_bytes(blob)
    assert StaticEncoder(copy).fingerprint != encoder.fingerprint


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pkl", "modeling.py", ".hidden", "1_Pooling/config.json"])
def test_a_foreign_file_in_the_folder_is_refused(copy: Path, name: str) -> None:
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_bytes(b"\x80\x04.")
    with pytest.raises(BundleMismatch, match=name):
        load_encoder(copy)


@pytest.mark.parametrize("name", ["tokenizer.json", "model.safetensors", "modules.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x80\x04.", b"[1]"])
def test_a_broken_file_is_refused_with_its_name(copy: Path, name: str, content: bytes) -> None:
    (copy / name).write_bytes(content)
    with pytest.raises(BundleMismatch, match=name):
        load_encoder(copy)


def test_a_missing_table_or_tokenizer_is_refused(copy: Path) -> None:
    (copy / "model.safetensors").unlink()
    with pytest.raises(BundleMismatch, match=r"model\.safetensors"):
        load_encoder(copy)
    (copy / "tokenizer.json").unlink()
    with pytest.raises(BundleMismatch, match=r"tokenizer\.json"):
        load_encoder(copy)


def test_a_table_shorter_than_the_vocabulary_or_not_finite_is_refused(copy: Path) -> None:
    from safetensors.numpy import load_file, save_file

    table = load_file(copy / "model.safetensors")["embedding.weight"]
    for name, tensors in {
        "rows of model.safetensors": {"embedding.weight": table[:-1].copy()},
        "not finite": {"embedding.weight": np.full_like(table, np.nan)},
        r"expected one matrix": {"other": table},
    }.items():
        save_file(tensors, copy / "model.safetensors")
        with pytest.raises(BundleMismatch, match=name):
            StaticEncoder(copy)


def test_other_modules_never_load_as_static_nor_from_outside_the_library(copy: Path) -> None:
    modules = [{"idx": 0, "name": "0", "path": "", "type": "os.system"}]
    (copy / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(BundleMismatch, match="expected one StaticEmbedding"):
        StaticEncoder(copy)
    with pytest.raises(BundleMismatch, match="modules of sentence_transformers only"):
        load_encoder(copy)


def test_a_pickle_beside_another_kind_of_encoder_is_refused(copy: Path) -> None:
    modules = [{"idx": place, "name": str(place), "path": "", "type": STATIC} for place in range(2)]
    (copy / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (copy / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(BundleMismatch, match="plain files only"):
        load_encoder(copy)


def test_a_model_of_several_modules_is_read_through_sentence_transformers(copy: Path, encoder: StaticEncoder) -> None:
    pytest.importorskip("sentence_transformers", reason='needs the extra: pip install "counterfoil[encoder]"')
    library = "sentence_transformers.sentence_transformer.modules"
    kinds = {"": STATIC, "1_Normalize": f"{library}.normalize.Normalize"}
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": kind} for at, (path, kind) in enumerate(kinds.items())
    ]
    (copy / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (copy / "1_Normalize").mkdir()
    unit = load_encoder(copy)
    rows = encoder.encode(TITLES)
    np.testing.assert_allclose(unit.encode(TITLES), rows / np.linalg.norm(rows, axis=1, keepdims=True), atol=1e-6)
    assert unit.fingerprint != encoder.fingerprint


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="counterfoil encoder train"):
        load_encoder(tmp_path / "nothing")


def test_without_the_extra_the_message_names_the_install(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = [{"idx": place, "name": str(place), "path": "", "type": STATIC} for place in range(2)]
    (copy / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    monkeypatch.setitem(__import__("sys").modules, "sentence_transformers", None)
    with pytest.raises(BundleMismatch, match=r"pip install .counterfoil\[encoder\]"):
        load_encoder(copy)


def test_the_committed_encoder_loads_and_is_small() -> None:
    committed = Path(__file__).parents[2] / "models" / "encoder"
    assert load_encoder(committed).encode(["Giày thể thao nam 350k", "運動鞋"]).any(axis=1).all()
    assert sum(path.stat().st_size for path in committed.iterdir()) < 8_000_000
