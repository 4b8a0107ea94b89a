"""Filters as row masks over a snapshot's columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index.backends.columns.segment import Rows
from index.backends.columns.snapshot import Snapshot
from index.backends.columns.values import Mask
from index.backends.columns.writing import NO_DAY
from index.fields import Match, match_code
from index.plan import Plan
from notices.model import Provenance
from notices.search import CodeFilter, CodeTag, DateRange


def allowed_rows(snapshot: Snapshot, plan: Plan) -> Mask:
    """The rows that every filter lets through: by default the open-ended revisions."""
    filters = plan.filters
    mask = _valid(snapshot, plan)
    for column, wanted, barred in (
        ("markets", filters.markets, filters.not_markets),
        ("kind", filters.kinds, filters.not_kinds),
        ("sectors", filters.sectors, filters.not_sectors),
        ("source", filters.sources, filters.not_sources),
    ):
        if wanted:
            mask = mask & _carrying(snapshot, column, frozenset(map(str, wanted)))
        if barred:
            mask = mask & ~_carrying(snapshot, column, frozenset(map(str, barred)))
    for system, codes, without in (("hs", filters.hs, filters.not_hs), ("ics", filters.ics, filters.not_ics)):
        if codes:
            mask = mask & _either(snapshot, system, codes)
        if without:
            mask = mask & ~_either(snapshot, system, without)
    if filters.published is not None:
        mask = mask & _within(snapshot.published, filters.published)
    if filters.deadline is not None:
        mask = mask & _within(snapshot.deadline, filters.deadline) & (snapshot.deadline != NO_DAY)
    if filters.open is not None:
        mask = mask & (_open(snapshot, plan) if filters.open else ~_open(snapshot, plan))
    return mask


def broad_rows(snapshot: Snapshot, plan: Plan) -> Mask | None:
    """Rows that answer a code filter through a broader code only; None when there is no code filter."""
    broad: Mask | None = None
    for system, codes in (("hs", plan.filters.hs), ("ics", plan.filters.ics)):
        if codes:
            only = ~_coded(snapshot, system, codes, Match.DIRECT)
            broad = only if broad is None else broad | only
    return broad


def _valid(snapshot: Snapshot, plan: Plan) -> Mask:
    if plan.filters.as_of is None:
        return snapshot.current
    day = plan.filters.as_of.toordinal()
    valid: Mask = snapshot.live & (snapshot.valid_from <= day) & (day < snapshot.valid_until)
    return valid


def _open(snapshot: Snapshot, plan: Plan) -> Mask:
    day = plan.day.toordinal()
    still: Mask = (snapshot.deadline >= day) & (snapshot.deadline != NO_DAY)
    return still


def _within(days: Rows, span: DateRange) -> Mask:
    mask = np.ones(len(days), bool)
    if span.start is not None:
        mask &= days >= span.start.toordinal()
    if span.end is not None:
        mask &= days <= span.end.toordinal()
    return mask


def _carrying(snapshot: Snapshot, column: str, values: frozenset[str]) -> Mask:
    return snapshot.mask((column, values), lambda: snapshot.coded(column).chosen(values.__contains__))


def _either(snapshot: Snapshot, system: str, codes: tuple[CodeFilter, ...]) -> Mask:
    both: Mask = _coded(snapshot, system, codes, Match.DIRECT) | _coded(snapshot, system, codes, Match.BROAD)
    return both


def _coded(snapshot: Snapshot, system: str, wanted: tuple[CodeFilter, ...], match: Match) -> Mask:
    answers = _answers(system, wanted, match)
    return snapshot.mask((system, wanted, match), lambda: snapshot.coded(system).chosen(answers))


def _answers(system: str, wanted: tuple[CodeFilter, ...], match: Match) -> Callable[[str], bool]:
    def answers(value: str) -> bool:
        whose, _, code = value.partition(":")
        tag = CodeTag(code, Provenance(whose))
        return any(match_code(system, each, tag) is match for each in wanted)

    return answers
