"""Which rows match a plan, and the final scores of those that may be shown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from index.backends.columns.filtering import broad_rows
from index.backends.columns.matching import Matcher, looks_at_places
from index.backends.columns.snapshot import Snapshot
from index.backends.columns.values import Found, Mask, Scores
from index.plan import BROAD_FACTOR, IDENTIFIER_SCORE, Clause, Plan
from notices.search import Sort

Selected = NDArray[np.intp]

_WORTH_CUTTING = 300
"""Fewer rows than these are scored without looking first which of them could be shown."""
_FIRST = 8
"""So many times the rows of a page are scored first, by what they could score; most often that is all."""
_SLACK = np.float32(1.0001)
"""Sums in another order differ in their last bits."""


def matches(snapshot: Snapshot, plan: Plan, clause: Clause, matcher: Matcher) -> Found:
    """What matches the words, and what the query names."""
    found = matcher.truth(clause)
    named = _named(snapshot, plan)
    if not named:
        return found
    mask = found.mask.copy()
    mask[named] = matcher.allowed[named]
    return Found(mask, found.scores)


def scored(
    snapshot: Snapshot, plan: Plan, matcher: Matcher, found: Found, families: int | None
) -> tuple[Selected, Scores]:
    """The rows that may be among the best so many families (all when None), with their final scores.

    Phrases that only add to a score are looked at only in rows that they could bring to the page: no row
    scores more than with all of their words side by side.
    """
    rows = np.flatnonzero(found.mask)
    if plan.sort is not Sort.RELEVANCE or not len(rows):
        return rows, found.scores[rows]
    finish = _finisher(snapshot, plan)
    lower = found.scores
    for boost in plan.boosts:
        added = None if looks_at_places(boost) else matcher.score(boost, found.mask)
        lower = lower if added is None else lower + added
    phrases = [boost for boost in plan.boosts if looks_at_places(boost)]

    def exact(rows: Selected) -> Scores:
        scores = lower[rows]
        within: Mask = np.zeros(snapshot.rows, bool)
        within[rows] = True
        for boost in phrases:
            added = matcher.score(boost, within)
            scores = scores if added is None else scores + added[rows]
        return finish(scores, rows)

    if families is not None and len(rows) > _WORTH_CUTTING:
        upper = lower
        for boost in phrases:
            most = matcher.most(boost)
            upper = upper if most is None else upper + most
        highest = finish(upper[rows], rows)
        top = _top(highest, _FIRST * families)
        scores = exact(rows[top])
        least = _least(scores, snapshot.families[0][rows[top]], families)
        if least >= highest[top].min() * _SLACK:
            return rows[top], scores
        rows = rows[highest * _SLACK >= least]
    return rows, exact(rows)


def _finisher(snapshot: Snapshot, plan: Plan) -> Callable[[Scores, Selected], Scores]:
    """From a sum to the score that orders: by kind, by how a code filter holds, by name. Never turns two around."""
    broad = broad_rows(snapshot, plan)
    named = _named(snapshot, plan)
    constant = np.float32(not plan.scored)

    def finish(sums: Scores, rows: Selected) -> Scores:
        scores: Scores = sums * snapshot.prior[rows] + constant
        if broad is not None:
            scores[broad[rows]] *= np.float32(BROAD_FACTOR)
        if named:
            scores[np.isin(rows, named)] += np.float32(IDENTIFIER_SCORE)
        return scores

    return finish


def _named(snapshot: Snapshot, plan: Plan) -> list[int]:
    return sorted({row for key in plan.identifiers for row in snapshot.named_rows.get(key, ())})


def _top(scores: Scores, count: int) -> Selected:
    """Where the highest stand, and all that are level with the last of them."""
    if count >= len(scores):
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.partition(scores, len(scores) - count)[len(scores) - count])


def _least(scores: Scores, families: NDArray[np.int32], wanted: int) -> np.float32:
    """What the last of the wanted families scores by its best row; nothing below can be among them."""
    order = np.argsort(-scores, kind="stable")
    first = np.sort(np.unique(families[order], return_index=True)[1])
    return np.float32(scores[order[first[wanted - 1]]]) if len(first) >= wanted else np.float32(-np.inf)
