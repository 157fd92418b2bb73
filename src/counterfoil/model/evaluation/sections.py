"""The sections of an evaluation's report, each a list of Markdown lines out of plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.features.slices import meaning
from counterfoil.model.card import MEASURES as CARD_MEASURES

MEASURES = {**CARD_MEASURES, "brier": "Brier score (lower is better)"}
RIVALS = {
    "keyword": "keyword list",
    "price": "price rule",
    "keyword_or_price": "keyword or price",
    "char_ngrams": "char n-grams",
    "tabular_trees": "trees on numbers",
}
# Where a picture stands in the page; the text has figures alone.
PICTURE = "<!-- picture: {} -->"


def clean(text: str) -> str:
    """What came from outside, as one cell of a table: on one line, without what Markdown or the eye could trip over."""
    shown = "".join(letter if letter.isprintable() and letter not in "|`" else " " for letter in text)
    return " ".join(shown.split())[:200] or "–"


def ranking(found: Mapping[str, Any]) -> list[str]:
    """Each measure of the bundle and of the baselines."""
    names = list(found["baselines"])
    fitted = [RIVALS[name] for name in names if name in {"char_ngrams", "tabular_trees"}]
    lines = [
        "| measure | this bundle | " + " | ".join(RIVALS[name] for name in names) + " |",
        "|---|---:" + "|---:" * len(names) + "|",
    ]
    for key, value in found["ranking"].items():
        cells = [estimate(value), *(estimate(found["baselines"][name][key]) for name in names)]
        lines.append(f"| {MEASURES[key]} | " + " | ".join(cells) + " |")
    if fitted:
        lines += ["", f"{_and(fitted)} were fitted on these very rows, out of fold by seller: they know this market, which the "
                  "bundle may not. The other baselines need no fitting."]  # fmt: skip
    else:
        lines += ["", "Too few rows to fit the baselines that need fitting."]
    return [*lines, ""]


def against(against: Mapping[str, Any]) -> list[str]:
    """How far the bundle leads each baseline."""
    if not against:
        return []
    keys = list(next(iter(against.values())))
    return [
        "This bundle less each baseline, on the same draws of sellers; an interval above 0 is a lead beyond chance:",
        "",
        "| baseline | " + " | ".join(MEASURES[key] for key in keys) + " |",
        "|---" + "|---:" * len(keys) + "|",
        *(
            f"| {RIVALS[name]} | " + " | ".join(estimate(one[key]) for key in keys) + " |"
            for name, one in against.items()
        ),
        "",
    ]


def budgets(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Precision at each budget."""
    if not found:
        return []
    return [
        "Of the k listings with the highest scores:",
        "",
        "| k | positive |",
        "|---:|---:|",
        *(f"| {one['k']:,} | {estimate(one['precision'])} |" for one in found),
        "",
    ]


def stated(found: Mapping[str, Any] | None, rows: Mapping[str, Any]) -> list[str]:
    """The flagged counts against what the stated rates allow."""
    lines = ["## The stated false-alert rate against the realised one", ""]
    if found is None:
        return [
            *lines,
            "This bundle was not calibrated for a stated rate, or no seller here is genuine: nothing to hold it to.",
            "",
        ]
    slice_ = " Listings of the random slice alone are drawn." if rows["random_slice"] else ""
    lines += [
        f"One listing of each seller without a bad verdict, drawn by seed; the median of {found['draws']} draws. *Expected* is the "
        f"central beta-binomial interval of that count ({found['level']:.1%}: 95 % for the three rates together). *By rows* is the "
        f"share of all their rows, where a seller with many counts many times.{slice_}",
        "",
    ]
    if found["not_valid"]:
        lines += [f"Rows whose rate is not valid, counted all the same: {_counts(found['not_valid'])}.", ""]
    lines += _rates(found["overall"])
    for name, one in found["segments"].items():
        lines += [f"### `{clean(name)}`", "", *_rates(one)]
    return lines


def _rates(one: Mapping[str, Any]) -> list[str]:
    return [
        f"{one['sellers']:,} sellers with {one['rows']:,} rows; calibrated on: {_counts(one['calibration_n'])}.",
        "",
        "| stated | flagged | expected | realised | | by rows |",
        "|---:|---:|---:|---:|---|---:|",
        *(
            f"| {a['alpha']:.1%} | {a['flagged']:g} | {a['low']} to {a['high']} | {a['rate']:.2%} | "
            f"{'holds' if a['holds'] else '**does not hold**'} | {estimate(a['by_rows'], 4)} |"
            for a in one["alphas"]
        ),
        "",
    ]


