"""Words and letters of a raw text, and changes to it that keep track of where the targets went."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

Span = tuple[int, int]
Change = Callable[[str, Random], str]

_MARKS = "[\u0300-\u036f\u20d0-\u20f0\ufe0e\ufe0f]*"
_RATIO = rf"(?:\d{_MARKS})+:(?:\d{_MARKS})+"
# A ratio such as `1:1` is one word; letters keep the marks that follow them.
WORD = re.compile(rf"{_RATIO}|(?:[^\W_]{_MARKS})+")
_RATIO_ALONE = re.compile(_RATIO)
_CLUSTER = re.compile(f".{_MARKS}", re.DOTALL)
# How likely each word of a target is changed; one is changed in any case.
_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of the raw half-open span `[start, end)`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evaded:
    """A changed text, and where its targets stand now."""

    text: str
    targets: tuple[Span, ...]


def clusters(word: str) -> list[str]:
    """Each letter with the marks that follow it."""
    return _CLUSTER.findall(word)


def letters(word: str) -> int:
    """How many letters a word has; digits do not count."""
    return sum(char.isalpha() for char in word)


def is_ratio(word: str) -> bool:
    """Whether a word is two numbers with a colon, such as `1:1`."""
    return _RATIO_ALONE.fullmatch(word) is not None


def base_and_marks(cluster: str) -> tuple[str, str]:
    """A letter taken apart: `ấ` is `a` and two marks; `đ` has none."""
    apart = unicodedata.normalize("NFD", cluster)
    return apart[0], apart[1:]


def in_case_of(text: str, model: str) -> str:
    """The text in capitals where the model is in capitals, with a capital where the model begins with one."""
    if model.isupper() and len(model) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if model[:1].isupper() else text


def merged(targets: Sequence[Span], length: int) -> tuple[Span, ...]:
    """The targets in order, overlapping ones as one; raises `ValueError` for one that lies outside the text."""
    out: list[Span] = []
    for start, end in sorted(targets):
        if not 0 <= start <= end <= length:
            raise ValueError(f"got the target ({start}, {end}), expected a span within a text of length {length}")
        if out and start < out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return tuple(out)


def word_edits(text: str, targets: Sequence[Span], change: Change, rng: Random, *, one: bool = False) -> list[Edit]:
    """Words of each target changed: one of them with `one`, else some; at least one where any can be."""
    out: list[Edit] = []
    for target in targets:
        found = [
            Edit(word.start(), word.end(), new)
            for word in WORD.finditer(text, *target)
            if (new := change(word.group(), rng)) != word.group()
        ]
        if not found:
            continue
        kept = [] if one else [edit for edit in found if rng.random() < _SHARE]
        out += kept or [rng.choice(found)]
    return out


def cluster_edits(text: str, change: Callable[[str], str]) -> list[Edit]:
    """Every letter of a text changed."""
    return [
        Edit(found.start(), found.end(), new)
        for found in _CLUSTER.finditer(text)
        if (new := change(found.group())) != found.group()
    ]


def patched(text: str, edits: Sequence[Edit], targets: Sequence[Span]) -> Evaded:
    """The text with edits that do not overlap applied; what is put in at the border of a target stays outside it."""
    edits = sorted(edits, key=lambda edit: (edit.start, edit.end))
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += text[at : edit.start], edit.text
        at = edit.end
    parts.append(text[at:])
    moved = tuple((_moved(start, edits, is_end=False), _moved(end, edits, is_end=True)) for start, end in targets)
    return Evaded("".join(parts), moved)


def _moved(position: int, edits: Sequence[Edit], *, is_end: bool) -> int:
    shift = 0
    for edit in edits:
        grown = len(edit.text) - (edit.end - edit.start)
        if edit.start == edit.end == position:
            shift += 0 if is_end else grown
        elif edit.end <= position:
            shift += grown
        elif edit.start < position:  # inside of what was replaced: out to its border
            return edit.end + shift + grown if is_end else edit.start + shift
    return position + shift
