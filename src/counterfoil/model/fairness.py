"""Who is flagged by mistake: how often genuine rows of a slice are flagged, against genuine rows as a whole.

A rate counts each seller once: it is what one genuine listing a seller, drawn at random, would show on average, as the stated
rate is defined. A ratio is judged by its value and its interval together: above `LIMIT` with an interval that leaves out 1 it
is `unfair`, above it with one that does not, `watch`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterfoil.model.evaluate import Estimate

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# The stated rate at which a model is asked whom it flags by mistake, and in words.
ALPHA = 0.01
AT_ALPHA = f"p-value at most {ALPHA}"
# How many times the rate of all genuine rows a slice may be flagged before a promotion is refused.
LIMIT = 1.5
# Genuine sellers below which a slice is not judged: at a rate of 1 %, one flagged seller more or less would decide.
ENOUGH = 100
_AT_ONCE = 100
# Rows with and without the slice that a feature must be known in before it can be said to stand in for it.
_FEWEST = 20


def flag_rates(
    flagged: Bools,
    genuine: Bools,
    slices: Mapping[str, Bools],
    sellers: NDArray[np.int64],
    *,
    weight: Floats | None = None,
    alpha: float | None = None,
    meaning: str = "",
    draws: int = 1_000,
    seed: int = 0,
) -> dict[str, Any]:
    """How often genuine rows are flagged, in all and in each slice, as plain data for a manifest or a report.

    `genuine` are the rows that were not found to be copies, looked at or not. `weight` says how many listings a row stands
    for (0: it was not drawn), as a random slice has it; without, each for itself. `sellers` numbers what is drawn together,
    linked sellers best; -1 is a row without one, which stands alone. `alpha` and `meaning` only say what flagged means.
    95 % intervals are quantiles of `draws` bootstrap samples of sellers. Source of the weights: Hájek's ratio, each row by
    its weight over the number of its seller's rows.
    """
    rows = np.flatnonzero(genuine)
    number = _numbered(sellers[rows])
    names = list(slices)
    members = np.column_stack([np.ones(len(rows), dtype=np.bool_), *(slices[name][rows] for name in names)])
    shape = (int(number.max(initial=-1)) + 1, members.shape[1])
    size, stood, hit = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    np.add.at(size, number, members)
    each = members / np.maximum(size[number], 1) * (1.0 if weight is None else weight[rows, None])
    np.add.at(stood, number, each)
    np.add.at(hit, number, each * flagged[rows, None])
    sums = stood.sum(axis=0)
    rates = np.divide(hit.sum(axis=0), sums, out=np.zeros_like(sums), where=sums > 0)
    ratios = _ratios(hit.sum(axis=0), sums)
    lows, highs = _interval(hit, stood, draws, seed)
    counts, drawn = (stood > 0).sum(axis=0), (each > 0).sum(axis=0)
    # Kish's effective number: that of the sellers where all weigh alike.
    effective = np.round(np.divide(sums**2, (stood**2).sum(axis=0), out=np.zeros_like(sums), where=sums > 0), 6)
    return {
        "alpha": alpha,
        "flagged": meaning,
        "limit": LIMIT,
        "enough_sellers": ENOUGH,
        "overall": {"rows": int(drawn[0]), "sellers": int(counts[0]), "rate": round(float(rates[0]), 5)},
        "slices": {
            name: {
                "rows": int(drawn[at]),
                "sellers": int(counts[at]),
                "rate": round(float(rates[at]), 5),
                **_judged(effective[at], Estimate(float(ratios[at]), float(lows[at]), float(highs[at]))),
            }
            for at, name in enumerate(names, 1)
        },
    }


def unfair(account: Mapping[str, Any]) -> list[str]:
    """A sentence for each slice that an account of `flag_rates` finds flagged too often."""
    return _sentences(account, "unfair")


def watched(account: Mapping[str, Any]) -> list[str]:
    """A sentence for each slice that may be flagged too often, where the rows are too few to say so."""
    return _sentences(account, "watch")


def proxies(
    values: Floats, names: Sequence[str], slices: Mapping[str, Bools], most: int = 3
) -> dict[str, list[dict[str, Any]]]:
    """The features that tell each slice apart best, by the distance of their AUC from one half; missing values are left out.

    An AUC above .5 says that the feature is higher inside the slice. A feature that is known in fewer than 20 rows inside or
    outside says nothing, nor does one that is never known together with both.
    """
    from scipy.stats import rankdata

    known = ~np.isnan(values)
    ranks = np.where(known, rankdata(values, axis=0, nan_policy="omit"), 0.0) if len(values) else np.zeros_like(values)
    found: dict[str, list[dict[str, Any]]] = {}
    for name, rows in slices.items():
        inside = known[rows].sum(axis=0)
        outside = known.sum(axis=0) - inside
        enough = (inside >= _FEWEST) & (outside >= _FEWEST)
        pairs = np.where(enough, inside * outside, 1)
        auc = np.where(enough, (ranks[rows].sum(axis=0) - inside * (inside + 1) / 2) / pairs, 0.5)
        best = np.argsort(-np.abs(auc - 0.5), kind="stable")[:most]
        found[name] = [{"feature": names[i], "auc": round(float(auc[i]), 3)} for i in best if enough[i]]
    return found


def _numbered(sellers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sellers from 0 on; each row without one gets a number of its own."""
    alone = sellers < 0
    own = sellers.max(initial=0) + 1 + np.arange(len(sellers))
    _, number = np.unique(np.where(alone, own, sellers), return_inverse=True)
    return number.astype(np.int64)


