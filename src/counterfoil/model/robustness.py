"""How far recall falls when known copies are written in other ways, at a threshold fixed before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from counterfoil.language.evasion import ATTACKS, Evaded, Span, attacked, pairs

# A batch of rewritten titles; large enough for the trees, small enough for memory.
_BATCH = 2_000
_FEWEST_A_PAIR = 10


@dataclass(frozen=True, slots=True)
class Copy:
    """The title of a known copy and the raw spans of the words that its seller would hide."""

    title: str
    targets: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was answered about a title."""

    probability: float
    flagged: bool


# Asked with pairs of a copy's place in the list and a title to put in place of its own.
Score = Callable[[Sequence[tuple[int, str]]], Sequence[Seen]]


@dataclass(frozen=True, slots=True)
class Loss:
    """Recall over the `rows` that an attack could change, before and after; `lost` were flagged before and not after."""

    attacks: tuple[str, ...]
    rows: int
    flagged_before: int
    flagged_after: int
    above_before: int
    above_after: int
    lost: int
    example: tuple[str, str] | None

    @property
    def points_lost(self) -> float:
        """Flagged before less flagged after, in points of recall; NaN where nothing was changed."""
        return 100 * (_share(self.flagged_before, self.rows) - _share(self.flagged_after, self.rows))

    def to_json(self) -> dict[str, Any]:
        """Counts, and shares as far as there are rows."""
        return {
            "attacks": list(self.attacks),
            "rows": self.rows,
            "recall_before": self._rounded(self.flagged_before),
            "recall_after": self._rounded(self.flagged_after),
            "points_lost": round(self.points_lost, 2) if self.rows else None,
            "rows_lost": self.lost,
            "above_threshold_before": self._rounded(self.above_before),
            "above_threshold_after": self._rounded(self.above_after),
            "example": list(self.example) if self.example else None,
        }

    def _rounded(self, count: int) -> float | None:
        return round(count / self.rows, 4) if self.rows else None


@dataclass(frozen=True, slots=True)
class Robustness:
    """The figures of one run; `flagged` and `above` count copies as they were written."""

    copies: int
    flagged: int
    above: int
    threshold: float
    seed: int
    single: tuple[Loss, ...]
    pairs: tuple[Loss, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "copies": self.copies,
            "recall": round(self.flagged / self.copies, 4) if self.copies else None,
            "above_threshold": round(self.above / self.copies, 4) if self.copies else None,
            "threshold": self.threshold,
            "seed": self.seed,
            "single": [loss.to_json() for loss in self.single],
            "pairs": [loss.to_json() for loss in self.pairs],
        }


def measure(
    copies: Sequence[Copy],
    score: Score,
    *,
    threshold: float,
    seed: int = 0,
    with_pairs: bool = False,
    budget: int = 20_000,
    longest: int = 2_000,
    say: Callable[[str], object] = lambda _: None,
) -> Robustness:
    """Recall before and after every attack and, with `with_pairs`, every pair of them.

    The threshold is the caller's and does not move. Pairs share `budget` titles evenly, each drawing its copies by the
    seed. A title that an attack (or one of a pair) leaves as it is, or makes longer than `longest`, does not count for it.
    """
    before = list(_asked(score, [(place, copy.title) for place, copy in enumerate(copies)]))

    def loss(attacks: tuple[str, ...], places: Sequence[int]) -> Loss:
        say(" + ".join(attacks))
        return _loss(copies, before, places, attacks, score, threshold, seed, longest)

    everyone = range(len(copies))
    single = tuple(loss((name,), everyone) for name in ATTACKS)
    both: list[Loss] = []
    if with_pairs:
        share = min(len(copies), max(_FEWEST_A_PAIR, budget // len(pairs())))
        for pair in pairs():
            drawn = Random(f"{seed} {pair}").sample(everyone, share)
            both.append(loss(pair, sorted(drawn)))
    return Robustness(
        copies=len(copies),
        flagged=sum(seen.flagged for seen in before),
        above=sum(seen.probability >= threshold for seen in before),
        threshold=threshold,
        seed=seed,
        single=single,
        pairs=tuple(both),
    )


def _loss(
    copies: Sequence[Copy],
    before: Sequence[Seen],
    places: Sequence[int],
    attacks: tuple[str, ...],
    score: Score,
    threshold: float,
    seed: int,
    longest: int,
) -> Loss:
    asked: list[tuple[int, str]] = []
    shown: list[tuple[str, str]] = []
    for place in places:
        copy = copies[place]
        # Each row has its own stream, so that one row more does not rewrite all others.
        out = _changed_by_each(copy, attacks, Random(f"{seed} {attacks} {place}"))
        if out is not None and len(out.text) <= longest:
            asked.append((place, out.text))
            shown.append((_words(copy.title, copy.targets), _words(out.text, out.targets)))
    after = list(_asked(score, asked))
    was = [before[place] for place, _ in asked]
    lost = [at for at, (old, new) in enumerate(zip(was, after, strict=True)) if old.flagged and not new.flagged]
    return Loss(
        attacks=attacks,
        rows=len(asked),
        flagged_before=sum(seen.flagged for seen in was),
        flagged_after=sum(seen.flagged for seen in after),
        above_before=sum(seen.probability >= threshold for seen in was),
        above_after=sum(seen.probability >= threshold for seen in after),
        lost=len(lost),
        example=shown[lost[0] if lost else 0] if shown else None,
    )


def _changed_by_each(copy: Copy, attacks: tuple[str, ...], rng: Random) -> Evaded | None:
    """The title under attacks in turn; None when one of them finds nothing to change."""
    out = Evaded(copy.title, copy.targets)
    for name in attacks:
        before, out = out, attacked(out.text, (name,), rng, out.targets)
        if out.text == before.text:
            return None
    return out


def _asked(score: Score, titles: Sequence[tuple[int, str]]) -> Iterator[Seen]:
    for start in range(0, len(titles), _BATCH):
        yield from score(titles[start : start + _BATCH])


def _words(title: str, targets: Sequence[Span]) -> str:
    return " … ".join(title[start:end] for start, end in targets)


def _share(count: int, rows: int) -> float:
    return count / rows if rows else float("nan")
