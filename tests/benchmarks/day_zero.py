"""What the shipped bundle and policy make of listings without any history: own lists, traps, and every evasion."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Decision
from tests.benchmarks.figures import DEMO, table
from tests.benchmarks.whole_files import run
from tests.suites.measure import decided, measured
from tests.suites.suites import PARTS, body, titles, traps

_PAIRS_SHOWN, _FEWEST_ROWS = 10, 20


def lists() -> str:
    """Ranking and flags on the lists of made-up titles, in all and by kind of copy, and false alarms on the traps."""
    bundle, rows, kinds = Bundle.load(DEMO), [], []
    for part in PARTS:
        entries = titles(part)
        decisions = decided([one["body"] for one in entries], bundle)
        labels = [int(one["label"]) for one in entries]
        found = measured(decisions, labels)
        rows.append(
            (
                part.replace("_", " "), f"{sum(labels)} / {len(labels) - sum(labels)}", f"{found.auc:.3f}",
                f"{found.recall:.3f}", f"{found.flagged_copies:.3f}", f"{found.flagged_innocents:.2%}",
            )
        )  # fmt: skip
        kinds.append(f"{part.replace('_', ' ')}: {_by_kind(entries, decisions)}")
    innocent = decided([body(entry, str(number)) for number, entry in enumerate(traps())], bundle)
    alarms = sum(one.outcome.flagged for one in innocent)
    head = ("list", "copies / innocents", "AUC", "recall at 1 %", "copies flagged", "innocents flagged")
    return "\n".join(
        [
            table(head, rows),
            "",
            "Copies flagged by kind. " + "; ".join(kinds) + ".",
            "",
            f"Traps: {alarms} of {len(innocent):,} flagged, {1000 * alarms / len(innocent):.1f} per 1,000.",
        ]
    )


def _by_kind(entries: Sequence[dict[str, Any]], decisions: Sequence[Decision]) -> str:
    found = defaultdict(list)
    for entry, decision in zip(entries, decisions, strict=True):
        if entry["label"]:
            found[entry["kind"]].append(decision.outcome.flagged)
    return ", ".join(f"{kind.replace('_', ' ')} {sum(flags) / len(flags):.2f}" for kind, flags in sorted(found.items()))


def evasion(work: Path, budget: int = 12_000) -> str:
    """`counterfoil evasion --pairs` on the copies of all lists whose title carries a claim or a brand."""
    copies, figures = work / "copies.jsonl", work / "evasion.json"
    with copies.open("w", encoding="utf-8") as file:
        for entry in (one for part in PARTS for one in titles(part) if one["label"]):
            file.write(json.dumps(entry["body"], ensure_ascii=False) + "\n")
    run(work, "evasion", str(copies), "--pairs", "--budget", str(budget), "--json", str(figures))
    found = json.loads(figures.read_text(encoding="utf-8"))
    single = sorted((one for one in found["single"] if one["rows"]), key=lambda one: -one["points_lost"])
    pairs = [one for one in found["pairs"] if one["rows"] >= _FEWEST_ROWS]
    worst = sorted(pairs, key=lambda one: -one["points_lost"])
    head = ("attack", "rows", "recall before", "after", "points lost")
    within = sum(one["points_lost"] <= 5 for one in pairs)
    return "\n".join(
        [
            f"{found['copies']} copies with a claim or a brand in the title; {found['recall']:.3f} are flagged as written.",
            "",
            table(head, [_row(one) for one in single]),
            "",
            f"{within} of {len(pairs)} pairs with {_FEWEST_ROWS} rows or more lose at most 5 points. The worst:",
            "",
            table(head, [_row(one) for one in worst[:_PAIRS_SHOWN]]),
        ]
    )


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        " + ".join(one["attacks"]).replace("_", " "),
        str(one["rows"]),
        f"{one['recall_before']:.3f}",
        f"{one['recall_after']:.3f}",
        f"{one['points_lost']:+.1f}",
    )
