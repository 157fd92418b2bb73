"""Whole names and claims found however their letters are cut apart or changed: `hàn g nhá i`, `jo rsan 1`, `xiu kấp`.

A match must begin and end where words do, and something in it must be typed oddly: honest words gain nothing here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from counterfoil.language.oddly import Piece, is_disguise
from counterfoil.language.targets import HEAD, Target, Targets, targets
from counterfoil.language.tokens import Placed
from counterfoil.language.watch import Watch, cuts, is_one_edit, watch

# What may stand between two pieces of one word: a blank, or one sign, with or without blanks.
_JOINT = re.compile(r" ?(?:[-._*·/|~+'’:&] ?)?")
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


def find_wholes(text: str, tokens: Sequence[Placed]) -> list[Whole]:
    """Targets in disguise, sorted, not overlapping: those without a slip first, then the longest."""
    letters, bases = _letters(tokens)
    matches = list(targets().exact.find(letters))
    odd = any(token.odd for _, token in tokens)
    if not matches and not odd:
        return []
    page = _Page(text, tokens, letters, bases)
    found = [*page.exact(matches), *(page.slips() if odd else ())]
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


def _letters(tokens: Sequence[Placed]) -> tuple[str, list[int]]:
    """The keys of all tokens as one, no letter twice across tokens either, and where each begins."""
    keys: list[str] = []
    bases: list[int] = []
    size, last = 0, ""
    for _, token in tokens:
        key = token.key
        if key and key[0] == last and last.isalpha():
            bases.append(size - 1)
            keys.append(key[1:])
            size += len(key) - 1
        else:
            bases.append(size)
            keys.append(key)
            size += len(key)
        last = key[-1:] or last
    return "".join(keys), bases


class _Page:
    """The pieces of a text with where each stands in its keys, and the way back."""

    def __init__(self, text: str, tokens: Sequence[Placed], letters: str, bases: Sequence[int]) -> None:
        self._text = text
        self._targets: Targets = targets()
        self._watch: Watch = watch()
        self._letters = letters
        self._placed = [(at, piece) for at, token in tokens for piece in token.pieces]
        placed = list(zip(tokens, bases, strict=True))
        self._starts = [base + start for (_, token), base in placed for start, _ in token.bounds]
        self._ends = [base + end for (_, token), base in placed for _, end in token.bounds]

    def _span(self, begin: int, end: int) -> list[Piece]:
        """The pieces from one to another, where they stand in the text."""
        return [
            Piece(at + piece.start, at + piece.end, piece.plain, piece.typed, piece.odd)
            for at, piece in self._placed[begin : end + 1]
        ]

    def exact(self, matches: Sequence[tuple[int, int, tuple[Target, ...]]]) -> Iterator[Whole]:
        """Targets whose key stands there from border to border."""
        starts, ends = self._starts, self._ends
        for start, stop, meant in matches:
            begins = range(bisect_left(starts, start), bisect_right(starts, start))
            if not begins:
                continue
            # Letters that merged may begin or end at several pieces: the shortest way first.
            stops = range(bisect_left(ends, stop), bisect_right(ends, stop))
            for begin, end in product(reversed(begins), stops):
                words = [piece.plain for _, piece in self._placed[begin : end + 1]]
                if self._is_plain(words, meant):
                    break
                found = self._of(begin, end, meant, slip=False)
                if found is not None:
                    yield found
                    break

    def slips(self) -> Iterator[Whole]:
        """Targets with one letter too many, too few, another one, or two swapped, in or beside an odd piece."""
        known, most = self._targets, len(self._placed)
        letters, starts, ends = self._letters, self._starts, self._ends
        begun, ended = known.heads, known.tails
        asked: set[tuple[int, int]] = set()
        for odd in [place for place, (_, piece) in enumerate(self._placed) if piece.odd]:
            before, behind = range(max(0, odd - _REACH), odd + 1), range(odd, min(most, odd + _REACH + 1))
            heads = [at for at in before if letters[starts[at] : starts[at] + HEAD] in begun]
            tails = [at for at in behind if letters[max(0, ends[at] - HEAD) : ends[at]] in ended]
            if not heads and not tails:
                continue
            low, high = odd, odd
            while low > before.start and self._joins(low - 1):
                low -= 1
            while high + 1 < behind.stop and self._joins(high):
                high += 1
            for begin in range(low, odd + 1) if tails else heads:
                start = starts[begin]
                for end in behind if begin in heads else tails:
                    if begin < low or end > high or end - begin > _REACH:
                        continue
                    meant = _a_slip_away(letters[start : ends[end]]) if ends[end] - start <= known.longest + 1 else ()
                    if meant and (begin, end) not in asked:
                        asked.add((begin, end))
                        ways = (self._of(begin, end, (target,), slip=True) for target in meant)
                        if (found := next(filter(None, ways), None)) is not None:
                            yield found

    def _of(self, begin: int, end: int, meant: Sequence[Target], *, slip: bool) -> Whole | None:
        if end - begin >= _MOST_PIECES:
            return None
        pieces = self._span(begin, end)
        words = [piece.plain for piece in pieces]
        if (slip and self._is_plain(words, meant)) or not self._hang_together(begin, end):
            return None
        if self._text[pieces[0].start : pieces[-1].end] in self._watch.spellings:
            return None
        for target in meant:
            if is_disguise(pieces, words, target, slip=slip):
                return Whole(pieces[0].start, pieces[-1].end, target, slip, tuple(_repairs(pieces, target)))
        return None

    def _is_plain(self, words: list[str], meant: Sequence[Target]) -> bool:
        """Whether the words are those of one that is meant, or stand so in a list."""
        text = " ".join(words)
        if text in self._watch.spellings:
            return True
        whole = words[0] if len(words) == 1 else None
        shown = _letters_or_digits(text)
        return any(shown == _letters_or_digits(one.text) or whole == "".join(one.plain) for one in meant)

    def _hang_together(self, begin: int, end: int) -> bool:
        return all(map(self._joins, range(begin, end)))

    def _joins(self, at: int) -> bool:
        """Whether a piece and the next may be of one word."""
        (before, one), (behind, other) = self._placed[at], self._placed[at + 1]
        left, right = before + one.end, behind + other.start
        return (right - left == 1 and self._text[left] == " ") or _JOINT.fullmatch(self._text, left, right) is not None


@lru_cache(maxsize=1 << 13)
def _letters_or_digits(text: str) -> list[str]:
    return _LETTERS_OR_DIGITS.findall(text)


@lru_cache(maxsize=1 << 16)
def _a_slip_away(word: str) -> tuple[Target, ...]:
    """The targets whose key is within one edit of a key and begins with the same letter."""
    near = targets().near
    found: dict[Target, None] = {}
    for cut in cuts(word):
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
