"""From matching rows to a page: one row a family, in order, after a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.backends.columns.snapshot import Snapshot
from index.backends.columns.values import Mask
from index.backends.columns.writing import NO_DAY
from index.paging import Key
from index.plan import Plan
from notices.search import Sort

Rows = NDArray[np.intp]
Order = tuple[NDArray[np.float64], ...]
"""Ascending sort values by row of a selection, most significant first; the last is the notice id's rank."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Matching rows with the values that order them."""

    rows: Rows
    order: Order

    def take(self, chosen: NDArray[np.intp] | Mask) -> Ranked:
        """Some of them."""
        return Ranked(self.rows[chosen], tuple(values[chosen] for values in self.order))


def rank(snapshot: Snapshot, plan: Plan, rows: Rows, scores: NDArray[np.float32]) -> Ranked:
    """The rows with their sort values for the plan's sort."""
    published = -snapshot.published[rows].astype(np.float64)
    ids = snapshot.id_rank[rows].astype(np.float64)
    if plan.sort is Sort.RELEVANCE:
        return Ranked(rows, (-scores.astype(np.float64), published, ids))
    if plan.sort is Sort.PUBLISHED:
        return Ranked(rows, (published, ids))
    deadline, day = snapshot.deadline[rows].astype(np.float64), plan.day.toordinal()
    none, passed = deadline == NO_DAY, deadline < day
    group = np.where(none, 1.0, np.where(passed, 2.0, 0.0))
    within = np.where(none, 0.0, np.where(passed, -deadline, deadline))
    return Ranked(rows, (group, within, ids))


def best_of_families(snapshot: Snapshot, ranked: Ranked) -> Ranked:
    """The first row of each family."""
    family = snapshot.families[0][ranked.rows]
    times = np.bincount(family, minlength=1) if len(family) else np.empty(0, np.int64)
    lonely = times[family] == 1
    if lonely.all():
        return ranked
    shared = np.flatnonzero(~lonely)
    keys: list[NDArray[Any]] = [values[shared] for values in reversed(ranked.order)]
    order = np.lexsort([*keys, family[shared]])
    sorted_family = family[shared][order]
    first = np.ones(len(order), bool)
    first[1:] = sorted_family[1:] != sorted_family[:-1]
    return ranked.take(np.concatenate((np.flatnonzero(lonely), shared[order[first]])))


def after(snapshot: Snapshot, ranked: Ranked, key: Key) -> Ranked:
    """What comes behind a cursor's key, whether or not its notice is still there."""
    values = [float(part) for part in key[:-1] if isinstance(part, (int, float))]
    values.append(snapshot.rank_after(str(key[-1])) - 0.5)
    behind = np.zeros(len(ranked.rows), bool)
    level = np.ones(len(ranked.rows), bool)
    for mine, theirs in zip(ranked.order, values, strict=False):
        behind |= level & (mine > theirs)
        level &= mine == theirs
    return ranked.take(behind)


def first_rows(ranked: Ranked, count: int) -> Ranked:
    """The first ``count`` in order."""
    chosen = np.arange(len(ranked.rows))
    if len(chosen) > 4 * count + 1000:
        lead = ranked.order[0]
        bound = np.partition(lead, count)[count]
        chosen = np.flatnonzero(lead <= bound)
    order = np.lexsort([values[chosen] for values in reversed(ranked.order)])
    return ranked.take(chosen[order[:count]])


def key_of(snapshot: Snapshot, ranked: Ranked, at: int) -> Key:
    """The cursor key of one of them."""
    return (*(float(values[at]) for values in ranked.order[:-1]), snapshot.notice_ids[int(ranked.rows[at])])
