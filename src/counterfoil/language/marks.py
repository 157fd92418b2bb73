"""A brand that a title does not name but tell: by its mark, its name read out in Vietnamese, or a name with gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from counterfoil.knowledge.marks import GAP, Mark, brands_under, clues, joined, marks, sound, spoken, toneless
from counterfoil.language.lexicon import read_lexicon
from counterfoil.language.normalise import accented, between, fold_text
from counterfoil.language.spelling import Forms, Found
from counterfoil.language.syllable import is_syllable
from counterfoil.language.views import Page, Views

_STRONG, _WEAK = 2, 1
_GAP = 2  # words that a gap in a phrase may hold
_CLOSE = 3  # words behind a mark within which a short name of a country speaks of it
_MOST = 64  # phrases looked at: no title means more, and a hostile one shall cost no more than its length
_WORD = re.compile(r"[^\W_]+")
_MOST_SPOKEN = 7  # words of the longest reading
_JOINTS = frozenset(" -._")
# A word with letters left out: `d*or`, `ch@n..`.
_MASKED = re.compile(r"[a-z](?:[a-z0-9]|[-.*@#$!…]+(?=[a-z0-9])|[*#…]+|\.\.+)*")
_HIDES = re.compile(r"[a-z0-9][*@#$!…]|\.\.|…")
_JOINT = re.compile(r"[-._]")
# Said of a house or of its sign: `hãng ba sọc`, `logo vương miện`. With accents, since `hàng` and `nhã` are other words.
_HOUSE = frozenset({"hãng", "nhà", "hiệu", "brand", "logo"})
_DENIES = frozenset({"không", "ko", "khong", "chẳng", "phải", "no", "not", "k"})
_IN_THE_STYLE = frozenset({"cách", "kiểu", "style"})
# What a term of the lexicon weighs beside a mark, by grade.
_GRADES: Mapping[str, int] = {"S": _STRONG, "A": _STRONG, "B": _WEAK}


@dataclass(frozen=True, slots=True)
class Described:
    """The brand whose mark a title describes at the raw half-open span `[start, end)`."""

    brand: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase for a mark and the weight of clues it needs."""

    mark: Mark
    needs: int


@dataclass(frozen=True, slots=True)
class _Clue:
    """What a clue weighs, and for the marks of which country or brand it counts; for all where neither is given."""

    weight: int
    home: str | None = None
    brand: str | None = None
    close: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """The words of a phrase between two gaps, with their accents and without."""

    written: tuple[str, ...]
    plain: tuple[str, ...]


def described(text: Views, category: str | None) -> Described | None:
    """The mark that the title means, the most telling and then the longest one; None where it is but a motif, or none.

    An unknown category has no marks: what is a buckle on a bag is a letter on a toy.
    """
    if category is None:
        return None
    shown = text.pages
    found = [*_phrases().find(shown), *_gapped(shown[0]), *_masked(shown[0]), *_read_out(shown[0])]
    found = [one for one in found if category in one.value.mark.categories]
    found.sort(key=lambda one: (one.value.needs, one.start - one.end, one.start, one.value.mark.brand))
    seen: list[Found[_Clue]] | None = None
    excused = {one.value.mark.brand: False for one in found[:_MOST]}
    for brand in excused.keys() & _excuses().keys():
        excused[brand] = bool(_excuses()[brand].find(shown))
    for one in found[:_MOST]:
        if excused[one.value.mark.brand]:
            continue
        needs = one.value.needs
        if needs and _before(text, one.start, 1) & _HOUSE:
            needs -= 1
        if needs:
            seen = sorted(_clues_in(text, shown, category), key=_place) if seen is None else seen
            needs -= _weight(text, one, seen)
        if needs <= 0:
            return Described(one.value.mark.brand, one.start, one.end)
    return None


def _place(one: Found[_Clue]) -> tuple[int, int, int]:
    return one.start, -one.end, -one.value.weight


def _clues_in(text: Views, shown: Sequence[Page], category: str) -> Iterator[Found[_Clue]]:
    for one in _clue_forms().find(shown):
        unmeant = _IN_THE_STYLE if one.value.home is not None else _DENIES
        itself = set(between(text.written, one.start, one.end).split()[:1])
        if not _before(text, one.start, 2) & unmeant or itself & unmeant:
            yield one
    # Read as if no brand were named, since that is what is asked: `xuất khẩu` says little of a shirt with stripes.
    for hit in read_lexicon(text, category, branded=False):
        if hit.scope == "claim" and hit.grade in _GRADES:
            yield Found(hit.start, hit.end, hit.view, _Clue(_GRADES[hit.grade]))


def _weight(text: Views, mark: Found[_Phrase], seen: list[Found[_Clue]]) -> int:
    """What the clues outside a mark weigh together, each place once."""
    total, reached = 0, -1
    for one in seen:
        inside = one.start < mark.end and mark.start < one.end
        if one.start >= reached and not inside and _speaks_of(text, one, mark):
            total, reached = total + one.value.weight, one.end
    return total


def _speaks_of(text: Views, clue: Found[_Clue], mark: Found[_Phrase]) -> bool:
    said, meant = clue.value, mark.value.mark
    if (said.home or meant.home) != meant.home or (said.brand or meant.brand) != meant.brand:
        return False
    return not said.close or (
        clue.start >= mark.end and len(between(text.plain, mark.end, clue.start).split()) < _CLOSE
    )


