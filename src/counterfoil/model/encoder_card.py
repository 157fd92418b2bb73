"""What a training of an encoder reports, and the page that lies beside its files; it quotes no row of the corpus."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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


def card(trained: TrainedEncoder, epochs: int, seed: int) -> str:
    """The README of the folder."""
    rows = "\n".join(
        f"| {row.view} | {row.among:,} | {row.untrained:.3f} | {row.trained:.3f} |" for row in trained.agreement
    )
    return f"""# A text encoder for listings

A table of {trained.vocabulary:,} vectors of {trained.dim} numbers, one for each piece of a word; a text is the mean of its
pieces. Written by `counterfoil encoder train` from {trained.titles:,} distinct titles (epochs {epochs}, seed {seed}), in the
folder format of sentence-transformers; counterfoil reads it with numpy. It takes text as it was typed: the tokenizer folds
case and compatibility forms (NFKC), drops what is invisible, keeps accents, and never joins more than three digits.

How often a held-out title finds its own other wording first, by cosine:

| other wording | among | untrained | trained |
|---|---|---|---|
{rows}

Half of the evaded titles consist of made-up words, so that disguises are learnt for words the corpus does not hold; what
words mean is learnt from the corpus alone. Vectors are not scaled to unit length. A vector says what is written, never
whether goods are genuine.
"""
