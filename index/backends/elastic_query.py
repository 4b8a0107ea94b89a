"""A whole search request: what matches, how it is scored and ordered, what is counted. One request answers a page.

Every order but relevance is written into the score itself, as whole numbers that a float holds exactly: the family's
score is then that of its best revision, and the order of families is exact without any script.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.backends.elastic_clauses import Dsl, any_of, direct, filters, is_open, scored, terms, true
from index.backends.elastic_mapping import DAY_SPAN, PATH
from index.plan import BROAD_FACTOR, IDENTIFIER_SCORE, KIND_PRIOR, Clause, Plan
from notices.search import TOTAL_LIMIT, Sort

SEARCH_TIMEOUT = "3500ms"
"""The engine gives up by itself a little before we do, so that a slow query does not run on unattended."""

FACETS: dict[str, str] = {
    "market": "market",
    "kind": "kind",
    "sector": "sector",
    "source": "source",
    "hs": "hs_group",
    "ics": "ics_group",
    "year": "year",
}
MAX_FACET_VALUES = 1_000


def matched(plan: Plan, truth: Clause) -> Dsl:
    """What one revision must be to count: the words (or its own identifier), and all filters."""
    return {"bool": {"filter": [*filters(plan.filters, plan.day), any_of([true(truth), *_named(plan)])]}}


def page_body(plan: Plan, truth: Clause, facets: Sequence[str], limit: int, after: Sequence[Any] | None) -> Dsl:
    """The request for ``limit`` families past the sort values ``after``."""
    counted = matched(plan, truth)
    by_score = plan.sort is Sort.RELEVANCE and plan.scored
    query = _scored(plan, truth) if by_score else _ranked(plan, counted)
    best = [{f"{PATH}.notice_id": "asc"}, {f"{PATH}.revision": "desc"}]
    body: Dsl = {
        "size": limit,
        "timeout": SEARCH_TIMEOUT,
        "track_total_hits": TOTAL_LIMIT + 1,
        "_source": False,
        "query": {
            "nested": {
                "path": PATH,
                "score_mode": "max",
                "query": query,
                "inner_hits": {
                    "size": 1,
                    "_source": [f"{PATH}.stored"],
                    "sort": ["_score", *([{f"{PATH}.published_day": "desc"}] if by_score else []), *best],
                },
            }
        },
        "sort": _order(plan, counted, by_score=by_score),
    }
    if facets:
        body["aggs"] = _counts(counted, facets)
    if after is not None:
        body["search_after"] = list(after)
    return body


def _order(plan: Plan, counted: Dsl, *, by_score: bool) -> list[str | Dsl]:
    """Score, newest, family id (which begins its notices' ids).

    Equal scores want the date of the notice that earned the score: one that no factor lowers, if there is any. Only
    that condition is worth asking all words once more; the second date serves families that are lowered altogether.
    """
    if not by_score:
        return ["_score", {"family": "asc"}]
    lowered = [each["filter"] for each in _factors(plan)]
    unlowered: Dsl = {"bool": {"filter": [counted], "must_not": lowered}}
    return [
        "_score",
        _newest(unlowered),
        _newest({"bool": {"filter": filters(plan.filters, plan.day)}}),
        {"family": "asc"},
    ]


def _newest(where: Dsl) -> Dsl:
    """By the latest publication among the revisions that fulfil a condition; families without one come last."""
    return {f"{PATH}.published_day": {"order": "desc", "mode": "max", "nested": {"path": PATH, "filter": where}}}


def _named(plan: Plan) -> list[Dsl]:
    return [terms("identifiers", plan.identifiers)] if plan.identifiers else []


def _scored(plan: Plan, truth: Clause) -> Dsl:
    """Words by relevance, times the kind's prior and the broad factor; a named notice is lifted above all."""
    words: Dsl = {"bool": {"must": [scored(truth)], "should": [scored(boost) for boost in plan.boosts]}}
    weighed: Dsl = {
        "function_score": {
            "query": words,
            "functions": _factors(plan),
            "score_mode": "multiply",
            "boost_mode": "multiply",
        }
    }
    lifted = [{"constant_score": {"filter": name, "boost": IDENTIFIER_SCORE}} for name in _named(plan)]
    return {"bool": {"filter": filters(plan.filters, plan.day), "must": [any_of([weighed, *lifted])]}}


def _factors(plan: Plan) -> list[Dsl]:
    found: list[Dsl] = [
        {"filter": terms("kind", [kind.value]), "weight": weight} for kind, weight in KIND_PRIOR.items()
    ]
    broad = _broad_only(plan)
    return [*found, {"filter": broad, "weight": BROAD_FACTOR}] if broad else found


def _broad_only(plan: Plan) -> Dsl | None:
    """A code filter holds, but not directly; None when no filter asks for codes."""
    asked = [direct(system, codes) for system, codes in (("hs", plan.filters.hs), ("ics", plan.filters.ics)) if codes]
    if not asked:
        return None
    return any_of({"bool": {"must_not": ways}} for ways in asked)


def _ranked(plan: Plan, counted: Dsl) -> Dsl:
    """The order by date, or of filters only, as a score of whole numbers below 2^24."""
    functions: list[Dsl] = []
    if plan.sort is Sort.DEADLINE:
        dated: Dsl = {"exists": {"field": f"{PATH}.deadline_day"}}
        passed: Dsl = {"bool": {"filter": [dated], "must_not": [is_open(plan.day)]}}
        functions = [
            {"filter": is_open(plan.day), "weight": DAY_SPAN + 1},
            _day_value("deadline_rest", is_open(plan.day)),
            {"filter": {"bool": {"must_not": [dated]}}, "weight": DAY_SPAN},
            _day_value("deadline_day", passed),
        ]
    else:
        functions = [_day_value("published_day", {"match_all": {}})]
    if plan.sort is Sort.RELEVANCE:
        broad = _broad_only(plan)
        if broad:
            functions.append({"filter": {"bool": {"must_not": [broad]}}, "weight": DAY_SPAN})
        functions += [{"filter": name, "weight": 2 * DAY_SPAN} for name in _named(plan)]
    return {"function_score": {"query": counted, "functions": functions, "score_mode": "sum", "boost_mode": "replace"}}


def shown_score(plan: Plan, value: float) -> float:
    """The score to show for a family's ``_score``: relevance, or for filters only 1 (broad: half), or none by date."""
    if plan.sort is not Sort.RELEVANCE:
        return 0.0
    if plan.scored:
        return value
    named, rest = divmod(value, 2 * DAY_SPAN)
    broad = _broad_only(plan) is not None and rest < DAY_SPAN
    return (BROAD_FACTOR if broad else 1.0) + (IDENTIFIER_SCORE if named else 0.0)


def _day_value(name: str, where: Dsl) -> Dsl:
    return {"filter": where, "field_value_factor": {"field": f"{PATH}.{name}", "missing": 0}}


def _counts(counted: Dsl, facets: Sequence[str]) -> Dsl:
    """Families per value: revisions that match, by value, and back to their root documents, each counted once."""
    values = {
        name: {
            "terms": {"field": f"{PATH}.{FACETS[name]}", "size": MAX_FACET_VALUES},
            "aggs": {"families": {"reverse_nested": {}}},
        }
        for name in facets
    }
    return {"revisions": {"nested": {"path": PATH}, "aggs": {"matched": {"filter": counted, "aggs": values}}}}


def matching_body(plan: Plan, notice_ids: Sequence[str]) -> Dsl:
    """Which of these notices match: no hits, one bucket per notice."""
    wanted: Dsl = {"bool": {"filter": [terms("notice_id", notice_ids), matched(plan, plan.truth)]}}
    found = {"terms": {"field": f"{PATH}.notice_id", "size": len(notice_ids)}}
    return {
        "size": 0,
        "timeout": SEARCH_TIMEOUT,
        "track_total_hits": False,
        "query": {"nested": {"path": PATH, "query": wanted}},
        "aggs": {
            "revisions": {"nested": {"path": PATH}, "aggs": {"matched": {"filter": wanted, "aggs": {"ids": found}}}}
        },
    }
