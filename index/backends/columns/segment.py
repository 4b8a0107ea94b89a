"""A written segment, opened for reading: arrays mapped into memory, vocabulary in a sorted list."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from index.backends.columns.files import read_array
from index.backends.columns.writing import MULTI, Row

_ARRAYS = ("stream", "place", "place_row", "place_start", "row", "impact", "row_start")
_PAIRS = ("common", "pair", "pair_start", "pair_row")
_COLUMNS = ("revision", "passages", "published", "deadline", "valid_from", "valid_until")

Rows = NDArray[np.int32]


def _bytes_of(path: Path) -> NDArray[np.uint8]:
    return np.memmap(path, np.uint8, "r").view(np.ndarray) if path.stat().st_size else np.empty(0, np.uint8)


class Segment:
    """Immutable; rows count from 0 within it. Raises FileNotFoundError when it was removed meanwhile."""

    def __init__(self, folder: Path, dead: Path | None) -> None:
        self.folder = folder
        text = (folder / "vocabulary.txt").read_bytes().decode()
        self.vocabulary = text.split("\n") if text else []
        for name in (*_ARRAYS, *_PAIRS):
            setattr(self, name, read_array(folder / f"{name}.npy"))
        self.columns: dict[str, NDArray[np.int32]] = {name: read_array(folder / f"{name}.npy") for name in _COLUMNS}
        named = orjson.loads((folder / "rows.json").read_bytes())
        self.names: dict[str, list[str]] = named["names"]
        self.values: dict[str, list[str]] = named["values"]
        self.stored_start: NDArray[np.int64] = read_array(folder / "stored_start.npy")
        self._stored: NDArray[np.uint8] = _bytes_of(folder / "stored.bin")
        self.live = np.ones(self.rows, bool)
        if dead is not None:
            self.live[read_array(dead)] = False

    stream: NDArray[np.int32]
    place: NDArray[np.int32]
    place_row: Rows
    place_start: NDArray[np.int64]
    row: Rows
    impact: NDArray[np.float32]
    row_start: NDArray[np.int64]
    common: NDArray[np.int32]
    pair: NDArray[np.int64]
    pair_start: NDArray[np.int64]
    pair_row: Rows

    @property
    def rows(self) -> int:
        """How many rows it holds, dead ones too."""
        return len(self.names["notice_id"])

    def number(self, token: str) -> int | None:
        """The token's number, or None."""
        at = bisect_left(self.vocabulary, token)
        return at if at < len(self.vocabulary) and self.vocabulary[at] == token else None

    def beginning(self, prefix: str) -> tuple[int, int]:
        """First and one past the last number of the tokens that begin so."""
        start = bisect_left(self.vocabulary, prefix)
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix and ord(prefix[-1]) < 0x10FFFF else None
        return start, len(self.vocabulary) if after is None else bisect_left(self.vocabulary, after, start)

    def near(self, first: int, second: int) -> Rows | None:
        """The rows in which a token stands before another with at most one between; None when one of them is rare."""
        one, other = self._common(first), self._common(second)
        if one is None or other is None:
            return None
        wanted = one * len(self.common) + other
        at = int(np.searchsorted(self.pair, wanted))
        if at == len(self.pair) or self.pair[at] != wanted:
            return self.pair_row[:0]
        return self.pair_row[self.pair_start[at] : self.pair_start[at + 1]]

    def _common(self, number: int) -> int | None:
        at = int(np.searchsorted(self.common, number))
        return at if at < len(self.common) and self.common[at] == number else None

    def pairs(self, name: str) -> tuple[Rows, NDArray[np.int32]]:
        """(row, value number) of a coded column."""
        return read_array(self.folder / f"{name}_row.npy"), read_array(self.folder / f"{name}_value.npy")

    def stored(self, row: int) -> bytes:
        """The stored form of a row's document."""
        return self._stored[self.stored_start[row] : self.stored_start[row + 1]].tobytes()

    def live_rows(self) -> Iterator[Row]:
        """Every live row as it was added, for a merge."""
        lists: dict[int, list[tuple[int, list[str]]]] = {}
        arrays = [read_array(self.folder / f"list_{name}.npy") for name in ("row", "field", "start", "length")]
        vocabulary = self.vocabulary
        for row, place, start, length in zip(*(array.tolist() for array in arrays), strict=True):
            if self.live[row]:
                numbers = self.stream[start : start + length].tolist()
                lists.setdefault(row, []).append((place, [vocabulary[number] for number in numbers]))
        coded = {name: self._lists(name) for name in ("source", "kind", *MULTI)}
        for row in np.flatnonzero(self.live).tolist():
            columns: dict[str, Any] = {name: self.names[name][row] for name in self.names}
            columns |= {name: int(array[row]) for name, array in self.columns.items()}
            columns |= {name: coded[name][row] for name in MULTI}
            columns |= {name: coded[name][row][0] for name in ("source", "kind")}
            yield Row(columns, lists.get(row, []), self.stored(row))

    def _lists(self, name: str) -> list[list[str]]:
        found: list[list[str]] = [[] for _ in range(self.rows)]
        rows, values = self.pairs(name)
        for row, value in zip(rows.tolist(), values.tolist(), strict=True):
            found[row].append(self.values[name][value])
        return found
