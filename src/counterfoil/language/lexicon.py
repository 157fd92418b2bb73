"""Words by which a listing says of itself that it is a copy, and in which scope it says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from counterfoil.knowledge.lexicon import Context, Grade, Scope, Term, Trap, context, terms, traps
from counterfoil.language.normalise import between, fold_text
from counterfoil.language.scope import Cue, CueKind, Surroundings, cue_words
from counterfoil.language.spelling import Forms, Found, ViewName
from counterfoil.language.views import Disguise, Views
from counterfoil.language.wares import Accessory, accessory, is_accessory, is_used
from counterfoil.language.weigh import Kept, weigh

__all__ = [
    "Grade",
    "Hit",
    "Lexicon",
    "Scope",
    "Sighting",
    "is_accessory",
    "is_used",
    "lexicon",
    "read_lexicon",
    "terms",
]

_NEAR = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of the lexicon at the raw half-open span `[start, end)`, the view that shows it, and how it is hidden there.

    Scope `claim`: the listing says it of the goods. `guarantee`: it denies, warns or promises; `question`: it asks;
    `compatibility`: the brand is what the goods fit; `material` and `name`: it is part of one; `trap`: all else.
    """

    term: str
    grade: Grade
    scope: Scope
    start: int
    end: int
    view: ViewName
    disguise: Disguise | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A term that was seen, and why it counts or not; `hit` is None where the term means nothing in this listing."""

    term: Term
    start: int
    end: int
    view: ViewName
    hit: Hit | None
    why: str


class _Fits:
    """Whether the goods only fit a brand's own; looked up once, and only where it is asked."""

    def __init__(self, text: Views) -> None:
        self._text = text
        self._found: Accessory | Literal[False] | None = False

    def excuse(self, grade: Grade) -> bool:
        """Whether a term of that grade says nothing of the brand: of grade S only where a word like `cho` joins the two."""
        if self._found is False:
            self._found = accessory(self._text)
        return self._found is not None and (self._found.joined or grade != "S")


_Value = Term | Trap | tuple[CueKind, str]


