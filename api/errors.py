"""Errors at the HTTP edge: the one table of status codes, and RFC 9457 problems for all of them.

Codes of :mod:`notices.errors` keep their names; the edge adds ``request.*`` and ``server.error``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from notices.errors import (
    BackendBusy,
    BackendRefused,
    BackendUnavailable,
    IndexNotReady,
    NotFound,
    QueryInvalid,
    RevisionConflict,
    StoreUnavailable,
    TongboError,
)

STATUS: dict[type[TongboError], int] = {
    QueryInvalid: 400,
    NotFound: 404,
    RevisionConflict: 409,
    IndexNotReady: 503,
    BackendUnavailable: 503,
    BackendRefused: 503,
    BackendBusy: 503,
    StoreUnavailable: 503,
    TongboError: 500,
}
"""HTTP status of every class of the tree, by the nearest ancestor that stands here."""

RETRY_AFTER: dict[type[TongboError], int] = {BackendBusy: 3, IndexNotReady: 15, TongboError: 30}
"""Seconds to wait after a 503, by the nearest ancestor."""

EDGE_CODES: dict[int, tuple[str, str]] = {
    400: ("request.malformed", "The request can't be read."),
    404: ("request.no_such_route", "There is nothing at this address."),
    405: ("request.method_not_allowed", "This address does not take that method."),
    413: ("request.too_large", "The request body is larger than this service reads."),
    414: ("request.uri_too_long", "The address is longer than this service reads."),
    422: ("request.invalid", "A parameter is unknown, malformed or out of bounds."),
    500: ("server.error", "Something failed on our side. Quote the request id when you report it."),
}
"""Codes of faults that only HTTP knows."""

_log = logging.getLogger("tongbo.api")


@dataclass(frozen=True, slots=True)
class Problem:
    """One RFC 9457 problem, before anybody decides whether a person or a program reads it."""

    status: int
    code: str
    detail: str
    hint: str
    request_id: str
    retry_after: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The standard phrase of the status."""
        return HTTPStatus(self.status).phrase

    def body(self) -> dict[str, object]:
        """The JSON members."""
        return {
            "type": f"/docs#{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "hint": self.hint,
            "request_id": self.request_id,
            **self.extra,
        }


def _nearest(table: Mapping[type[TongboError], int], error: type[TongboError]) -> int:
    return next(table[base] for base in error.__mro__ if base in table)


def status_of(error: type[TongboError]) -> int:
    """The HTTP status of an error class: its own entry, or that of its nearest ancestor."""
    return _nearest(STATUS, error)


def edge_problem(status: int, request_id: str, detail: str | None = None, **extra: object) -> Problem:
    """A problem that HTTP itself knows; a status without a code of its own becomes ``request.malformed``."""
    code, sentence = EDGE_CODES.get(status, EDGE_CODES[500 if status >= 500 else 400])
    hint = "" if status == 500 else "Every route and parameter is listed under /docs."
    return Problem(status, code, detail or sentence, hint, request_id, extra=extra)


def problem_of(error: Exception, request_id: str) -> Problem:
    """The problem that says what went wrong. A 500 says nothing but its request id; the log has the rest."""
    if isinstance(error, RequestValidationError):
        faults = [
            {"parameter": ".".join(str(part) for part in fault["loc"][1:]), "message": str(fault["msg"])}
            for fault in error.errors()
        ]
        detail = "; ".join(f"{fault['parameter'] or 'request'}: {fault['message']}" for fault in faults[:10])
        return edge_problem(422, request_id, detail[:1000], errors=faults[:10])
    if isinstance(error, HTTPException):
        return edge_problem(error.status_code, request_id)
    if isinstance(error, TongboError) and (status := status_of(type(error))) != 500:
        wait = _nearest(RETRY_AFTER, type(error)) if status == 503 else None
        position = error.context.get("position")
        extra = {"position": position} if isinstance(position, int) else {}
        return Problem(status, error.code, error.detail, error.hint, request_id, wait, extra)
    _log.error("request %s failed", request_id, exc_info=error)
    return edge_problem(500, request_id)
