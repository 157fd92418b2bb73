"""A report or a model card as one page: the Markdown as HTML, with curves drawn in it; no script, no outside asset."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from counterfoil.model.evaluation.sections import PICTURE

Points = Sequence[tuple[float, float]]
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 520, 310, 52, 26, 500, 268
_STYLE = """
main { padding-bottom: 2rem; }
section.paper { overflow-x: auto; }
h2 { margin-top: 1.6rem; }
.curve { fill: none; stroke: var(--alert); stroke-width: 2; }
.ideal { fill: none; stroke: var(--soft); stroke-dasharray: 4 3; }
.dot { fill: var(--calm); }
figure { margin: 1rem 0; max-width: 34rem; }
figcaption { color: var(--soft); font-size: .85rem; }
table { width: auto; max-width: 100%; margin: .6rem 0 1rem; }
th, td { padding-right: .9rem; overflow-wrap: normal; }
td:first-child { min-width: 6rem; overflow-wrap: anywhere; }
.num { white-space: normal; }
"""
_MARK = re.compile(re.escape(escape(PICTURE, quote=False)).replace(r"\{\}", "([a-z_]+)"))


def page(title: str, markdown: str, pictures: Mapping[str, str], css: str) -> str:
    """The whole page; `pictures` are put where the text marks them, a mark without one is taken out.

    Raw HTML in the text comes out as text, and the page forbids itself everything but its own style sheet.
    """
    from markdown_it import MarkdownIt

    body = MarkdownIt("js-default", {"html": False, "linkify": False}).render(markdown)
    body = _MARK.sub(lambda found: f"</p>{pictures.get(found[1], '')}<p>", body).replace("<p></p>", "")
    # Alignment comes as a style attribute, which the page does not allow itself.
    body = body.replace(' style="text-align:right"', ' class="num"').replace(' style="text-align:left"', "")
    style = css + _STYLE
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f'<body>\n<main>\n<section class="paper">\n{body}</section>\n</main>\n</body>\n</html>\n'
    )


def pictures(figures: Mapping[str, Any]) -> dict[str, str]:
    """The curves of an evaluation's figures."""
    found = {}
    if curve := figures.get("precision_recall"):
        points = [(one["recall"], one["precision"]) for one in curve]
        found["precision_recall"] = chart("Precision against recall", "recall", "precision", points)
    if bins := figures.get("calibration", {}).get("reliability") or figures.get("reliability"):
        found["reliability"] = reliability(bins)
    if cost := figures.get("cost"):
        points = [(one["threshold"], one["cost"]) for one in cost["curve"]]
        top = max(y for _, y in points) or 1.0
        found["cost"] = chart("Cost of 1,000 listings against the threshold", "threshold", "cost", points, top=top)
    return found


def reliability(bins: Sequence[Mapping[str, float]]) -> str:
    """Observed share against mean probability, a dot a bin; the dashed line is perfect calibration."""
    points = [(one["probability"], one["observed"]) for one in bins]
    most = max(value for point in points for value in point)
    end = next(nice for nice in (0.05, 0.1, 0.25, 0.5, 1.0) if nice >= min(most, 1.0))
    title = "Observed share against probability"
    return chart(title, "probability", "observed", points, right=end, top=end, dots=True, ideal=((0, 0), (end, end)))


def chart(
    title: str,
    across: str,
    up: str,
    points: Points,
    *,
    right: float = 1.0,
    top: float = 1.0,
    dots: bool = False,
    ideal: Points = (),
) -> str:
    """A figure of one curve from 0 to `right` and 0 to `top`, as inline SVG that follows the page's colours."""

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            round(_LEFT + (_RIGHT - _LEFT) * x / right, 1),
            round(_BOTTOM - (_BOTTOM - _TOP) * y / top, 1),
        )

    def line(kind: str, path: Points) -> str:
        return f'<polyline class="{kind}" points="{" ".join(f"{x},{y}" for x, y in (place(*p) for p in path))}"/>'

    parts = []
    for fifth in range(6):
        x, y = place(right * fifth / 5, top * fifth / 5)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{top * fifth / 5:.3g}</text>')
        parts.append(f'<text x="{x}" y="{_BOTTOM + 16}" text-anchor="middle">{right * fifth / 5:.3g}</text>')
    if ideal:
        parts.append(line("ideal", ideal))
    parts.append(line("curve", points))
    if dots:
        parts += [f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>' for x, y in (place(*point) for point in points)]
    parts.append(f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text x="{_LEFT}" y="{_TOP - 12}" text-anchor="middle">{escape(up)}</text>')
    drawn = "".join(parts)
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">{drawn}</svg>'
        f"<figcaption>{escape(title)}</figcaption></figure>"
    )


def in_text(bins: Sequence[Mapping[str, float]], width: int = 40) -> list[str]:
    """The calibration curve for a terminal: a line a bin, `|` the probability and `*` the observed share."""
    end = max([0.05, *(max(one["probability"], one["observed"]) for one in bins)])
    lines = []
    for one in bins:
        row = [" "] * (width + 1)
        row[round(width * one["probability"] / end)] = "|"
        row[round(width * one["observed"] / end)] = "*"
        lines.append(f"{one['probability']:7.3%} {one['observed']:7.3%} {''.join(row)}")
    return lines
