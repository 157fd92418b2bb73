"""A small made-up market with labels, and a small bundle learnt from it, made once a process."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from counterfoil.features.embed import load_encoder
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.intake import ContactKey
from counterfoil.model import learn, train
from counterfoil.model.dataset import Dataset, assemble
from counterfoil.model.examples import examples_from_targets
from counterfoil.model.manifest import Label
from counterfoil.model.save import save
from tests.worlds import at, listed, listing

KEY = ContactKey("k1", b"a key for tests!")
MADE = datetime(2026, 6, 1, tzinfo=UTC)
MEANING = "1: made up to look like a copy. 0: made up to look ordinary."
GOODS = ["Giày thể thao nam", "Túi xách da", "Dép đi trong nhà", "Nước hoa nữ 50ml", "Ốp lưng điện thoại"]
_STATIC = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"


def world(sellers: int = 30, each: int = 6, days: int = 30) -> list[tuple[Entry, int | None]]:
    """Labelled sightings in order of time; about every third seller sells cheap and says so in some of the titles."""
    dice = np.random.default_rng(7)
    rows: list[tuple[Entry, int | None]] = []
    for number in range(sellers * each):
        seller = number % sellers
        bad = seller % 3 == 0
        title = f"{GOODS[number % len(GOODS)]} mã {number}"
        what = listing(
            f"l{number}",
            title=f"{title} super fake" if bad and dice.random() < 0.2 else title,
            price=str(round((100 if bad else 150) * (1 + 2 * dice.random())) * 1000),
            category_path=["Giày Dép Nam"],
        )
        known_at = at(number * days * 1440 / (sellers * each))
        rows.append((listed(known_at, f"s{seller}", what, {"stats": {"followers": seller}}), int(bad)))
    return rows


@cache
def encoder_folder() -> Path:
    """A static encoder of 12 numbers over bytes."""
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(
        vocab_size=300, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False
    )
    tokenizer.train_from_iterator(GOODS, trainer)
    folder = _scratch() / "encoder"
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(4).normal(size=(tokenizer.get_vocab_size(), 12)).astype(np.float32)
    save_file({"embedding.weight": table}, folder / "model.safetensors")
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": _STATIC}]))
    return folder


def dataset(rows: list[tuple[Entry, int | None]] | None = None) -> Dataset:
    """The rows of a world as a matrix with everything beside it."""
    dropped: Counter[str] = Counter()
    examples = examples_from_targets(world() if rows is None else rows, dropped)
    return assemble(examples, load_encoder(encoder_folder()), MEANING, dropped)


@cache
def fitted() -> train.Fitted:
    """A model of 20 trees, enough to rank the made-up rows; it states no rate (`calibrated` does)."""
    usual, learn.ROUNDS = learn.ROUNDS, 20
    try:
        return replace(train.fit(dataset(), threads=1), conformal=None, fairness=None)
    finally:
        learn.ROUNDS = usual


def save_bundle(folder: Path) -> Path:
    """Write the fitted model as a bundle."""
    encoder = load_encoder(encoder_folder())
    label = Label(meaning=MEANING, source="file")
    save(fitted(), encoder, encoder_folder(), folder, created_at=MADE, label=label, run_id=None)
    return folder


@cache
def bundle_folder() -> Path:
    """The bundle on disk; whoever wants to change it copies it first."""
    return save_bundle(_scratch() / "bundle")


def _scratch() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
