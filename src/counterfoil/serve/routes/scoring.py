"""`POST /v1/score` and `POST /v1/observe`."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from counterfoil.errors import ModelUnavailable
from counterfoil.ingest.schema import ScoreRequest
from counterfoil.serve.body import json_body, read_body
from counterfoil.serve.instance import Instance
from counterfoil.serve.problems import problems
from counterfoil.serve.responses import ObserveOut, ScoreOut

router = APIRouter(prefix="/v1", tags=["scoring"])

SCORE_EXAMPLE: dict[str, Any] = {
    "listing": {
        "listing_id": "shopee:178926468.21448123670",
        "platform": "shopee",
        "title": "Túi xách Gucci super fake full box",
        "category_path": ["Túi ví nữ", "Túi đeo chéo"],
        "price": {"amount": "450000", "currency": "VND"},
    },
    "seller": {"seller_id": "shopee:178926468"},
}
OBSERVE_EXAMPLE: dict[str, Any] = {
    "events": [
        {
            "type": "listed",
            "event_id": "evt-1",
            "happened_at": "2026-11-01T08:00:00Z",
            "seller_id": "shopee:178926468",
            "listing": {"listing_id": "shopee:178926468.1", "title": "Túi vải canvas trơn"},
        }
    ]
}


class ObserveRequest(BaseModel):
    """Events to append; each is checked by itself, so one bad event does not refuse the others."""

    model_config = ConfigDict(extra="forbid")

    events: Annotated[list[Any], Field(min_length=1, max_length=10_000)]


@router.post(
    "/score",
    summary="Score one listing",
    response_model=ScoreOut,
    responses=problems(400, 413, 415, 422, 500, 503),
    openapi_extra=json_body("ScoreRequest", SCORE_EXAMPLE),
)
async def score(request: Request) -> Response:
    """Judge one listing against what is known now; nothing is observed, so asking twice gives the same answer."""
    body = await read_body(request, ScoreRequest)
    return respond(instance_of(request).score(body))


@router.post(
    "/observe",
    summary="Report what happened",
    response_model=ObserveOut,
    responses=problems(400, 413, 415, 422, 500, 503),
    openapi_extra=json_body("ObserveRequest", OBSERVE_EXAMPLE),
)
async def observe(request: Request) -> Response:
    """Append events to the log; the server stamps the time at which they became known."""
    body = await read_body(request, ObserveRequest)
    return respond(instance_of(request).observe(body.events))


def instance_of(request: Request) -> Instance:
    """The running instance behind an app; raises `ModelUnavailable` before it is there."""
    instance: Instance | None = request.app.state.instance
    if instance is None:
        raise ModelUnavailable("the model is still being loaded; ask /readyz")
    return instance


def respond(body: dict[str, Any]) -> Response:
    """JSON, written by the fast library."""
    return Response(orjson.dumps(body), media_type="application/json")
