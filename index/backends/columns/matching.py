"""Evaluates a plan's clauses over a snapshot: which rows are true, and how they score (see index.plan's table)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.backends.columns.segment import Rows, Segment
from index.backends.columns.snapshot import Mask, Snapshot
from index.fields import code_prefixes
from index.plan import (
    AllOf,
    AnyOf,
    AtLeast,
    Clause,
    CodeLeaf,
    Everything,
    NoneOf,
    Nothing,
    PhraseLeaf,
    PrefixLeaf,
    TokenLeaf,
)

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, each once, with their scores."""

    rows: Rows
    scores: Scores


_NOTHING = Found(np.empty(0, np.int32), np.empty(0, np.float32))


class Matcher:
    """Evaluates for ``allowed`` rows; one query, one thread. Others may come along until :meth:`truth`."""

    def __init__(self, snapshot: Snapshot, allowed: Mask) -> None:
        self._snapshot = snapshot
        self._allowed = allowed
        self._narrow = 2 * int(np.count_nonzero(allowed)) < snapshot.rows  # else one cut at the end is cheaper
        self._within: Mask | None = allowed if self._narrow else None
        self._seen = np.zeros(snapshot.rows, bool)
        self._scores = np.zeros(snapshot.rows, np.float32)
        self._idf: dict[str, float] = {}
        self._tokens: dict[TokenLeaf, Found] = {}

    def find(self, clause: Clause) -> Found:  # noqa: C901  (one branch for each clause)
        """The rows for which the clause is true."""
        match clause:
            case TokenLeaf():
                return self._token(clause)
            case PhraseLeaf():
                return self._phrase(clause)
            case PrefixLeaf():
                return self._prefix(clause)
            case CodeLeaf():
                return self._code(clause)
            case AllOf(parts):
                return self._every(parts)
            case AnyOf(parts):
                return self._either([self.find(part) for part in parts])
            case AtLeast(count, parts):
                return self._at_least(count, [self.find(part) for part in parts])
            case NoneOf():
                return self._every((clause,))
            case Everything():
                return self._all()
            case Nothing():
                return _NOTHING

    def truth(self, clause: Clause) -> Found:
        """The allowed rows for which the clause is true."""
        found = self.find(clause)
        keep = self._allowed[found.rows]
        return Found(found.rows[keep], found.scores[keep])

    def unmatched(self, found: Found, rows: Rows) -> Rows:
        """Those of the rows that are allowed and not found yet."""
        self._seen[found.rows] = True
        fresh = rows[self._allowed[rows] & ~self._seen[rows]]
        self._seen[found.rows] = False
        return fresh

    def _all(self) -> Found:
        rows = np.flatnonzero(self._allowed).astype(np.int32)
        return Found(rows, np.zeros(len(rows), np.float32))

    def _cut(self, rows: Rows, scores: Scores) -> Found:
        if not self._narrow:
            return Found(rows, scores)
        keep = self._allowed[rows]
        return Found(rows[keep], scores[keep])

    def _flat(self, rows: Rows, score: float) -> Found:
        """Rows that may repeat, all with one score."""
        self._seen[rows] = True  # a prefix may stand for thousands of tokens
        once = np.flatnonzero(self._seen & self._allowed).astype(np.int32)
        self._seen[rows] = False
        return Found(once, np.full(len(once), score, np.float32))

    def idf(self, token: str) -> float:
        """How much a token tells: BM25's inverse document frequency over all rows."""
        if token not in self._idf:
            count = 0
            for segment in self._snapshot.segments:
                number = segment.number(token)
                if number is not None:
                    count += int(segment.row_start[number + 1] - segment.row_start[number])
            total = max(self._snapshot.rows, count)
            self._idf[token] = math.log(1 + (total - count + 0.5) / (count + 0.5))
        return self._idf[token]

    def _token(self, leaf: TokenLeaf) -> Found:
        if leaf in self._tokens:
            return self._tokens[leaf]
        weight = np.float32(leaf.weight * self.idf(leaf.token))
        parts = []
        for offset, segment in zip(self._snapshot.offsets, self._snapshot.segments, strict=True):
            number = segment.number(leaf.token)
            if number is not None:
                span = slice(segment.row_start[number], segment.row_start[number + 1])
                parts.append(self._cut(segment.row[span] + np.int32(offset), segment.impact[span] * weight))
        found = self._tokens[leaf] = _chained(parts)
        return found

    def _prefix(self, leaf: PrefixLeaf) -> Found:
        parts = []
        for offset, segment in zip(self._snapshot.offsets, self._snapshot.segments, strict=True):
            first, last = segment.beginning(leaf.prefix)
            rows = segment.row[segment.row_start[first] : segment.row_start[last]]
            parts.append(self._flat(rows + np.int32(offset), leaf.weight))
        return _chained(parts)

    def _code(self, leaf: CodeLeaf) -> Found:
        wanted = frozenset(leaf.codes)

        if leaf.system == "market":
            return self._column_rows(leaf, "markets", wanted.__contains__)

        def under(value: str) -> bool:
            whose, _, code = value.partition(":")
            if whose == "inferred":
                return False
            return code in wanted or (leaf.below and not wanted.isdisjoint(code_prefixes(leaf.system, code)))

        return self._column_rows(leaf, leaf.system, under)

    def _column_rows(self, leaf: CodeLeaf, column: str, keep: Callable[[str], bool]) -> Found:
        key = ("leaf", column, leaf.codes, leaf.below)
        mask = self._snapshot.mask(key, lambda: self._snapshot.coded(column).chosen(keep))
        rows = np.flatnonzero(mask & self._allowed).astype(np.int32)
        return Found(rows, np.full(len(rows), leaf.weight, np.float32))

    def _phrase(self, leaf: PhraseLeaf) -> Found:
        parts = []
        for offset, segment in zip(self._snapshot.offsets, self._snapshot.segments, strict=True):
            numbers = [segment.number(token) for token in leaf.tokens]
            known = [number for number in numbers if number is not None]
            if len(known) < len(numbers):
                continue
            within = self._within[offset : offset + segment.rows] if self._within is not None else None
            rows = _phrase_rows(segment, known, leaf.slop, within)
            scores = np.zeros(len(rows), np.float32)
            for token, number in zip(leaf.tokens, known, strict=True):
                scores += self._impacts(segment, number, rows) * np.float32(self.idf(token) * leaf.weight)
            parts.append(Found(rows + np.int32(offset), scores))
        return _chained(parts)

    @staticmethod
    def _impacts(segment: Segment, number: int, rows: Rows) -> Scores:
        span = slice(segment.row_start[number], segment.row_start[number + 1])
        at = np.searchsorted(segment.row[span], rows)
        return segment.impact[span][at]

    def _every(self, parts: Sequence[Clause]) -> Found:
        found = self._positive([part for part in parts if not isinstance(part, NoneOf | Everything)])
        barred = [self.find(part.part) for part in parts if isinstance(part, NoneOf)]
        if not found:
            found = [self._all()]
        found.sort(key=lambda each: len(each.rows))
        rows, scores = found[0].rows, found[0].scores
        for other in found[1:]:
            self._seen[rows] = True
            common = self._seen[other.rows]
            self._seen[rows] = False
            self._scores[rows] = scores
            rows = other.rows[common]
            scores = self._scores[rows] + other.scores[common]
        for other in barred:
            self._seen[other.rows] = True
            keep = ~self._seen[rows]
            self._seen[other.rows] = False
            rows, scores = rows[keep], scores[keep]
        return Found(rows, scores)

    def _positive(self, parts: Sequence[Clause]) -> list[Found]:
        """Each part's rows; single tokens first, so that phrases look at the rows of the rarest only."""
        outer = self._within
        found: list[Found] = []
        for part in sorted(parts, key=lambda part: not isinstance(part, TokenLeaf | CodeLeaf)):
            each = self.find(part)
            if not len(each.rows):
                self._within = outer
                return [each]
            if not found or len(each.rows) < min(len(one.rows) for one in found):
                within = np.zeros(self._snapshot.rows, bool)
                within[each.rows] = True
                self._within = within if outer is None else within & outer
            found.append(each)
        self._within = outer
        return found

    def _either(self, found: Sequence[Found]) -> Found:
        """The union, each row with its highest score."""
        some = sorted((each for each in found if len(each.rows)), key=lambda one: -len(one.rows))
        if len(some) < 2:
            return some[0] if some else _NOTHING
        rows = [some[0].rows]
        self._scores[rows[0]] = some[0].scores
        self._seen[rows[0]] = True
        for each in some[1:]:
            old = self._seen[each.rows]
            fresh, known = each.rows[~old], each.rows[old]
            self._scores[fresh] = each.scores[~old]
            self._scores[known] = np.maximum(self._scores[known], each.scores[old])
            self._seen[fresh] = True
            rows.append(fresh)
        union = np.concatenate(rows)
        self._seen[union] = False
        return Found(union, self._scores[union])

    def _at_least(self, count: int, found: Sequence[Found]) -> Found:
        times = np.zeros(self._snapshot.rows, np.uint8)
        total = np.zeros(self._snapshot.rows, np.float32)
        for each in found:
            times[each.rows] += 1
            total[each.rows] += each.scores
        rows = np.flatnonzero(times >= count).astype(np.int32)
        return Found(rows, total[rows])

    def add(self, base: Found, boosts: Sequence[Clause]) -> Scores:
        """The scores of ``base`` with what the boosts add to them."""
        scores = base.scores.copy()
        self._within = np.zeros(self._snapshot.rows, bool)
        self._within[base.rows] = True
        for boost in boosts:
            extra = self.find(boost)
            if len(extra.rows):
                self._scores[base.rows] = 0
                self._scores[extra.rows] = extra.scores
                scores += self._scores[base.rows]
                self._scores[extra.rows] = 0
        return scores


