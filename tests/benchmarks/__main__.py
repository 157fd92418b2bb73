"""`python -m tests.benchmarks`: measure, print, and write RESULTS.md beside this file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from counterfoil.synth.write import write_market
from tests.benchmarks import (
    day_zero,
    encoder,
    explain,
    later_months,
    mixed_crawl,
    one_row,
    over_http,
    small_things,
    text_speed,
    third_party,
    unseen_shops,
    weak,
    whole_files,
)
from tests.benchmarks.figures import machine, today

_LISTINGS = 24_000
_HEAD = """# Benchmarks

Written by `python -m tests.benchmarks` (`make bench`) on {date}: {machine}. Machines are noisy and the figures of two runs
differ; the ratios were measured side by side in this one run and say more. Data: {listings:,} simulated listings, the demo model.
"""


def main() -> None:
    """Run every benchmark in turn."""
    parts = [_HEAD.format(date=today(), machine=machine(), listings=_LISTINGS)]
    with TemporaryDirectory() as folder:
        work = Path(folder)
        market = work / "market"
        _say("simulating")
        write_market(_LISTINGS, 11, market)
        sections: dict[str, Callable[[], str]] = {
            "Day 0: titles without a history": day_zero.lists,
            "Evasion": lambda: day_zero.evasion(work),
            "A real crawl with 1 % simulated copies": lambda: mixed_crawl.measure(market, work),
            "Reading text": text_speed.measure,
            "Text encoder": encoder.section,
            "Later months of a simulated market": lambda: later_months.of_market(work),
            "Start without labels": lambda: weak.measure(market),
            "Shops never met, real labels": unseen_shops.measure,
            "Stated rate on real counterfeits": third_party.measure,
            "One row in process": lambda: one_row.measure(market, work),
            "Explaining": explain.measure,
            "Over HTTP": lambda: over_http.measure(work),
            "Whole files": lambda: whole_files.measure(market, work),
            "Small things": lambda: small_things.measure(market),
        }
        for title, section in sections.items():
            _say(title)
            parts.append(f"## {title}\n\n{section()}\n")
            print(parts[-1], flush=True)
    (Path(__file__).parent / "RESULTS.md").write_text("\n".join(parts), encoding="utf-8")


def _say(what: str) -> None:
    print(f"... {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
