"""Makes a segment: rows of token lists and columns in, immutable files out.

A *row* is one revision. The *stream* is every row's tokens one after another, as vocabulary numbers, with two gaps (-1)
around each list so that no phrase with a slop of one crosses from one model field to the next. Sorting the stream by
token gives, in one pass, where each token stands (phrases) and in which rows with which impact (words).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from index.backends.columns.files import sync_folder, write_array, write_bytes
from index.backends.columns.pairing import pairs
from index.plan import FIELD_WEIGHTS
from notices.search import IndexDocument

GAP = 2
NO_DAY = np.iinfo(np.int32).max
"""Stands for no deadline and for still valid."""
FIELDS = tuple(FIELD_WEIGHTS)
K1 = 1.2
USUAL_LENGTH = {"title": 14.0, "products": 14.0, "summary": 80.0, "body": 250.0}
"""Tokens of a usual field: constants, so that a score does not depend on what else is indexed."""
LENGTH_SHARE = {"title": 0.25, "products": 0.4, "summary": 0.6, "body": 0.6}
"""BM25's b by field."""
MULTI = ("markets", "sectors", "hs", "ics", "identifiers")


@dataclass(frozen=True, slots=True)
class Row:
    """One revision ready to be written: its columns, its token lists by scoring field, its stored form."""

    columns: dict[str, Any]
    lists: Sequence[tuple[int, Sequence[str]]]  # (place in FIELDS, tokens)
    stored: bytes


def columns_of(document: IndexDocument, fingerprint: str) -> dict[str, Any]:
    """A document's columns, as :data:`Row` wants them."""
    return {
        "notice_id": document.notice_id,
        "revision": document.revision,
        "family": document.family,
        "source": document.source,
        "kind": str(document.kind),
        "fingerprint": fingerprint,
        "passages": len(document.passages),
        "published": document.published_on.toordinal(),
        "deadline": _ordinal(document.comment_until),
        "valid_from": document.valid_from.toordinal(),
        "valid_until": _ordinal(document.valid_until),
        "markets": list(document.markets),
        "sectors": list(document.sectors),
        "hs": [f"{tag.provenance}:{tag.code}" for tag in document.hs],
        "ics": [f"{tag.provenance}:{tag.code}" for tag in document.ics],
        "identifiers": list(document.identifiers),
    }


def _ordinal(day: date | None) -> int:
    return NO_DAY if day is None else day.toordinal()


class _Vocabulary(dict[str, int]):
    """Token → number by first sight."""

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        return number


