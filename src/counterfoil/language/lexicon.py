"""Words by which a listing says of itself that it is a copy, and in which scope it says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

from counterfoil.knowledge.files import read_toml
from counterfoil.language.match import Phrases
from counterfoil.language.normalise import accented, fold, fold_text

Grade = Literal["S"]
Scope = Literal["claim", "guarantee", "trap"]

V = TypeVar("V")

_FILE = "lexicon/claims.toml"
_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?")
# A full stop ends a sentence only before white space: not in `1.250.000`, nor in `N.i.k.e`. Crawls turn line ends into
# runs of spaces.
_SENTENCE_END = re.compile(r"[!?…;|\n\r•✅]|\s{3,}|\.(?=\s|$)|(?<=\s)[-–—*+](?=\s)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of the lexicon at the raw half-open span `[start, end)`.

    Scope `claim`: the listing says it of the goods; `guarantee`: it denies or warns; `trap`: it says another thing.
    """

    term: str
    grade: Grade
    scope: Scope
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the lexicon; the file's head explains the fields."""

    id: str
    grade: Grade
    source: str
    forms: tuple[str, ...]
    accented_only: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    except_categories: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()

    def counts_in(self, category: str | None) -> bool:
        """Whether the term means what it says in that category."""
        return category not in self.except_categories and (not self.categories or category in self.categories)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    terms: tuple[Term, ...]
    plain: Phrases[Term | None] = field(repr=False)  # None is filed under the traps
    accented: Phrases[Term | None] = field(repr=False)
    excuses: dict[str, Phrases[str]] = field(repr=False)
    triggers: Phrases[str] = field(repr=False)  # an empty value is filed under the harmless
    window: int


def terms() -> tuple[Term, ...]:
    """Every term of the lexicon, in the order of the file."""
    return _lexicon().terms


def read_lexicon(text: str, category: str | None = None) -> tuple[Hit, ...]:
    """The terms that stand in a text as it would be read in that category, sorted, not overlapping."""
    lexicon = _lexicon()
    plain = fold(text)
    spans: list[tuple[int, int, Term | None]] = []
    for phrases, view in ((lexicon.plain, plain), (lexicon.accented, accented(text))):
        spans += (
            (*view.span(match.start, match.end), match.value)
            for match in phrases.find(view.text)
            if match.value is None or match.value.counts_in(category)
        )
    if all(term is None for _, _, term in spans):
        return ()
    excused = {term for term, words in lexicon.excuses.items() if any(words.find(plain.text))}
    hits = []
    for start, end, term, trapped in _longest(spans, len(text)):
        scope: Scope = "claim"
        if trapped or term.id in excused:
            scope = "trap"
        elif _is_guarantee(lexicon, text, start):
            scope = "guarantee"
        hits.append(Hit(term.id, term.grade, scope, start, end))
    return tuple(hits)


def _longest(spans: list[tuple[int, int, Term | None]], length: int) -> list[tuple[int, int, Term, bool]]:
    """Of overlapping spans the longest, a trap before a term of its length; a term that lost to a trap is marked."""
    free, in_trap, in_term = 0, 1, 2
    owner = bytearray(length)
    out: list[tuple[int, int, Term, bool]] = []
    for start, end, term in sorted(spans, key=lambda one: (one[0] - one[1], one[2] is not None, one[0])):
        # What is owned already is at least as long as this span, so it shows at one of its two ends.
        rival = max(owner[start], owner[end - 1])
        if rival == in_term:
            continue
        if term is not None:
            out.append((start, end, term, rival == in_trap))
            owner[start:end] = bytes([in_term]) * (end - start)
        elif rival == free:
            owner[start:end] = bytes([in_trap]) * (end - start)
    return sorted(out, key=lambda one: one[:2])


def _is_guarantee(lexicon: _Lexicon, text: str, start: int) -> bool:
    """Whether one of the last words of the same sentence before `start` denies or warns."""
    lead = text[max(0, start - 120) : start]
    ends = [found.end() for found in _SENTENCE_END.finditer(lead)]
    sentence = accented(lead[ends[-1] if ends else 0 :]).text
    words = list(_WORD.finditer(sentence))
    if not words:
        return False
    near = sentence[words[max(0, len(words) - lexicon.window)].start() :]
    found_here = list(lexicon.triggers.find(near))
    harmless = [(match.start, match.end) for match in found_here if not match.value]
    return any(
        match.value
        and not any(start <= match.start and match.end <= end for start, end in harmless)
        # `350 k` is a price: a single letter denies only where no digit stands before it.
        and (len(match.value) > 1 or not near[: match.start].rstrip()[-1:].isdigit())
        for match in found_here
    )


@cache
def _lexicon() -> _Lexicon:
    data = read_toml(_FILE)
    found = tuple(_term(entry) for entry in data["term"])
    forms: list[tuple[str, bool, Term | None]] = []
    for term in found:
        forms += [(form, False, term) for form in term.forms] + [(form, True, term) for form in term.accented_only]
    for trap in data["trap"]:
        forms += [(form, False, None) for form in trap["forms"]]
    guarantee = data["guarantee"]
    triggers = [(word, False, word) for word in guarantee["triggers"]]
    triggers += [(word, True, word) for word in guarantee["accented_only"]]
    triggers += [(word, False, "") for word in guarantee["harmless"]]
    return _Lexicon(
        terms=found,
        plain=Phrases((form, term) for form, exact, term in forms if form.isascii() and not exact),
        accented=Phrases(_spellings(one for one in forms if one[1] or not one[0].isascii())),
        excuses={term.id: Phrases((fold_text(word), word) for word in term.unless) for term in found if term.unless},
        triggers=Phrases(_spellings(triggers)),
        window=guarantee["window"],
    )


def _spellings(forms: Iterable[tuple[str, bool, V]]) -> Iterator[tuple[str, V]]:
    """Each form as the accented view spells it, and without accents unless it is exact."""
    for form, exact, value in forms:
        spelled, plain = accented(form).text, fold_text(form)
        yield spelled, value
        if plain != spelled and not exact:
            yield plain, value


def _term(entry: dict[str, Any]) -> Term:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return Term(**fields)
