"""From verdicts to labels: what a log held to be true of each listing at a cut-off, who said so, and why it was looked at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import inf, isinf
from typing import Any

from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Verdict, is_ruling
from counterfoil.knowledge.files import read_toml

_STRENGTHS = {"weak": 0, "probable": 1, "confirmed": 2}


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a listing drawn at random: what it found, the chance of its being drawn, and the way of looking."""

    target: int
    propensity: float
    source: str


@dataclass(frozen=True, slots=True)
class Label:
    """What is held to be true of a listing: `target` 1 counterfeit, 0 genuine, None another violation.

    `source`, `strength` and `known_at` are those of the verdict that decided; `mechanism` and `propensity` say how the listing
    came to be looked at first. `look` is the first random look at it, whatever it was found to be otherwise; `found` is
    whether another way of looking settled that it is a copy. `odds` is how many times likelier a copy is to be so labelled than
    honest goods that look the same: infinite for a label that stands by itself.
    """

    target: int | None
    source: str
    strength: str
    known_at: datetime
    mechanism: str | None
    propensity: float | None
    look: Look | None
    found: bool
    odds: float


@dataclass(frozen=True, slots=True)
class Labels:
    """The label of each listing that somebody ruled on, and an account of all verdicts as plain data."""

    by_listing: Mapping[str, Label]
    account: dict[str, Any]


def labels_at(log: Iterable[Entry], cut_off: datetime | None = None) -> Labels:
    """What the verdicts known at the cut-off (None: at the end) come to, one label a listing.

    A verdict that another one `supersedes` is not heard. Of the rest the source of the highest rank decides
    (`knowledge/label_sources.toml`), then the stronger verdict, then the later; where they differ it is counted which of the
    three settled it. Verdicts on sellers are counted and not spread over their listings: a seller of copies sells other goods too.
    """
    heard: dict[str, list[tuple[datetime, Verdict]]] = defaultdict(list)
    replaced: set[str] = set()
    left: Counter[str] = Counter()
    for entry in log:
        event = entry.event
        if not isinstance(event, Verdict):
            continue
        if cut_off is not None and entry.known_at > cut_off:
            left["later_than_the_cut_off"] += 1
            continue
        if event.supersedes is not None:
            replaced.add(event.supersedes)
        if event.target.type == "seller":
            left["on_sellers"] += 1
        elif not is_ruling(event):
            left["unsure"] += 1
        else:
            heard[event.target.id].append((entry.known_at, event))
    labels: dict[str, Label] = {}
    settled: Counter[str] = Counter()
    for listing, verdicts in heard.items():
        standing = [one for one in verdicts if one[1].label_id not in replaced and _rank(one[1])]
        if not standing:
            left["evidence_only"] += 1
            continue
        labels[listing] = _label(verdicts, standing)
        if len({verdict.label for _, verdict in standing}) > 1:
            settled[_settled_by(standing)] += 1
    return Labels(labels, _account(labels, settled, left))


def _label(verdicts: Sequence[tuple[datetime, Verdict]], standing: Sequence[tuple[datetime, Verdict]]) -> Label:
    known_at, verdict = max(standing, key=_weight)
    first = verdicts[0][1].selection
    looks = [
        Look(int(one.label == "counterfeit"), one.selection.propensity, one.source)
        for _, one in verdicts
        if _at_random(one) and one.selection is not None and one.selection.propensity and one.supersedes is None
    ]
    others = [one for _, one in verdicts if not _at_random(one) and _rank(one)]
    return Label(
        target={"counterfeit": 1, "genuine": 0}.get(verdict.label),
        source=verdict.source,
        strength=verdict.strength,
        known_at=known_at,
        mechanism=first.mechanism if first is not None else None,
        propensity=first.propensity if first is not None else None,
        look=looks[0] if looks else None,
        # The last word of those who did not draw it: an appeal that was upheld takes the finding back.
        found=bool(others) and others[-1].label == "counterfeit" and isinf(_odds(others[-1])),
        odds=_odds(verdict) if verdict.label == "counterfeit" else inf,
    )


def _at_random(verdict: Verdict) -> bool:
    return verdict.selection is not None and verdict.selection.mechanism == "random_audit"


@cache
def _sources() -> Mapping[str, Any]:
    return read_toml("label_sources.toml")


def _rank(verdict: Verdict) -> int:
    rank: int = _sources()["rank"][verdict.source]
    return rank


def _odds(verdict: Verdict) -> float:
    return float(_sources()["odds"].get(verdict.source, inf))


def quality(source: str) -> tuple[float, float]:
    """How often a random look of a source is right, about copies and about the rest; (1, 1) for one that nobody has measured."""
    known = _sources()["quality"].get(source, {})
    return known.get("sensitivity", 1.0), known.get("specificity", 1.0)


def _weight(one: tuple[datetime, Verdict]) -> tuple[int, int, datetime]:
    known_at, verdict = one
    return _rank(verdict), _STRENGTHS[verdict.strength], known_at


def _settled_by(standing: Sequence[tuple[datetime, Verdict]]) -> str:
    """Which rule decided between the word that stood and the strongest word against it."""
    first = max(standing, key=_weight)
    against = max((one for one in standing if one[1].label != first[1].label), key=_weight)
    for place, name in enumerate(("source", "strength")):
        if _weight(first)[place] != _weight(against)[place]:
            return name
    return "later"


def _account(labels: Mapping[str, Label], settled: Counter[str], left: Counter[str]) -> dict[str, Any]:
    kept = labels.values()
    return {
        "listings": len(labels),
        "found": dict(Counter({1: "counterfeit", 0: "genuine", None: "other_violation"}[one.target] for one in kept)),
        "by_source": dict(Counter(one.source for one in kept).most_common()),
        "by_strength": dict(Counter(one.strength for one in kept).most_common()),
        "first_looked_at_by": dict(Counter(one.mechanism or "unknown" for one in kept).most_common()),
        "conflicts_settled_by": dict(settled.most_common()),
        "verdicts_left_out": dict(left.most_common()),
        "queue_only": bool(labels) and not any(one.look is not None for one in kept),
    }
