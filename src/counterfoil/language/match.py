"""Many phrases found in one pass over a text, whole words only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """A phrase that stands at `text[start:end]`, and what was filed under it."""

    start: int
    end: int
    value: T


class Phrases(Generic[T]):
    """Phrases to look for, each with a value; one phrase may be filed under several values."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        import ahocorasick

        values: dict[str, list[T]] = {}
        for phrase, value in entries:
            values.setdefault(phrase, []).append(value)
        self._automaton: Any = ahocorasick.Automaton()
        for phrase, filed in values.items():
            self._automaton.add_word(phrase, (len(phrase), filed))
        if values:
            self._automaton.make_automaton()
        self._empty = not values

    def find(self, text: str) -> Iterator[Match[T]]:
        """Every occurrence between word boundaries, overlapping ones too, by where it ends."""
        if self._empty or not text:
            return
        size = len(text)
        for last, (length, filed) in self._automaton.iter(text):
            start, end = last + 1 - length, last + 1
            # Most of what is found stands inside of another word: that is seen first where the word goes on.
            if end < size and text[end].isalnum() and not _is_boundary(text, end):
                continue
            if start == 0 or not text[start - 1].isalnum() or _is_boundary(text, start):
                for value in filed:
                    yield Match(start, end, value)


class Parts(Generic[T]):
    """As `Phrases`, found inside of words too: whether a match stands where it may is for the caller to say."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        import ahocorasick

        self._automaton: Any = ahocorasick.Automaton()
        for part, value in entries.items():
            self._automaton.add_word(part, (len(part), value))
        if entries:
            self._automaton.make_automaton()
        self._empty = not entries

    def find(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Start, end and value of every occurrence, overlapping ones too, by where it ends."""
        if self._empty:
            return
        for last, (length, value) in self._automaton.iter(text):
            yield last + 1 - length, last + 1, value


def _is_boundary(text: str, at: int) -> bool:
    return not (0 < at < len(text) and _in_word(text[at - 1]) and _in_word(text[at]))


def _in_word(char: str) -> bool:
    # Scripts written without spaces begin here (CJK, kana, Hangul): there every character is a boundary.
    return char.isalnum() and char < "\u2e80"
