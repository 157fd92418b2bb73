"""`GET /v1/model`: what is live."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from counterfoil.answer import model_body, rfc3339
from counterfoil.model.bundle import Bundle
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
            "guarantee": _guarantee(instance.bundle, min(policy.alphas)),
            "policy": policy.model_dump(mode="json"),
        }
    )


def _guarantee(bundle: Bundle, smallest: float) -> dict[str, Any]:
    """Which false-alert rates the bundle can state, by segment; a row can still be of a population that was not met."""
    conformal = bundle.conformal
    if conformal is None:
        return {"valid": False, "reason": bundle.manifest.no_guarantee, "segments": []}
    segments = [
        {"segment": name, "calibration_n": one.size, "reason": reason, "valid": reason is None}
        for name, one in conformal.references.items()
        for reason in (conformal.void_of(name, smallest),)
    ]
    valid = any(one["valid"] for one in segments)
    made = conformal.calibrated_at
    return {
        "valid": valid,
        "reason": None if valid else segments[0]["reason"],
        "kind": conformal.kind,
        "calibrated_at": rfc3339(made) if made is not None else None,
        "populations": sorted(conformal.populations),
        "segments": segments,
    }
