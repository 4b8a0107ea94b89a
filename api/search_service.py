"""One search for the API, the page and the command line: text and parameters in, families with their facts out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from api.caveats import Caveat, engine_warnings, not_collected, source_warnings
from api.notice_service import CodeRow, all_codes, parent_ids
from api.services import Services
from index.query_text import parse_query
from notices.errors import NotFound, TongboError
from notices.model import Finding, Notice
from notices.search import FACET_FIELDS, MatchAll, Query, ResultPage, Sort

ALL_FACETS = FACET_FIELDS
_INFERRED = re.compile(r"(?<=[\d.]) +(?=(?:inferred|추정)\b)")  # a "+" in an address arrives as a blank


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What was asked, still as text; the values are those of the query language (DESIGN §3)."""

    q: str = ""
    hs: tuple[str, ...] = ()
    ics: tuple[str, ...] = ()
    market: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    published: str | None = None
    deadline: str | None = None
    open: bool | None = None
    as_of: date | None = None
    sort: Sort | None = None
    limit: int = 20
    cursor: str | None = None
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """A result page with what is needed to show it: each hit's notice and findings in the revision that matched."""

    query: Query
    page: ResultPage
    notices: dict[str, Notice]
    findings: dict[str, tuple[Finding, ...]]
    codes: dict[str, tuple[CodeRow, ...]]
    warnings: tuple[Caveat, ...]
    leaders: frozenset[str] = frozenset()  # notices above the hits that have been collected


def to_query(request: SearchRequest, today: date) -> Query:
    """The query that text and parameters ask for together. Raises QueryInvalid.

    Values of one filter are alternatives wherever they stand; a day or range given twice must agree. Without words
    or codes there is no relevance, so the newest come first.
    """
    query = parse_query(
        request.q,
        today=today,
        filters=_filters(request),
        limit=request.limit,
        cursor=request.cursor,
        facets=request.facets,
    )
    return replace(query, sort=request.sort or (Sort.RELEVANCE if has_best_match(query) else Sort.PUBLISHED))


def has_best_match(query: Query) -> bool:
    """True when one notice can answer better than another: words, a name, or a code, whose broader ones rank lower."""
    codes = (*query.filters.hs, *query.filters.ics)
    return not isinstance(query.node, MatchAll) or bool(query.identifiers) or any(not code.exact for code in codes)


def search(services: Services, request: SearchRequest) -> SearchAnswer:
    """Run a search and join the facts.

    Raises QueryInvalid, IndexNotReady, BackendUnavailable, BackendRefused, BackendBusy, StoreUnavailable.
    """
    query = to_query(request, services.clock.today())
    page = services.backend.search(query)
    notices = _facts(services, page)
    parents = services.store.notices({each for notice in notices.values() for each in parent_ids(notice)})
    findings = services.store.findings({*notices, *parents})
    warnings = (*engine_warnings(services, query, page), *source_warnings(services, query))
    if page.total == 0:
        warnings = (*not_collected(services, query), *warnings)
    if services.replayed:
        warnings = (*warnings, Caveat("replayed"))
    return SearchAnswer(
        query=query,
        page=page,
        notices=notices,
        findings={each.id: tuple(findings.get((each.id, each.revision), ())) for each in notices.values()},
        codes={each.id: all_codes(each, {**parents, **notices}, findings) for each in notices.values()},
        warnings=warnings,
        leaders=frozenset(parents),
    )


def warm_up(services: Services) -> None:
    """Search once in both languages, so that nobody waits for tables and Kiwi (4 s) to load. Never raises ours."""
    with suppress(TongboError):
        search(services, SearchRequest(q="배터리 battery", limit=1))


def _facts(services: Services, page: ResultPage) -> dict[str, Notice]:
    """The notices of the hits, each in the revision that matched; one that has gone meanwhile is left out."""
    current = services.store.notices([hit.notice_id for hit in page.hits]) if page.hits else {}
    notices: dict[str, Notice] = {}
    for hit in page.hits:
        notice = current.get(hit.notice_id)
        if notice is not None and notice.revision != hit.revision:
            with suppress(NotFound):  # the index is a step behind the store: the current facts are the honest ones
                notice = services.store.notice(hit.notice_id, revision=hit.revision)
        if notice is not None:
            notices[hit.notice_id] = notice
    return notices


def _filters(request: SearchRequest) -> dict[str, Sequence[str] | str]:
    """The filters by name, as the query language takes them apart from the text."""
    codes = {name: tuple(_INFERRED.sub("+", code) for code in getattr(request, name)) for name in ("hs", "ics")}
    given: dict[str, Sequence[str] | str] = {
        **codes,
        "market": request.market,
        "kind": request.kind,
        "sector": request.sector,
        "source": request.source,
    }
    if request.published:
        given["published"] = request.published
    if request.deadline:
        given["deadline"] = request.deadline
    if request.open is not None:
        given["open"] = "yes" if request.open else "no"
    if request.as_of is not None:
        given["as_of"] = request.as_of.isoformat()
    return {name: values for name, values in given.items() if values}
