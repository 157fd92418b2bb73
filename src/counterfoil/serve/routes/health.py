"""`/livez` and `/readyz`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from counterfoil.serve.instance import Instance

router = APIRouter(tags=["operation"])


@router.get("/livez", summary="Whether the process runs", response_class=PlainTextResponse)
async def livez() -> Response:
    """200 as long as the process answers."""
    return PlainTextResponse("live\n")


@router.get(
    "/readyz",
    summary="Whether it can score",
    response_class=PlainTextResponse,
    responses={503: {"description": "Not ready", "content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def readyz(request: Request) -> Response:
    """200 once the model is loaded and a first score has succeeded, else 503."""
    instance: Instance | None = request.app.state.instance
    ready = instance is not None and instance.ready
    return PlainTextResponse("ready\n" if ready else "not ready\n", 200 if ready else 503)
