"""The engine inside the process: postings and columns in NumPy behind one manifest; many readers, one writer.

Decision 0007 says why not Tantivy or SQLite's FTS5. Readers in any process notice a new manifest at their next search.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import compress
from pathlib import Path
from threading import Lock

import numpy as np

from index.backends.columns.counting import Counted
from index.backends.columns.filtering import allowed_rows
from index.backends.columns.manifest import Manifest, read_manifest, stamp
from index.backends.columns.matching import Matcher
from index.backends.columns.ranking import Ranked, Rows, after, best_of_families, first_rows, key_of, rank
from index.backends.columns.scoring import matches, scored
from index.backends.columns.snapshot import Snapshot
from index.backends.columns.store_writer import IndexWriter
from index.compiling import compile_query
from index.explain import Wanted, explain
from index.fields import ANALYSIS
from index.paging import Cursor, decode_cursor, encode_cursor
from index.plan import Nothing, Plan
from index.warnings import EMPTY, NO_WORDS, REBUILT, RELAXED, zero_hit_warnings
from notices.errors import IndexNotReady
from notices.search import (
    TOTAL_LIMIT,
    Generation,
    Hit,
    IndexDocument,
    Query,
    ResultPage,
    Sort,
    VerifyReport,
)

_OPEN_TRIES = 8


class EmbeddedBackend:
    """An IndexBackend over a folder. Threads may share it."""

    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._stamp: tuple[int, int, int] | None = None

    def search(self, query: Query) -> ResultPage:
        """One page of families. Raises QueryInvalid, IndexNotReady."""
        plan = compile_query(query)
        cursor = decode_cursor(query)
        snapshot = self._current()
        warnings: list[str] = []
        matcher = Matcher(snapshot, allowed_rows(snapshot, plan))
        found = matches(snapshot, plan, plan.truth, matcher)
        for relaxation in plan.relaxations:
            if found.mask.any():
                break
            found = matches(snapshot, plan, relaxation, matcher)
            if found.mask.any():
                warnings.append(RELAXED)
        counted = Counted(snapshot, found.mask)
        total = counted.total()
        rows, scores = scored(snapshot, plan, matcher, found, query.limit + 1 if cursor is None else None)
        ranked = best_of_families(snapshot, rank(snapshot, plan, rows, scores))
        if cursor is not None:
            if cursor.generation != snapshot.manifest.generation:
                warnings.append(REBUILT)
            ranked = after(snapshot, ranked, cursor.key)
        shown = first_rows(ranked, query.limit)
        if total == 0:
            warnings += self._why_none(snapshot, query, plan)
        more = len(ranked.rows) > len(shown.rows)
        last = Cursor(snapshot.manifest.generation, key_of(snapshot, shown, -1)) if more else None
        return ResultPage(
            total=min(total, TOTAL_LIMIT),
            total_relation="eq" if total <= TOTAL_LIMIT else "gte",
            hits=_hits(snapshot, plan, shown),
            facets={name: counted.facet(name) for name in query.facets},
            next_cursor=encode_cursor(query, last) if last else None,
            generation=snapshot.manifest.generation,
            warnings=tuple(warnings),
        )

    def matching(self, query: Query, notice_ids: Collection[str]) -> frozenset[str]:
        """Which of these notices match by words, glossary and filters. Raises QueryInvalid, IndexNotReady."""
        plan = compile_query(replace(query, filters=replace(query.filters, as_of=None)))
        snapshot = self._current()
        asked = np.zeros(snapshot.rows, bool)
        asked[snapshot.rows_of_notices(notice_ids)] = True
        found = matches(snapshot, plan, plan.truth, Matcher(snapshot, allowed_rows(snapshot, plan) & asked))
        return frozenset(snapshot.notice_ids[row] for row in np.flatnonzero(found.mask).tolist())

    def build(
        self, documents: Iterable[IndexDocument], *, change_seq: int, progress: Callable[[int], None] | None = None
    ) -> Generation:
        """Build a generation aside and swap it in. Raises BackendBusy when another writer does not end."""
        with IndexWriter(self._folder) as writer:
            return _generation(writer.build(documents, change_seq, progress))

    def update(self, documents: Iterable[IndexDocument], removed: Collection[str], *, change_seq: int) -> Generation:
        """Replace and remove notices. Raises BackendBusy, IndexNotReady."""
        with IndexWriter(self._folder) as writer:
            return _generation(writer.update(documents, removed, change_seq))

    def generation(self) -> Generation | None:
        """What serves now; None before the first build or when its analysis is another release's."""
        manifest = read_manifest(self._folder)
        return _generation(manifest) if manifest is not None and manifest.analysis == ANALYSIS else None

    def verify(self, expected: Iterable[tuple[str, int, str]]) -> VerifyReport:
        """Compare with what the index should hold. Raises IndexNotReady."""
        snapshot = self._current()
        held = {(notice_id, revision): fingerprint for notice_id, revision, fingerprint in snapshot.known()}
        checked, missing, stale = 0, set(), set()
        for notice_id, revision, fingerprint in expected:
            checked += 1
            mine = held.pop((notice_id, revision), None)
            if mine is None:
                missing.add(notice_id)
            elif mine != fingerprint:
                stale.add(notice_id)
        extra = {notice_id for notice_id, _ in held}
        return VerifyReport(
            snapshot.manifest.generation, checked, tuple(sorted(missing)), tuple(sorted(extra)), tuple(sorted(stale))
        )

    def close(self) -> None:
        """Let go of the mapped files."""
        with self._lock:
            self._snapshot = self._stamp = None

    def _current(self) -> Snapshot:
        """The newest state; opened anew when the manifest was replaced."""
        with self._lock:
            for _ in range(_OPEN_TRIES):
                mark = stamp(self._folder)
                if self._snapshot is not None and mark == self._stamp:
                    return self._snapshot
                manifest = read_manifest(self._folder)
                if manifest is None:
                    raise IndexNotReady("the embedded index has not been built yet")
                if manifest.analysis != ANALYSIS:
                    raise IndexNotReady("the index was built by another release", hint="Run `tongbo index --rebuild`.")
                try:
                    self._snapshot, self._stamp = Snapshot(self._folder, manifest), mark
                except FileNotFoundError:
                    continue  # the writer swapped and swept between our two looks: look again
                except (
                    ValueError,
                    EOFError,
                    OSError,
                    KeyError,
                ) as error:  # what NumPy makes of damaged files
                    raise IndexNotReady(
                        f"the index's files are damaged ({type(error).__name__})", hint="Run `tongbo index --rebuild`."
                    ) from error
                return self._snapshot
        raise IndexNotReady("the index changes faster than it can be opened; its files may be damaged")

    def _why_none(self, snapshot: Snapshot, query: Query, plan: Plan) -> list[str]:
        if not snapshot.manifest.notices:
            return [EMPTY]
        if isinstance(plan.truth, Nothing):
            return [NO_WORDS]

        def count(other: Query) -> int:
            compiled = compile_query(other)
            matcher = Matcher(snapshot, allowed_rows(snapshot, compiled))
            return Counted(snapshot, matches(snapshot, compiled, compiled.truth, matcher).mask).total()

        return zero_hit_warnings(query, count)