class Lexicon:
    """Terms, traps and the words around them, made ready to be found."""

    def __init__(self, terms: Sequence[Term], traps: Sequence[Trap], context: Context) -> None:
        self.terms = tuple(terms)
        self._context = context
        entries: list[tuple[str, bool, _Value]] = []
        listed: list[Term | Trap] = [*terms, *traps]
        for one in listed:
            entries += [(form, False, one) for form in one.forms] + [(form, True, one) for form in one.accented_only]
        self._forms: Forms[_Value] = Forms([*entries, *cue_words(context)], context.variants)
        self._near = {one.id: _words(one.near) for one in terms if one.near}
        self._unless = {one.id: _words(one.unless) for one in terms if one.unless}

    def read(
        self, text: Views, category: str | None = None, branded: bool = False, title: Views | None = None
    ) -> tuple[Hit, ...]:
        """The terms that a text means as read in that category, sorted, not overlapping."""
        around = f" {title.plain.text} " if title is not None else ""
        sightings = self._sightings(text, category, branded, None, around)
        return tuple(sight.hit for sight in sightings if sight.hit is not None)

    def explain(self, text: Views, category: str | None = None, branded: bool = False) -> tuple[Sighting, ...]:
        """Every term that stands in a text, those too that mean nothing there, sorted."""
        idle: list[Sighting] = []
        counted = list(self._sightings(text, category, branded, idle))
        return tuple(sorted([*counted, *idle], key=lambda one: (one.start, one.end)))

    def seen(self, text: Views) -> tuple[Term, ...]:
        """Every term of which a form stands in a text, whatever it means there."""
        found = (one.value for one in self._forms.find(text.pages))
        return tuple(dict.fromkeys(value for value in found if isinstance(value, Term)))

    def _sightings(
        self, text: Views, category: str | None, branded: bool, idle: list[Sighting] | None, title: str = ""
    ) -> Iterator[Sighting]:
        shown: list[Found[Term]] = []
        hidden: list[Found[Trap]] = []
        cues: list[Cue] = []
        for found in self._forms.find(text.pages):
            value = found.value
            if isinstance(value, Term):
                why = self._idle(text, found, value, category, branded)
                if why is None:
                    shown.append(Found(found.start, found.end, found.view, value))
                elif idle is not None:
                    idle.append(Sighting(value, found.start, found.end, found.view, None, why))
            elif isinstance(value, Trap):
                hidden.append(Found(found.start, found.end, found.view, value))
            else:
                cues.append(Cue(found.start, found.end, *value))
        if not shown:
            return
        kept = weigh(shown, hidden, len(text.raw), branded)
        claims = [(one.found.start, one.found.end) for one in kept if one.trap is None and one.grade in ("S", "A")]
        around = Surroundings(text, cues, claims, self._context)
        fits = _Fits(text)
        for one in kept:
            found_term = one.found
            scope, why = self._scope(text, one, around, fits, title)
            hit = Hit(
                found_term.value.id, one.grade, scope, found_term.start, found_term.end, found_term.view,
                text.disguise(found_term.start, found_term.end),
            )  # fmt: skip
            yield Sighting(found_term.value, hit.start, hit.end, hit.view, hit, why)

    def _idle(self, text: Views, found: Found[_Value], term: Term, category: str | None, branded: bool) -> str | None:
        """Why a term that was seen means nothing in this listing; None where it does."""
        if not term.counts_in(category, branded):
            return f"does not count in the category {category or 'unknown'}"
        if term.grade_with(branded) is None:
            return "counts only beside a protected brand of that kind of goods"
        if term.near and not self._is_near(text, found, term):
            return f"counts only near one of: {', '.join(term.near)}"
        return None

    def _is_near(self, text: Views, found: Found[_Value], term: Term) -> bool:
        before = between(text.plain, max(0, found.start - _NEAR), found.start).split()[-4:]
        behind = between(text.plain, found.end, found.end + _NEAR).split()[:4]
        near = f" {' '.join(before)} \n {' '.join(behind)} "
        return any(f" {word} " in near for word in self._near[term.id])

    def _scope(self, text: Views, one: Kept, around: Surroundings, fits: _Fits, title: str) -> tuple[Scope, str]:
        term = one.found.value
        if one.trap is not None:
            return one.trap.scope, f"part of a phrase that means: {one.trap.means}"
        if words := self._unless.get(term.id):
            plain = f" {text.plain.text} {title}"
            excuse = next((word for word in words if word in plain and _stands(word, plain)), None)
            if excuse is not None:
                return term.unless_scope, f"the text also says: {excuse}"
        scope, word = around.scope(one.found.start, one.found.end)
        if word is not None:
            return scope, f"beside: {word}"
        # What fits a brand's goods ("cho iPhone") is another's; a plain accessory of a brand may well be a copy of its own.
        if term.needs == "brand" and fits.excuse(one.grade):
            return "compatibility", "the brand is what the goods fit"
        return "claim", "said of the goods on offer"


def read_lexicon(
    text: Views, category: str | None = None, branded: bool = False, title: Views | None = None
) -> tuple[Hit, ...]:
    """The terms that a text means as read in that category, sorted, not overlapping.

    `branded`: a protected brand of that kind of goods is named in title or brand field. `title`: that of the listing whose
    description the text is; a word there can show that a term is the name of the goods.
    """
    return lexicon().read(text, category, branded, title)


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    return Lexicon(terms(), traps(), context())


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold_text(word).strip() for word in words)


def _stands(word: str, plain: str) -> bool:
    """Whether a word stands as a whole one in a text that begins and ends with a space."""
    at = plain.find(word)
    while at > 0:
        if not (plain[at - 1].isalnum() or plain[at + len(word)].isalnum()):
            return True
        at = plain.find(word, at + 1)
    return False
