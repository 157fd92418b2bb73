"""Errors over HTTP: problem+json (RFC 9457), with JSON pointers and without a trace or any value that came in."""

from __future__ import annotations

import logging
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from counterfoil.errors import CounterfoilError, NotFound

log = logging.getLogger("counterfoil.serve")
MEDIA_TYPE = "application/problem+json"
_METHOD_NOT_ALLOWED = 405


def problem_body(error: CounterfoilError, instance: str | None = None) -> dict[str, Any]:
    """An error as problem data."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    if error.faults:
        body["errors"] = [{"detail": fault.detail, "pointer": fault.pointer} for fault in error.faults]
    if instance is not None:
        body["instance"] = instance
    return body


def install(app: FastAPI) -> None:
    """Make every error of an app a problem; a catch-all route keeps unknown paths from leaving it."""

    @app.exception_handler(CounterfoilError)
    async def known(_request: Request, error: CounterfoilError) -> Response:
        return _respond(error)

    @app.exception_handler(HTTPException)
    async def by_framework(request: Request, error: HTTPException) -> Response:
        if error.status_code == _METHOD_NOT_ALLOWED:
            body = {
                "type": "/problems/method-not-allowed",
                "title": "Method not allowed",
                "status": error.status_code,
                "detail": f"got {request.method} {request.url.path}, expected another method; see /docs",
                "instance": _instance(),
            }
            return JSONResponse(body, error.status_code, dict(error.headers or {}), MEDIA_TYPE)
        return _respond(NotFound(f"got {request.url.path}, which is not a route; see /docs"))

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, error: Exception) -> Response:
        instance = _instance()
        log.exception("request %s failed", instance, exc_info=error)
        detail = "something went wrong on our side; quote the instance when you report it"
        return JSONResponse(problem_body(CounterfoilError(detail), instance), 500, media_type=MEDIA_TYPE)


def _respond(error: CounterfoilError) -> Response:
    return JSONResponse(problem_body(error, _instance()), error.status, media_type=MEDIA_TYPE)


def _instance() -> str:
    # The id is ours: one sent by a caller could be anything, and would be echoed.
    return f"urn:uuid:{uuid4()}"


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail", "pointer"],
                "properties": {"detail": {"type": "string"}, "pointer": {"type": "string"}},
            },
        },
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI responses of the problems a route may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "Problem", "content": content} for status in statuses}
