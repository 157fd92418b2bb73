"""How our own encoder is made: subwords and their vectors, learned from listings, in a folder of plain files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from counterfoil.errors import ModelUnavailable, TrainingRefused
from counterfoil.features.embed import StaticEncoder, readable
from counterfoil.language.normalise import fold_text

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

MIN_TITLES = 100

_HELD_OUT = 1_000
_BATCH = 512
_LEARNING_RATE = 0.01
_SPREAD = 0.1
_VIEWS = ("description", "no accents", "words shuffled and dropped")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ListingText:
    """The text of one listing."""

    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a held-out title finds its own other wording first among `among` of them, as a share."""

    view: str
    among: int
    untrained: float
    trained: float


@dataclass(frozen=True, slots=True)
class TrainedEncoder:
    """What a training wrote, and how well it does on listings it has not seen."""

    folder: Path
    titles: int
    vocabulary: int
    dim: int
    agreement: tuple[Agreement, ...]


def train_encoder(
    corpus: Iterable[ListingText],
    out: Path,
    *,
    dim: int = 160,
    vocabulary: int = 10_000,
    epochs: int = 3,
    seed: int = 1,
) -> TrainedEncoder:
    """Learn an encoder from listings and write it to `out` in sentence-transformers' format.

    A title is to lie near its own description, near itself without accents, and near itself with words shuffled and
    dropped; the others of its batch are what it is to lie apart from. Only the first listing of each title, and of each
    description, is used. The same corpus and seed give the same bytes. Raises TrainingRefused below `MIN_TITLES`
    titles, ModelUnavailable without the extra `encoder`.
    """
    listings = _distinct(corpus)
    if len(listings) < MIN_TITLES:
        raise TrainingRefused(
            f"got {len(listings)} distinct titles, expected at least {MIN_TITLES} to learn from; pass more files"
        )
    rng = np.random.default_rng(seed)
    listings = [listings[place] for place in rng.permutation(len(listings))]
    cut = min(_HELD_OUT, len(listings) // 10)
    held_out, used = listings[:cut], listings[cut:]
    asked = {view: pairs for view in _VIEWS if (pairs := _pairs(view, held_out, rng))}

    tokenizer = _learn_subwords(used, vocabulary)
    model = _untrained(tokenizer, dim, rng)
    before = {view: _found_first(model, pairs) for view, pairs in asked.items()}
    _fit(model, used, epochs, rng)
    agreement = (Agreement(view, len(pairs), before[view], _found_first(model, pairs)) for view, pairs in asked.items())
    trained = TrainedEncoder(out, len(used), tokenizer.get_vocab_size(), dim, tuple(agreement))
    _write(model, out, _card(trained, epochs, seed))
    StaticEncoder(out)
    return trained


def _distinct(corpus: Iterable[ListingText]) -> list[ListingText]:
    # Sellers copy both; a text met twice in a batch would be pushed away from itself, so only the first is kept.
    titles: set[str] = set()
    descriptions = {""}
    kept = []
    for listing in corpus:
        title, description = _one_line(listing.title), _one_line(listing.description or "")
        if not title or title in titles:
            continue
        kept.append(ListingText(title, None if description in descriptions else description))
        titles.add(title)
        descriptions.add(description)
    return kept


def _one_line(text: str) -> str:
    return " ".join(readable(text).split())


def _pairs(view: str, listings: Sequence[ListingText], rng: Generator) -> list[Pair]:
    if view == "description":
        return [(listing.title, listing.description) for listing in listings if listing.description]
    if view == "no accents":
        pairs = ((listing.title, fold_text(listing.title)) for listing in listings)
    else:
        pairs = ((listing.title, _shuffled(listing.title, rng)) for listing in listings)
    return [(title, other) for title, other in pairs if other != title]


def _shuffled(text: str, rng: Generator) -> str:
    words = text.split()
    kept = [word for word in words if rng.random() > 0.3] or words
    return " ".join(kept[place] for place in rng.permutation(len(kept)))


def _learn_subwords(listings: Sequence[ListingText], size: int) -> Tokenizer:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Punctuation(),
            # At most three digits stay together: the vocabulary cannot hold a phone, account or registration number.
            pre_tokenizers.Split(Regex(r"\p{N}{1,3}"), "isolated"),
            # Subwords of bytes: a script that the corpus never showed still has vectors.
            pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    wordings = ((listing.title, fold_text(listing.title), listing.description) for listing in listings)
    tokenizer.train_from_iterator((text for texts in wordings for text in texts if text), trainer)
    return tokenizer


def _untrained(tokenizer: Tokenizer, dim: int, rng: Generator) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    except ImportError as error:
        raise ModelUnavailable(
            "got no sentence-transformers, expected the extra `encoder` for training; "
            'run `pip install "counterfoil[encoder]"` (choose a CPU build of torch first)'
        ) from error
    table = rng.normal(0.0, _SPREAD, (tokenizer.get_vocab_size(), dim)).astype(np.float32)
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu")


def _fit(model: SentenceTransformer, listings: Sequence[ListingText], epochs: int, rng: Generator) -> None:
    # A plain loop, not the library's trainer: that one writes checkpoints and a card that quotes the rows it saw.
    import torch
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    loss = MultipleNegativesRankingLoss(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=_LEARNING_RATE)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the order of summation, and with it the last bits, depends on the number of threads
    try:
        for epoch in range(epochs):
            for group in optimizer.param_groups:
                group["lr"] = _LEARNING_RATE * (1 - epoch / epochs)
            for batch in _batches(listings, rng):
                sides = [model.preprocess(list(side)) for side in zip(*batch, strict=True)]
                optimizer.zero_grad()
                loss(sides, torch.empty(0)).backward()
                optimizer.step()
    finally:
        torch.set_num_threads(threads)


def _batches(listings: Sequence[ListingText], rng: Generator) -> list[list[Pair]]:
    # One view per batch: the same title twice in a batch would be pushed away from itself.
    batches = []
    for view in _VIEWS:
        pairs = _pairs(view, listings, rng)
        pairs = [pairs[place] for place in rng.permutation(len(pairs))]
        batches += [pairs[start : start + _BATCH] for start in range(0, len(pairs), _BATCH)]
    return [batches[place] for place in rng.permutation(len(batches))]


def _found_first(model: SentenceTransformer, pairs: Sequence[Pair]) -> float:
    titles, others = (_unit(model.encode(list(side), show_progress_bar=False)) for side in zip(*pairs, strict=True))
    return float(np.mean((titles @ others.T).argmax(axis=1) == np.arange(len(pairs))))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12))
    return unit


def _write(model: SentenceTransformer, out: Path, card: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent) as scratch:
        model.save(scratch, create_model_card=False)
        (Path(scratch) / "README.md").write_text(card, encoding="utf-8")
        for path in sorted(Path(scratch).iterdir()):
            path.chmod(0o644)  # safetensors writes 0600, which a server under another user could not read
            path.replace(out / path.name)


def _card(trained: TrainedEncoder, epochs: int, seed: int) -> str:
    rows = "\n".join(
        f"| {row.view} | {row.among:,} | {row.untrained:.3f} | {row.trained:.3f} |" for row in trained.agreement
    )
    return f"""# A text encoder for listings

A table of {trained.vocabulary:,} subword vectors of {trained.dim} numbers; a text is the mean of its subwords.
Written by `counterfoil encoder train` from {trained.titles:,} distinct titles ({epochs} epochs, seed {seed}), in the
folder format of sentence-transformers; counterfoil reads it with numpy.

How often a held-out title finds its own other wording first, by cosine:

| other wording | among | untrained | trained |
|---|---|---|---|
{rows}

It knows the words of the listings it was trained on and little else. The tokenizer keeps accents, folds case and
compatibility forms (NFKC), and never joins more than three digits. Vectors are not scaled to unit length.
"""
