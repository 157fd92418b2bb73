"""How far a seller of copies goes to stay unseen: five levels, and how many are at which.

The levels and shares are design choices. Without one level for all, an operator whose account closed comes back one
level higher in a tenth of cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from counterfoil.synth.dice import Dice

Adversary = Literal["L0", "L1", "L2", "L3", "L4"]


@dataclass(frozen=True, slots=True)
class Level:
    """What a seller of copies does at a level; each level does what the one below does, and more.

    `hides` is the share of offers whose claim, hint or brand is disguised, `says` a factor on the chance of claims, hints,
    slang and euphemisms, `price` a range of the list price below which nothing is asked.
    """

    name: Adversary
    hides: float = 0.0
    says: float = 1.0
    price: tuple[float, float] | None = None
    aged: bool = False  # old accounts with few listings each, no shared pictures or contacts
    copies: bool = False  # titles and descriptions are those of official shops, word for word


LEVELS = (
    Level("L0"),
    Level("L1", hides=0.50),
    Level("L2", hides=0.50, says=0.20, price=(0.60, 0.80)),
    Level("L3", hides=0.50, says=0.20, price=(0.60, 0.80), aged=True),
    Level("L4", says=0.0, price=(0.60, 0.80), aged=True, copies=True),
)

# The share of operators at each level when none is asked for; who sells one copy among honest goods seldom takes pains.
_MIX = {
    "counterfeiter_naive": (0.54, 0.40, 0.03, 0.015, 0.015),
    "counterfeiter_skilled": (0.66, 0.14, 0.08, 0.06, 0.06),
    "hijacked": (0.50, 0.42, 0.08, 0.0, 0.0),
}
_OTHERS = (0.70, 0.30, 0.0, 0.0, 0.0)


def drawn(actor: str, dice: Dice) -> Level:
    """A level for a new operator of that kind."""
    return dice.pick_weighted(LEVELS, _MIX.get(actor, _OTHERS))


def named(adversary: Adversary) -> Level:
    """The level of that name."""
    return LEVELS[int(adversary[1])]


def higher(level: Level) -> Level:
    """The next level, or the highest."""
    return LEVELS[min(int(level.name[1]) + 1, len(LEVELS) - 1)]
