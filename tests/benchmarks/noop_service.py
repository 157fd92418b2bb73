"""The floor under our HTTP figures: the same server and settings, the same body read, an answer of the same size."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import bentoml
from fastapi import FastAPI, Request, Response

from counterfoil.ingest.schema import ScoreRequest
from counterfoil.serve.body import read_body
from counterfoil.serve.problems import install

app = FastAPI(docs_url=None, redoc_url=None)
app.state.max_body = 1_048_576
install(app)
_ANSWER = b'{"filler":"' + b"x" * (int(os.environ.get("NOOP_BYTES", "1500")) - 13) + b'"}'


@app.post("/v1/score")
async def noop(request: Request) -> Response:
    """Read the body as `/v1/score` does, and answer with filler."""
    await read_body(request, ScoreRequest)
    return Response(_ANSWER, media_type="application/json")


@bentoml.service(
    workers=1,
    traffic={"timeout": 10, "max_concurrency": 256},
    tracing={"excluded_urls": ".*"},
    logging={"access": {"enabled": False}},
)
@bentoml.asgi_app(app, path="/")
class Noop:
    """The settings of `counterfoil.serve.service.Counterfoil`, without a model."""

    def __init__(self) -> None:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)
