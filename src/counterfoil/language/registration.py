"""Vietnamese registration numbers in a text: cosmetics, food supplements, advertising approvals and medicines.

The forms come from `knowledge/codes.toml`. Numbers are found in the folded text, so accents, case, look-alike letters and
spaces do not matter, and each keeps the raw span where the seller wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from counterfoil.knowledge.codes import Form, code_kind, forms
from counterfoil.language.codes import Fault, StatedCode, is_placeholder
from counterfoil.language.normalise import Folded, fold, fold_text

# How far before a number the word that says what it is may stand, in characters.
_CONTEXT = 40
_DASH = r"[-\u2010-\u2015_.]"
_SLASH = r" ?[/\\|\u2044\u2215-] ?"
# What sellers put in place of digits they do not have.
_CELL = "0-9x*#?"
_LONG_NUMBER = re.compile("[0-9]{5}")
_HIDDEN = re.compile(r"[x*#?]")


@dataclass(frozen=True, slots=True)
class _Found:
    """One number as its form reads it, before it is judged."""

    number: str
    year: str
    head: str
    start: int
    end: int


def find_registrations(
    text: str, field: str, category: str | None = None, label: str = "", flat: str | None = None
) -> list[StatedCode]:
    """The registration numbers of a text, in order; `category` and a `label` help to tell what a bare number is.

    `flat` is `fold_text(text)`, for callers that have it. The way back to the raw text is made only when a number is there.
    """
    flat = fold_text(text) if flat is None else flat
    name = fold_text(label)
    found = [(reader.form, one) for reader in _readers() for one in reader.find(flat, category, name)]
    if not found:
        return []
    folded = fold(text)
    found.sort(key=lambda pair: (pair[1].start, pair[0].kind))
    return [_stated(form, one, folded, text, field) for form, one in found]


def expired(code: StatedCode, on: date) -> bool:
    """Whether a number of this year is past its validity on that day, even if it was given on the last day of its year."""
    years = code_kind(code.kind).valid_years
    return code.fault is None and code.year is not None and years is not None and on.year > code.year + years


def year_ahead(code: StatedCode, on: date) -> bool:
    """Whether the number's year begins after that day; the day itself may be one off, as time zones are."""
    return code.fault is None and code.year is not None and code.year > (on + timedelta(days=1)).year


class _Reader:
    """A form with its patterns."""

    def __init__(self, form: Form) -> None:
        self.form = form
        build = {"number/year/mark": _marked, "prefix-number-year": _prefixed, "twelve": _twelve}
        self._pattern = re.compile(build[form.shape](form))
        self._hints = tuple(mark.split("-")[0] for mark in form.marks)

    def may_stand_in(self, text: str, category: str | None, label: str) -> bool:
        """A cheap look before the pattern is tried: nearly every text holds no number at all."""
        form = self.form
        if form.marks:
            return any(hint in text for hint in self._hints)
        if category in form.categories or any(word in label or word in text for word in form.context):
            return True
        return form.shape == "prefix-number-year" and _LONG_NUMBER.search(text) is not None

    def find(self, text: str, category: str | None, label: str) -> Iterator[_Found]:
        """Every number that is meant as one of this kind."""
        if not self.may_stand_in(text, category, label):
            return
        for match in self._pattern.finditer(text):
            parts = match.groupdict()
            number = re.sub(r"[ .-]", "", parts["number"])
            year = parts.get("year") or number[-2:]
            head = parts.get("known") or parts.get("tail") or parts.get("prefix") or ""
            if self.form.marks or self._is_meant(match, number, category, label):
                yield _Found(number, year, head, match.start(), match.end())

    def _is_meant(self, match: re.Match[str], number: str, category: str | None, label: str) -> bool:
        form = self.form
        # Five digits between a known prefix and a year, joined by dashes, is the form of nothing else.
        full = form.shape == "prefix-number-year" and len(number) == form.digits[1] and number.isdigit()
        if full and re.fullmatch(rf"[a-z]+[0-9]? ?{_DASH} ?[0-9]+ ?{_DASH} ?[0-9]{{2}}", match[0]):
            return True
        if category in form.categories:
            return True
        before = f"{label} {match.string[max(0, match.start() - _CONTEXT) : match.start()]}"
        return any(word in before for word in form.context)


@cache
def _readers() -> tuple[_Reader, ...]:
    return tuple(_Reader(form) for form in forms())


def _marked(form: Form) -> str:
    marks = "|".join(re.escape(mark).replace(r"\-", f" ?{_DASH}? ?") for mark in form.marks)
    known = "|".join(form.tails) or "(?!)"
    tail = rf"(?: ?(?:{_DASH}|/)? ?(?P<known>{known})(?![a-z0-9])|(?:{_DASH}|/)(?P<tail>[a-z]{{2,6}})(?![a-z0-9]))?"
    return rf"(?<![0-9a-z*])(?P<number>[{_CELL}]{{1,12}}){_SLASH}(?P<year>[{_CELL}]{{1,4}}){_SLASH}(?:{marks}){tail}"


def _prefixed(form: Form) -> str:
    prefixes = "|".join(sorted(form.prefixes, key=len, reverse=True))
    join = rf"(?: ?{_DASH} ?| )"
    return rf"(?<![0-9a-z])(?P<prefix>{prefixes}){join}(?P<number>[{_CELL}]{{1,9}}){join}(?P<year>[{_CELL}]{{1,4}})(?![0-9a-z])"


def _twelve(_: Form) -> str:
    gap = "[ .-]?"
    return rf"(?<![0-9])(?P<number>[0-9]{{3}}{gap}[0-9]{{3}}{gap}[0-9]{{4}}{gap}[0-9]{{2}})(?![0-9])"


def _stated(form: Form, found: _Found, folded: Folded, text: str, field: str) -> StatedCode:
    start, end = folded.span(found.start, found.end)
    year, fault = _year(form, found.year), _fault(form, found)
    if fault is None and year is None:
        fault = "malformed"
    number = found.number if form.shape == "twelve" else found.number.lstrip("0") or "0"
    code = form.written.format(
        number=number, year=_two_or_four(form, year, found.year), tail=_tail(form, found), prefix=found.head.upper()
    )
    return StatedCode(form.kind, code.rstrip("-"), field, start, end, text[start:end], year=year, fault=fault)


def _fault(form: Form, found: _Found) -> Fault | None:
    if _HIDDEN.search(found.number + found.year) or is_placeholder(found.number):
        return "placeholder"
    if form.shape == "twelve":  # the serial between class and year is what people make up
        return "placeholder" if is_placeholder(found.number[6:10]) else None
    shortest, longest = form.digits
    return None if shortest <= len(found.number) <= longest else "malformed"


def _year(form: Form, stated: str) -> int | None:
    """The year meant: two digits from 80 on lie in the last century for medicines alone, which are old enough."""
    if not stated.isdigit() or len(stated) not in (2, 4):
        return None
    if len(stated) == 4:
        return int(stated) if 1980 <= int(stated) <= 2099 else None
    century = 1900 if form.kind == "medicine_registration" and int(stated) >= 80 else 2000
    return century + int(stated)


def _two_or_four(form: Form, year: int | None, stated: str) -> str:
    if year is None:
        return stated
    return str(year) if form.year_digits == 4 else f"{year % 100:02d}"


def _tail(form: Form, found: _Found) -> str:
    """The office that signed, one spelling each; a number without it is read all the same."""
    usual = {"cosmetic_notification": "", "ad_approval": "ATTP"}.get(form.kind, "")
    return found.head.upper() or usual
