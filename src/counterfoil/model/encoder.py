"""How our own encoder is made: pieces of words and their vectors, learned from listings, in a folder of plain files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import ModelUnavailable, TrainingRefused
from counterfoil.features.embed import StaticEncoder
from counterfoil.model.encoder_card import Agreement, TrainedEncoder, card
from counterfoil.model.encoder_pairs import VIEWS, Example, ListingText, Rivals, View, distinct, examples
from counterfoil.model.encoder_subwords import learn_subwords

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

MIN_TITLES = 100

_HELD_OUT = 1_000
_BATCH = 512
# Small beside the spread: vectors keep most of the chance that sets pieces apart, which serves a model trained on them;
# a tenfold rate finds reworded titles better and tells labelled reviews apart worse.
_LEARNING_RATE = 0.001
_SPREAD = 0.1
# There are many attacks, and each has to be met often enough; the other views are one thing each.
_DRAWN: tuple[View, ...] = (*VIEWS, "evaded", "evaded")


def train_encoder(
    corpus: Iterable[ListingText],
    out: Path,
    *,
    dim: int = 768,
    vocabulary: int = 2_300,
    epochs: int = 1,
    seed: int = 1,
) -> TrainedEncoder:
    """Learn an encoder from listings and write it to `out` in sentence-transformers' format.

    A title is to lie near its description and near itself evaded, without accents, in teencode, and reordered; the
    others of its batch, and a title of another brand in the same category, are what it is to lie apart from. The same
    corpus and seed give the same bytes. Raises TrainingRefused below `MIN_TITLES` distinct titles, ModelUnavailable
    without the extra `encoder`.
    """
    listings = distinct(corpus)
    if len(listings) < MIN_TITLES:
        raise TrainingRefused(
            f"got {len(listings)} distinct titles, expected at least {MIN_TITLES} to learn from; pass more files"
        )
    rng = Random(seed)
    rng.shuffle(listings)
    cut = min(_HELD_OUT, len(listings) // 10)
    held_out, used = listings[:cut], listings[cut:]
    none = Rivals(())
    asked = {view: found for view in VIEWS if (found := list(examples(view, held_out, none, rng)))}

    tokenizer = learn_subwords(used, vocabulary, rng)
    model = _untrained(tokenizer, dim, seed)
    before = {view: _found_first(model, pairs) for view, pairs in asked.items()}
    _fit(model, used, epochs, rng)
    agreement = (Agreement(view, len(pairs), before[view], _found_first(model, pairs)) for view, pairs in asked.items())
    trained = TrainedEncoder(out, len(used), tokenizer.get_vocab_size(), dim, tuple(agreement))
    _write(model, out, card(trained, epochs, seed))
    StaticEncoder(out)
    return trained


def _untrained(tokenizer: Tokenizer, dim: int, seed: int) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    except ImportError as error:
        raise ModelUnavailable(
            "got no sentence-transformers, expected the extra `encoder` for training; "
            'run `pip install "counterfoil[encoder]"` (choose a CPU build of torch first)'
        ) from error
    shape = (tokenizer.get_vocab_size(), dim)
    table = np.random.default_rng(seed).normal(0.0, _SPREAD, shape).astype(np.float32)
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu")


def _fit(model: SentenceTransformer, listings: Sequence[ListingText], epochs: int, rng: Random) -> None:
    # A plain loop, not the library's trainer: that one writes checkpoints and a card that quotes the rows it saw.
    import torch
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    loss = MultipleNegativesRankingLoss(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=_LEARNING_RATE)
    rivals = Rivals(listings)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the order of summation, and with it the last bits, depends on the number of threads
    try:
        for epoch in range(epochs):
            batches = _batches(listings, rivals, rng)
            for place, batch in enumerate(batches):
                for group in optimizer.param_groups:
                    group["lr"] = _LEARNING_RATE * (1 - (epoch + place / len(batches)) / epochs)
                columns = [model.preprocess(list(column)) for column in zip(*batch, strict=True)]
                optimizer.zero_grad()
                loss(columns, torch.empty(0)).backward()
                optimizer.step()
    finally:
        torch.set_num_threads(threads)


def _batches(listings: Sequence[ListingText], rivals: Rivals, rng: Random) -> list[list[Example]]:
    # One view per batch: the same title twice in a batch would be pushed away from itself.
    batches = []
    for view in _DRAWN:
        drawn = list(examples(view, listings, rivals, rng))
        rng.shuffle(drawn)
        for width in (2, 3):
            some = [example for example in drawn if len(example) == width]
            batches += [some[start : start + _BATCH] for start in range(0, len(some), _BATCH)]
    rng.shuffle(batches)
    return batches


def _found_first(model: SentenceTransformer, pairs: Sequence[Example]) -> float:
    titles, others = (_unit(model.encode(list(side), show_progress_bar=False)) for side in zip(*pairs, strict=True))
    return float(np.mean((titles @ others.T).argmax(axis=1) == np.arange(len(pairs))))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12))
    return unit


def _write(model: SentenceTransformer, out: Path, text: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent) as scratch:
        model.save(scratch, create_model_card=False)
        (Path(scratch) / "README.md").write_text(text, encoding="utf-8")
        for path in sorted(Path(scratch).iterdir()):
            path.chmod(0o644)  # safetensors writes 0600, which a server under another user could not read
            path.replace(out / path.name)
