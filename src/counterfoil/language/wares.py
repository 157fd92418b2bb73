"""What kind of goods a title offers: made for a brand's, one of its small things, or something that had an owner before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeVar

from counterfoil.knowledge.brands import brands, small_goods
from counterfoil.knowledge.lexicon import accessories, used
from counterfoil.language.normalise import between
from counterfoil.language.spelling import Forms, Found
from counterfoil.language.views import Views

_Part = Literal["thing", "small", "core", "connector", "filler", "included", "brand"]
_Use = Literal["trap", "used"]
_Value = TypeVar("_Value", bound=str)


@dataclass(frozen=True, slots=True)
class Accessory:
    """The raw half-open span `[start, end)` that says so; `joined` where a word like `cho` stands before the brand."""

    start: int
    end: int
    joined: bool


def is_accessory(text: Views) -> tuple[int, int] | None:
    """The raw span that says that the goods fit a brand's: from the joining word, or the thing, to the last brand it names.

    A brand mentioned inside the span is not the maker claimed. None where nothing says so.
    """
    found = accessory(text)
    return None if found is None else (found.start, found.end)


def accessory(text: Views) -> Accessory | None:
    """As `is_accessory`, and whether the brand is joined to the thing by a word."""
    shown = text.pages
    if not _openers().find(shown):
        return None
    parts = _longest(_parts().find(shown))
    small = next((Accessory(one.start, one.end, False) for one in parts if one.value == "small"), None)
    return _joined(text, parts) or _leading(text, parts) or small


def small_goods_in(text: Views, category: str | None) -> str | None:
    """The id of the kind of `small_goods` that a title offers; None where core goods are named first, or nothing known is."""
    if category is None:
        return None
    found = [one for one in _longest(_kinds().find(text.pages)) if one.value == "" or category in _sold_in(one.value)]
    return (found[0].value or None) if found else None


def is_used(text: Views) -> tuple[int, int] | None:
    """The raw span of the first word that says that the goods had an owner before; None where none does."""
    return next(((one.start, one.end) for one in _longest(_used().find(text.pages)) if one.value == "used"), None)


def _joined(text: Views, parts: list[Found[_Part]]) -> Accessory | None:
    """`cho iPhone`, `dùng cho máy Samsung / Xiaomi`."""
    for at, one in enumerate(parts):
        # Before the joining word stands a thing: at the very beginning it is no offer of an accessory.
        if one.value != "connector" or not between(text.plain, 0, one.start).strip():
            continue
        end = one.end
        brand_end = None
        for other in parts[at + 1 :]:
            gap = between(text.plain, end, other.start).split()
            if other.value not in ("brand", "filler", "connector", "core") or len(gap) > (
                0 if brand_end is None else 2
            ):
                break
            if other.value == "brand":
                brand_end = other.end
            end = other.end
        if brand_end is not None:
            return Accessory(one.start, brand_end, True)
    return None


def _leading(text: Views, parts: list[Found[_Part]]) -> Accessory | None:
    """`Dây giày Nike`: a thing before any of the goods a brand is known for, which does not only come along."""
    before: Found[_Part] | None = None
    for at, one in enumerate(parts):
        if one.value == "core":
            return None
        if one.value == "thing":
            gap = 0 if before is None else len(between(text.plain, before.end, one.start).split())
            if before is not None and (
                (before.value == "included" and gap == 0) or (before.value == "brand" and gap > 0)
            ):
                return None
            brand = next((other for other in parts[at + 1 :] if other.value == "brand"), None)
            return Accessory(one.start, one.end if brand is None else brand.end, False)
        if one.value in ("brand", "included"):
            before = one
    return None


def _longest(found: list[Found[_Value]]) -> list[Found[_Value]]:
    """Of overlapping spans the longest, sorted; of two of one length the first by name of what they are."""
    kept: list[Found[_Value]] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start, one.value)):
        if one.start not in taken and one.end - 1 not in taken:
            taken.update(range(one.start, one.end))
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


@cache
def _openers() -> Forms[_Part]:
    """The parts without which nothing is an accessory: few texts hold one."""
    return Forms(_words("thing", "small", "connector"), {})


@cache
def _parts() -> Forms[_Part]:
    entries = list(_words("thing", "small", "connector", "core", "filler", "included"))
    for brand in brands():
        entries += [(form, False, "brand") for form in (brand.name, *brand.forms)]
    return Forms(entries, {})


def _words(*wanted: _Part) -> Iterator[tuple[str, bool, _Part]]:
    data = accessories()
    listed: tuple[tuple[tuple[str, ...], bool, _Part], ...] = (
        (data.accented_only, True, "thing"),
        (data.small_accented, True, "small"),
        (data.things, False, "thing"),
        (data.small, False, "small"),
        (data.core, False, "core"),
        (data.connectors, False, "connector"),
        (data.fillers, False, "filler"),
        (data.included, False, "included"),
    )
    for words, exact, part in listed:
        if part in wanted:
            yield from ((word, exact, part) for word in words)


@cache
def _kinds() -> Forms[str]:
    """The words for core goods, filed under nothing, and those for small ones, filed under their kind."""
    entries = [(word, exact, "") for word, exact, _ in _words("core")]
    for goods in small_goods():
        entries += [(word, False, goods.id) for word in goods.words]
        entries += [(word, True, goods.id) for word in goods.accented_only]
    small = {(word, exact) for word, exact, kind in entries if kind}
    return Forms([one for one in entries if one[2] or not {(one[0], True), (one[0], False)} & small], {})


@cache
def _sold_in(goods: str) -> tuple[str, ...]:
    return next(one.categories for one in small_goods() if one.id == goods)


@cache
def _used() -> Forms[_Use]:
    data = used()
    entries: list[tuple[str, bool, _Use]] = [(form, False, "used") for form in data.forms]
    entries += [(form, True, "used") for form in data.accented_only]
    entries += [(form, False, "trap") for form in data.traps]
    return Forms(entries, {})