def _ratios(hit: Floats, stood: Floats) -> Floats:
    """Rates against the first column's; NaN where nobody is flagged in all, or nobody is in the slice."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = hit / stood
        ratios: Floats = rates / rates[..., :1]
    ratios[~np.isfinite(ratios)] = np.nan
    return ratios


def _interval(hit: Floats, stood: Floats, draws: int, seed: int) -> tuple[Floats, Floats]:
    """The 2.5 % and 97.5 % quantiles of each ratio over bootstrap samples of sellers."""
    rng, count = np.random.default_rng(seed), len(hit)
    drawn = [np.full((1, hit.shape[1]), np.nan)]
    for start in range(0, draws if count else 0, _AT_ONCE):
        times = rng.multinomial(count, np.full(count, 1 / count), size=min(_AT_ONCE, draws - start)).astype(np.float64)
        drawn.append(_ratios(times @ hit, times @ stood))
    columns = [one[~np.isnan(one)] for one in np.concatenate(drawn).T]
    bounds = [np.quantile(one, [0.025, 0.975]) if len(one) else np.full(2, np.nan) for one in columns]
    low, high = np.array(bounds).T
    return low, high


def _judged(effective: float, ratio: Estimate) -> dict[str, Any]:
    """The ratio, None where nobody is flagged in all or nobody is in the slice, and what it comes to."""
    known = not np.isnan([ratio.value, ratio.low, ratio.high]).any()
    if effective < ENOUGH:
        verdict = "too_few"
    elif not known or ratio.value <= LIMIT:
        verdict = "fair"
    else:
        verdict = "unfair" if ratio.low > 1 else "watch"
    return {"ratio": ratio.to_json() if known else None, "verdict": verdict}


def _sentences(account: Mapping[str, Any], verdict: str) -> list[str]:
    return [
        f"{name}: {one['rate']:.2%} of its genuine sellers' listings are flagged against {account['overall']['rate']:.2%} of all, "
        f"{one['ratio']['value']:.2f} times as many (95 % interval {one['ratio']['low']:.2f} to {one['ratio']['high']:.2f}, "
        f"{one['sellers']:,} sellers)"
        for name, one in account.get("slices", {}).items()
        if one["verdict"] == verdict
    ]
