"""`/v1/search`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.params import SearchParams
from api.routers.dependencies import ServicesDep, SingleValues, problems
from api.search_service import search
from api.shapes import SearchOut

router = APIRouter(prefix="/v1", tags=["search"], dependencies=[SingleValues])


@router.get("/search", summary="Search families of notices", responses=problems(400, 503))
def search_notices(params: Annotated[SearchParams, Query()], services: ServicesDep) -> SearchOut:
    """One page of families, best first, or in the order asked for. Totals and facets count families."""
    return SearchOut.of(search(services, params.request()))
