"""Words that suspect titles use and others do not: candidates for the lexicon, which a person must read before they count.

A word group of one to four syllables is counted once a seller, by one title drawn among those that use it: what one seller
writes a hundred times is no slang. A title is compared with those of the same shelf (a category, with or without a
protected brand), and a group must stand beside two brands at least: names of models do not, which copies share with the
goods they copy. If a group means nothing, the number of suspect titles among those drawn is a sum of independent draws, each
with the share of suspects on its shelf. Groups whose sum is too large for that are proposed, with a false discovery rate of
5 % (Benjamini and Hochberg, JRSS B 57, 1995): where no word means anything, something is proposed in one run of twenty.

The odds by which suspects use a group more have the interval of all values that this exact distribution does not reject
(Clopper and Pearson, Biometrika 26, 1934, here for unequal chances), at the level that keeps the intervals of what was
selected honest (Benjamini and Yekutieli, JASA 100, 2005).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

import numpy as np
from numpy.typing import NDArray

from counterfoil.language.lexicon import is_accessory, is_used, lexicon
from counterfoil.language.normalise import fold_text
from counterfoil.language.views import Views

LENGTH = 4
LEVEL = 0.05
MIN_SELLERS = 3
MIN_BRANDS = 2
_WORD = re.compile(r"\w+")
# What parts phrases: anything but a space, a hyphen or an underscore.
_BREAK = re.compile(r"[^\w\s\-_]")
# A telephone number as intake leaves it.
_MASKED = re.compile(r"\d*x{2,}")
_LOWEST, _HIGHEST = -12.0, 12.0  # log-odds between which bounds are sought
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One listing's title and who wrote it; `shelf` names what it is compared with, `suspect` is what the label says.

    `known` are raw spans that the lexicon or the lists of brands know already: no group reaches into them.
    """

    title: Views
    seller: str
    shelf: str
    brand: str | None
    suspect: bool
    known: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word group that suspect sellers use more: by which odds, and in which titles.

    `form` is its commonest spelling. Of `sellers` who use it one title each was drawn: `suspects` of them are suspect where
    `expected` would be if the group meant nothing. `low` and `high` bound `odds`; `high` is inf where all are suspect.
    """

    form: str
    suspects: int
    sellers: int
    expected: float
    odds: float
    low: float
    high: float
    examples: tuple[str, ...]


def known_spans(title: Views, category: str | None, brands: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """What is known of a title already: terms of the lexicon, whatever they mean there, brands, used goods, what only fits."""
    seen = [(one.start, one.end) for one in lexicon().explain(title, category, branded=True)]
    return tuple(
        sorted([*seen, *brands, *(span for span in (is_accessory(title), is_used(title)) if span is not None)])
    )


def propose(said: Iterable[Said], limit: int = 20, min_sellers: int = MIN_SELLERS) -> list[Proposal]:
    """At most `limit` groups that suspect sellers use more, the surest first; what only stands beside one is not named."""
    uses = _Uses(said)
    tried = sorted(uses.tried(min_sellers), key=lambda one: (one.chance, -len(one.group), one.group))
    # The largest rank at which the chance lies below its share of the level; half of it, as the intervals have two sides.
    chosen = max((rank for rank, one in enumerate(tried, 1) if one.chance <= LEVEL / 2 * rank / len(tried)), default=0)
    level = LEVEL / 2 * chosen / max(1, len(tried))
    kept: list[Proposal] = []
    taken: list[Group] = []
    for found in tried[:chosen]:
        if len(kept) == limit:
            break
        one = uses.without(found, taken)
        if one.hits < min_sellers or one.chance > level:
            continue  # it only stood beside one that was named already
        taken.append(one.group)
        odds, low, high = _interval(one.chances, one.hits, level)
        examples = tuple(dict.fromkeys(uses.examples[one.group]))[:3]
        form = uses.forms[one.group].most_common(1)[0][0]
        expected = float(one.chances.sum())
        kept.append(Proposal(form, one.hits, len(one.chances), expected, exp(odds), exp(low), exp(high), examples))
    return kept


@dataclass(frozen=True, slots=True)
class _Tried:
    """A group with the share of suspects on the shelf of each title drawn, and the chance of as many if it meant nothing."""

    group: Group
    chances: NDArray[np.float64]
    hits: int
    chance: float


class _Uses:
    """Who uses which group, one title a seller."""

    def __init__(self, said: Iterable[Said]) -> None:
        self.forms: dict[Group, Counter[str]] = defaultdict(Counter)
        self.examples: dict[Group, list[str]] = defaultdict(list)
        self._of: dict[Group, dict[str, tuple[int, Said]]] = defaultdict(dict)
        shelves: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
        for one in said:
            shelves[one.shelf][one.seller].append(one.suspect)
            self._read(one)
        self._share = {shelf: _share(list(sellers.values())) for shelf, sellers in shelves.items()}

    def _read(self, one: Said) -> None:
        draw = zlib.crc32(f"{one.seller}\n{one.title.raw}".encode("utf-8", "replace"))
        for group, form in _groups(one):
            before = self._of[group].get(one.seller)
            if before is None or draw < before[0]:
                self._of[group][one.seller] = draw, one
            if one.suspect:
                self.forms[group][form] += 1
                if len(self.examples[group]) < 6:
                    self.examples[group].append(one.title.raw)

    def tried(self, min_sellers: int) -> Iterator[_Tried]:
        """The groups that enough suspect sellers use, beside enough brands; of those used in the same titles the longest."""
        same: dict[frozenset[tuple[str, int]], Group] = {}
        for group in self.forms:
            drawn = self._of[group]
            suspects = [one for _, one in drawn.values() if one.suspect]
            if len(suspects) >= min_sellers and len({one.brand for one in suspects}) >= MIN_BRANDS:
                titles = frozenset((seller, draw) for seller, (draw, _) in drawn.items())
                same[titles] = max(group, same.get(titles, ()), key=lambda words: (len(words), words))
        for group in same.values():
            yield self._weigh(group, [one for _, one in self._of[group].values()])

    def without(self, tried: _Tried, taken: Sequence[Group]) -> _Tried:
        """The same group by the titles that hold none of those taken already."""
        titles = [one for _, one in self._of[tried.group].values()]
        return self._weigh(
            tried.group, [one for one in titles if not {group for group, _ in _groups(one)} & set(taken)]
        )

    def _weigh(self, group: Group, titles: Sequence[Said]) -> _Tried:
        chances = np.array([self._share[one.shelf] for one in titles])
        hits = sum(one.suspect for one in titles)
        return _Tried(group, chances, hits, _tail(chances, hits, 0.0))


def _share(sellers: Sequence[Sequence[bool]]) -> float:
    """The share of suspects on a shelf, by titles or by sellers, whichever is larger.

    A rare group falls on titles, one that all use on sellers; a suspect must not look rarer than either makes them.
    """
    by_title = sum(map(sum, sellers)) / sum(map(len, sellers))
    by_seller = sum(sum(titles) / len(titles) for titles in sellers) / len(sellers)
    return max(by_title, by_seller)


def _groups(one: Said) -> list[tuple[Group, str]]:
    """Each group of a title once, by its folded words, and as it is written with accents."""
    written = one.title.written
    found: dict[Group, str] = {}
    run: list[tuple[str, str]] = []
    last = 0
    for match in _WORD.finditer(written.text):
        start, end = written.span(match.start(), match.end())
        if _BREAK.search(written.text, last, match.start()):
            run = []
        last = match.end()
        if _MASKED.fullmatch(match[0]) or any(start < until and since < end for since, until in one.known):
            run = []
            continue
        run = [*run[-(LENGTH - 1) :], (_folded(match[0]), match[0])]
        for first in range(len(run)):
            words = run[first:]
            if any(sum(map(str.isalpha, word)) >= 2 for word, _ in words) or any(_mixed(word) for word, _ in words):
                found.setdefault(tuple(word for word, _ in words), " ".join(form for _, form in words))
    return list(found.items())


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    return fold_text(word)


def _mixed(word: str) -> bool:
    """Whether a word is of letters and digits, as `g5`: such words are coined."""
    return any(map(str.isalpha, word)) and any(map(str.isdigit, word))


def _tail(chances: NDArray[np.float64], hits: int, log_odds: float, *, above: bool = True) -> float:
    """The chance of at least (or at most) `hits` among independent draws whose odds are all shifted by `log_odds`."""
    odds = chances * exp(log_odds)
    shifted = odds / (1 - chances + odds)
    if len(shifted) > 400:
        # By then the sum is as good as normal; half a hit is the correction for steps.
        from statistics import NormalDist

        spread = float(np.sqrt((shifted * (1 - shifted)).sum())) or 1e-12
        normal = NormalDist(float(shifted.sum()), spread)
        return 1 - normal.cdf(hits - 0.5) if above else normal.cdf(hits + 0.5)
    distribution = np.ones(1)
    for chance in shifted.tolist():
        distribution = np.convolve(distribution, (1 - chance, chance))
    return float(distribution[hits:].sum() if above else distribution[: hits + 1].sum())


def _interval(chances: NDArray[np.float64], hits: int, level: float) -> tuple[float, float, float]:
    """The log-odds at which as many are expected as were seen (half a draw drawn in), and its exact bounds."""
    low = _where(lambda at: _tail(chances, hits, at) - level)
    if hits == int((chances > 0).sum()):
        return _where(lambda at: _expected(chances, at) - (hits - 0.5)), low, float("inf")
    high = _where(lambda at: level - _tail(chances, hits, at, above=False))
    return _where(lambda at: _expected(chances, at) - hits), low, high


def _expected(chances: NDArray[np.float64], log_odds: float) -> float:
    odds = chances * exp(log_odds)
    return float((odds / (1 - chances + odds)).sum())


def _where(rising: Callable[[float], float]) -> float:
    """Where a rising function of the log-odds passes 0, to a thousandth; the ends where it does not."""
    low, high = _LOWEST, _HIGHEST
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2
