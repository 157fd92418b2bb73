"""The BentoML service: the app mounted at the root, one instance a worker, ready after a first score."""

from __future__ import annotations

import gc
import os

# One thread a worker: two workers with two threads each are ten times slower than with one.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import bentoml

from counterfoil.serve.app import create_app
from counterfoil.serve.instance import Instance
from counterfoil.settings import Settings

app = create_app()


@bentoml.service(
    workers=1,
    traffic={"timeout": 10, "max_concurrency": 256},
    # Tracing halves the throughput, and its exporter looks for a collector that nobody runs.
    tracing={"excluded_urls": ".*"},
    logging={"access": {"enabled": False}},
)
@bentoml.asgi_app(app, path="/")
class Counterfoil:
    """Loads the model when the worker starts, never on the first request."""

    def __init__(self) -> None:
        settings = Settings()
        app.state.max_body = settings.max_body
        app.state.instance = Instance.open(settings)
        # What is loaded by now lives as long as the process: leave it out of every later collection.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)

    def __is_ready__(self) -> bool:
        """Whether a first score has succeeded."""
        return bool(app.state.instance is not None and app.state.instance.ready)

    def __is_alive__(self) -> bool:
        """The process answers."""
        return True
