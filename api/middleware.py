"""Pure ASGI layers around the application: request id and access log, size limits, headers that browsers obey.

No BaseHTTPMiddleware: it breaks context variables and buffers streams (encode/starlette #1012, #1715).
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Problem, edge_problem, problem_of

MAX_URL = 8_192
"""Bytes of path and query; below httptools' 65,536-byte wrap-around, far above any honest query."""

MAX_BODY = 65_536
"""Bytes of a request body; no route reads one yet."""

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

_access = logging.getLogger("tongbo.access")


class RequestLog:
    """Gives each request an id (the caller's own when it is well formed) and logs it without its query string.

    The query may hold what a person looks for; the path does not. HEAD is answered like GET, without the body.
    """

    def __init__(self, app: ASGIApp, *, replayed: bool = False) -> None:
        self._app = app
        self._replayed = replayed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        method = scope["method"]
        if method == "HEAD":
            scope["method"] = "GET"
        started, status, begun = time.perf_counter(), 500, False

        async def log_and_send(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                if self._replayed:
                    headers["tongbo-replayed"] = "true"
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            elif method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(scope, receive, log_and_send)
        except Exception as error:  # noqa: BLE001 - the last stop: nothing may leave as a bare stack trace
            problem = problem_of(error, request_id)
            if not begun:
                await send_problem(log_and_send, problem)
        finally:
            took = (time.perf_counter() - started) * 1000
            path = json.dumps(scope["path"])[1:-1]  # escapes line breaks, so a path can't forge a log line
            _access.info("%s %s %d %.1fms %s", method, path, status, took, request_id)


class SizeLimits:
    """Refuses addresses and bodies that are too large, also bodies that do not say how large they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["state"]["request_id"]
        if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > MAX_URL:
            await send_problem(send, edge_problem(414, request_id))
            return
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or int(length) > MAX_BODY:
            await send_problem(send, edge_problem(413, request_id))
            return
        body = await _drain(receive)
        if body is None:
            await send_problem(send, edge_problem(413, request_id))
            return
        handed_over = False

        async def replay() -> Message:
            nonlocal handed_over
            if handed_over:
                return await receive()
            handed_over = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)


async def _drain(receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is too large."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def send_problem(send: Send, problem: Problem) -> None:
    """Send a problem as JSON without the help of the framework."""
    body = json.dumps(problem.body(), ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
