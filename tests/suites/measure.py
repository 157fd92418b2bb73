"""Suites scored as a crawl on an empty store, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.decide.policy import load_policy
from counterfoil.history.fold import Fold
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import EVENT
from counterfoil.ingest.intake import ContactKey, admit_event
from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Decision, Scorer

_KEY = ContactKey("suite", bytes(16))
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def decided(bodies: Sequence[dict[str, Any]], bundle: Bundle) -> list[Decision]:
    """The decisions on score bodies that become known at one instant: all are observed, each is judged without itself."""
    entries = [_entry(number, body) for number, body in enumerate(bodies)]
    fold = Fold()
    for entry in entries:
        fold.observe(entry)
    return Scorer(bundle, load_policy()).decide(
        [fold.about(entry.subject, _NOW) for entry in entries], reasons="flagged"
    )


def _entry(number: int, body: dict[str, Any]) -> Entry:
    seller = {"seller_id": f"shopee:{number}"} | body.get("seller", {})
    listing = {"listing_id": f"shopee:{number}"} | body["listing"]
    event = {
        "type": "listed",
        "event_id": str(number),
        "happened_at": _NOW,
        "seller_id": seller["seller_id"],
        "listing": listing,
        "seller": seller,
    }
    return admit_event(EVENT.validate_python(event), _NOW, key=_KEY, now=_NOW)


@dataclass(frozen=True, slots=True)
class Measured:
    """How copies and innocents of a list came out; all are shares from 0 to 1."""

    auc: float
    recall: float  # of the copies, above the score that 1 % of the innocents pass
    flagged_copies: float
    flagged_innocents: float


def measured(decisions: Sequence[Decision], labels: Sequence[int]) -> Measured:
    """AUC and recall by the probability, flags by the default policy."""
    from sklearn.metrics import roc_auc_score

    target = np.array(labels)
    risk = np.array([one.risk.probability for one in decisions])
    flagged: NDArray[np.bool_] = np.array([one.outcome.flagged for one in decisions])
    innocent = np.sort(risk[target == 0])
    bar = innocent[-(len(innocent) // 100 + 1)]
    return Measured(
        auc=float(roc_auc_score(target, risk)),
        recall=float((risk[target == 1] > bar).mean()),
        flagged_copies=float(flagged[target == 1].mean()),
        flagged_innocents=float(flagged[target == 0].mean()),
    )
