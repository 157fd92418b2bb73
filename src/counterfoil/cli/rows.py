"""Labelled rows as a bundle judges them: read as `train` reads them, scored as `score` scores them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from counterfoil.model.audit import RandomLook
    from counterfoil.model.evaluation.judged import Judged
    from counterfoil.model.examples import Example
    from counterfoil.model.labels import Labels
    from counterfoil.scorer import Decision, Scorer

_AT_ONCE = 2_048
NO_LINEAGE = (
    "This bundle keeps no record of the sellers it was trained on, so nobody can say whether these rows are among them; if they "
    "are, every figure flatters."
)


@dataclass(slots=True)
class Found:
    """The rows of a file or a log, with what was left out and what a bundle has met before."""

    examples: list[Example]
    meaning: str
    source: str
    name: str
    mapping: str | None
    dropped: Counter[str] = field(default_factory=Counter)
    labels: Labels | None = None
    look: RandomLook | None = None
    met: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def account(self, judged: Judged) -> dict[str, Any]:
        """Where the rows came from and how many there are, for the report."""
        import numpy as np

        data = judged.data
        return {
            "source": self.source,
            "from": self.name,
            "mapping": self.mapping,
            "rows": len(data),
            "positives": int(data.target.sum()),
            "sellers": len(np.unique(data.groups)),
            "span_days": round(data.span_days, 1),
            "left_out": dict(self.dropped),
            "met_before": self.met,
            "random_slice": judged.random_slice,
            "data_sha256": data.sha256,
        }


def labelled(file: Path | None, mapping: str | None, log: str | None) -> Found:
    """The labelled rows of a FILE with its mapping, or of a log with its verdicts."""
    from counterfoil.cli.learn_from import gathered
    from counterfoil.settings import Settings

    got = gathered(file, mapping, log, Settings().key())
    name = file.name if file is not None else _name(log or "")
    return Found(got.examples, got.meaning, got.source, name, mapping, got.dropped, got.labels, got.look)


def _name(log: str) -> str:
    """What a report may say of a log: of a store its kind alone, since an address can hold a password."""
    return log.partition("://")[0] + " store" if "://" in log else Path(log).name


def unseen(found: Found, scorer: Scorer, *, unseen_only: bool) -> None:
    """Refuse rows that the bundle was trained on, or with `unseen_only` leave them out and count them.

    Raises `EvaluationRefused` with how many of each kind there are.
    """
    import numpy as np

    from counterfoil.errors import EvaluationRefused

    lineage = scorer.bundle.lineage
    if lineage is None:
        found.notes.append(NO_LINEAGE)
        return
    overlap = lineage.overlap([example.about for example in found.examples])
    met = {kind: int(np.sum(rows)) for kind, rows in overlap.items() if np.any(rows)}
    if not met:
        return
    if not unseen_only:
        told = ", ".join(f"{count:,} by {kind}" for kind, count in met.items())
        raise EvaluationRefused(
            f"got rows that version {scorer.bundle.manifest.version} was trained on or that are linked to them ({told}), expected "
            "none: they would flatter it; give other rows, or leave these out with --unseen-only"
        )
    seen = np.any(list(overlap.values()), axis=0)
    found.met = {kind: found.met.get(kind, 0) + count for kind, count in met.items()}
    found.examples = [example for example, known in zip(found.examples, seen, strict=True) if not known]


def judge(found: Found, scorer: Scorer, say: Callable[[str], None]) -> Judged:
    """The rows as arrays, with what the bundle and the policy say of each.

    Raises `EvaluationRefused` for no rows, `LeakFound` for rows whose columns, order or labels tell what is to be found out.
    """
    import numpy as np

    from counterfoil.errors import EvaluationRefused
    from counterfoil.model.dataset import assemble
    from counterfoil.model.evaluation.judged import Judged
    from counterfoil.model.leaks import refuse_columns, refuse_labels

    if not found.examples:
        raise EvaluationRefused("got no rows to evaluate on, expected some with a label: see what was left out and why")
    columns, about = scorer.bundle.columns, [example.about for example in found.examples]
    say("reading the rows")
    data = assemble(
        found.examples,
        columns.encoder,
        found.meaning,
        found.dropped,
        found.look,
        labels=found.labels,
        scored_ngrams=columns.views.ngrams is not None,
    )
    refuse_labels(data.known_at, data.label_known_at)
    refuse_columns(data.values, data.features.names, data.target, data.known_at)
    decided: list[_Decided] = []
    for start in range(0, len(data), _AT_ONCE):
        say(f"scoring {start:,} of {len(data):,}")
        decided += [_Decided.of(one) for one in scorer.decide(about[start : start + _AT_ONCE], reasons="none")]
    # Of a log only the listings drawn at random, and those found in another way, speak for all; without, each for itself.
    drawn = data.look is not None
    return Judged(
        data=data,
        ids=tuple(one.listing.listing_id or "" for one in about),
        margin=np.array([one.margin for one in decided]),
        probability=np.array([one.probability for one in decided]),
        p_value=np.array([one.p_value for one in decided]),
        void=tuple(one.void for one in decided),
        held=tuple(one.held for one in decided),
        size=np.array([one.size for one in decided], dtype=np.int64),
        action=tuple(one.action for one in decided),
        truth=data.drawn.target if drawn else data.target,
        weight=data.drawn.weight if drawn else np.ones(len(data)),
        random_slice=drawn,
    )


class _Decided(NamedTuple):
    """What is kept of a decision: a whole one holds all that was read of its listing."""

    margin: float
    probability: float
    p_value: float
    void: str
    held: str
    size: int
    action: str

    @classmethod
    def of(cls, one: Decision) -> _Decided:
        told = one.guarantee
        return cls(
            margin=one.risk.margin,
            probability=one.risk.probability,
            p_value=math.nan if told.p_value is None else told.p_value,
            void=told.reason or "",
            held=told.segment or "",
            size=told.calibration_n or 0,
            action=one.outcome.action,
        )
