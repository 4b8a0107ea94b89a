"""Rows of a segment in which tokens stand in order: the places of the rarest token, looked up in the token stream."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.backends.columns.segment import Rows, Segment

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

_FEW = 8
"""With so many times fewer rows than places, the places of each row are looked up instead of all being sifted."""


def phrase_rows(segment: Segment, numbers: Sequence[int], slop: int, within: Flags) -> Rows:
    """Rows ``within`` where the tokens stand in order, ``slop`` (0 or 1) others between them in all; rows may repeat.

    A look into the stream costs five times one into a mask, so the rows are cut down first.
    """
    for pair in pairwise(numbers):
        near = segment.near(*pair)
        if near is not None:
            near = near[within[near]]
            if slop and len(numbers) == 2:
                return near
            within = np.zeros(segment.rows, bool)
            within[near] = True
    starts = segment.place_start
    anchor = 0
    if slop == 0 or len(numbers) == 2:
        anchor = int(np.argmin([starts[number + 1] - starts[number] for number in numbers]))
    places, rows = _places(segment, numbers[anchor], within)
    if not len(places):
        return rows
    stream = segment.stream
    if slop == 0:
        keep = _in_line(stream, places, numbers, anchor)
    elif len(numbers) == 2:
        step, other = (1 if anchor == 0 else -1), numbers[1 - anchor]
        keep = (stream[places + step] == other) | (stream[places + 2 * step] == other)
    else:
        keep = _sloppy(stream, places, numbers)
    found: Rows = rows[keep]
    return found


def _places(segment: Segment, number: int, within: Flags) -> tuple[Places, Rows]:
    """Where a token stands in the rows within, and in which of them."""
    span = slice(segment.place_start[number], segment.place_start[number + 1])
    places, rows = segment.place[span], segment.place_row[span]
    wanted = np.flatnonzero(within).astype(np.int32)
    if len(wanted) * _FEW > len(rows):
        inside = np.flatnonzero(within[rows])
    else:
        first = np.searchsorted(rows, wanted)
        counts = np.searchsorted(rows, wanted, side="right") - first
        ends = np.cumsum(counts)
        inside = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - counts), counts)
    return places[inside].astype(np.int64), rows[inside]


def _in_line(stream: NDArray[np.int32], places: Places, numbers: Sequence[int], anchor: int) -> Flags:
    last = len(stream) - 1  # both ends of the stream are gaps
    keep = np.ones(len(places), bool)
    for index, number in enumerate(numbers):
        if index != anchor:
            keep &= stream[np.clip(places + (index - anchor), 0, last)] == number
    return keep


def _sloppy(stream: NDArray[np.int32], places: Places, numbers: Sequence[int]) -> Flags:
    """Which starts lead through all tokens with at most one other between them: two ways are followed at once."""
    tight = np.ones(len(places), bool)
    loose = np.zeros(len(places), bool)
    last = len(stream) - 1
    for index, number in enumerate(numbers[1:], start=1):
        here = stream[np.minimum(places + index, last)] == number
        after = stream[np.minimum(places + index + 1, last)] == number
        loose = (loose | tight) & after
        tight = tight & here
    return tight | loose
