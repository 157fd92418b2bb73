"""Which words sellers of copies use when: filters make old claims rarer, and new slang comes up."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
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
    sums: tuple[float, ...]
    use: float
    slang: tuple[str, ...]
    new: tuple[str, ...]

    def claim(self, dice: Dice) -> str:
        """A claim, the rarer the longer it has been filtered."""
        return self.claims[min(bisect_right(self.sums, dice.random() * self.sums[-1]), len(self.claims) - 1)]


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
        sums=tuple(accumulate(weights)),
        use=sum(weights) / len(weights),
        slang=tuple(lists["slang"]),
        new=new,
    )
