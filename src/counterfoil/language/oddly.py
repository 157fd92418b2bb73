"""Whether letters that spell a name or a claim were typed oddly, or are honest words that only have its letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from counterfoil.knowledge.brands import not_split
from counterfoil.language.ordinary import ORDINARY
from counterfoil.language.syllable import is_well_spelt, marks
from counterfoil.language.targets import HEAD, Target, digits, respelt
from counterfoil.language.watch import watch

_LONG_NAME = 8
_LONG_CLAIM = 6
_LONG_RUN = re.compile(r"([a-z])\1\1")
_SIGNS = re.compile(r"[0-9@$€!]")
_MEASURE = re.compile(r"[0-9]+[a-z]{0,2}[0-9]*|[a-z]{1,5}[0-9]{2,}")
_VOWEL = re.compile(r"[aeiouy]")
# Words beside a name that may be too many.
_MOST_EXTRA = 4


class Piece(NamedTuple):
    """Letters without a blank or sign inside, at `[start, end)` of the folded text; odd: no word that is known."""

    start: int
    end: int
    plain: str
    typed: str
    odd: bool


def is_disguise(pieces: Sequence[Piece], words: list[str], target: Target, *, slip: bool) -> bool:
    """Whether pieces with the letters of a target are that target, typed oddly, and not other words."""
    joined = "".join(words)
    showy = _LONG_RUN.search(joined) is not None or _SIGNS.search(joined) is not None
    if not _may_be(words, joined, target):
        return False
    if len(words) == 1:
        # A single slip in a single word is looked for word by word.
        return pieces[0].odd and (target.named or not slip) and (showy or not (slip or len(target.plain) > 1))
    if len(words) == len(target.plain):
        return _is_respelt(pieces, words, target, slip=slip)
    if len(words) < len(target.plain):
        return showy and not slip
    return _is_cut(pieces, words, joined, target, slip=slip)


def _may_be(words: list[str], joined: str, target: Target) -> bool:
    """What the key leaves out: digits that count, numbers of models, and kh, which has the key of ch."""
    whole = "".join(target.plain)
    spelled_out = any(len(word) == 1 and word.isalpha() for word in words)
    if any(word.isdigit() and word not in target.plain and (len(word) > 1 or not spelled_out) for word in words):
        return False
    if len(words) == len(target.plain) == 1 and (joined[0].isdigit() or joined[-1].isdigit()):
        return False
    return _holds(digits(joined), digits(whole)) and joined.count("kh") == whole.count("kh")


def _is_respelt(pieces: Sequence[Piece], words: list[str], target: Target, *, slip: bool) -> bool:
    """Whether pieces that stand for one word each differ from it oddly or as in chat, and are the same otherwise."""
    changed = [at for at, word in enumerate(words) if word != target.plain[at]]
    for at, piece in enumerate(pieces):
        same = at not in changed
        if same and not target.named and not piece.odd and piece.typed not in (piece.plain, target.written[at]):
            return False  # with these accents it is another word
    if any(len(words[at]) == 1 or len(target.plain[at]) < HEAD + slip for at in changed):
        return False
    if all(pieces[at].odd for at in changed):
        return True
    if slip:
        return False
    if not any(is_well_spelt(pieces[at].typed, words[at]) for at in changed):
        return all(words[at] not in ORDINARY for at in changed)  # a spelling that is listed on its own: `hàng kopy`
    first = changed[0]
    alike = pieces[first].typed.isascii() or marks(pieces[first].typed) == marks(target.written[first])
    return (
        len(changed) == 1 and alike and words[first] in respelt(target.plain[first]) and len(target.plain[first]) > HEAD
    )


def _is_cut(pieces: Sequence[Piece], words: list[str], joined: str, target: Target, *, slip: bool) -> bool:
    """Whether pieces that are more than the words of a target are those words cut apart, and no others beside them."""
    if joined in not_split() and not any(len(word) == 1 or _VOWEL.search(word) is None for word in words):
        return False  # honest sellers write it in two as well: `Sam sung`
    whole, written, shown = "".join(target.plain), "".join(target.written), "".join(piece.typed for piece in pieces)
    if not any(piece.odd for piece in pieces):
        if shown.isascii():  # a claim typed without accents: its letters, cut elsewhere than its words are
            return not target.named and shown == whole and target.size >= _LONG_CLAIM
        long = target.named and written.isascii() and target.size >= _LONG_NAME
        return shown == written or (long and joined == whole)
    if slip and 1 < sum(len(word) == 1 for word in words) < len(words):
        return False
    rests = (
        "".join(words[:left] + words[right:])
        for left in range(len(words))
        for right in range(left + 1, min(len(words), left + _MOST_EXTRA) + 1)
    )
    if whole in rests:
        return False  # a word too many is no disguise
    return all(
        piece.odd
        or piece.plain.isdigit()
        or (piece.plain in whole and (piece.typed.isascii() or piece.typed in written))
        for piece in pieces
    )


def _holds(shown: str, meant: str) -> bool:
    """Whether the digits of a form stand among those shown, in their order."""
    rest = iter(shown)
    return all(digit in rest for digit in meant)


@lru_cache(maxsize=1 << 15)
def is_odd(plain: str, typed: str) -> bool:
    """Whether letters are neither a word that is known nor a number, nor spelt as Vietnamese is."""
    if plain.isdigit() or plain in ORDINARY or _MEASURE.fullmatch(plain):
        return False
    known = watch()
    return plain not in known.stop and not is_well_spelt(typed, plain)
