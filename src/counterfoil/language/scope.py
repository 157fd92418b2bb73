"""In which scope a term stands: what the words around it make of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from counterfoil.knowledge.lexicon import Context, Scope
from counterfoil.language.normalise import between
from counterfoil.language.views import Views

CueKind = Literal["denies", "denies_next", "harmless", "after", "asks_before", "asks_after"]

# How far from a term a word around it may stand, in raw characters.
_REACH = 120
_ASKED_AFTER = 3
_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?")
# A full stop ends a sentence only before white space: not in `1.250.000`, nor in `N.i.k.e`. Crawls turn line ends into
# runs of spaces.
_SENTENCE_END = re.compile(r"[!?…;|\n\r•✅]|\s{3,}|\.(?=\s|$)|(?<=\s)[-–—*+](?=\s)")
_CLAUSE_END = re.compile(r"[,()\[\]/]")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word at the raw half-open span `[start, end)` that may change the scope of a term near it."""

    start: int
    end: int
    kind: CueKind
    word: str


def cue_words(context: Context) -> list[tuple[str, bool, tuple[CueKind, str]]]:
    """Every word that may be a cue, whether it is found exactly as written only, and what it does."""
    words: list[tuple[str, bool, tuple[CueKind, str]]] = []
    kinds: tuple[tuple[tuple[str, ...], bool, CueKind], ...] = (
        (context.triggers, False, "denies"),
        (context.accented_only, True, "denies"),
        (context.bare, False, "denies_next"),
        (context.harmless, False, "harmless"),
        (context.after, False, "after"),
        (context.asks_before, False, "asks_before"),
        (context.asks_after, False, "asks_after"),
    )
    for listed, exact, kind in kinds:
        words += [(word, exact, (kind, word)) for word in listed]
    return words


class Surroundings:
    """The cues of one text, and what they make of a term at a place."""

    def __init__(self, text: Views, cues: Sequence[Cue], claims: Sequence[tuple[int, int]], context: Context) -> None:
        """`claims` are the spans of strong terms: a cue inside one belongs to what it says."""
        self._text = text
        self._context = context
        void = _Spans([*claims, *((cue.start, cue.end) for cue in cues if cue.kind == "harmless")])
        self._cues = sorted(
            (cue for cue in cues if cue.kind != "harmless" and not void.hold(cue.start, cue.end)),
            key=lambda cue: (cue.start, cue.end),
        )
        self._starts = [cue.start for cue in self._cues]

    def scope(self, start: int, end: int) -> tuple[Scope, str | None]:
        """The scope of a term at `[start, end)`, and the word that decides it."""
        scope: Scope = "claim"
        word = None
        low = bisect_left(self._starts, start - _REACH)
        for cue in self._cues[low : bisect_right(self._starts, end + _REACH)]:
            if cue.end <= start and self._is_before(cue, start):
                found: Scope = "question" if cue.kind == "asks_before" else "guarantee"
            elif cue.start >= end and self._is_behind(cue, end):
                found = "question" if cue.kind == "asks_after" else "guarantee"
            else:
                continue
            if word is None or found == "question":
                scope, word = found, cue.word
        return scope, word

    def _is_before(self, cue: Cue, start: int) -> bool:
        raw = self._text.raw[cue.end : start]
        if cue.kind not in ("denies", "denies_next", "asks_before") or _SENTENCE_END.search(raw):
            return False
        if cue.kind == "asks_before":
            return self._words(cue.end, start) <= 1
        if cue.kind == "denies_next" and _CLAUSE_END.search(raw):
            return False
        # `350 k` is a price: a single letter denies only where no digit stands before it.
        if cue.end - cue.start == 1 and self._text.raw[max(0, cue.start - 4) : cue.start].rstrip()[-1:].isdigit():
            return False
        return self._words(cue.start, start) <= self._context.window

    def _is_behind(self, cue: Cue, end: int) -> bool:
        raw = self._text.raw[end : cue.start]
        if cue.kind not in ("after", "asks_after") or _SENTENCE_END.search(raw) or _CLAUSE_END.search(raw):
            return False
        return self._words(end, cue.start) <= (_ASKED_AFTER if cue.kind == "asks_after" else self._context.after_window)

    def _words(self, start: int, end: int) -> int:
        return len(_WORD.findall(between(self._text.written, start, end)))


class _Spans:
    """Half-open spans, asked whether one of them holds another."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._reach: list[int] = []
        for start, end in sorted(spans):
            self._starts.append(start)
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))

    def hold(self, start: int, end: int) -> bool:
        """Whether a span begins at or before `start` and one that does ends at or after `end`."""
        at = bisect_right(self._starts, start)
        return at > 0 and self._reach[at - 1] >= end
