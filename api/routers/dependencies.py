"""What every route needs: the services, refused parameters, documented problems."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from api.params import NoParams
from api.services import Services


class ProblemOut(BaseModel):
    """RFC 9457 problem."""

    type: str = Field(examples=["/docs#search.query_invalid"])
    title: str
    status: int
    detail: str
    code: str
    hint: str
    request_id: str


def services_of(request: Request) -> Services:
    """The services that the application was made with."""
    return cast(Services, request.app.state.services)


def _single_values(request: Request) -> None:
    """Refuse a scalar parameter given twice: the framework would silently take the last."""
    repeatable = {"hs", "ics", "market", "kind", "sector", "source"}
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name in seen and name not in repeatable:
            raise RequestValidationError([{"loc": ("query", name), "msg": "given more than once", "type": "multiple"}])
        seen.add(name)


ServicesDep = Annotated[Services, Depends(services_of)]
Nothing = Annotated[NoParams, Query()]
SingleValues = Depends(_single_values)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries of the problems that a route may answer with."""
    content = {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}
    return {status: {"description": "Problem (RFC 9457)", "content": content} for status in (*statuses, 422, 500)}