def calibration(found: Mapping[str, Any], rows: Mapping[str, Any]) -> list[str]:
    """Calibration in all and by slice."""
    lines = ["## Whether 10 % means 10 %", ""]
    if rows["random_slice"]:
        lines += ["On the random slice, each listing for as many as it stands for.", ""]
    above, overall = found["above"], found["overall"]
    if overall is None:
        return [*lines, "Too few rows of one outcome to say.", ""]
    if "ece" in above:
        lines += [f"Among the {above['rows']:,} rows above {above['probability']:g}: error {above['ece']:.4f}.", ""]
    table = {"all rows": overall, **found["slices"]}
    lines += [
        "Error: in 15 bins of equal mass. Slope: 1 when calibrated, below 1 when overconfident.",
        "",
        "| slice | what | rows | positive | mean probability | observed | error | slope | Brier |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {meaning(name)} | {one['rows']:,} | {one['positives']:,} | {one['mean_probability']:.2%} | "
            f"{one['observed']:.2%} | {one['ece']:.4f} | {estimate(one['slope'], 2)} | {one['brier']['value']:.4f} |"
            for name, one in table.items()
        ),
        "",
        PICTURE.format("reliability"),
        "",
    ]
    few = found["slices_too_few"]
    return [*lines, *([f"Too few rows of one outcome: {', '.join(few)}.", ""] if few else [])]


def costs(found: Mapping[str, Any]) -> list[str]:
    """What thresholds cost."""
    ways = {
        "cheapest": f"the cheapest threshold here, {found['cheapest']['threshold']:.3f}",
        "by_probability": f"the threshold that the prices call for, {found['by_probability']['threshold']:.3f}",
        "policy": "what the policy flags, rules too",
        "flag_none": "nothing is looked at",
        "flag_all": "everything is looked at",
    }
    return [
        "## What it costs",
        "",
        f"A miss at {found['missed']:g}, a false alert at {found['false_alert']:g}; the cost of 1,000 listings. The cheapest "
        "threshold is chosen on these rows and flatters a little.",
        "",
        "| when | cost | looked at |",
        "|---|---:|---:|",
        *(f"| {ways[name]} | {found[name]['cost']:.1f} | {found[name]['flagged']:.2%} |" for name in ways),
        "",
        PICTURE.format("cost"),
        "",
    ]


def random_slice(found: Mapping[str, Any] | None, rows: Mapping[str, Any]) -> list[str]:
    """How many copies there are, and how many of them are flagged."""
    lines = ["## What is not found", ""]
    if found is None:
        if rows["source"] != "log":
            return []
        return [
            *lines,
            "Too few listings of this log were looked at at random to say how many copies are missed.",
            "",
        ]
    prevalence, recall = found["prevalence"], found["recall"]
    at_alpha = found.get("recall_at_alpha_1pct")
    return [
        *lines,
        f"By {found['rows']:,} listings that were drawn at random or found in another way ({found['positives']:,} copies), each "
        f"weighed by its chance: {_share(prevalence)} of all listings are copies. Of those, the policy flags {_share(recall)}"
        + (f", p-values of at most 1 % {_share(at_alpha)}." if at_alpha is not None else "."),
        "",
    ]


def splits(found: Mapping[str, Any] | None) -> list[str]:
    """The same procedure under several splits."""
    lines = ["## How the split flatters", ""]
    if found is None:
        return [
            *lines,
            "Not measured: it trains the same procedure anew on these rows. Ask for it with `--splits`.",
            "",
        ]
    names = {
        "random": "at random",
        "seller": "by seller",
        "time": "later rows",
        "seller+time": "later rows, unseen sellers",
    }
    few = [names[name] for name in names if name not in found]
    keys = [key for key in MEASURES if all(key in one for one in found.values())]
    return [
        *lines,
        "The same procedure trained anew on these rows, tested in several ways. At random, sellers stand on both sides: that "
        "figure is no promise for sellers not seen before.",
        "",
        "| measure | " + " | ".join(f"{names[name]} ({one['rows']:,} rows)" for name, one in found.items()) + " |",
        "|---" + "|---:" * len(found) + "|",
        *(f"| {MEASURES[key]} | " + " | ".join(estimate(one[key]) for one in found.values()) + " |" for key in keys),
        "",
        *([f"Too few rows for: {', '.join(few)}.", ""] if few else []),
    ]


def estimate(one: Mapping[str, float], places: int = 3) -> str:
    """A figure with its interval."""
    return f"{one['value']:.{places}f} ({one['low']:.{places}f} to {one['high']:.{places}f})"


def _share(one: Mapping[str, float]) -> str:
    return f"{one['value']:.1%} ({one['low']:.1%} to {one['high']:.1%})"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"`{clean(name)}` {count:,}" for name, count in counts.items())


def _and(words: Sequence[str]) -> str:
    return " and ".join(words).capitalize()
