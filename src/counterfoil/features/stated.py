"""What features ask of the codes a listing states."""

from __future__ import annotations

from counterfoil.features.feature import MISSING
from counterfoil.history.codes import CodeView, Verdict
from counterfoil.history.views import About
from counterfoil.knowledge.categories import category
from counterfoil.language.codes import StatedCode
from counterfoil.language.registration import expired


def where(code: StatedCode) -> dict[str, object]:
    """The evidence that every reason about a stated code has."""
    return {"field": code.field, "span": [code.start, code.end], "quote": code.quote, "number": code.code}


def registrations(about: About) -> list[StatedCode]:
    """The registration numbers a listing shows, sound or not."""
    return [one.stated for one in about.codes if one.stated.kind not in ("gtin", "isbn")]


def book_numbers(about: About) -> list[StatedCode]:
    """The ISBNs a book states; none for other goods."""
    if about.keys.category != "books":
        return []
    return [one.stated for one in about.codes if one.stated.kind == "isbn"]


def past_validity(about: About) -> CodeView | None:
    """The first number that is older than its kind holds, or that a register says has ended."""
    day = about.observed_at.date()
    for one in about.codes:
        ends = [entry.valid_until for entry in one.entries if one.verdict == "known"]
        on_file = bool(ends) and all(end is not None and end < day for end in ends)
        if on_file or expired(one.stated, day):
            return one
    return None


def missing_kind(about: About) -> str | None:
    """The kind of number that the category needs and the listing does not show."""
    shown = {one.stated.kind for one in about.codes}
    needed = category(about.keys.category).codes_required if about.keys.category is not None else ()
    return next((kind for kind in needed if kind not in shown), None)


def needs_number(about: About) -> bool:
    """Whether the category needs a number and there is a text in which it could stand."""
    known = about.keys.category
    has_text = bool(about.listing.description or about.listing.attributes)
    return has_text and known is not None and bool(category(known).codes_required)


def shared_codes(about: About) -> list[CodeView]:
    """The codes under which listings are held against each other."""
    return [one for one in about.codes if one.counted]


def unlike_share(one: CodeView) -> float:
    """The share of unlike goods among all listings with a code, this one included."""
    return one.unlike / (one.unlike + one.alike + 1)


def first(about: About, verdict: Verdict) -> CodeView | None:
    """The first code of which a register says that."""
    return next((one for one in about.codes if one.verdict == verdict), None)


def looked_up(about: About, verdict: Verdict) -> float:
    """Whether a register says that of one code; NaN when no register was asked about any."""
    verdicts = [one.verdict for one in about.codes if one.verdict is not None]
    return float(verdict in verdicts) if verdicts else MISSING
