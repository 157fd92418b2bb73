"""The FastAPI app: routes, problems, and one OpenAPI document that is true."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException
from starlette.routing import Match

from counterfoil import __version__
from counterfoil.errors import NotFound
from counterfoil.ingest.schema import ScoreRequest
from counterfoil.serve import problems
from counterfoil.serve.instance import Instance
from counterfoil.serve.routes import health, model, scoring

_EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_app(instance: Instance | None = None, *, max_body: int = 1_048_576) -> FastAPI:
    """The app around an instance; without one every route that needs it answers 503 until `app.state.instance` is set."""
    app = FastAPI(title="counterfoil", version=__version__, docs_url=None, redoc_url=None)
    app.state.instance = instance
    app.state.max_body = max_body
    problems.install(app)
    for module in (scoring, model, health):
        app.include_router(module.router)
    _add_docs(app)

    @app.api_route("/{path:path}", methods=_EVERY_METHOD, include_in_schema=False)
    async def unknown(request: Request) -> None:
        *others, _this = app.router.routes
        asked = [(method, {**request.scope, "method": method}) for method in _EVERY_METHOD]
        allowed = [m for m, scope in asked if any(other.matches(scope)[0] is Match.FULL for other in others)]
        if allowed:
            raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
        raise NotFound(f"got {request.url.path}, which is not a route; see /docs")

    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _add_docs(app: FastAPI) -> None:
    """The page of the document, from files that come with a package: no address outside is asked for anything."""
    # `packages` looks in the folder `static` of the package without importing it.
    app.mount("/docs-assets", StaticFiles(packages=[("fastapi_offline", "static")]))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="counterfoil",
            swagger_js_url="/docs-assets/swagger-ui-bundle.js",
            swagger_css_url="/docs-assets/swagger-ui.css",
            swagger_favicon_url="/docs-assets/favicon.png",
        )


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        models = [(ScoreRequest, "validation"), (scoring.ObserveRequest, "validation")]
        _, bodies = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(bodies["$defs"])
        schemas["Problem"] = problems.PROBLEM_SCHEMA
        app.openapi_schema = document
    return app.openapi_schema
