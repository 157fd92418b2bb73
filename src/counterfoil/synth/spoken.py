"""Which words sellers of copies use when: filters make old claims rarer, and new slang comes up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from counterfoil.synth.calendar import month
from counterfoil.synth.dice import Dice
from counterfoil.synth.goods import read

_DECAY = 0.85  # what is left of the use of a claim a month after a sweep that names it


@cache
def phrases() -> dict[str, Any]:
    """The lists of `phrases.toml`."""
    return read("phrases.toml")


def has_other_names(brand: str | None) -> bool:
    """Whether a brand has nicknames or a mark to describe."""
    return brand in phrases()["described"] or brand in phrases()["nicknames"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of one month: `use` is the share of claims still made, the rest being said in other words or not at all."""

    claims: tuple[str, ...]
    weights: tuple[float, ...]
    use: float
    slang: tuple[str, ...]
    new: tuple[str, ...]

    def claim(self, dice: Dice) -> str:
        """A claim, the rarer the longer it has been filtered."""
        return dice.pick_weighted(self.claims, self.weights)


def spoken(at: float) -> Spoken:
    """The words in use at a time."""
    return _spoken(month(at))


@cache
def _spoken(now: int) -> Spoken:
    lists = phrases()
    sweeps = lists["sweeps"]
    weights = [_DECAY ** max(0, now - sweeps[place % len(sweeps)]) for place in range(len(lists["claims"]))]
    new = tuple(word for row in lists["later"] if row["month"] <= now for word in row["words"])
    return Spoken(
        claims=tuple(lists["claims"]),
        weights=tuple(weights),
        use=sum(weights) / len(weights),
        slang=tuple(lists["slang"]),
        new=new,
    )
