"""`report.html`: the account of a run as one page, without script, network or any outside asset.

Whatever sellers wrote reaches the page as text: Jinja escapes every value, characters that cannot be seen or that turn
the direction of writing are shown by their code, and the page forbids itself everything but its own style sheet.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from counterfoil.batch.highlights import BINS, ROWS, Highlights
from counterfoil.batch.marks import clipped, excerpt, pieces, plain
from counterfoil.decide.explain import Explained
from counterfoil.decide.wording import LANGUAGES, sentence
from counterfoil.knowledge.brands import known_brand
from counterfoil.knowledge.categories import category
from counterfoil.knowledge.files import read_toml
from counterfoil.scorer import Decision

if TYPE_CHECKING:
    from jinja2 import Template

_TOP = 10
_TITLE, _SENTENCE = 400, 300
_SVG = {"width": 720, "height": 200, "left": 44, "top": 12, "bottom": 170}


def page(report: Mapping[str, Any], highlights: Highlights) -> str:
    """The page of a report as `report.json` holds it, and of what was gathered beside it."""
    css = _file("report.css")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return _template().render(
        report=report,
        css=css,
        style_hash=f"sha256-{digest}",
        histogram=_histogram(highlights, report["policy"]),
        groups=[
            ("category", [{**one, "names": _category(one["name"])} for one in highlights.category.top(_TOP)]),
            ("brand", [{**one, "names": _brand(one["name"])} for one in highlights.brand.top(_TOP)]),
            ("seller", [{**one, "names": _seller(one["name"])} for one in highlights.seller.top(_TOP)]),
        ],
        reasons=[
            {"code": code, "rows": count, "text": _text(highlights.examples[code])}
            for code, count in highlights.raised.most_common(_TOP)
        ],
        explained=highlights.explained,
        rows=[_row(decision) for decision in highlights.first()],
        most=ROWS,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=plain
    )
    environment.filters.update(number=_number, percent=_percent, day=_day, clip=clipped)
    return environment.from_string(_file("report.html.j2"))


def _file(name: str) -> str:
    return resources.files("counterfoil.batch").joinpath(name).read_text(encoding="utf-8")


def _number(value: float | None) -> str:
    """A number with a narrow space between thousands, which reads the same in both languages."""
    return "–" if value is None else f"{value:,.0f}".replace(",", "\u202f")


def _percent(part: float, whole: float) -> str:
    """A share in percent, to two digits that count."""
    share = 100 * part / whole if whole else 0.0
    return f"{share:.2g} %" if 0 < share < 1 else f"{share:.1f} %" if share < 10 else f"{share:.0f} %"


def _day(moment: str) -> str:
    """`2026-11-24T11:33:46.373236Z` to the minute, UTC."""
    return f"{moment[:10]} {moment[11:16]} UTC"


def _category(name: str | None) -> dict[str, str]:
    if name is None:
        return {"en": "not mapped to a category", "vi": "chưa xếp được ngành hàng"}
    found = category(name)
    return {"en": found.name_en, "vi": found.name_vi}


def _brand(name: str | None) -> dict[str, str]:
    if name is None:
        return {"en": "no brand named", "vi": "không nêu thương hiệu"}
    found = known_brand(name)
    shown = clipped(found.name if found is not None else name)
    return {"en": shown, "vi": shown}


def _seller(name: str | None) -> dict[str, str]:
    if name is None:
        return {"en": "seller not known", "vi": "không rõ người bán"}
    return {"en": clipped(name), "vi": clipped(name)}


def _text(reason: Explained) -> dict[str, str]:
    return {one: clipped(sentence(reason.code, one, reason.evidence), _SENTENCE) for one in LANGUAGES}


def _row(decision: Decision) -> dict[str, Any]:
    about, outcome = decision.about, decision.outcome
    listing, seller = about.listing, about.subject.seller
    address = listing.url or ""
    return {
        "probability": decision.risk.probability,
        "level": outcome.level,
        "action": outcome.action,
        "rules": [{"id": rule.id, "name": rule.name} for rule in outcome.hits],
        "title": pieces(listing.title, _spans(decision.reasons, "title"), _TITLE),
        "description": excerpt(listing.description or "", _spans(decision.reasons, "description")),
        "id": clipped(listing.listing_id) if listing.listing_id is not None else None,
        # Anything else, `javascript:` above all, is not made into a link.
        "address": address if address.lower().startswith(("https://", "http://")) else None,
        "seller": clipped(seller.seller_id) if seller is not None else None,
        "brand": _brand(about.keys.brand) if about.keys.brand is not None else None,
        "category": _category(about.keys.category) if about.keys.category is not None else None,
        "price": _price(decision),
        "degraded": [name for name in decision.degraded if name != "guarantee_not_valid"],
        "reasons": [
            {"code": one.code, "direction": one.direction, "log_odds": one.log_odds, "text": _text(one)}
            for one in decision.reasons
        ],
    }


def _spans(reasons: Sequence[Explained], field: str) -> list[tuple[int, int, str]]:
    """Where reasons point in one field of the raw listing: start, end, and `CODE direction`."""
    found = []
    for one in reasons:
        span = one.evidence.get("span")
        if one.evidence.get("field") == field and span is not None:
            found.append((int(span[0]), int(span[1]), f"{one.code} {one.direction}"))
    return found


def _price(decision: Decision) -> dict[str, Any] | None:
    market = decision.about.market
    if market.unit_price is None:
        return None
    reference, words = market.reference, read_toml("reasons.toml")["words"]
    found: dict[str, Any] = {"unit": market.unit_price, "currency": market.currency or "", "list": market.list_price}
    if reference is None:
        return {**found, "reference": None}
    return {
        **found,
        "reference": reference.price,
        "count": reference.count,
        "percent": round(100 * market.unit_price / reference.price) if reference.price else None,
        "level": {language: words[language].get(reference.level, reference.level) for language in LANGUAGES},
        # Lengths of 100; the dearer of the two fills its bar.
        "unit_bar": round(100 * market.unit_price / max(market.unit_price, reference.price), 1),
        "reference_bar": round(100 * reference.price / max(market.unit_price, reference.price), 1),
    }


def _histogram(highlights: Highlights, policy: Mapping[str, Any]) -> dict[str, Any]:
    """Bars on a logarithmic count: nearly all rows lie near zero, and the few that matter must still be seen."""
    left, right, top, bottom = _SVG["left"], _SVG["width"] - 8, _SVG["top"], _SVG["bottom"]
    most = max(1, *highlights.bins)
    # The axis ends at the next of 1, 2 and 5 times a power of ten.
    end = next(k * 10**n for n in range(12) for k in (1, 2, 5) if k * 10**n >= most)
    each = (right - left) / BINS

    def height(count: int) -> float:
        return (bottom - top) * math.log1p(count) / math.log1p(end)

    bars = []
    for place, (count, flagged) in enumerate(zip(highlights.bins, highlights.flagged_bins, strict=True)):
        if count:
            # Flagged rows take the lower part of the bar, by the share they are of its rows.
            tall = max(2.0, height(count))
            low = tall * flagged / count
            bars.append({
                "x": round(left + place * each + 0.75, 2), "width": round(each - 1.5, 2),
                "y": round(bottom - tall, 2), "rest": round(tall - low, 2), "flagged_y": round(bottom - low, 2),
                "flagged": round(low, 2), "from": place / BINS, "to": (place + 1) / BINS, "rows": count, "hits": flagged,
            })  # fmt: skip
    ticks = [{"y": round(bottom - height(n), 2), "rows": n} for n in (0, *(10**k for k in range(12) if 10**k <= end))]
    cuts = [
        {"x": round(left + at * (right - left), 2), "name": name, "at": at}
        for name in ("review", "priority")
        for at in (policy[name]["probability"],)
    ]
    marks = [
        {"x": round(left + tenth / 10 * (right - left), 2), "text": f"{tenth / 10:g}"} for tenth in range(0, 11, 2)
    ]
    return {**_SVG, "right": right, "bars": bars, "ticks": ticks, "cuts": cuts, "marks": marks}
