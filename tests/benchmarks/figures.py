"""Timing, percentiles and Markdown tables for the benchmarks."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "models" / "demo"


@dataclass
class Timer:
    """Seconds of many runs of one step."""

    seconds: list[float] = field(default_factory=list)

    def run(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step and keep how long it took."""
        started = time.perf_counter()
        value = step(*args, **kwargs)
        self.seconds.append(time.perf_counter() - started)
        return value

    def at(self, share: float) -> float:
        """The quantile of that share, in milliseconds."""
        return quantile(self.seconds, share) * 1000


def quantile(values: Sequence[float], share: float) -> float:
    """The nearest-rank quantile."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def machine() -> str:
    """The machine in words, without its name."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}"


def today() -> str:
    """The date, in UTC."""
    return datetime.now(UTC).date().isoformat()
