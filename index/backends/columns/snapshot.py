"""One state of the index, whole and unchanging: segments side by side, their columns joined in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.backends.columns.manifest import Manifest
from index.backends.columns.segment import Rows, Segment
from index.backends.columns.values import Coded, Mask, Words
from index.backends.columns.writing import NO_DAY
from index.plan import KIND_PRIOR
from index.records import StoredDocument

_MAX_MASKS = 64


class Snapshot:
    """Rows count through all segments: a segment's row plus its offset."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        home = folder / manifest.generation
        self.segments = [
            Segment(home / entry.folder, home / entry.dead if entry.dead else None) for entry in manifest.segments
        ]
        counts = [segment.rows for segment in self.segments]
        self.offsets = [sum(counts[:index]) for index in range(len(counts))]
        self.rows = sum(counts)
        self.live: Mask = _joined([segment.live for segment in self.segments], bool)
        self.notice_ids = [name for segment in self.segments for name in segment.names["notice_id"]]
        self.published, self.deadline, self.valid_from, self.valid_until = (
            _joined([segment.columns[name] for segment in self.segments], np.int32)
            for name in ("published", "deadline", "valid_from", "valid_until")
        )
        self.current: Mask = self.live & (self.valid_until == NO_DAY)
        self.words = Words(self.rows)
        self._coded: dict[str, Coded] = {}
        self._masks: dict[tuple[object, ...], Mask] = {}

    @cached_property
    def sorted_ids(self) -> list[str]:
        """Every notice id once, in order."""
        return sorted(set(self.notice_ids))

    @cached_property
    def id_rank(self) -> NDArray[np.int32]:
        """Each row's place of its notice id in :attr:`sorted_ids`: the last resort of every order."""
        places = {name: place for place, name in enumerate(self.sorted_ids)}
        return np.fromiter(map(places.__getitem__, self.notice_ids), np.int32, self.rows)

    @cached_property
    def families(self) -> tuple[NDArray[np.int32], list[str]]:
        """Each row's family number, and the families by number."""
        numbers: dict[str, int] = {}
        names = [name for segment in self.segments for name in segment.names["family"]]
        coded = np.fromiter((numbers.setdefault(name, len(numbers)) for name in names), np.int32, self.rows)
        return coded, list(numbers)

    @cached_property
    def alone(self) -> Mask:
        """The rows that are all there is of their family."""
        family = self.families[0]
        alone: Mask = np.bincount(family, minlength=1)[family] == 1
        return alone

    def rank_after(self, notice_id: str) -> int:
        """The first rank behind this id, whether or not it is (still) there."""
        return bisect_right(self.sorted_ids, notice_id)

    def coded(self, name: str) -> Coded:
        """A coded column over all segments, live rows only; "year" is made from the publication day."""
        if name not in self._coded:
            self._coded[name] = self._year() if name == "year" else self._join_coded(name)
        return self._coded[name]

    def _join_coded(self, name: str) -> Coded:
        numbers: dict[str, int] = {}
        rows, coded = [], []
        for offset, segment in zip(self.offsets, self.segments, strict=True):
            their_rows, their_numbers = segment.pairs(name)
            renumber = [numbers.setdefault(value, len(numbers)) for value in segment.values[name]]
            alive = segment.live[their_rows]
            rows.append(their_rows[alive] + np.int32(offset))
            coded.append(np.array(renumber, np.int32)[their_numbers[alive]])
        return self._with_rows(_joined(rows, np.int32), _joined(coded, np.int32), tuple(numbers))

    def _with_rows(self, rows: Rows, numbers: NDArray[np.int32], values: tuple[str, ...]) -> Coded:
        if len(rows) and np.bincount(rows).max() > 1:
            return Coded(rows, numbers, values)
        by_row = np.full(self.rows, len(values), np.intp)
        by_row[rows] = numbers
        return Coded(rows, numbers, values, by_row)

    def _year(self) -> Coded:
        days = (self.published.astype(np.int64) - 719163).astype("datetime64[D]")  # ordinal of 1970-01-01
        years, numbers = np.unique(days.astype("datetime64[Y]").astype(np.int64) + 1970, return_inverse=True)
        rows = np.flatnonzero(self.live).astype(np.int32)
        return self._with_rows(rows, numbers[rows].astype(np.int32), tuple(str(year) for year in years.tolist()))

    def grouped(self, name: str, label: Callable[[str], str | None]) -> Coded:
        """A coded column under coarser labels (HS chapters), each row's label once; None leaves a value out."""
        key = f"{name}/{label.__name__}"
        if key not in self._coded:
            column = self.coded(name)
            labels = [label(value) for value in column.values]
            names = sorted({each for each in labels if each is not None})
            places = {each: place for place, each in enumerate(names)}
            number = np.array([-1 if each is None else places[each] for each in labels], np.int64)[column.numbers]
            pairs = np.unique(column.rows[number >= 0].astype(np.int64) * max(len(names), 1) + number[number >= 0])
            rows, numbers = np.divmod(pairs, max(len(names), 1))
            self._coded[key] = self._with_rows(rows.astype(np.int32), numbers.astype(np.int32), tuple(names))
        return self._coded[key]

    def mask(self, key: tuple[object, ...], rows: Callable[[], Rows]) -> Mask:
        """A row mask by a key that says all about it; the newest few are kept."""
        found = self._masks.get(key)
        if found is None:
            found = np.zeros(self.rows, bool)
            found[rows()] = True
            if len(self._masks) >= _MAX_MASKS:
                self._masks.pop(list(self._masks)[0], None)  # noqa: RUF015  (list() is atomic; other threads add)
            self._masks[key] = found
        return found

    @cached_property
    def prior(self) -> NDArray[np.float32]:
        """Each row's factor by its kind."""
        kinds = self.coded("kind")
        factors = {str(kind): factor for kind, factor in KIND_PRIOR.items()}
        prior = np.ones(self.rows, np.float32)
        prior[kinds.rows] = np.array([factors.get(value, 1.0) for value in kinds.values], np.float32)[kinds.numbers]
        return prior

    @cached_property
    def rows_of(self) -> dict[str, list[int]]:
        """The live rows of each notice."""
        found: dict[str, list[int]] = {}
        for row in np.flatnonzero(self.live).tolist():
            found.setdefault(self.notice_ids[row], []).append(row)
        return found

    @cached_property
    def named_rows(self) -> dict[str, list[int]]:
        """The live rows that carry each lookup key as their own."""
        column = self.coded("identifiers")
        found: dict[str, list[int]] = {}
        for row, number in zip(column.rows.tolist(), column.numbers.tolist(), strict=True):
            found.setdefault(column.values[number], []).append(row)
        return found

    def document(self, row: int) -> StoredDocument:
        """The stored document of a row."""
        segment, local = self.locate(row)
        return StoredDocument(segment.stored(local))

    def holding(self, token: str, rows: NDArray[np.integer[Any]]) -> Mask:
        """Which of a few rows hold the token."""
        known = self.words.get(token)
        if known is not None:
            held: Mask = known.mask[rows]
            return held
        held = np.zeros(len(rows), bool)
        for offset, segment in zip(self.offsets, self.segments, strict=True):
            number = segment.number(token)
            if number is not None:
                posted = segment.row[segment.row_start[number] : segment.row_start[number + 1]]
                at = np.searchsorted(posted, rows - np.int32(offset))
                at[at == len(posted)] = 0
                held |= posted[at] == rows - np.int32(offset)
        return held

    def locate(self, row: int) -> tuple[Segment, int]:
        """The segment of a row, and its number there."""
        at = bisect_right(self.offsets, row) - 1
        while self.segments[at].rows == 0:
            at -= 1
        return self.segments[at], row - self.offsets[at]

    def known(self) -> Iterable[tuple[str, int, str]]:
        """(notice id, revision, fingerprint) of every live row."""
        for segment in self.segments:
            for row in np.flatnonzero(segment.live).tolist():
                names = segment.names
                yield names["notice_id"][row], int(segment.columns["revision"][row]), names["fingerprint"][row]

    def rows_of_notices(self, notice_ids: Collection[str]) -> Rows:
        """The live rows of these notices."""
        return np.array(sorted(row for name in notice_ids for row in self.rows_of.get(name, ())), np.int32)


def _joined(arrays: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    """The arrays as one in memory."""
    return np.concatenate([np.asarray(array, kind) for array in arrays]) if arrays else np.empty(0, kind)
