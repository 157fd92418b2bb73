"""`GET /v1/model`: what is live."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from counterfoil.answer import model_body, rfc3339
from counterfoil.serve.problems import problems
from counterfoil.serve.responses import ModelCard
from counterfoil.serve.routes.scoring import instance_of, respond

router = APIRouter(prefix="/v1", tags=["model"])


@router.get("/model", summary="The live model", response_model=ModelCard, responses=problems(500, 503))
async def model(request: Request) -> Response:
    """Versions, what the label means, how it was trained and how it did; the calibration curve is among the metrics."""
    instance = instance_of(request)
    manifest, policy = instance.bundle.manifest, instance.policy
    return respond(
        {
            **model_body(instance.bundle),
            "created_at": rfc3339(manifest.created_at),
            "label": manifest.label.model_dump(),
            "training": manifest.training,
            "metrics": manifest.metrics,
            "features": list(manifest.features),
            "guarantee": {"valid": False, "reason": manifest.no_guarantee, "segments": []},
            "policy": policy.model_dump(mode="json"),
        }
    )
