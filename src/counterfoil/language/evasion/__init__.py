"""Evasions: how sellers write a word so that a filter overlooks it and a buyer does not. For tests and for the simulator.

Every attack is seeded and stays readable. `targets` are the raw half-open spans of the words to hide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from types import MappingProxyType
from typing import Literal

from counterfoil.language.evasion import letters, spelling
from counterfoil.language.evasion.emoji import emoji_edits
from counterfoil.language.evasion.patch import (
    Change,
    Edit,
    Evaded,
    Span,
    cluster_edits,
    merged,
    patched,
    word_edits,
)

__all__ = ["ATTACKS", "Attack", "Evaded", "Span", "attacked", "evade", "evade_pair", "pairs"]

Kind = Literal["title", "spelling", "layout", "digits", "alphabet", "invisible", "form"]
_Edits = Callable[[str, Sequence[Span], Random], list[Edit]]


@dataclass(frozen=True, slots=True)
class Attack:
    """One way to write words; `local` ones leave all text outside the targets as it is."""

    name: str
    kind: Kind
    about: str
    local: bool
    edits: _Edits


def _on_words(name: str, kind: Kind, change: Change, *, one: bool = False) -> Attack:
    def edits(text: str, targets: Sequence[Span], rng: Random) -> list[Edit]:
        return word_edits(text, targets, change, rng, one=one)

    return Attack(name, kind, _about(change), local=True, edits=edits)


def _on_all(name: str, kind: Kind, change: Callable[[str], str], about: str) -> Attack:
    def edits(text: str, _targets: Sequence[Span], _rng: Random) -> list[Edit]:
        return cluster_edits(text, change)

    return Attack(name, kind, about, local=False, edits=edits)


def _about(change: Change) -> str:
    return (change.__doc__ or "").strip()


# In the order in which two of them follow each other: words, then letters, then what stands between them.
_ALL = (
    Attack("emoji_for_word", "title", (emoji_edits.__doc__ or "").strip(), local=False, edits=emoji_edits),
    _on_all("accents_dropped", "title", spelling.without_accents, "The whole text without accents; `đ` is `d`."),
    _on_words("teencode", "spelling", spelling.teencode),
    _on_words("misspelling", "spelling", spelling.misspelling, one=True),
    _on_words("accents_misplaced", "spelling", spelling.accents_misplaced),
    _on_words("repeated_letters", "spelling", spelling.repeated_letters),
    _on_words("leet", "spelling", spelling.leet),
    _on_words("separators", "layout", spelling.separators),
    _on_words("spacing", "layout", spelling.spacing),
    _on_words("letter_spacing", "layout", spelling.letter_spacing),
    _on_words("keycap", "digits", letters.keycap),
    _on_words("cyrillic", "alphabet", letters.cyrillic),
    _on_words("greek", "alphabet", letters.greek),
    _on_words("mixed_script", "alphabet", letters.mixed_script),
    _on_words("math_alphabet", "alphabet", letters.math_alphabet),
    _on_words("full_width", "alphabet", letters.full_width),
    _on_words("small_caps", "alphabet", letters.small_caps),
    _on_words("squared", "alphabet", letters.squared),
    _on_words("regional_flags", "alphabet", letters.regional_flags),
    _on_words("zero_width", "invisible", letters.zero_width),
    _on_words("bidi", "invisible", letters.bidi),
    _on_all("nfd", "form", spelling.decomposed, "The whole text with each accent as a code point of its own."),
)
ATTACKS: Mapping[str, Attack] = MappingProxyType({attack.name: attack for attack in _ALL})

# One way to lay out a word and one alphabet is all that it can take.
_ONE_OF_A_KIND = frozenset({"layout", "alphabet"})
# The second finds nothing left to do, or the two together cannot be read.
_SENSELESS = frozenset(
    {
        ("accents_dropped", "nfd"),
        ("teencode", "misspelling"),
        ("emoji_for_word", "keycap"),
        ("keycap", "math_alphabet"),
        ("keycap", "full_width"),
        ("keycap", "squared"),
        ("separators", "regional_flags"),
        ("spacing", "regional_flags"),
        ("letter_spacing", "regional_flags"),
        ("letter_spacing", "mixed_script"),
    }
)


def evade(text: str, attack: str, rng: Random | int | str, targets: Sequence[Span] | None = None) -> str:
    """The text under an attack, by a generator or a seed; unchanged where no target has a word that it can change.

    Without `targets` the whole text is one target. An attack that is not `local` changes what is outside them as well.
    """
    return attacked(text, (attack,), rng, targets).text


def evade_pair(text: str, pair: tuple[str, str], rng: Random | int | str, targets: Sequence[Span] | None = None) -> str:
    """The text under two attacks, the second on what the first has left."""
    return attacked(text, pair, rng, targets).text


def attacked(
    text: str, attacks: Sequence[str], rng: Random | int | str, targets: Sequence[Span] | None = None
) -> Evaded:
    """The text under attacks in turn, and where the targets then stand; raises `ValueError` for an unknown attack."""
    dice = rng if isinstance(rng, Random) else Random(rng)
    out = Evaded(text, merged([(0, len(text))] if targets is None else targets, len(text)))
    for name in attacks:
        if name not in ATTACKS:
            raise ValueError(f"got the attack {name!r}, expected one of {', '.join(ATTACKS)}")
        out = patched(out.text, ATTACKS[name].edits(out.text, out.targets, dice), out.targets)
    return out


def pairs() -> tuple[tuple[str, str], ...]:
    """All pairs that make sense, each in the order in which a seller would apply them."""
    return tuple(
        (first.name, second.name)
        for first, second in combinations(_ALL, 2)
        if (first.name, second.name) not in _SENSELESS
        and not (first.kind == second.kind and first.kind in _ONE_OF_A_KIND)
    )
