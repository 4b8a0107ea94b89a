"""Our compiled clauses and filters as Elasticsearch queries on one nested document (a revision). No scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from index.backends.elastic_mapping import PATH, text_field
from index.fields import code_prefixes
from index.plan import (
    FIELD_WEIGHTS,
    AllOf,
    AnyOf,
    AtLeast,
    Clause,
    CodeLeaf,
    Everything,
    Leaf,
    NoneOf,
    Nothing,
    PhraseLeaf,
    PrefixLeaf,
    TokenLeaf,
)
from notices.search import CodeFilter, DateRange, Filters

Dsl = dict[str, Any]

NEAR_SLOP = 1
"""Up to here match_phrase keeps the order of its words; a wider one could turn them round, so intervals take over."""


def clause(node: Clause) -> Dsl:
    """One clause, true and scored as the table in index.plan says."""
    match node:
        case Everything():
            return {"match_all": {"boost": 0.0}}
        case Nothing():
            return {"match_none": {}}
        case NoneOf(part):
            return {"bool": {"must_not": [clause(part)]}}
        case AllOf(parts):
            return {"bool": {"must": [clause(part) for part in parts]}}
        case AnyOf(parts):
            return {"dis_max": {"queries": [clause(part) for part in parts], "tie_breaker": 0.0}}
        case AtLeast(count, parts):
            return {"bool": {"should": [clause(part) for part in parts], "minimum_should_match": count}}
        case leaf:
            return _leaf(leaf)


def _leaf(leaf: Leaf) -> Dsl:
    match leaf:
        case TokenLeaf(token, weight):
            return _token(token, weight)
        case PhraseLeaf():
            return _phrase(leaf)
        case PrefixLeaf(prefix, weight):
            return _constant(any_of({"prefix": {text_field(name): prefix}} for name in FIELD_WEIGHTS), weight)
        case CodeLeaf(system, codes, weight, below):
            return _constant(terms(f"{system}_under" if below else system, codes), weight)


def _token(token: str, weight: float) -> Dsl:
    leaves = [
        {"term": {text_field(name): {"value": token, "boost": weight * each}}} for name, each in FIELD_WEIGHTS.items()
    ]
    return any_of(leaves)


def _phrase(node: PhraseLeaf) -> Dsl:
    places = [_stretch(text_field(name), node) for name in FIELD_WEIGHTS]
    words = [_token(token, node.weight) for token in node.tokens]
    return {"bool": {"filter": [any_of(places)], "must": words}}


def _stretch(name: str, node: PhraseLeaf) -> Dsl:
    text = " ".join(node.tokens)
    if node.slop <= NEAR_SLOP:
        return {"match_phrase": {name: {"query": text, "slop": node.slop}}}
    return {"intervals": {name: {"match": {"query": text, "max_gaps": node.slop, "ordered": True}}}}


def _constant(query: Dsl, weight: float) -> Dsl:
    return {"constant_score": {"filter": query, "boost": weight}}


def any_of(queries: Iterable[Dsl]) -> Dsl:
    """One of the queries or more; scores add up."""
    listed = list(queries)
    if not listed:
        return {"match_none": {}}
    return listed[0] if len(listed) == 1 else {"bool": {"should": listed, "minimum_should_match": 1}}


def terms(name: str, values: Sequence[str]) -> Dsl:
    """The nested field holds one of the values."""
    return {"terms": {f"{PATH}.{name}": list(values)}}


def filters(wanted: Filters, day: date) -> list[Dsl]:
    """Everything that must hold besides the words: the validity on the day asked for, and each filter."""
    found = [_valid(wanted.as_of)]
    for name, values in _value_filters(wanted):
        found.append(terms(name, values))
    for name, values in _ruled_out(wanted):
        found.append({"bool": {"must_not": [terms(name, values)]}})
    for system, codes in (("hs", wanted.hs), ("ics", wanted.ics)):
        if codes:
            found.append(any_of([*direct(system, codes), *_broad(system, codes)]))
    for system, codes in (("hs", wanted.not_hs), ("ics", wanted.not_ics)):
        if codes:
            found.append({"bool": {"must_not": [*direct(system, codes), *_broad(system, codes)]}})
    for name, span in (("published_on", wanted.published), ("comment_until", wanted.deadline)):
        if span is not None:
            found.append(_between(name, span))
    if wanted.open is not None:
        pending = is_open(day)
        found.append(pending if wanted.open else {"bool": {"must_not": [pending]}})
    return found


def _value_filters(wanted: Filters) -> Iterable[tuple[str, tuple[str, ...]]]:
    pairs = (
        ("market", wanted.markets),
        ("kind", tuple(kind.value for kind in wanted.kinds)),
        ("sector", wanted.sectors),
        ("source", wanted.sources),
    )
    return [(name, values) for name, values in pairs if values]


def _ruled_out(wanted: Filters) -> Iterable[tuple[str, tuple[str, ...]]]:
    pairs = (
        ("market", wanted.not_markets),
        ("kind", tuple(kind.value for kind in wanted.not_kinds)),
        ("sector", wanted.not_sectors),
        ("source", wanted.not_sources),
    )
    return [(name, values) for name, values in pairs if values]


def _valid(as_of: date | None) -> Dsl:
    ended = {"exists": {"field": f"{PATH}.valid_until"}}
    if as_of is None:
        return {"bool": {"must_not": [ended]}}
    still = {"range": {f"{PATH}.valid_until": {"gt": as_of.isoformat()}}}
    begun = {"range": {f"{PATH}.valid_from": {"lte": as_of.isoformat()}}}
    return {"bool": {"filter": [begun, any_of([still, {"bool": {"must_not": [ended]}}])]}}


def direct(system: str, codes: Sequence[CodeFilter]) -> list[Dsl]:
    """The ways in which a code filter holds by the code itself or one below it (empty for no codes)."""
    found: list[Dsl] = []
    for name, picked in _by_word(system, codes):
        exact = [code.code for code in picked if code.exact]
        under = [code.code for code in picked if not code.exact]
        found += [terms(name, exact)] if exact else []
        found += [terms(f"{name}_under", under)] if under else []
    return found


def _broad(system: str, codes: Sequence[CodeFilter]) -> list[Dsl]:
    """The ways in which it holds by a declared code that lies above the wanted one."""
    found: list[Dsl] = []
    for name, picked in _by_word(system, codes):
        above = {up for code in picked if not code.exact for up in code_prefixes(system, code.code)[:-1]}
        found += [terms(name, sorted(above))] if above else []
    return found


def _by_word(system: str, codes: Sequence[CodeFilter]) -> list[tuple[str, list[CodeFilter]]]:
    """Which codes look into declared codes (all), and which into inferred ones too."""
    pairs = [(system, list(codes)), (f"{system}_inferred", [code for code in codes if code.inferred])]
    return [(name, picked) for name, picked in pairs if picked]


def _between(name: str, span: DateRange) -> Dsl:
    ends = {"gte": span.start, "lte": span.end}
    return {"range": {f"{PATH}.{name}": {key: day.isoformat() for key, day in ends.items() if day is not None}}}


def is_open(day: date) -> Dsl:
    """The comment deadline is this day or later."""
    return {"range": {f"{PATH}.deadline_day": {"gte": day.toordinal()}}}
