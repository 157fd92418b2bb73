"""HTTP: `POST /v1/score` beside a route of the same server that only reads the body, in one run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.benchmarks.figures import DEMO, ROOT, table

SECONDS = 5.0
_CONNECTIONS = (1, 8, 32)
_NUMBERS = count(1)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(service: str, work: Path, **more: str) -> Iterator[int]:
    """A service in a process group of its own, ready; gives its port."""
    port = free_port()
    environment = {
        **os.environ,
        "COUNTERFOIL_VAR": str(work),
        "COUNTERFOIL_BUNDLE": str(DEMO),
        "OMP_NUM_THREADS": "1",
        "BENTOML_DO_NOT_TRACK": "1",
        **more,
    }
    command = [sys.executable, "-m", "bentoml", "serve", service, "--host", "127.0.0.1", "--port", str(port)]
    with (work / f"{service.rpartition(':')[2]}.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait(port)
            yield port
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait(port: int, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        try:
            with opener.open(f"http://127.0.0.1:{port}/readyz", timeout=2) as answered:
                if answered.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"nothing ready on port {port} after {seconds:.0f} s; see its log")


def load(port: int, connections: int, seconds: float, *, flagged: bool = False) -> dict[str, float]:
    """One run of the load generator, in another process."""
    kind = "flagged" if flagged else "plain"
    first = str(next(_NUMBERS) * 1_000_000)
    command = [sys.executable, "-m", "tests.benchmarks.load", str(port), str(connections), str(seconds), kind, first]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    if figures["failed"]:
        raise RuntimeError(f"got {figures['failed']:.0f} answers that are not 200 from port {port}, expected none")
    return figures


def measure(work: Path, seconds: float = SECONDS) -> str:
    """The section of the results: three kinds of request at each number of connections, with ratios to the no-op."""
    with server("counterfoil.serve.service:Counterfoil", work) as ours:
        size = load(ours, 8, 1.0)["bytes"]
        load(ours, 8, 1.0, flagged=True)
        with server("tests.benchmarks.noop_service:Noop", work, NOOP_BYTES=f"{size:.0f}") as noop:
            load(noop, 8, 1.0)
            rows = []
            for connections in _CONNECTIONS:
                floor = load(noop, connections, seconds)
                rows.append(_row(connections, "no-op", floor, floor))
                rows.append(_row(connections, "score", load(ours, connections, seconds), floor))
                rows.append(_row(connections, "score, flagged", load(ours, connections, seconds, flagged=True), floor))
    head = ("connections, route", "p50 ms", "p99 ms", "answers/s", "p50 / no-op", "throughput / no-op")
    told = (
        f"One worker each, an empty store, every answer journalled; {seconds:.0f} s a row. The no-op reads and checks the same "
        f"body and answers {size:.0f} bytes. Flagged answers carry reasons, hence contributions of every column."
    )
    return f"{table(head, rows)}\n\n{told}"


def _row(connections: int, name: str, got: dict[str, float], floor: dict[str, float]) -> tuple[str, ...]:
    return (
        f"{connections}, {name}",
        f"{got['p50']:.1f}",
        f"{got['p99']:.1f}",
        f"{got['per_second']:,.0f}",
        f"{got['p50'] / floor['p50']:.2f}",
        f"{got['per_second'] / floor['per_second']:.2f}",
    )
