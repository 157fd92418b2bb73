"""How a title is typed: joined, in capitals, without accents, in chat spelling, with emoji, and with words in disguise."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.language.evasion import evade
from counterfoil.synth.dice import Dice

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Typing:
    """How likely a title has an emoji, is in chat spelling or without accents, or has words in disguise."""

    emoji: float
    teencode: float
    accentless: float
    hides: float


def typed(parts: Sequence[str], hide: Sequence[str], typing: Typing, lists: Mapping[str, Any], dice: Dice) -> str:
    """The parts as one title of at most 120 characters; of the words in `hide` a seller may disguise some."""
    text = dice.pick((" ", " ", " ", ", ", " - ")).join(parts)
    if dice.chance(typing.emoji):
        emoji = dice.pick(lists["emoji"])
        text = f"{emoji}{text}{emoji if dice.chance(0.4) else ''}"
    text = text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0]
    if dice.chance(0.10):
        text = text.upper()
    elif dice.chance(0.15):
        text = text.title()
    if dice.chance(typing.teencode):
        for word, short in lists["teencode"]:
            text = text.replace(word, short)
    if dice.chance(typing.accentless):
        text = without_accents(text)
    elif dice.chance(0.02):
        text = unicodedata.normalize("NFD", text)
    if dice.chance(0.006):  # an honest shop that sets its titles in bold letters, or pastes an invisible character
        text = evade(text, dice.pick(("math_alphabet", "full_width")), random.Random(dice.whole(0, 2**31)))
    if dice.chance(typing.hides):
        text = _disguised(text, hide, lists["attacks"], dice)
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0]


def without_accents(text: str) -> str:
    """The text as typed without Vietnamese accents."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn")
    return bare.replace("đ", "d").replace("Đ", "D")


def _disguised(text: str, hide: Sequence[str], attacks: Sequence[str], dice: Dice) -> str:
    """The text with the words to hide disguised, all in one way or each in its own."""
    lower = text.lower()
    spans = sorted({(at, at + len(word)) for word in hide if (at := lower.find(word.lower())) >= 0})
    apart = [span for place, span in enumerate(spans) if not place or span[0] >= spans[place - 1][1]]
    if len(lower) != len(text) or not apart:
        return text
    return evade(text, dice.pick(attacks), random.Random(dice.whole(0, 2**31)), apart)
