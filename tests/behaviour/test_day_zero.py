"""The shipped bundle and policy on an empty store: no verdict, no history, a seller who is an id only."""

from __future__ import annotations

import pytest

from counterfoil.model.bundle import Bundle
from tests.benchmarks.figures import DEMO
from tests.suites.measure import decided, measured
from tests.suites.suites import PARTS, body, titles, traps

# What was measured, less a margin for noise: these hold the line, they are not the aims (AUC .95, flagged .75 and 2 %).
AUC, FLAGGED, INNOCENT = 0.90, 0.80, 0.025
TRAPS = {"first": 6.0, "blind": 22.0}  # per 1,000


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return Bundle.load(DEMO)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_copies_rank_above_innocents_without_any_history(bundle: Bundle, part: str) -> None:
    entries = titles(part)
    found = measured(decided([one["body"] for one in entries], bundle), [one["label"] for one in entries])
    print(part, found)
    assert found.auc > AUC
    assert found.flagged_copies > FLAGGED
    assert found.flagged_innocents < INNOCENT


@pytest.mark.slow
@pytest.mark.parametrize("part", ["first", "blind"])
def test_few_innocent_look_alikes_are_flagged(bundle: Bundle, part: str) -> None:
    decisions = decided([body(entry, str(number)) for number, entry in enumerate(traps(part))], bundle)
    flagged = [one.about.listing.title for one in decisions if one.outcome.flagged]
    print(len(flagged), "of", len(decisions), flagged)
    assert 1000 * len(flagged) / len(decisions) <= TRAPS[part]


def test_every_suite_is_read_and_no_title_stands_twice() -> None:
    all_titles = [one["title"] for one in traps()]
    all_titles += [one["body"]["listing"]["title"] for part in PARTS for one in titles(part)]
    assert len(all_titles) > 3_700
    assert len(set(all_titles)) == len(all_titles)
