"""Whole names and claims found however their letters are cut apart or changed: `hàn g nhá i`, `jo rsan 1`, `xiu kấp`.

A match must begin and end where words do, and something in it must be typed oddly: honest words gain nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from counterfoil.language.oddly import Piece, is_disguise, is_odd
from counterfoil.language.targets import HEAD, Target, Targets, fold_signs, targets
from counterfoil.language.watch import Watch, is_one_edit, watch

_PIECE = re.compile(r"[a-z0-9@$€!]*[a-z0-9@$€]")
# What may stand between two pieces of one word: a blank, or one sign, with or without blanks.
_JOINT = re.compile(r" ?(?:[-._*·/|~+'’:&] ?)?")
_RUNS = re.compile(r"([a-z])\1+")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+|[^0-9 ]+")
_MOST_PIECES = 16
# How far before an odd piece a name may begin.
_REACH = 4


@dataclass(frozen=True, slots=True)
class Repair:
    """What should stand at `[start, end)` of the folded text, and whether it stands there in more pieces than it has words."""

    start: int
    end: int
    words: str
    split: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """A target at `[start, end)` of the folded text; `repairs` are the parts that are typed oddly, each with its words."""

    start: int
    end: int
    target: Target
    slip: bool
    repairs: tuple[Repair, ...]


def find_wholes(text: str, typed: str) -> list[Whole]:
    """Targets in disguise, sorted, not overlapping: those without a slip first, then the longest.

    `typed` is the text with accents, letter for letter.
    """
    pieces = [
        Piece(
            found.start(), found.end(), found[0], shown := typed[found.start() : found.end()], is_odd(found[0], shown)
        )
        for found in _PIECE.finditer(text)
    ]
    if not pieces:
        return []
    page = _Page(text, pieces)
    found = [*page.exact(), *page.slips()]
    if not found:
        return []
    found.sort(key=lambda one: (one.slip, -one.target.size, one.start, one.end))
    kept: list[Whole] = []
    taken = bytearray(len(text))
    for one in found:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


class _Page:
    """The pieces of a text as one string of keys, with the way back."""

    def __init__(self, text: str, pieces: Sequence[Piece]) -> None:
        self._text = text
        self._pieces = pieces
        self._targets: Targets = targets()
        self._watch: Watch = watch()
        letters = fold_signs("".join(piece.plain for piece in pieces))
        ends = list(accumulate(len(piece.plain) for piece in pieces))
        starts = [0, *ends[:-1]]
        runs = list(_RUNS.finditer(letters))
        if runs:
            dropped = bytearray(len(letters) + 1)
            for run in runs:
                dropped[run.start() + 1 : run.end()] = b"\1" * (run.end() - run.start() - 1)
            gone = [0, *accumulate(dropped)]
            starts = [at - gone[at] - dropped[at] for at in starts]
            ends = [at - gone[at] for at in ends]
            letters = _RUNS.sub(r"\1", letters)
        self._letters = letters
        self._starts = starts
        self._ends = ends

    def exact(self) -> Iterator[Whole]:
        """Targets whose key stands there from border to border."""
        first: dict[int, list[int]] = {}
        last: dict[int, list[int]] = {}
        for place, start in enumerate(self._starts):
            first.setdefault(start, []).append(place)
        for place, end in enumerate(self._ends):
            last.setdefault(end, []).append(place)
        for match in self._targets.exact.find(self._letters):
            meant = match.value
            # Letters that merged may begin or end at several pieces: the shortest way first.
            ways = [(begin, end) for begin in reversed(first.get(match.start, ())) for end in last.get(match.end, ())]
            for begin, end in ways:
                if any(self._is_plain([piece.plain for piece in self._pieces[begin : end + 1]], one) for one in meant):
                    break
                found = self._of(begin, end, meant, slip=False)
                if found is not None:
                    yield found
                    break

    def slips(self) -> Iterator[Whole]:
        """Targets with one letter too many, too few, another one, or two swapped, in or beside an odd piece."""
        known, pieces = self._targets, self._pieces
        letters, starts, ends = self._letters, self._starts, self._ends
        asked: set[tuple[int, int]] = set()
        for odd, piece in enumerate(pieces):
            if not piece.odd:
                continue
            low, high = odd, odd
            while low > 0 and odd - low < _REACH and self._joins(low - 1):
                low -= 1
            while high + 1 < len(pieces) and high - odd < _REACH and self._joins(high):
                high += 1
            heads = [letters[starts[at] : starts[at] + HEAD] in known.heads for at in range(low, odd + 1)]
            tails = [letters[max(0, ends[at] - HEAD) : ends[at]] in known.tails for at in range(odd, high + 1)]
            for begin, head in enumerate(heads, low):
                for end, tail in enumerate(tails, odd):
                    if (head or tail) and end - begin <= _REACH and (begin, end) not in asked:
                        asked.add((begin, end))
                        found = self._slip(begin, end)
                        if found is not None:
                            yield found

    def _slip(self, begin: int, end: int) -> Whole | None:
        word = self._letters[self._starts[begin] : self._ends[end]]
        if not HEAD < len(word) <= self._targets.longest + 1:
            return None
        for target in _a_slip_away(word):
            found = self._of(begin, end, (target,), slip=True)
            if found is not None:
                return found
        return None

    def _of(self, begin: int, end: int, meant: Sequence[Target], *, slip: bool) -> Whole | None:
        if end - begin >= _MOST_PIECES:
            return None
        pieces = self._pieces[begin : end + 1]
        words = [piece.plain for piece in pieces]
        if any(self._is_plain(words, target) for target in meant) or not self._hang_together(begin, end):
            return None
        if self._text[pieces[0].start : pieces[-1].end] in self._watch.spellings:
            return None
        for target in meant:
            if is_disguise(pieces, words, target, slip=slip):
                return Whole(pieces[0].start, pieces[-1].end, target, slip, tuple(_repairs(pieces, target)))
        return None

    def _is_plain(self, words: list[str], target: Target) -> bool:
        joined = "".join(words)
        return (
            _LETTERS_OR_DIGITS.findall(" ".join(words)) == _LETTERS_OR_DIGITS.findall(target.text)
            or (len(words) == 1 and (joined == "".join(target.plain) or joined in self._watch.spellings))
            or " ".join(words) in self._watch.spellings
        )

    def _hang_together(self, begin: int, end: int) -> bool:
        return all(map(self._joins, range(begin, end)))

    def _joins(self, at: int) -> bool:
        """Whether a piece and the next may be of one word."""
        left, right = self._pieces[at].end, self._pieces[at + 1].start
        return (right - left == 1 and self._text[left] == " ") or _JOINT.fullmatch(self._text, left, right) is not None


@lru_cache(maxsize=1 << 16)
def _a_slip_away(word: str) -> tuple[Target, ...]:
    """The targets whose key is within one edit of a key and begins with the same letter."""
    near = targets().near
    found: dict[Target, None] = {}
    for cut in (word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))):
        for whole, target in near.get(cut, ()):
            if whole[0] == word[0] and is_one_edit(word, whole):
                found[target] = None
    return tuple(found)


def _repairs(pieces: Sequence[Piece], target: Target) -> Iterator[Repair]:
    """The words that differ one by one where each has its piece, else what lies between those that do not differ."""
    words = target.plain
    if len(pieces) == len(words):
        for piece, word in zip(pieces, words, strict=True):
            if piece.plain != word:
                yield Repair(piece.start, piece.end, word, split=False)
        return
    least = min(len(pieces), len(words))
    left = next((at for at in range(least) if pieces[at].plain != words[at]), least - 1)
    right = next((at for at in range(least - left) if pieces[-1 - at].plain != words[-1 - at]), least - left - 1)
    right = min(right, least - left - 1)
    between = pieces[left : len(pieces) - right]
    yield Repair(between[0].start, between[-1].end, " ".join(words[left : len(words) - right]), split=True)
