"""Which of the terms and traps that overlap in a text are kept."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from counterfoil.knowledge.lexicon import Grade, Term, Trap
from counterfoil.language.spelling import Found

_ORDER = {"S": 1, "A": 2, "B": 3, "C": 4}


@dataclass(frozen=True, slots=True)
class Kept:
    """A term in its place, after all that overlaps it was weighed, and the trap that it lost to."""

    found: Found[Term]
    grade: Grade
    trap: Trap | None


def weigh(shown: list[Found[Term]], hidden: list[Found[Trap]], length: int, branded: bool) -> list[Kept]:
    """Of overlapping terms the longest, joined with what reaches beyond it and says as much: `giày rep` and `rep 1:1`.

    A term that a trap covers, or reaches into, is marked as lost to it, and gives way to a shorter one outside the trap:
    `fake` of `fake 1:1 bảo hành`.
    """
    if len(shown) == 1 and not hidden:
        return [_kept(shown[0], branded, None)]
    exact = {(trap.start, trap.end): trap.value for trap in hidden}
    # A trap that is not inside a term crosses its beginning or its end, unless the two are the same.
    crossing = {at: trap.value for trap in hidden for at in range(trap.start + 1, trap.end)}
    owner = array("i", bytes(4 * length))  # the place in `out` of the term that owns a letter, from 1
    out: list[Kept] = []
    lost: list[tuple[Found[Term], Trap]] = []
    order = sorted(shown, key=lambda one: (one.start - one.end, _ORDER[_grade(one.value, branded)], one.start))
    for term in order:
        trap = exact.get((term.start, term.end)) or crossing.get(term.start) or crossing.get(term.end)
        if trap is not None:
            lost.append((term, trap))
            continue
        # What is owned already is at least as long as this term, so it shows at one of its two ends.
        left, right = owner[term.start], owner[term.end - 1]
        if not (left or right):
            out.append(_kept(term, branded, None))
            _own(owner, term.start, term.end, len(out))
        elif not (left and right):
            place = left or right
            joined = _joined(out[place - 1], term, _grade(term.value, branded))
            if joined is not None:
                out[place - 1] = joined
                _own(owner, joined.found.start, joined.found.end, place)
    for term, trap in lost:
        if not any(owner[term.start : term.end]):
            out.append(_kept(term, branded, trap))
            _own(owner, term.start, term.end, len(out))
    return sorted(out, key=lambda one: one.found.start)


def _own(owner: array[int], start: int, end: int, place: int) -> None:
    owner[start:end] = array("i", [place]) * (end - start)


def _joined(one: Kept, term: Found[Term], grade: Grade) -> Kept | None:
    """A kept term and one that reaches beyond it, named by the stronger; None where the other says less."""
    if _ORDER[grade] > _ORDER[one.grade]:
        return None
    chosen = term if _ORDER[grade] < _ORDER[one.grade] else one.found
    start, end = min(one.found.start, term.start), max(one.found.end, term.end)
    return Kept(Found(start, end, chosen.view, chosen.value), grade, None)


def _kept(found: Found[Term], branded: bool, trap: Trap | None) -> Kept:
    return Kept(found, _grade(found.value, branded), trap)


def _grade(term: Term, branded: bool) -> Grade:
    return term.grade_with(branded) or term.grade
