"""Raw text of sellers, cut into pieces that a page can show: marked spans, and what is hidden made visible."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# Controls, formats (zero-width, direction of writing), lone surrogates, unassigned and private ones, line ends.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
_SPACES = frozenset("\n\t\r")
_JOINER, _BEFORE_JOINER = "\u200d", frozenset({"So", "Sk"})
_AROUND, _MOST_EXCERPTS = 60, 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text of one kind: `text`, `mark` (with what points there in `why`), `hidden` (a code such as U+202E), `cut`."""

    kind: str
    text: str
    why: str = ""


def plain(value: Any) -> Any:
    """A value for the page: hidden characters of a text become their codes; what is no text, or is markup, stays as it is."""
    if type(value) is not str or not any(_is_hidden(char) for char in value):
        return value
    return "".join(f"⟨{code}⟩" if (code := _code(value, i)) else _space(char) for i, char in enumerate(value))


def clipped(text: str, most: int = 80) -> str:
    """The text, or its beginning when it is longer than `most` code points."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def pieces(text: str, spans: Iterable[tuple[int, int, str]], most: int) -> list[Piece]:
    """A text in pieces; spans are half-open, in code points, may overlap, and are left out where they lie beyond it.

    Beyond `most` code points the text is cut, and the last piece says how many are missing.
    """
    shown = text[:most]
    inside = [(max(0, start), min(end, len(shown)), why) for start, end, why in spans]
    inside = [one for one in inside if one[0] < one[1]]
    edges = sorted({0, len(shown), *(edge for start, end, _ in inside for edge in (start, end))})
    found: list[Piece] = []
    for start, end in pairwise(edges):
        why = ", ".join(dict.fromkeys(w for s, e, w in inside if s <= start and end <= e))
        found += _visible(shown, start, end, why)
    if len(text) > most:
        found.append(Piece("cut", str(len(text) - most)))
    return found


def excerpt(text: str, spans: Sequence[tuple[int, int, str]]) -> list[list[Piece]]:
    """The surroundings of the first spans of a long text, each by itself."""
    found = []
    for start, end, why in sorted(spans)[:_MOST_EXCERPTS]:
        if not 0 <= start < end <= len(text):
            continue
        low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
        found.append(pieces(text[low:high], [(start - low, end - low, why)], high - low))
    return found


def _visible(text: str, start: int, end: int, why: str) -> Iterator[Piece]:
    kind, run = ("mark" if why else "text"), ""
    for place in range(start, end):
        code = _code(text, place)
        if code is None:
            run += _space(text[place])
            continue
        if run:
            yield Piece(kind, run, why)
        run = ""
        yield Piece("hidden", code, why)
    if run:
        yield Piece(kind, run, why)


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN


def _code(text: str, place: int) -> str | None:
    """The code of a character that would change what is read without being seen; None for every other."""
    char = text[place]
    if char in _SPACES or not _is_hidden(char):
        return None
    # A joiner inside an emoji is how the emoji is written; one that stands anywhere else is an evasion.
    if char == _JOINER and place > 0 and unicodedata.category(text[place - 1]) in _BEFORE_JOINER:
        return None
    return f"U+{ord(char):04X}"


def _space(char: str) -> str:
    return " " if char in _SPACES else char
