"""The sections of a card that say where labels came from, what rate is stated, who is flagged by mistake, and by what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterfoil.features.slices import meaning

_KINDS = {
    "split_conformal": "each counting alike",
    "weighted_conformal": "weighed by how unequal their chance of being looked at was",
    "upper_bound": "on listings nobody has ruled on, some of which are copies: the true rate is at most the stated one",
}
_VERDICTS = {"fair": "", "watch": "may be too often: too few to say", "unfair": "**too often**"}
# What columns can stand in for, whatever they were made for. The first of a line are names of the catalogue.
STANDS_FOR: tuple[tuple[tuple[str, ...], str], ...] = (
    (("followers", "listing_count", "rating_count"), "how small a shop is"),
    (("seller_age_days", "seller_seen_days"), "how new a seller is, and who could not begin earlier"),
    (("official_store", "identity_verified"), "who can afford, or is offered, a platform's programmes"),
    (("price_scale", "cheaper_by"), "what the buyers of a shop can pay"),
    (("used_goods", "grey_terms"), "trade in used and in hand-carried goods, which is lawful"),
    (("title_capitals", "title_words"), "habits of typing, and with them age, schooling and region"),
    (("category_number", "brand_tier"), "the trade a seller is in"),
)


def labels(account: Mapping[str, Any] | None) -> list[str]:
    """How verdicts became labels; nothing for a file, whose label says itself what it means."""
    if not account:
        return []
    lines = ["## Where its labels come from", ""]
    for name, value in account.items():
        if isinstance(value, Mapping):
            lines.append(f"- {_words(name)}: {_counts(value)}.")
        elif isinstance(value, int) and not isinstance(value, bool):
            lines.append(f"- {_words(name)}: {value:,}.")
    if account.get("queue_only"):
        lines += [
            "",
            "Every listing it learnt from was chosen to be looked at; none was drawn at random. How many copies it misses, and "
            "what share of all listings are copies, is therefore not known, and its probability leans towards what gets chosen.",
        ]
    return [*lines, ""]


def searched(account: Mapping[str, Any] | None) -> list[str]:
    """Which sellers hyper-parameters were chosen on, and which ones the figures are of; nothing without a search."""
    if not account:
        return []
    kept = "the best of them is used" if account["kept"] == "best" else "none beat the kept ones, which are used"
    return [
        f"Hyper-parameters were searched for in {account['trials']:,} trials on {account['chosen_on_groups']:,} unlinked sellers "
        f"(average precision there {account['best']['average_precision']:.3f} at best, {account['default']:.3f} before): {kept}. "
        f"All figures here are of the {account['reported_on_groups']:,} other sellers, which had no part in the choice. "
        "The calibration and the stated rate rest on all sellers.",
        "",
    ]


def guarantee(account: Mapping[str, Any] | None) -> list[str]:
    """The false-alert rate that can be stated, and on how many sellers it rests."""
    if not account:
        return []
    reason = account.get("reason")
    how = _KINDS.get(account.get("kind", ""), "")
    return [
        "## The stated rate",
        "",
        "A p-value at most alpha flags at most that share of listings of genuine sellers not seen before. It was calibrated on "
        f"one listing a genuine seller, by trees that the seller had no part in{', ' if how else ''}{how}. Sellers by segment: "
        f"{_counts(account.get('segments', {}))}.",
        *(["", f"No rate can be stated of any row: `{reason}`."] if reason else []),
        "",
    ]


def flagged_by_mistake(account: Mapping[str, Any] | None) -> list[str]:
    """How often genuine listings of each slice are flagged."""
    if not account:
        return []
    overall, slices = account["overall"], account["slices"]
    judged = {name: one for name, one in slices.items() if one["verdict"] != "too_few"}
    few = [name for name in slices if name not in judged]
    alpha = f" at alpha = {account['alpha']:.1%}" if account.get("alpha") is not None else ""
    said = f" ({account['flagged']})" if account.get("flagged") else ""
    return [
        "## Who is flagged by mistake",
        "",
        f"Of {overall['rows']:,} listings of {overall['sellers']:,} genuine sellers, each seller counting once, "
        f"{overall['rate']:.2%} are flagged{alpha}{said}. A slice flagged more than {account['limit']} times as often, with an "
        "interval that leaves out 1, stops a promotion.",
        "",
        "| slice | what | sellers | flagged | times the rate of all (95 %) | |",
        "|---|---|---:|---:|---:|---|",
        *(
            f"| {name} | {meaning(name)} | {one['sellers']:,} | {one['rate']:.2%} | {_ratio(one['ratio'])} | "
            f"{_VERDICTS[one['verdict']]} |"
            for name, one in judged.items()
        ),
        "",
        *(
            [f"Fewer than {account['enough_sellers']} genuine sellers, not judged: {', '.join(few)}.", ""]
            if few
            else []
        ),
    ]


def stand_ins(found: Mapping[str, Any] | None) -> list[str]:
    """Which columns can stand in for a kind of seller, by what they are, and by what these rows say."""
    if not found:
        return []
    told = {name: best for name, best in found.items() if best}
    return [
        "## What stands in for what",
        "",
        "No column says who a seller is, but some go with it. Where a slice above is flagged too often, look here first.",
        "",
        *(f"- {', '.join(f'`{name}`' for name in names)}: {what}." for names, what in STANDS_FOR),
        "- The text columns (`ngram_score`, `text_…`): accents, chat spelling and dialect, and with them whoever writes so.",
        "",
        "The row features that tell each slice apart best, with the AUC of telling it by that feature alone (above .5: higher "
        "inside the slice):",
        "",
        "| slice | features |",
        "|---|---|",
        *(f"| {name} | {', '.join(map(_feature, best))} |" for name, best in told.items()),
        "",
    ]


def _ratio(ratio: Mapping[str, float] | None) -> str:
    return "–" if ratio is None else f"{ratio['value']:.2f} ({ratio['low']:.2f} to {ratio['high']:.2f})"


def _feature(found: Mapping[str, Any]) -> str:
    return f"`{found['feature']}` {found['auc']:.2f}"


def _counts(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"


def _words(name: str) -> str:
    return name.replace("_", " ")
