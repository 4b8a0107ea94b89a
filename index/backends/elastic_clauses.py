"""Our compiled clauses and filters as Elasticsearch queries on one nested document (a revision). No scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from index.backends.elastic_mapping import ALL_TEXT, PATH, text_field
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


def scored(node: Clause) -> Dsl:
    """One clause, true and scored as the table in index.plan says: BM25F over the weighted fields."""
    return _clause(node, _scored_leaf)


def true(node: Clause) -> Dsl:
    """The same clause where only its truth counts: one field instead of four."""
    return _clause(node, _true_leaf)


def _clause(node: Clause, render: Callable[[Leaf], Dsl]) -> Dsl:
    match node:
        case Everything():
            return {"match_all": {"boost": 0.0}}
        case Nothing():
            return {"match_none": {}}
        case NoneOf(part):
            return {"bool": {"must_not": [_clause(part, _true_leaf)]}}
        case AllOf(parts):
            return {"bool": {"must": [_clause(part, render) for part in parts]}}
        case AnyOf(parts):
            return {"dis_max": {"queries": [_clause(part, render) for part in parts], "tie_breaker": 0.0}}
        case AtLeast(count, parts):
            return {"bool": {"should": [_clause(part, render) for part in parts], "minimum_should_match": count}}
        case leaf:
            return render(leaf)


def _true_leaf(leaf: Leaf) -> Dsl:
    match leaf:
        case TokenLeaf(token):
            return {"term": {ALL_TEXT: token}}
        case PhraseLeaf():
            return _stretch(leaf)
        case PrefixLeaf(prefix):
            return {"prefix": {ALL_TEXT: prefix}}
        case CodeLeaf(system, codes, _, below):
            return terms(f"{system}_under" if below else system, codes)


def _scored_leaf(leaf: Leaf) -> Dsl:
    match leaf:
        case TokenLeaf(token, weight):
            return _token(token, weight)
        case PhraseLeaf(tokens, weight):
            words = [_token(token, weight) for token in tokens]
            return {"bool": {"filter": [_stretch(leaf)], "must": words}}
        case PrefixLeaf(_, weight) | CodeLeaf(_, _, weight):
            return {"constant_score": {"filter": _true_leaf(leaf), "boost": weight}}


def _token(token: str, weight: float) -> Dsl:
    fields = [f"{text_field(name)}^{each}" for name, each in FIELD_WEIGHTS.items()]
    found: Dsl = {"combined_fields": {"query": token, "fields": fields}}
    return found if weight == 1.0 else {"bool": {"must": [found], "boost": weight}}


def _stretch(leaf: PhraseLeaf) -> Dsl:
    text = " ".join(leaf.tokens)
    if leaf.slop <= NEAR_SLOP:
        return {"match_phrase": {ALL_TEXT: {"query": text, "slop": leaf.slop}}}
    return {"intervals": {ALL_TEXT: {"match": {"query": text, "max_gaps": leaf.slop, "ordered": True}}}}


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
