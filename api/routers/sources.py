"""`/v1/sources`, `/healthz`, `/readyz`."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from api.caveats import statuses
from api.routers.dependencies import Nothing, ServicesDep, problems
from api.shapes import SourceOut
from notices.errors import IndexNotReady

router = APIRouter(tags=["state"])


class HealthOut(BaseModel):
    """The process answers."""

    status: str


class ReadyOut(BaseModel):
    """Search can be served from this generation."""

    status: str
    generation: str
    notices: int
    behind: int  # changes in the log that the index has not taken in yet


@router.get("/v1/sources", summary="Every source and its state", responses=problems(503))
def source_list(services: ServicesDep, _: Nothing) -> list[SourceOut]:
    """Received, skipped (SPS), expected, last success, newest record, verdict and reason, per source."""
    return [SourceOut.of(status, replayed=services.replayed) for _info, status in statuses(services)]


@router.get("/healthz", summary="The process is alive", responses=problems())
def health(_: Nothing) -> HealthOut:
    """Says nothing about database or index."""
    return HealthOut(status="ok")


@router.get("/readyz", summary="Database and index can serve", responses=problems(503))
def ready(services: ServicesDep, _: Nothing) -> ReadyOut:
    """200 when a search would be answered; a 503 problem says what is missing."""
    seq = services.store.last_seq()
    generation = services.backend.generation()
    if generation is None:
        raise IndexNotReady("nothing has been indexed yet")
    behind = max(0, seq - generation.change_seq)
    return ReadyOut(status="ready", generation=generation.name, notices=generation.notices, behind=behind)
