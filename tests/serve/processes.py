"""Servers in processes of their own, for tests that want the real thing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

COUNTERFOIL = str(Path(sys.executable).with_name("counterfoil"))
SECONDS_TO_START = 90.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running process, a client of it, and the file in which it says what it has to say."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    log: Path

    def stop(self) -> int:
        """Ask it to end as a supervisor would; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a process that keeps all it writes in a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COUNTERFOIL_", "BENTO"))}
    return {
        **kept,
        "COUNTERFOIL_VAR": str(folder / "var"),
        "BENTOML_HOME": str(folder / "bentoml"),
        "BENTOML_DO_NOT_TRACK": "1",
        "NO_PROXY": "127.0.0.1",
    }


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def running(command: Sequence[str], folder: Path) -> Iterator[Server]:
    """A server started in a folder and waited for; the port is added to the command, and the process ends with the block."""
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=folder, env=environment(folder), stdout=out, stderr=out
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
            _wait_until_ready(client, process, log)
            yield Server(process, client, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"the server was not ready after {SECONDS_TO_START} s:\n{log.read_text()}")
