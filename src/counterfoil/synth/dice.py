"""Chance: one independent stream per part of the world, so that a change in one part does not reshuffle the others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_BLOCK = 4096


class Dice:
    """A stream of chance; uniforms are drawn in blocks because single draws from numpy are slow."""

    def __init__(self, seed: np.random.SeedSequence) -> None:
        self._uniform, self._other = (np.random.default_rng(child) for child in seed.spawn(2))
        self._block: list[float] = []

    def random(self) -> float:
        """A number from 0 to below 1."""
        if not self._block:
            self._block = self._uniform.random(_BLOCK).tolist()
        return self._block.pop()

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return options[int(self.random() * len(options))]

    def pick_weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of the options, by weight."""
        sums = list(accumulate(weights))
        return options[min(bisect_right(sums, self.random() * sums[-1]), len(options) - 1)]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Up to `count` different options, in random order."""
        left = list(options)
        return [left.pop(int(self.random() * len(left))) for _ in range(min(count, len(left)))]

    def between(self, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        return low + (high - low) * self.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def around(self, median: float, sigma: float) -> float:
        """A log-normal number with that median."""
        return median * float(np.exp(sigma * self._other.standard_normal()))

    def wait(self, mean: float) -> float:
        """An exponential waiting time."""
        return mean * float(self._other.standard_exponential())

    def gamma(self, shape: float, mean: float) -> float:
        """A gamma waiting time."""
        return mean / shape * float(self._other.standard_gamma(shape))

    def count(self, mean: float) -> int:
        """A Poisson count."""
        return int(self._other.poisson(mean))

    def share(self, trials: int, probability: float) -> int:
        """A binomial count."""
        return int(self._other.binomial(trials, probability)) if trials > 0 else 0


@dataclass(frozen=True, slots=True)
class Streams:
    """The parts of the world that have a stream of their own; a new part goes to the end."""

    accounts: Dice
    visits: Dice
    goods: Dice
    prices: Dice
    words: Dice
    shown: Dice
    sales: Dice
    labels: Dice


def streams(seed: int, district: int = 0) -> Streams:
    """The streams of a seed (a whole number from 0) in a district of the market."""
    root = np.random.SeedSequence(seed, spawn_key=(district,))
    return Streams(*(Dice(child) for child in root.spawn(len(Streams.__dataclass_fields__))))
