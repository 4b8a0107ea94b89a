"""The pages: search, a notice, the sources, the API's own documentation, and errors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.caveats import statuses
from api.errors import Problem
from api.messages import known, say
from api.notice_service import view_notice
from api.params import LangParams, NoticePageParams, PageParams
from api.routers.dependencies import ServicesDep, SingleValues
from api.search_service import has_best_match, search
from api.web import results
from api.web.act_page import act_page
from api.web.language import language_of
from api.web.notice_page import change_rows, notice_page, searchable
from api.web.reference import error_table, routes
from api.web.render import page
from notices.errors import SearchError
from notices.search import Sort

router = APIRouter(include_in_schema=False, dependencies=[SingleValues])
Language = Annotated[LangParams, Query()]
_EVERY_SOURCE = ("source_down", "source_running")


@router.get("/")
def search_page(request: Request, params: Annotated[PageParams, Query()], services: ServicesDep) -> HTMLResponse:
    """Search box and results; without a query, what is newest."""
    lang = language_of(request)
    answer = search(services, params.request())
    url = results.PageUrl(params)
    page_of = answer.page
    chosen = answer.query.sort
    return page(
        request,
        "search.html",
        params=params,
        blank=not params.q and not results.active_filters(params, lang),
        total=page_of.total,
        total_relation=page_of.total_relation,
        rows=results.rows(answer, lang),
        groups=results.facet_groups(answer, params, lang),
        active=results.active_filters(params, lang),
        quick=results.quick_filters(params, answer.query.today, lang),
        sorts=[
            (say(lang, f"sort.{sort}"), url.replaced("sort", sort), sort is chosen)
            for sort in Sort
            if sort is not Sort.RELEVANCE or has_best_match(answer.query) or sort is chosen
        ],
        hidden=[pair for pair in url.pairs if pair[0] != "q"],
        hidden_as_of=[pair for pair in url.pairs if pair[0] != "as_of"],
        clear=results.PageUrl(PageParams(q=params.q)).replaced("sort", None),
        first_page=url.replaced("cursor", None) if params.cursor else None,
        next_page=url.replaced("cursor", page_of.next_cursor) if page_of.next_cursor else None,
        as_of=answer.query.filters.as_of,
        warnings=[(caveat.code, caveat.sentence(lang)) for caveat in answer.warnings if caveat.code != "replayed"],
    )


@router.get("/notices/{id:path}")
def notice(
    request: Request, id: str, services: ServicesDep, params: Annotated[NoticePageParams, Query()]
) -> HTMLResponse:
    """One notice: facts, codes with whose word they are, documents, family, findings apart, changes."""
    lang = language_of(request)
    view = view_notice(services, id)
    return page(
        request,
        "notice.html",
        view=view,
        shown=notice_page(view, services.clock.today(), lang),
        act=act_page(view, params, lang),
        revisions=[(item.revision, change_rows(item.changes, lang)) for item in reversed(view.revisions)],
    )


@router.get("/sources")
def source_ledger(request: Request, services: ServicesDep, _: Language) -> HTMLResponse:
    """What each source gave, and how its last run went."""
    today = services.clock.today()
    try:
        generation, index_fault = services.backend.generation(), None
    except SearchError as error:  # the ledger must show even when the engine is down
        generation, index_fault = None, error
    behind = max(0, services.store.last_seq() - generation.change_seq) if generation else 0
    return page(
        request,
        "sources.html",
        sources=statuses(services),
        today=today,
        generation=generation,
        behind=behind,
        index_fault=index_fault,
    )


@router.get("/docs")
def api_reference(request: Request, _: Language) -> HTMLResponse:
    """Every route with its parameters, and every error code; no script, no foreign host."""
    return page(request, "docs.html", routes=routes(request.app.openapi()), errors=error_table())


def error_page(request: Request, problem: Problem, headers: dict[str, str]) -> HTMLResponse:
    """A problem as a page; a 503 says plainly that "nothing found" is not what it means."""
    lang = language_of(request)
    path = request.url.path
    instead = searchable(path.removeprefix("/notices/")) if path.startswith("/notices/") else None
    return page(
        request,
        "error.html",
        problem.status,
        headers,
        problem=problem,
        title=known(lang, f"error.{problem.code}", say(lang, "error.other")),
        instead=instead if problem.status == 404 else None,
        q=request.query_params.get("q", "")[:500],
    )