@dataclass(slots=True)
class SegmentWriter:
    """Collects rows; :meth:`write` makes the files. Holds about 12 bytes a token."""

    tokens: int = 0
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _stored: list[bytes] = field(default_factory=list)
    _numbers: list[NDArray[np.int32]] = field(default_factory=list)
    _list_rows: list[int] = field(default_factory=list)
    _list_fields: list[int] = field(default_factory=list)
    _list_lengths: list[int] = field(default_factory=list)
    _vocabulary: _Vocabulary = field(default_factory=_Vocabulary)

    @property
    def rows(self) -> int:
        """How many rows were added."""
        return len(self._rows)

    def add(self, row: Row) -> None:
        """Take one row in."""
        number = len(self._rows)
        look_up = self._vocabulary.__getitem__
        for place, tokens in row.lists:
            if not tokens:
                continue
            self._numbers.append(np.fromiter(map(look_up, tokens), np.int32, len(tokens)))
            self._list_rows.append(number)
            self._list_fields.append(place)
            self._list_lengths.append(len(tokens))
            self.tokens += len(tokens)
        self._rows.append(row.columns)
        self._stored.append(row.stored)

    def write(self, folder: Path) -> None:
        """Write everything, flushed to disk; nothing refers to the folder yet."""
        folder.mkdir(parents=True, exist_ok=True)
        vocabulary = sorted(self._vocabulary)
        renumber = np.empty(len(vocabulary), np.int32)
        renumber[[self._vocabulary[token] for token in vocabulary]] = np.arange(len(vocabulary), dtype=np.int32)
        write_bytes(folder / "vocabulary.txt", "\n".join(vocabulary).encode())
        for name, array in self._arrays(renumber, len(vocabulary)).items():
            write_array(folder / f"{name}.npy", array)
        self._write_rows(folder)
        sync_folder(folder)

    def _arrays(self, renumber: NDArray[np.int32], size: int) -> dict[str, NDArray[Any]]:
        lengths = np.array(self._list_lengths, np.int64)
        list_rows, list_fields = np.array(self._list_rows, np.int32), np.array(self._list_fields, np.uint8)
        flat = renumber[np.concatenate(self._numbers)] if self._numbers else np.empty(0, np.int32)
        first = GAP + np.concatenate(([0], np.cumsum(lengths + GAP)))[: len(lengths)].astype(np.int64)
        shift = np.repeat(first - np.concatenate(([0], np.cumsum(lengths)))[: len(lengths)], lengths)
        places = (np.arange(len(flat)) + shift).astype(np.int32)
        stream = np.full(int((lengths + GAP).sum()) + 2 * GAP, -1, np.int32)
        stream[places] = flat
        weights = np.repeat(self._list_weights(lengths, list_rows, list_fields), lengths)
        order = np.argsort(flat, kind="stable")
        rows = np.repeat(list_rows, lengths)
        return {
            "stream": stream,
            "list_start": first,
            "list_length": lengths.astype(np.int32),
            "list_row": list_rows,
            "list_field": list_fields,
            **_postings(flat[order], places[order], rows[order], weights[order], size),
            **pairs(flat, places, rows, size),
        }

    def _list_weights(
        self, lengths: NDArray[np.int64], rows: NDArray[np.int32], fields: NDArray[np.uint8]
    ) -> NDArray[np.float32]:
        """What one token of each list adds to its row: the field's weight over its length norm (BM25F)."""
        totals = np.zeros((self.rows, len(FIELDS)), np.float32)
        np.add.at(totals, (rows, fields), lengths.astype(np.float32))
        share = np.array([LENGTH_SHARE[name] for name in FIELDS], np.float32)
        usual = np.array([USUAL_LENGTH[name] for name in FIELDS], np.float32)
        weight = np.array([FIELD_WEIGHTS[name] for name in FIELDS], np.float32)
        norms = 1 - share[fields] + share[fields] * totals[rows, fields] / usual[fields]
        result: NDArray[np.float32] = (weight[fields] / norms).astype(np.float32)
        return result

    def _write_rows(self, folder: Path) -> None:
        starts = np.concatenate(([0], np.cumsum([len(raw) for raw in self._stored]))).astype(np.int64)
        write_array(folder / "stored_start.npy", starts)
        write_bytes(folder / "stored.bin", b"".join(self._stored))
        for name in ("revision", "passages", "published", "deadline", "valid_from", "valid_until"):
            write_array(folder / f"{name}.npy", np.array([row[name] for row in self._rows], np.int32))
        names = {name: [row[name] for row in self._rows] for name in ("notice_id", "family", "fingerprint")}
        values: dict[str, Any] = {}
        for name in ("source", "kind"):
            values[name] = _coded(folder, name, ([row[name]] for row in self._rows))
        for name in MULTI:
            values[name] = _coded(folder, name, (row[name] for row in self._rows))
        write_bytes(folder / "rows.json", orjson.dumps({"names": names, "values": values}))


def _coded(folder: Path, name: str, lists: Iterable[Sequence[str]]) -> list[str]:
    """Write (row, value number) pairs; give the values by number."""
    numbers = _Vocabulary()
    rows: list[int] = []
    coded: list[int] = []
    for row, values in enumerate(lists):
        for value in values:
            rows.append(row)
            coded.append(numbers[value])
    write_array(folder / f"{name}_row.npy", np.array(rows, np.int32))
    write_array(folder / f"{name}_value.npy", np.array(coded, np.int32))
    return list(numbers)


def _postings(
    tokens: NDArray[np.int32],
    places: NDArray[np.int32],
    rows: NDArray[np.int32],
    weights: NDArray[np.float32],
    size: int,
) -> dict[str, NDArray[Any]]:
    """Places and rows by token, from arrays sorted by token (and by place within)."""
    if not len(tokens):
        none = np.empty(0, np.int32)
        empty = np.zeros(size + 1, np.int64)
        impact = np.empty(0, np.float32)
        places_of: dict[str, NDArray[Any]] = {"place": none, "place_row": none, "place_start": empty}
        return {**places_of, "row": none, "impact": impact, "row_start": empty}
    fresh = np.empty(len(tokens), bool)
    fresh[0] = True
    fresh[1:] = (tokens[1:] != tokens[:-1]) | (rows[1:] != rows[:-1])
    heads = np.flatnonzero(fresh)
    sums = np.add.reduceat(weights, heads)
    numbers = np.arange(size + 1)
    return {
        "place": places,
        "place_row": rows,
        "place_start": np.searchsorted(tokens, numbers).astype(np.int64),
        "row": rows[heads],
        "impact": (sums * (K1 + 1) / (sums + K1)).astype(np.float32),
        "row_start": np.searchsorted(tokens[heads], numbers).astype(np.int64),
    }
