"""The pieces an encoder reads: bytes joined as often as a corpus, plain and evaded, shows them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING

from counterfoil.language.normalise import fold_text
from counterfoil.model.encoder_pairs import ListingText, Rivals, examples, made_up
from counterfoil.model.encoder_syllables import syllables

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Characters that show nothing: format characters, enclosing marks (keycaps), variation selectors.
_UNSEEN = r"[\p{Cf}\p{Me}\x{FE00}-\x{FE0F}]+"
# A piece before every text: its share of the mean is one by the number of pieces, and so tells how long the text is.
_START = "\u2581 "
# Each syllable is read once per so many listings: often enough to make pieces, seldom enough to leave room for brands.
_LISTINGS_PER_SYLLABLE = 1_600


def learn_subwords(listings: Sequence[ListingText], size: int, rng: Random) -> Tokenizer:
    """A byte-level BPE of at most `size` pieces, learned from the listings, evaded forms of them, made-up words, and syllables.

    The syllables of Vietnamese are there for what the listings do not say: parts of them become pieces. A piece does not
    know whether it begins a word, so that `cha nel` and `c.h.a.n.e.l` are made of pieces of `chanel`.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(_UNSEEN), ""),
            normalizers.Strip(),  # what is blank has no pieces, not even the first
            normalizers.Prepend(_START),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Punctuation(),
            # At most three digits stay together: the vocabulary cannot hold a phone, account or registration number.
            pre_tokenizers.Split(Regex(r"\p{N}{1,3}"), "isolated"),
            # Pieces of bytes: a script that the corpus never showed still has vectors.
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(listings, rng), trainer)
    return tokenizer


def _texts(listings: Sequence[ListingText], rng: Random) -> Iterator[str]:
    none = Rivals(())
    for _ in range(0, len(listings), _LISTINGS_PER_SYLLABLE):
        yield from syllables()
    for place, listing in enumerate(listings):
        yield listing.title
        yield fold_text(listing.title)
        if listing.description:
            yield listing.description
        if place % 3 == 0:
            yield made_up(listing.title, rng)
    for example in examples("evaded", listings, none, rng):
        yield example[1]
