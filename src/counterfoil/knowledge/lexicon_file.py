"""What may stand in a file of the lexicon, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any

from counterfoil.knowledge.categories import CATEGORY_IDS
from counterfoil.knowledge.lexicon import EXCUSES, GRADES, Term, Trap

_LISTS = frozenset({
    "forms", "accented_only", "categories", "except_categories", "near", "unless", "examples", "counter_examples",
})  # fmt: skip
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "grade": GRADES,
    "unbranded": GRADES,
    "needs": ("none", "brand"),
    "scope": EXCUSES,
    "unless_scope": EXCUSES,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one entry of a file; `entry` is a term's id, or which trap it is."""

    file: str
    entry: str
    detail: str


def faults_of(file: str, data: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the terms and traps of a file, so that no entry is read that is not sound."""
    found = [Fault(file, "the file", detail) for detail in _of_file(data)]
    for kind, table in (("term", Term), ("trap", Trap)):
        for number, entry in enumerate(entries(data, kind), 1):
            name = str(entry.get("id", f"{kind} {number}"))
            found += [Fault(file, name, detail) for detail in (*_of_fields(entry, table), *_of_values(entry))]
    return found


def entries(data: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The tables of that kind in a file."""
    listed = data.get(kind, [])
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _of_file(data: Mapping[str, Any]) -> Iterator[str]:
    if not _is_day(data.get("version")):
        yield f"got the version {data.get('version')!r}, expected the day as of which the file holds, as YYYY-MM-DD"
    for kind in ("term", "trap"):
        listed = data.get(kind, [])
        if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
            yield f"got {kind} = ..., expected tables headed [[{kind}]]"


def _of_fields(entry: Mapping[str, Any], table: type[Term] | type[Trap]) -> Iterator[str]:
    known = {one.name for one in fields(table)}
    needed = {one.name for one in fields(table) if one.default is MISSING} - ({"scope"} if table is Trap else set())
    if unknown := sorted(entry.keys() - known):
        yield f"got the unknown fields {', '.join(unknown)}, expected only {', '.join(sorted(known))}"
    if missing := sorted(needed - entry.keys()):
        yield f"lacks {', '.join(missing)}"
    if not entry.get("forms") and not entry.get("accented_only"):
        yield "has no form: nothing could ever be found"
    if table is Term:
        yield from (f"has no {name}" for name in ("examples", "counter_examples") if not entry.get(name))


def _of_values(entry: Mapping[str, Any]) -> Iterator[str]:
    for name, value in entry.items():
        if name in _LISTS:
            if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
                yield f"got {name} = {value!r}, expected a list of texts"
            elif name.endswith("categories") and (odd := [one for one in value if one not in CATEGORY_IDS]):
                yield f"got the {name} {', '.join(odd)}, expected some of {', '.join(CATEGORY_IDS)}"
        elif name in _CHOICES:
            if value not in _CHOICES[name]:
                yield f"got {name} = {value!r}, expected one of {', '.join(_CHOICES[name])}"
        elif name == "added":
            if not _is_day(value):
                yield f"got added = {value!r}, expected a day as YYYY-MM-DD"
        elif not isinstance(value, str) or not value.strip():
            yield f"got {name} = {value!r}, expected a text"
    if "unbranded" in entry and entry.get("needs") != "brand":
        yield 'has the grade unbranded, which counts only with needs = "brand"'


def _is_day(value: object) -> bool:
    try:
        return date.fromisoformat(str(value)) is not None
    except ValueError:
        return False
