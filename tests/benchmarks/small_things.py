"""Small things that people wait for: the help, and the encoder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import orjson

from counterfoil.features.embed import load_encoder
from tests.benchmarks.figures import DEMO, ROOT, Timer, table
from tests.benchmarks.whole_files import CLI

_BATCH = 512


def measure(market: Path) -> str:
    """The section of the results."""
    help_ = Timer()
    for _ in range(5):
        help_.run(subprocess.run, [*CLI, "--help"], cwd=ROOT, check=True, capture_output=True)
    with (market / "listings.jsonl").open("rb") as file:
        titles = [str(orjson.loads(line)["listing"]["title"]) for _, line in zip(range(5_120), file, strict=False)]
    encoder = load_encoder(DEMO / "encoder")
    encoder.vectors(titles[:_BATCH])
    batches, single = Timer(), Timer()
    for start in range(0, len(titles), _BATCH):
        batches.run(encoder.vectors, titles[start : start + _BATCH])
    for title in titles[:1_000]:
        single.run(encoder.vectors, [title])
    rows = [
        ("`counterfoil --help`, median of 5", f"{help_.at(0.5):.0f} ms"),
        (f"encoder, titles in batches of {_BATCH}", f"{len(titles) / sum(batches.seconds):,.0f} texts/s"),
        ("encoder, one title", f"{single.at(0.5):.3f} ms"),
    ]
    return table(("what", "figure"), rows)
