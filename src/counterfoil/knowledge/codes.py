"""Kinds of numbers that a listing can show, and the forms in which registration numbers are written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from counterfoil.errors import NotFound
from counterfoil.knowledge.files import read_toml

Shape = Literal["number/year/mark", "prefix-number-year", "twelve"]


@dataclass(frozen=True, slots=True)
class CodeKind:
    """One kind of number; `valid_years` is how long one holds after the year in it, None where nothing can be said."""

    id: str
    name_vi: str
    name_en: str
    valid_years: int | None


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers of a kind are written; without `marks`, one of `context` or `categories` must say what is meant."""

    kind: str
    shape: Shape
    marks: tuple[str, ...]
    tails: tuple[str, ...]
    prefixes: tuple[str, ...]
    digits: tuple[int, int]
    year_digits: int
    written: str
    context: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """From how many digits on a repeated or a counted-up number is taken for made up."""

    repeated: int
    counted: int


@cache
def code_kinds() -> dict[str, CodeKind]:
    """Every kind, by id."""
    return {
        name: CodeKind(name, entry["names"]["vi"], entry["names"]["en"], entry.get("valid_years"))
        for name, entry in read_toml("codes.toml")["kind"].items()
    }


def code_kind(kind: str) -> CodeKind:
    """The kind of that id; raises `NotFound` for any other."""
    found = code_kinds().get(kind)
    if found is None:
        raise NotFound(f"got the kind of code {kind!r}, expected one of {', '.join(code_kinds())}")
    return found


@cache
def forms() -> tuple[Form, ...]:
    """The forms of registration numbers, in the order of the file."""
    return tuple(
        Form(
            kind=entry["kind"],
            shape=entry["shape"],
            marks=tuple(entry.get("marks", ())),
            tails=tuple(entry.get("tails", ())),
            prefixes=tuple(entry.get("prefixes", ())),
            digits=(entry["digits"][0], entry["digits"][1]),
            year_digits=entry["year_digits"],
            written=entry["written"],
            context=tuple(entry.get("context", ())),
            categories=tuple(entry.get("categories", ())),
        )
        for entry in read_toml("codes.toml")["form"]
    )


@cache
def placeholder() -> Placeholder:
    """When a number is taken for made up."""
    entry = read_toml("codes.toml")["placeholder"]
    return Placeholder(entry["repeated"], entry["counted"])
