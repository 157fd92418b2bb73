"""The tokens of a text, each looked at once: its pieces, what it hides, and whether it may be part of something hidden."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

from counterfoil.language.oddly import Piece, is_odd
from counterfoil.language.syllable import has_odd_accents, is_well_spelt
from counterfoil.language.targets import fold_signs
from counterfoil.language.watch import squeeze, watch

How = Literal["joined", "split", "apart", "leet", "repeated", "misspelt"]
Hidden = tuple[int, int, str, How]

_PIECE = re.compile(r"[a-z0-9@$€!]*[a-z0-9@$€]")
# A token is what stands between blanks and pictures.
_PICTURE = re.compile(r"[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
_CORE = re.compile(r"[a-z0-9@$!€](?:.*[a-z0-9@$!€])?", re.DOTALL)
_SINGLE = re.compile(r"[a-z0-9@$]")
_NOT_LETTERS = re.compile(r"[^a-z0-9@$!€]+")
_INITIALS = re.compile(r"[a-z](?:[^a-z0-9\s][a-z]){1,2}")
RUN = re.compile(r"([a-z])\1\1")
_RUNS = re.compile(r"([a-z])\1+")
_QUOTES = ".,:;()[]'\""
_MAX_TOKEN = 40
LEET = str.maketrans("03457@$89€!", "oeastasbgei")
# A price, a size or a model: `100k`, `aj1`, `mau110`.
_MEASURE = re.compile(r"[0-9]+[a-z]{1,2}|[a-z]{2}[0-9]|[a-z]{1,5}[0-9]{2,}|[0-9]{3,}[a-z]+")
SIGNS = re.compile(r"[0-9@$!€]")


class Token(NamedTuple):
    """What stands between two blanks.

    `pieces` have their places inside the token; `key` are the letters of all of them as they are compared, no letter twice,
    and `bounds` where each piece stands there. `hidden` is the watched word it hides, with its place and how.
    `restless`: whatever stands around it, something may be hidden in it, or in it and its neighbours.
    `single`: one letter, of which several may spell a word. `accented`: a letter has accents. `known`: no part of a word
    with a slip; `opens`: a watched word begins so, and goes on.
    """

    text: str
    pieces: tuple[Piece, ...]
    key: str
    bounds: tuple[tuple[int, int], ...]
    odd: bool
    hidden: Hidden | None
    single: bool
    accented: bool
    known: bool
    opens: bool
    restless: bool


Placed = tuple[int, Token]


def tokens_of(text: str, typed: str, accents: str) -> list[Placed]:
    """The tokens of a folded text, each with where it begins; `accents` is not ASCII where a letter with accents stands."""
    spaced = text if text.isascii() else _PICTURE.sub(" ", text)
    tokens: list[Placed] = []
    at = 0
    for token in spaced.split(" "):
        end = at + len(token)
        if token:
            tokens.append((at, _token(token, typed[at:end], not accents[at:end].isascii())))
        at = end + 1
    return tokens


@lru_cache(maxsize=1 << 15)
def _token(text: str, typed: str, accented: bool) -> Token:
    watched = watch()
    spans = [found.span() for found in _PIECE.finditer(text)]
    pieces = tuple(
        Piece(start, end, plain := text[start:end], shown := typed[start:end], is_odd(plain, shown))
        for start, end in spans
    )
    key, bounds = _key([piece.plain for piece in pieces])
    # Accents that no Vietnamese word bears tell nothing of what word it is.
    is_word = accented and not has_odd_accents(typed.strip(_QUOTES), text.strip(_QUOTES))
    hidden = _hidden_in(text, is_word) if len(text) <= _MAX_TOKEN else None
    single = _SINGLE.fullmatch(text) is not None
    # Watched words are letters alone, so what holds anything else is no part of one.
    known = not text.isalpha() or is_well_spelt(text, text) or text in watched.stop or text in watched.spellings
    opens = text in _openings()
    return Token(
        text, pieces, key, bounds, any(piece.odd for piece in pieces), hidden, single, accented, known, opens,
        restless=single or hidden is not None or not known or (opens and not accented),
    )  # fmt: skip


@cache
def _openings() -> frozenset[str]:
    """All that watched words begin with."""
    return frozenset(word[:size] for word in watch().whole for size in range(1, len(word)))


def _key(words: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    letters = fold_signs("".join(words))
    ends = list(accumulate(map(len, words)))
    starts = [0, *ends[:-1]]
    runs = list(_RUNS.finditer(letters))
    if runs:
        dropped = bytearray(len(letters) + 1)
        for run in runs:
            dropped[run.start() + 1 : run.end()] = b"\1" * (run.end() - run.start() - 1)
        gone = [0, *accumulate(dropped)]
        starts = [at - gone[at] - dropped[at] for at in starts]
        ends = [at - gone[at] for at in ends]
        letters = squeeze(letters)
    return letters, tuple(zip(starts, ends, strict=bool(words)))


def _hidden_in(token: str, has_accents: bool) -> tuple[int, int, str, How] | None:
    """What a token hides: the span inside the token, the word, and how."""
    core = _CORE.search(token)
    if core is None:
        return None
    left, right, body = core.start(), core.end(), core[0]
    watched = watch()
    if body in watched.words:
        return None
    bare = _NOT_LETTERS.sub("", body)
    if bare != body:
        if bare in watched.strong or (bare.isalpha() and bare in watched.words and len(bare) >= 4):
            return None if body in watched.spellings else (left, right, bare, "joined")
        if bare in watched.initials and _INITIALS.fullmatch(body) and body not in watched.spellings:
            return left, right, bare, "joined"
        for part in re.finditer(r"[a-z0-9@$!€]+", body):
            inner = _hidden_in(part[0], has_accents) if part[0] != body else None
            if inner is not None:
                return left + part.start() + inner[0], left + part.start() + inner[1], inner[2], inner[3]
        # d.1.o.r: separated and spelled with digits
        word = _leet(bare, separated=True) or (None if has_accents else watched.misspelt(bare))
        return None if word is None else (left, right, word, "joined")
    if (word := _leet(body)) is not None:
        return left, right, word, "leet"
    if RUN.search(body) and (word := watched.squeezed.get(squeeze(body))) is not None:
        return left, right, word, "repeated"
    if has_accents or not body.isalpha():
        return None
    word = watched.misspelt(body)
    return None if word is None else (left, right, word, "misspelt")


def _leet(body: str, *, separated: bool = False) -> str | None:
    """The watched word that a token of letters and signs spells."""
    if (
        len(body) < 3
        or body.endswith("!!")
        or (not separated and _MEASURE.fullmatch(body))
        or not SIGNS.search(body)
        or not any(map(str.isalpha, body))
    ):
        return None
    watched = watch()
    once = body.translate(LEET)
    for one in ("i", "l"):
        word = once.replace("1", one)
        if word in watched.words:
            return word
        if len(word) >= 5 and (near := watched.squeezed.get(squeeze(word))) is not None:
            return near
    return None
