"""What a snapshot's columns and words come to: arrays over its rows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from index.backends.columns.segment import Rows

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]

WORDS_BYTES = 32_000_000
"""For the rows and scores of the words asked last: five bytes a word and row."""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows and their scores; 0 where the mask is False. Neither array is ever written to again."""

    mask: Mask
    scores: Scores


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of any number of values a row: pairs of row and value number, and the values by number."""

    rows: Rows
    numbers: NDArray[np.int32]
    values: tuple[str, ...]
    by_row: NDArray[np.intp] | None = None
    """Each row's only value, as many as there are values for none; None when a row has several."""

    def chosen(self, keep: Callable[[str], bool]) -> Rows:
        """The rows that carry a value to keep; a row may come twice."""
        wanted = np.fromiter(map(keep, self.values), bool, len(self.values))
        rows: Rows = self.rows[wanted[self.numbers]]
        return rows


class Words:
    """What the latest common words came to; safe among threads."""

    def __init__(self, rows: int) -> None:
        self._most = WORDS_BYTES // (5 * max(rows, 1))
        self._common = rows // 50
        self._found: OrderedDict[str, Found] = OrderedDict()
        self._lock = Lock()

    def get(self, token: str) -> Found | None:
        """What was kept."""
        with self._lock:
            if token in self._found:
                self._found.move_to_end(token)
            return self._found.get(token)

    def keep(self, token: str, found: Found | None) -> None:
        """Keep it, unless it is quickly found again."""
        if found is None or np.count_nonzero(found.mask) < self._common:
            return
        with self._lock:
            self._found[token] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)