def _chained(parts: Sequence[Found]) -> Found:
    """Results of different segments: their rows never meet."""
    if not parts:
        return _NOTHING
    if len(parts) == 1:
        return parts[0]
    return Found(np.concatenate([part.rows for part in parts]), np.concatenate([part.scores for part in parts]))


def _phrase_rows(segment: Segment, numbers: Sequence[int], slop: int, within: Mask | None) -> Rows:
    """Rows in which the tokens stand in order with ``slop`` (0 or 1) others between them in all; each once.

    ``within`` cuts the rows to look at first: a look into the stream costs five times one into the mask.
    """
    starts, stream = segment.place_start, segment.stream
    last = len(stream) - 1  # both ends of the stream are gaps
    anchor = 0
    if slop == 0 or len(numbers) == 2:
        anchor = int(np.argmin([starts[number + 1] - starts[number] for number in numbers]))
    span = slice(starts[numbers[anchor]], starts[numbers[anchor] + 1])
    here, rows = segment.place[span], segment.place_row[span]
    if within is not None:
        inside = within[rows]
        here, rows = here[inside], rows[inside]
    places = here.astype(np.int64)
    if slop == 0:
        keep = np.ones(len(places), bool)
        for index, number in enumerate(numbers):
            if index != anchor:
                keep &= stream[np.clip(places + (index - anchor), 0, last)] == number
    elif len(numbers) == 2:
        step = 1 if anchor == 0 else -1
        other = numbers[1 - anchor]
        keep = (stream[places + step] == other) | (stream[places + 2 * step] == other)
    else:
        keep = _sloppy(stream, places, numbers)
    return _each_once(rows[keep])


def _each_once(rows: Rows) -> Rows:
    """Sorted rows without repetition."""
    if len(rows) < 2:
        return rows
    fresh = np.ones(len(rows), bool)
    np.not_equal(rows[1:], rows[:-1], out=fresh[1:])
    return rows[fresh]


def _sloppy(stream: NDArray[np.int32], places: NDArray[np.int64], numbers: Sequence[int]) -> Mask:
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
