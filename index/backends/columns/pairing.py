"""Which rows have two common words near each other: found while writing, so that no query has to sift their places.

Only pairs of which both are common are kept (a rare word's few places are looked up quickly), about a row number for
every second token of the stream.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

COMMON_PLACES = 4_000
"""A token with so many places in a segment is common."""
REACH = (1, 2)
"""A pair is near with none or one other token between, as the widest phrase that a plan asks for."""


def pairs(
    tokens: NDArray[np.int32], places: NDArray[np.int32], rows: NDArray[np.int32], size: int
) -> dict[str, NDArray[Any]]:
    """The common tokens; by pair of them, coded as place in that list of the first times its length plus of the
    second, the rows in which they are near, in order. Takes the stream without its gaps and the places with them."""
    common = np.flatnonzero(np.bincount(tokens, minlength=size) >= COMMON_PLACES).astype(np.int32)
    code = np.full(size, -1, np.int64)
    code[common] = np.arange(len(common))
    codes = code[tokens]
    width = int(rows[-1]) + 1 if len(rows) else 1
    found = []
    for step in REACH:
        near = (codes[:-step] >= 0) & (codes[step:] >= 0) & (places[step:] - places[:-step] == step)
        at = np.flatnonzero(near)
        found.append((codes[at] * len(common) + codes[at + step]) * width + rows[at])
    both = np.sort(np.concatenate(found))  # np.unique would hash first, at twenty times the time
    both = both[np.diff(both, prepend=-1) > 0]
    keys = both // width
    near_rows = both - keys * width
    heads = np.flatnonzero(np.diff(keys, prepend=-1))
    return {
        "common": common,
        "pair": keys[heads],
        "pair_start": np.append(heads, len(keys)).astype(np.int64),
        "pair_row": near_rows.astype(np.int32),
    }
