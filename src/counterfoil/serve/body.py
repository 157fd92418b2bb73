"""Reading a body: declared as JSON, not larger than the limit, and parsed by the model it should be."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from counterfoil.errors import BadInput, MalformedJson, PayloadTooLarge, UnsupportedMediaType
from counterfoil.ingest.faults import faults_of

M = TypeVar("M", bound=BaseModel)


async def read_body(request: Request, model: type[M]) -> M:
    """The parsed body; raises `UnsupportedMediaType`, `PayloadTooLarge`, `MalformedJson` or `BadInput`."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != "application/json":
        raise UnsupportedMediaType(f"got content type {declared[:100] or 'none'!r}, expected application/json")
    body = await _limited(request, request.app.state.max_body)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise MalformedJson(f"the body is not JSON: {error.errors()[0]['ctx']['error']}") from None
        faults = faults_of(error)
        raise BadInput(f"{len(faults)} of the fields are not as expected", faults) from None


async def _limited(request: Request, limit: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise PayloadTooLarge(f"got more than {limit} bytes, expected at most that; send large crawls as a file")
        parts.append(part)
    return b"".join(parts)


def json_body(schema: str, example: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI description of a body that is read by hand."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}