def _before(text: Views, start: int, words: int) -> set[str]:
    return set(between(text.written, max(0, start - 24), start).split()[-words:])


def _gapped(page: Page) -> Iterator[Found[_Phrase]]:
    """The phrases with gaps that stand in a text, each at its shortest."""
    filed, reach = _gapped_phrases()
    plain = _WORD.findall(page.folded.text)
    if not any(
        second in filed[first]
        for at, first in enumerate(plain)
        if first in filed
        for second in plain[at + 1 : at + reach]
    ):
        return
    words = [one.span() for one in _WORD.finditer(page.folded.text)]
    typed = [page.typed[start:end] for start, end in words]
    for at, first in enumerate(plain):
        behind = filed.get(first)
        if behind is None:
            continue
        for second in plain[at + 1 : at + reach]:
            for parts, phrase in behind.get(second, ()):
                last = _last(parts, plain, typed, at)
                if last is not None:
                    yield Found(*page.folded.span(words[at][0], words[last - 1][1]), "plain", phrase)


def _last(parts: tuple[_Part, ...], plain: list[str], typed: list[str], at: int) -> int | None:
    """The place behind the last word of the parts, the first of which begins at `at`; None where they do not stand there."""
    for number, part in enumerate(parts):
        size = len(part.plain)
        for start in range(at, at + (_GAP + 1 if number else 1)):
            same = tuple(plain[start : start + size]) == part.plain
            if same and all(
                have in (want, bare)
                for have, want, bare in zip(typed[start : start + size], part.written, part.plain, strict=True)
            ):
                at = start + size
                break
        else:
            return None
    return at


def _read_out(page: Page) -> Iterator[Found[_Phrase]]:
    """The names that some words sound like when they are read out; a name of two syllables, but for tones, to the letter."""
    known, begun = spoken()
    if begun.isdisjoint(map(sound, _WORD.findall(page.typed))):
        return
    words = [(one.span(), sound(one[0])) for one in _WORD.finditer(page.typed)]
    for at, ((begin, _), first) in enumerate(words):
        if first is None or first not in begun:
            continue
        heard = first
        for place in range(at + 1, min(at + _MOST_SPOKEN, len(words))):
            (start, end), more = words[place]
            heard = (
                "" if more is None or page.typed[words[place - 1][0][1] : start] not in _JOINTS else joined(heard, more)
            )
            if heard not in begun:
                break
            for one in known.get(heard, ()):
                by_ear = place > at + 1 and one.written.count(" ") > 1
                if by_ear or toneless(_JOINT.sub(" ", page.typed[begin:end])) == one.written:
                    phrase = _Phrase(Mark(one.brand, "", one.categories), 0)
                    yield Found(*page.folded.span(begin, end), "plain", phrase)


def _masked(page: Page) -> Iterator[Found[_Phrase]]:
    if _HIDES.search(page.folded.text) is None:
        return
    for one in _MASKED.finditer(page.folded.text):
        # Names bear no accents, and `tui...` is a word with dots behind it.
        if not _HIDES.search(one[0]) or len(one[0]) > _MOST or not page.typed[one.start() : one.end()].isascii():
            continue
        if not is_syllable(one[0].rstrip("*#….")):
            for brand in brands_under(one[0]):
                phrase = _Phrase(Mark(brand.id, "", brand.categories), 0)
                yield Found(*page.folded.span(*one.span()), "plain", phrase)


@cache
def _phrases() -> Forms[_Phrase]:
    return Forms([(form, False, phrase) for form, phrase in _listed() if GAP not in form], {})


@cache
def _gapped_phrases() -> tuple[Mapping[str, Mapping[str, list[tuple[tuple[_Part, ...], _Phrase]]]], int]:
    """The phrases with gaps by the first words of their first two parts, and how far behind the one the other may stand."""
    filed: dict[str, dict[str, list[tuple[tuple[_Part, ...], _Phrase]]]] = {}
    reach = 0
    for form, phrase in _listed():
        if GAP in form:
            parts = tuple(
                _Part(tuple(accented(part).text.split()), tuple(fold_text(part).split())) for part in form.split(GAP)
            )
            filed.setdefault(parts[0].plain[0], {}).setdefault(parts[1].plain[0], []).append((parts, phrase))
            reach = max(reach, len(parts[0].plain) + _GAP + 1)
    return filed, reach


def _listed() -> Iterator[tuple[str, _Phrase]]:
    for mark in marks():
        for needs, listed in enumerate((mark.telling, mark.likely, mark.common)):
            yield from ((form, _Phrase(mark, needs)) for form in listed)


@cache
def _excuses() -> Mapping[str, Forms[str]]:
    return {mark.brand: Forms([(word, False, word) for word in mark.unless], {}) for mark in marks() if mark.unless}


@cache
def _clue_forms() -> Forms[_Clue]:
    known = clues()
    entries = [(form, False, _Clue(_STRONG)) for form in known.compares]
    entries += [(form, False, _Clue(_WEAK)) for form in known.flatters]
    for name, country in known.countries.items():
        entries += [(form, False, _Clue(_WEAK, home=name)) for form in country.words]
        entries += [(form, True, _Clue(_WEAK, home=name, close=True)) for form in country.close]
    for mark in marks():
        entries += [(form, False, _Clue(_STRONG, brand=mark.brand)) for form in mark.own]
    return Forms(entries, {})