def _generation(manifest: Manifest) -> Generation:
    return Generation(manifest.generation, manifest.notices, manifest.passages, manifest.change_seq, manifest.analysis)


def _hits(snapshot: Snapshot, plan: Plan, shown: Ranked) -> tuple[Hit, ...]:
    wanted = Wanted(plan.terms)
    scores = (-shown.order[0]).tolist() if plan.sort is Sort.RELEVANCE else [0.0] * len(shown.rows)
    absent = _absent(snapshot, wanted, shown.rows)
    hits = []
    for row, score, missing in zip(shown.rows.tolist(), scores, absent, strict=True):
        document = snapshot.document(row)
        why, highlights = explain(plan, wanted, document, missing)
        hits.append(Hit(document.notice_id, document.family, document.revision, score, why, highlights))
    return tuple(hits)


def _absent(snapshot: Snapshot, wanted: Wanted, rows: Rows) -> list[frozenset[str]]:
    """The wanted English words that each row has not; other scripts are marked by their letters, not by words."""
    words = sorted(token for token in wanted.tokens if token.isalpha() and token.isascii())
    has = np.array([snapshot.holding(word, rows) for word in words]).T
    return [frozenset(compress(words, missing)) for missing in (~has).tolist()] if words else [frozenset()] * len(rows)
