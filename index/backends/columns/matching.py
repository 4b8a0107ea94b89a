"""Evaluates a plan's clauses over a snapshot: which rows are true, and how they score (see index.plan's table).

Every result spans all rows: a mask and a score by row. With thirty thousand rows (200,000 passages) an operation on
these takes microseconds, a tenth of what selecting and gathering by row numbers takes, and adding up by row in the
order of the plan gives the same score whatever else is asked, to the last bit: pages by cursor rely on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from index.backends.columns.phrases import phrase_rows
from index.backends.columns.snapshot import Snapshot
from index.backends.columns.values import Found, Mask, Scores
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


class Matcher:
    """Evaluates for ``allowed`` rows; one query, one thread. Others may come along until :meth:`truth`."""

    def __init__(self, snapshot: Snapshot, allowed: Mask) -> None:
        self._snapshot = snapshot
        self.allowed = allowed
        self._within = allowed
        self._tokens: dict[str, Found | None] = {}

    def truth(self, clause: Clause) -> Found:
        """The allowed rows for which the clause is true."""
        found = self._find(clause)
        if found is None:
            return Found(np.zeros(self._snapshot.rows, bool), np.zeros(self._snapshot.rows, np.float32))
        return Found(found.mask & self.allowed, found.scores)

    def score(self, clause: Clause, rows: Mask) -> Scores | None:
        """What the clause scores in each of the rows (elsewhere anything); None for nothing at all."""
        self._within = rows
        found = self._find(clause)
        return found.scores if found is not None else None

    def most(self, clause: Clause) -> Scores | None:
        """At least what :meth:`score` gives in every row, without looking where words stand."""
        found = self._find(without_places(clause))
        return found.scores if found is not None else None

    def _find(self, clause: Clause) -> Found | None:  # noqa: C901  (one branch for each clause)
        """The rows for which the clause is true; None when there are none."""
        match clause:
            case TokenLeaf(token, weight):
                return _weighed(self._token(token), weight)
            case PhraseLeaf():
                return self._phrase(clause)
            case PrefixLeaf():
                return self._prefix(clause)
            case CodeLeaf():
                return self._code(clause)
            case AllOf(parts):
                return self._every(parts)
            case AnyOf(parts):
                return _either([found for found in map(self._find, parts) if found is not None])
            case AtLeast(count, parts):
                return self._at_least(count, [found for found in map(self._find, parts) if found is not None])
            case NoneOf():
                return self._every((clause,))
            case Everything():
                return self._flat(self.allowed, 0.0)
            case Nothing():
                return None

    @staticmethod
    def _flat(mask: Mask, score: float) -> Found:
        return Found(mask, np.multiply(mask, np.float32(score), dtype=np.float32))

    def _token(self, token: str) -> Found | None:
        """Where a token stands, scored by BM25: ready impacts times the inverse document frequency over all rows."""
        if token not in self._tokens:
            known = self._snapshot.words.get(token)
            if known is None:
                known = self._posted(token)
                self._snapshot.words.keep(token, known)
            self._tokens[token] = known
        return self._tokens[token]

    def _posted(self, token: str) -> Found | None:
        spans = []
        for offset, segment in zip(self._snapshot.offsets, self._snapshot.segments, strict=True):
            number = segment.number(token)
            if number is not None:
                spans.append((offset, segment, slice(segment.row_start[number], segment.row_start[number + 1])))
        if not spans:
            return None
        count = sum(int(span.stop - span.start) for _, _, span in spans)
        total = max(self._snapshot.rows, count)
        idf = np.float32(math.log(1 + (total - count + 0.5) / (count + 0.5)))
        found = Found(np.zeros(self._snapshot.rows, bool), np.zeros(self._snapshot.rows, np.float32))
        for offset, segment, span in spans:
            rows = segment.row[span]
            found.mask[offset : offset + segment.rows][rows] = True
            found.scores[offset : offset + segment.rows][rows] = segment.impact[span] * idf
        return found

    def _prefix(self, leaf: PrefixLeaf) -> Found | None:
        mask = np.zeros(self._snapshot.rows, bool)
        for offset, segment in zip(self._snapshot.offsets, self._snapshot.segments, strict=True):
            first, last = segment.beginning(leaf.prefix)
            rows = segment.row[segment.row_start[first] : segment.row_start[last]]
            mask[offset : offset + segment.rows][rows] = True
        return self._flat(mask, leaf.weight)

    def _code(self, leaf: CodeLeaf) -> Found:
        wanted = frozenset(leaf.codes)

        def under(value: str) -> bool:
            whose, _, code = value.partition(":")
            if whose == "inferred":
                return False
            return code in wanted or (leaf.below and not wanted.isdisjoint(code_prefixes(leaf.system, code)))

        market = leaf.system == "market"
        column, keep = ("markets", wanted.__contains__) if market else (leaf.system, under)
        return self._flat(self._column_rows(leaf, column, keep), leaf.weight)

    def _column_rows(self, leaf: CodeLeaf, column: str, keep: Callable[[str], bool]) -> Mask:
        key = ("leaf", column, leaf.codes, leaf.below)
        return self._snapshot.mask(key, lambda: self._snapshot.coded(column).chosen(keep))

    def _phrase(self, leaf: PhraseLeaf) -> Found | None:
        held = [self._token(token) for token in leaf.tokens]
        words = [found for found in held if found is not None]
        if len(words) < len(held):
            return None
        within = self._within
        for word in words:
            within = within & word.mask
        if not within.any():
            return None
        mask = np.zeros(self._snapshot.rows, bool)
        for offset, segment in zip(self._snapshot.offsets, self._snapshot.segments, strict=True):
            numbers = [number for number in map(segment.number, leaf.tokens) if number is not None]
            if len(numbers) == len(leaf.tokens):
                here = slice(offset, offset + segment.rows)
                mask[here][phrase_rows(segment, numbers, leaf.slop, within[here])] = True
        rows = np.flatnonzero(mask)
        scores = np.zeros(self._snapshot.rows, np.float32)
        scores[rows] = sum((word.scores[rows] for word in words), np.float32(0)) * np.float32(leaf.weight)
        return Found(mask, scores)

    def _every(self, parts: Sequence[Clause]) -> Found | None:
        """Rows true for all; what looks at places comes last, and only at rows that the others left."""
        outer = self._within
        found: dict[int, Found] = {}
        for at in sorted(range(len(parts)), key=lambda at: _cost(parts[at])):
            part = parts[at]
            if isinstance(part, NoneOf | Everything):
                continue
            each = self._find(part)
            if each is None:
                self._within = outer
                return None
            found[at] = each
            self._within = self._within & each.mask
        mask = self._within
        for part in parts:
            ruled_out = self._find(part.part) if isinstance(part, NoneOf) else None
            if ruled_out is not None:
                mask = mask & ~ruled_out.mask
        self._within = outer
        if not found:
            return self._flat(mask, 0.0)
        scores = sum((found[at].scores for at in sorted(found)), np.float32(0))
        return Found(mask, np.multiply(scores, mask, dtype=np.float32))

    def _at_least(self, count: int, found: Sequence[Found]) -> Found | None:
        if len(found) < count:
            return None
        times = np.zeros(self._snapshot.rows, np.uint8)
        for each in found:
            times += each.mask
        mask = times >= count
        scores = sum((each.scores for each in found), np.float32(0))
        return Found(mask, np.multiply(scores, mask, dtype=np.float32))


def _weighed(found: Found | None, weight: float) -> Found | None:
    return found if found is None or weight == 1.0 else Found(found.mask, found.scores * np.float32(weight))


def _either(found: Sequence[Found]) -> Found | None:
    """The union, each row with its highest score."""
    if len(found) < 2:
        return found[0] if found else None
    mask, scores = found[0].mask | found[1].mask, np.maximum(found[0].scores, found[1].scores)
    for each in found[2:]:
        mask |= each.mask
        np.maximum(scores, each.scores, out=scores)
    return Found(mask, scores)


def _cost(clause: Clause) -> int:
    """0 for what is answered by row, 1 for what has to look where words stand."""
    match clause:
        case PhraseLeaf():
            return 1
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            return max(map(_cost, parts), default=0)
        case _:
            return 0


def without_places(clause: Clause) -> Clause:
    """The clause with phrases as their words in any order: true wherever it is, and scored no less."""
    match clause:
        case PhraseLeaf(tokens, weight):
            return AllOf(tuple(TokenLeaf(token, weight) for token in tokens))
        case AllOf(parts):
            return AllOf(tuple(map(without_places, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(without_places, parts)))
        case AtLeast(count, parts):
            return AtLeast(count, tuple(map(without_places, parts)))
        case _:
            return clause


def looks_at_places(clause: Clause) -> bool:
    """Whether a phrase is in it."""
    return _cost(clause) > 0
