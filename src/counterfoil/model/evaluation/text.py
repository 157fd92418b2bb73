"""The report of an evaluation or a comparison as Markdown; the page is written from the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from counterfoil.model.card_sections import flagged_by_mistake
from counterfoil.model.evaluation import sections
from counterfoil.model.evaluation.sections import MEASURES, PICTURE, clean, estimate

_LEAKS = {
    "seller": "a seller that the bundle was trained on",
    "contact": "a contact of a seller that it was trained on",
    "image": "an image that it was trained on",
    "title": "a title much like one that it was trained on",
}


def evaluated(report: Mapping[str, Any]) -> str:
    """`report` as `counterfoil evaluate` puts it together."""
    rows, found = report["rows"], report["figures"]
    return _joined(
        [f"# {report['model']['name']}, version {report['model']['version']}, evaluated", ""],
        _head(report),
        _what_was_read(rows),
        ["## How well it ranks", "", "95 % intervals resample linked sellers, never rows.", ""],
        sections.ranking(found),
        sections.against(found["against"]),
        sections.budgets(found["precision_at"]),
        [PICTURE.format("precision_recall"), ""],
        sections.stated(found["stated_rate"], rows),
        sections.calibration(found["calibration"], rows),
        flagged_by_mistake(found["fairness"]),
        sections.costs(found["cost"]),
        sections.random_slice(found.get("random_slice"), rows),
        sections.splits(found["splits"]),
        ["## What this does not say", ""],
        ["- It is a measure on these rows alone; another market or a later month may differ.",
         "- A high score is a sign of risk, not a finding. A person decides.",
         *(["- Rows without a verdict count as genuine and hide some copies: precision comes out low, the realised rate high."]
           if rows["source"] == "log" and not rows["random_slice"] else []), ""],
    )  # fmt: skip


def compared(report: Mapping[str, Any]) -> str:
    """`report` as `counterfoil compare` puts it together."""
    found, first, second = report["figures"], report["first"], report["second"]
    actions = found["actions"]
    lines = [
        f"# Version {second['version']} against version {first['version']}",
        "",
        found["verdict"],
        "",
        f"First: `{clean(first['name'])}` version {first['version']}, made {first['created_at'][:10]}. Second: "
        f"`{clean(second['name'])}` version {second['version']}, made {second['created_at'][:10]}.",
        "",
        *_head(report),
        *_what_was_read(report["rows"]),
        "## Each measure, on the same rows",
        "",
        "The interval of the difference is of a paired bootstrap: both are measured on the same draws of linked sellers.",
        "",
        "| measure | first | second | second less first |",
        "|---|---:|---:|---:|",
        *(
            f"| {MEASURES[name]} | {estimate(one['first'])} | {estimate(one['second'])} | {estimate(one['difference'])} |"
            for name, one in found["measures"].items()
        ),
        f"| Calibration error | {found['calibration_error']['first']:.4f} | {found['calibration_error']['second']:.4f} | |",
        "",
        "## Whose action changed",
        "",
        f"{actions['changed']:,} of {actions['rows']:,} rows.",
        "",
    ]
    if actions["changed"]:
        lines += [
            "| change | rows | of them positive |",
            "|---|---:|---:|",
            *(f"| {name} | {one['rows']:,} | {one['positive']:,} |" for name, one in actions["moves"].items()),
            "",
            "Those whose probability moved most:",
            "",
            "| listing | label | first | second |",
            "|---|---:|---|---|",
            *(
                f"| `{clean(one['id'])}` | {one['target']} | {_action(one['first'])} | {_action(one['second'])} |"
                for one in actions["examples"]
            ),
            "",
        ]
    return "\n".join(lines)


def _head(report: Mapping[str, Any]) -> list[str]:
    lines = ["What the label means: " + report["label_meaning"], ""]
    trained = report.get("trained_on")
    if trained and trained != report["label_meaning"]:
        lines += ["**The bundle was trained on another label:** " + trained, ""]
    for note in report.get("notes", ()):
        lines += [f"**Note:** {note}", ""]
    return lines


def _what_was_read(rows: Mapping[str, Any]) -> list[str]:
    out = ", ".join(f"{cause.replace('_', ' ')} {count:,}" for cause, count in rows["left_out"].items()) or "none"
    met = ", ".join(f"{_LEAKS.get(kind, kind)} {count:,}" for kind, count in rows["met_before"].items() if count)
    mapping = f", read by the mapping `{clean(rows['mapping'])}`" if rows["mapping"] else ""
    return [
        "## What was read",
        "",
        f"{rows['rows']:,} listings, {rows['positives']:,} positive, of {rows['sellers']:,} unlinked sellers over "
        f"{rows['span_days']:.0f} days, from `{clean(rows['from'])}`{mapping}. Left out: {out}.",
        "",
        *([f"Left out because the bundle has met them: {met}.", ""] if met else []),
    ]


def _joined(*parts: Iterable[str]) -> str:
    return "\n".join(line for part in parts for line in part)


def _action(one: Mapping[str, Any]) -> str:
    return f"{one['action']}, {one['probability']:.3f}"
