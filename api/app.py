"""The web application: JSON API, pages, problems. Made from injected services, so tests make their own."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope

from api.ask_service import answerer_of
from api.errors import Problem, problem_of
from api.middleware import RequestLog, SizeLimits
from api.routers import ask, notices, search, sources
from api.search_service import warm_up
from api.services import Services
from api.web import pages
from notices.errors import TongboError

STATIC = Path(__file__).parent / "static"
_API_PATHS = ("/v1/", "/healthz", "/readyz", "/openapi.json")


def create_app(services: Services) -> FastAPI:
    """The application over these services; nothing is opened here. Once served, it warms up beside first requests."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=warm_up, args=(services,), name="warm-up", daemon=True).start()
        yield

    app = FastAPI(
        lifespan=lifespan,
        title="Tongbo",
        version=_version(),
        description="Technical regulations and WTO TBT notifications, collected, kept and searchable.",
        docs_url=None,  # the stock page loads its scripts from a CDN; ours is served at /docs by api/web
        redoc_url=None,
    )
    app.state.services = services
    app.state.answerer = answerer_of(services)
    for router in (search.router, ask.router, notices.router, sources.router, pages.router):
        app.include_router(router)
    app.mount("/static", _Assets(directory=STATIC), name="static")
    for kind in (TongboError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _explain)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(SizeLimits)
    app.add_middleware(RequestLog, replayed=services.replayed)  # added last: it stands outermost
    return app


class _Assets(StaticFiles):
    """Static files; an address with the file's hash in it may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200 and scope["query_string"].startswith(b"v="):
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def _explain(request: Request, error: Exception) -> Response:
    """A problem for programs, a page for people, by where they asked."""
    problem = problem_of(error, request.state.request_id)
    headers = {"retry-after": str(problem.retry_after)} if problem.retry_after is not None else {}
    if isinstance(error, HTTPException) and error.headers:
        headers.update(error.headers)
    if request.url.path.startswith(_API_PATHS):
        return problem_response(problem, headers)
    return pages.error_page(request, problem, headers)


def problem_response(problem: Problem, headers: dict[str, str]) -> Response:
    """The problem as `application/problem+json`."""
    return JSONResponse(problem.body(), problem.status, headers, "application/problem+json")


def _version() -> str:
    try:
        return version("tongbo")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"
