"""Whether the lexicon does what it says: no dead forms, no form twice, and every example read as it should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from counterfoil.knowledge.lexicon import GRADES, Term, Trap
from counterfoil.language.lexicon import Hit, Lexicon
from counterfoil.language.normalise import accented
from counterfoil.language.views import views

Kind = Literal["duplicate", "dead form", "example", "counter-example", "overlap"]

# The goods that an example is read as where its term does not say.
_USUAL = "shoes"
_STRONG = ("S", "A")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that an entry does not do as it says; an `overlap` is only worth a look."""

    entry: str
    kind: Kind
    detail: str


def check_lexicon(lexicon: Lexicon, traps: Sequence[Trap]) -> list[Problem]:
    """Every problem of a lexicon, by kind of problem, in the order of its terms."""
    found = [*_duplicates(lexicon.terms, traps)]
    for term in lexicon.terms:
        found += _dead(lexicon, term)
        found += _examples(lexicon, term)
        found += _overlaps(lexicon, term)
    return found


def read_as(term: Term) -> tuple[str, bool]:
    """The category, and whether a brand stands beside, as which a term's own examples are read."""
    usual = _USUAL if _USUAL not in term.except_categories else "bags"
    return (term.categories[0] if term.categories else usual), term.needs == "brand"


def _duplicates(terms: Sequence[Term], traps: Sequence[Trap]) -> Iterator[Problem]:
    ids = [term.id for term in terms]
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        yield Problem(one, "duplicate", "two terms have this id")
    owners: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        for form in term.forms:
            owners[accented(form).text].append(term.id)
    for form, ids in owners.items():
        if len(ids) > 1:
            where = "twice in this term" if len(set(ids)) == 1 else f"in this term and in {', '.join(ids[1:])}"
            yield Problem(ids[0], "duplicate", f"{form!r} stands {where}")
    for trap in traps:
        for form in trap.forms:
            for owner in owners.get(accented(form).text, ()):
                yield Problem(owner, "dead form", f"{form!r} is a trap as well, which means: {trap.means}")


def _dead(lexicon: Lexicon, term: Term) -> Iterator[Problem]:
    category, _ = read_as(term)
    for form in (*term.forms, *term.accented_only):
        text = f"{form} {term.near[0]}" if term.near else form
        hits = lexicon.read(views(text), category, branded=True)
        if any(hit.term == term.id and hit.scope == "claim" for hit in hits):
            continue
        yield Problem(term.id, "dead form", f"{form!r} is read as {_shown(text, hits) or 'nothing'}")


def _examples(lexicon: Lexicon, term: Term) -> Iterator[Problem]:
    category, branded = read_as(term)
    for text in term.examples:
        hits = lexicon.read(views(text), category, branded)
        if not any(hit.term == term.id and hit.scope == "claim" for hit in hits):
            yield Problem(term.id, "example", f"{text!r} is read as {_shown(text, hits) or 'nothing'}")
    for text in term.counter_examples:
        hits = lexicon.read(views(text), category, branded)
        strong = term.grade in _STRONG
        wrong = [
            hit for hit in hits
            if hit.scope == "claim" and (hit.term == term.id or (strong and hit.grade in _STRONG))
        ]  # fmt: skip
        if wrong:
            yield Problem(term.id, "counter-example", f"{text!r} is read as {_shown(text, tuple(wrong))}")


def _overlaps(lexicon: Lexicon, term: Term) -> Iterator[Problem]:
    """Forms that hide a stronger term inside them."""
    for form in term.forms:
        inside = {
            other.id: other for other in lexicon.seen(views(form))
            if other.id != term.id and GRADES.index(other.grade) < GRADES.index(term.grade)
        }  # fmt: skip
        if inside:
            names = ", ".join(f"{other.id} ({other.grade})" for other in inside.values())
            yield Problem(term.id, "overlap", f"{form!r} ({term.grade}) hides {names}")


def _shown(text: str, hits: Sequence[Hit]) -> str:
    return ", ".join(f"{hit.term} ({hit.grade}, {hit.scope}) at {text[hit.start : hit.end]!r}" for hit in hits)
