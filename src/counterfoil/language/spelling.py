"""The forms of the lexicon in all the ways they are typed, looked for in every view of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Generic, Literal, TypeVar

from counterfoil.language.match import Phrases
from counterfoil.language.normalise import accented, fold_text
from counterfoil.language.syllable import has_odd_accents, marks
from counterfoil.language.views import Page

ViewName = Literal["written", "plain", "mended"]

T = TypeVar("T")

_SEPARATORS = (" ", "-", "_", ".", "")
_SHORTEST_JOINED = 5
_MOST_SPELLINGS = 64
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A form that stands at the raw half-open span `[start, end)`, the view it was found in, and what is filed under it."""

    start: int
    end: int
    view: ViewName
    value: T


@dataclass(frozen=True, slots=True)
class _Form(Generic[T]):
    written: str
    plain: str
    exact: bool
    value: T


class Forms(Generic[T]):
    """Forms with a value each. One with accents is also found without them, unless it is exact."""

    def __init__(self, entries: Iterable[tuple[str, bool, T]], variants: Mapping[str, tuple[str, ...]]) -> None:
        spelled = _Variants(variants)
        filed: dict[tuple[str, bool, int], _Form[T]] = {}
        for form, exact, value in entries:
            for written, plain in spelled.of(form):
                filed.setdefault((written, exact, id(value)), _Form(written, plain, exact, value))
        self._phrases: Phrases[_Form[T]] = Phrases((form.plain, form) for form in filed.values())

    def find(self, pages: Iterable[Page]) -> list[Found[T]]:
        """Every form that stands on the pages of a text, overlapping ones too; each place once."""
        found: list[Found[T]] = []
        for page in pages:
            typed, folded = page.typed, page.folded
            for match in self._phrases.find(folded.text):
                form = match.value
                shown = typed[match.start : match.end]
                if shown == form.written:
                    view: ViewName = "written"
                elif form.exact or not (shown == form.plain or _is_slip(shown, form.written, form.plain)):
                    continue
                else:
                    view = "plain"
                start, end = folded.span(match.start, match.end)
                if page.mended is not None:
                    if not any(left < end and start < right for left, right in page.mended):
                        continue
                    view = "mended"
                found.append(Found(start, end, view, form.value))
        return found


class _Variants:
    """The spellings of a form: every listed variant of its words, and every way to join them."""

    def __init__(self, variants: Mapping[str, tuple[str, ...]]) -> None:
        self._of = [(_spelled(word), [_spelled(other) for other in others]) for word, others in variants.items()]

    def of(self, form: str) -> Iterator[tuple[str, str]]:
        """Each spelling as it is written, and without its accents."""
        words = _spelled(form).split(" ")
        choices: list[list[str]] = []
        at = 0
        while at < len(words):
            for word, others in self._of:
                size = word.count(" ") + 1
                if " ".join(words[at : at + size]) == word:
                    alone = size == len(words)  # 11 or 1.1 means 1:1 only beside another word
                    choices.append([word, *(one for one in others if not alone or one.isalpha())])
                    at += size
                    break
            else:
                choices.append([words[at]])
                at += 1
        joins = _SEPARATORS if len(choices) > 1 else (" ",)
        for count, chosen in enumerate(product(*choices)):
            if count >= _MOST_SPELLINGS:
                break
            for separator in joins:
                written = separator.join(one if separator == " " else one.replace(" ", separator) for one in chosen)
                # A single letter joined to the next word makes other words: `k hãng` is not the name Khang.
                whole = min(map(len, chosen)) > 1 and len(written) >= _SHORTEST_JOINED and not written[0].isdigit()
                if separator or whole:
                    plain = fold_text(written)
                    if len(plain) == len(written):
                        yield written, plain


def _spelled(form: str) -> str:
    return accented(form).text.strip()


@lru_cache(maxsize=1 << 14)
def _is_slip(shown: str, written: str, plain: str) -> bool:
    """Whether every word is the form's own, with its accents, without them, or with accents no such word can have."""
    for place in _WORD.finditer(plain):
        start, end = place.span()
        typed, meant, bare = shown[start:end], written[start:end], plain[start:end]
        if typed not in (meant, bare) and not has_odd_accents(typed, bare) and marks(typed) != marks(meant):
            return False
    return True
