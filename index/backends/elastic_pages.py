"""From Elasticsearch's answer to a result page in our own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.backends.elastic_mapping import PATH
from index.backends.elastic_query import shown_score
from index.explain import Wanted, explain
from index.paging import Cursor, encode_cursor
from index.plan import Plan
from index.records import load_document
from notices.errors import BackendUnavailable
from notices.search import TOTAL_LIMIT, FacetValue, Hit, Query, ResultPage


@dataclass(frozen=True, slots=True)
class Answer:
    """What the cluster said, for the wording of the query (0 = as typed, then the relaxations) that it was asked."""

    body: Mapping[str, Any]
    generation: str
    level: int

    @property
    def empty(self) -> bool:
        """No family matches."""
        return _value(self.body) == 0


def total(body: Mapping[str, Any]) -> tuple[int, str]:
    """Families that match, cut at TOTAL_LIMIT, and how to read the number."""
    value = _value(body)
    return (TOTAL_LIMIT, "gte") if value > TOTAL_LIMIT else (value, "eq")


def _value(body: Mapping[str, Any]) -> int:
    try:
        return int(body["hits"]["total"]["value"])
    except (KeyError, TypeError) as error:
        raise BackendUnavailable("What answers as Elasticsearch sent no search result.") from error


def page(query: Query, plan: Plan, answer: Answer, warnings: Sequence[str]) -> ResultPage:
    """The page of an answer that was asked for one family more than the page shows."""
    found = answer.body["hits"]["hits"]
    shown = found[: query.limit]
    wanted = Wanted(plan.terms)
    count, relation = total(answer.body)
    following = None
    if len(found) > len(shown):
        following = encode_cursor(query, Cursor(answer.generation, (answer.level, *shown[-1]["sort"])))
    return ResultPage(
        total=count,
        total_relation=relation,
        hits=tuple(_hit(plan, wanted, each) for each in shown),
        facets=_facets(query.facets, answer.body),
        next_cursor=following,
        generation=answer.generation,
        warnings=tuple(warnings),
    )


def _hit(plan: Plan, wanted: Wanted, found: Mapping[str, Any]) -> Hit:
    best = found["inner_hits"][PATH]["hits"]["hits"][0]
    document = load_document(best["_source"]["stored"])
    why, highlights = explain(plan, wanted, document)
    return Hit(
        notice_id=document.notice_id,
        family=document.family,
        revision=document.revision,
        score=shown_score(plan, float(found["_score"] or 0.0)),
        why=why,
        highlights=highlights,
    )


def _facets(names: Sequence[str], body: Mapping[str, Any]) -> dict[str, tuple[FacetValue, ...]]:
    if not names:
        return {}
    counted = body["aggregations"]["revisions"]["matched"]
    return {name: _values(counted[name]["buckets"]) for name in names}


def _values(buckets: Sequence[Mapping[str, Any]]) -> tuple[FacetValue, ...]:
    values = [FacetValue(str(each["key"]), min(int(each["families"]["doc_count"]), TOTAL_LIMIT)) for each in buckets]
    return tuple(sorted(values, key=lambda each: (-each.count, each.value)))
