"""How many families match, and how many carry each value."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.backends.columns.snapshot import Snapshot
from index.backends.columns.values import Coded, Mask
from notices.search import TOTAL_LIMIT, FacetValue

_COLUMNS = {"market": "markets", "sector": "sectors"}


class Counted:
    """The matching rows of a page, told apart by whether another row could be of their family."""

    def __init__(self, snapshot: Snapshot, mask: Mask) -> None:
        self._snapshot = snapshot
        self._mask = mask

    @cached_property
    def _alone(self) -> NDArray[np.intp]:
        return np.flatnonzero(self._mask & self._snapshot.alone)

    @cached_property
    def _shared(self) -> Mask:
        return self._mask & ~self._snapshot.alone

    def total(self) -> int:
        """How many families."""
        coded, names = self._snapshot.families
        seen = np.zeros(len(names), bool)
        seen[coded[self._shared]] = True
        return len(self._alone) + int(np.count_nonzero(seen))

    def facet(self, name: str) -> tuple[FacetValue, ...]:
        """How many families carry each value, counted once a family and cut at TOTAL_LIMIT; most first."""
        column = _facet_column(self._snapshot, name)
        size = len(column.values)
        if column.by_row is not None:
            counts = np.bincount(column.by_row[self._alone], minlength=size + 1)[:size]
        else:
            alone = (self._mask & self._snapshot.alone)[column.rows]
            counts = np.bincount(column.numbers[alone], minlength=size)
        here = np.flatnonzero(self._shared[column.rows])
        if len(here):
            families = self._snapshot.families[0][column.rows[here]].astype(np.int64)
            pairs = np.sort(families * size + column.numbers[here])
            first = np.diff(pairs, prepend=-1) > 0
            counts = counts + np.bincount(pairs[first] % size, minlength=size)
        found = [
            FacetValue(column.values[at], min(int(counts[at]), TOTAL_LIMIT)) for at in np.flatnonzero(counts).tolist()
        ]
        return tuple(sorted(found, key=lambda each: (-each.count, each.value)))


def chapter(value: str) -> str | None:
    """The HS chapter or ICS field of a declared or inherited code."""
    whose, _, code = value.partition(":")
    return None if whose == "inferred" else code[:2]


def _facet_column(snapshot: Snapshot, name: str) -> Coded:
    if name in ("hs", "ics"):
        return snapshot.grouped(name, chapter)
    return snapshot.coded(_COLUMNS.get(name, name))
