"""The lexicon as data: what a seller of copies writes, what only looks like it, and the words that decide between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from counterfoil.knowledge.files import names_in, read_toml

Grade = Literal["S", "A", "B", "C"]
Scope = Literal["claim", "guarantee", "compatibility", "material", "name", "question", "trap"]
Needs = Literal["none", "brand"]

GRADES: tuple[Grade, ...] = ("S", "A", "B", "C")
# What an innocent phrase may really be; `claim` is no excuse.
EXCUSES: tuple[Scope, ...] = ("guarantee", "compatibility", "material", "name", "question", "trap")

_FOLDER = "lexicon"


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the lexicon; `grade` is how strongly it says "copy" in an offer, beside a protected brand.

    `needs` = "brand": it counts only with a protected brand of that kind of goods; without one it has the grade
    `unbranded`, or does not count where that is not given. `near`: one of these words must stand within three words.
    `unless`: with one of these anywhere, every hit has the scope `unless_scope`.
    """

    id: str
    grade: Grade
    source: str
    added: date
    forms: tuple[str, ...] = ()
    accented_only: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    except_categories: tuple[str, ...] = ()
    needs: Needs = "none"
    unbranded: Grade | None = None
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_scope: Scope = "trap"
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()

    def counts_in(self, category: str | None, branded: bool = False) -> bool:
        """Whether the term means what it says in that category; a brand stands in for one that is not known."""
        if category is None:
            return branded or not self.categories
        return category not in self.except_categories and (not self.categories or category in self.categories)

    def grade_with(self, branded: bool) -> Grade | None:
        """How much the term says with or without a protected brand; None where it says nothing."""
        return self.grade if branded or self.needs == "none" else self.unbranded


@dataclass(frozen=True, slots=True)
class Trap:
    """Innocent phrases that hold a term, and what they really say."""

    means: str
    scope: Scope
    forms: tuple[str, ...] = ()
    accented_only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a term that turn a claim into a denial, a warning or a question.

    `triggers` reach `window` words ahead within a sentence, `bare` ones no further than the next comma; `harmless`
    phrases hold a trigger and deny nothing. `after` stands within `after_window` words behind a term.
    """

    window: int
    after_window: int
    triggers: tuple[str, ...]
    accented_only: tuple[str, ...]
    bare: tuple[str, ...]
    harmless: tuple[str, ...]
    after: tuple[str, ...]
    asks_before: tuple[str, ...]
    asks_after: tuple[str, ...]
    variants: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Accessories:
    """What is made for a brand's goods by others.

    `small` are decants, samples and minis wherever they stand. `things` are accessories wherever they lead, `core` the
    goods a brand itself is known for, `connectors` join a thing and the brand it fits, `fillers` may stand between,
    `included` before a thing says that it only comes along.
    """

    things: tuple[str, ...]
    accented_only: tuple[str, ...]
    small: tuple[str, ...]
    small_accented: tuple[str, ...]
    core: tuple[str, ...]
    connectors: tuple[str, ...]
    fillers: tuple[str, ...]
    included: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """Words that say that the goods had an owner before, and the phrases that only look like it."""

    forms: tuple[str, ...]
    accented_only: tuple[str, ...]
    traps: tuple[str, ...]


@cache
def shipped_files() -> Mapping[str, dict[str, Any]]:
    """The contents of every shipped file of the lexicon, by name."""
    return MappingProxyType({f"{name}.toml": read_toml(f"{_FOLDER}/{name}.toml") for name in names_in(_FOLDER)})


@cache
def terms() -> tuple[Term, ...]:
    """Every shipped term, file by file, in the order of the files."""
    return tuple(term_of(entry) for data in shipped_files().values() for entry in data.get("term", ()))


@cache
def traps() -> tuple[Trap, ...]:
    """Every shipped trap."""
    return tuple(trap_of(entry) for data in shipped_files().values() for entry in data.get("trap", ()))


@cache
def context() -> Context:
    """The words around a term, from `context.toml`."""
    data = read_toml(f"{_FOLDER}/context.toml")
    guarantee, question = data["guarantee"], data["question"]
    return Context(
        window=guarantee["window"],
        after_window=guarantee["after_window"],
        triggers=tuple(guarantee["triggers"]),
        accented_only=tuple(guarantee["accented_only"]),
        bare=tuple(guarantee["bare"]),
        harmless=tuple(guarantee["harmless"]),
        after=tuple(guarantee["after"]),
        asks_before=tuple(question["before"]),
        asks_after=tuple(question["after"]),
        variants=MappingProxyType({word: tuple(others) for word, others in data["variants"].items()}),
    )


@cache
def accessories() -> Accessories:
    """What is made for a brand's goods, from `accessories.toml`."""
    return Accessories(**_lists(read_toml(f"{_FOLDER}/accessories.toml")["accessories"]))


@cache
def used() -> Used:
    """Words for goods that had an owner before, from `used.toml`."""
    return Used(**_lists(read_toml(f"{_FOLDER}/used.toml")["used"]))


def term_of(entry: Mapping[str, Any]) -> Term:
    """The term that an entry of a file describes; `lint_lexicon` says beforehand what is wrong with one."""
    fields = _lists(entry)
    return Term(**{**fields, "added": date.fromisoformat(str(fields["added"]))})


def trap_of(entry: Mapping[str, Any]) -> Trap:
    """The trap that an entry of a file describes."""
    return Trap(**{"scope": "trap", **_lists(entry)})


def _lists(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
