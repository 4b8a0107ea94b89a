"""Elasticsearch behind the port: the same answers as the embedded engine, on a cluster of 8.19 or newer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

from index import warnings
from index.backends.elastic_client import Connection
from index.backends.elastic_errors import from_shards, translated
from index.backends.elastic_generations import Generations, Serving, generation_name, writing_alias
from index.backends.elastic_mapping import SHAPE
from index.backends.elastic_pages import Answer, page, total
from index.backends.elastic_query import matching_body, page_body
from index.backends.elastic_scan import compare, count
from index.backends.elastic_writing import FamilyWriter, chunks
from index.compiling import compile_query
from index.fields import ANALYSIS
from index.paging import decode_cursor
from index.plan import Nothing, Plan
from notices.errors import BackendBusy, IndexNotReady, SearchError
from notices.search import Generation, IndexDocument, Query, ResultPage, VerifyReport

log = logging.getLogger(__name__)

MATCHING_BATCH = 1_000
SEARCH_BUDGET = 5.0
"""Seconds for one page in all: rewordings and the reasons for finding nothing are searches of their own."""
REMEMBERED = 10.0
"""Seconds for which the serving index is taken as known. A swap deletes the former index, which shows at once."""


class ElasticBackend:
    """IndexBackend on Elasticsearch. ``prefix`` begins every name; ``api_key`` needs no right beyond the prefix.

    Nothing is asked of the cluster before the first call. Safe to share between threads.
    """

    name = "elasticsearch"

    def __init__(
        self, url: str, *, api_key: str | None = None, ca: Path | str | None = None, prefix: str = "tongbo"
    ) -> None:
        self._connection = Connection(url, api_key=api_key, ca=ca)
        self._generations = Generations(self._connection, prefix)
        self._served: tuple[Serving, float] | None = None

    def search(self, query: Query) -> ResultPage:
        """One page of families. An engine that is down, or answers in part, is an error and never an empty page."""
        plan = compile_query(query)
        until = monotonic() + SEARCH_BUDGET
        answer, notes = self._following(query, plan, until) if query.cursor else self._first(query, plan, until)
        return page(query, plan, answer, notes)

    def _first(self, query: Query, plan: Plan, until: float) -> tuple[Answer, list[str]]:
        """The first page of the query as typed, else of its first wording that matches anything."""
        for level, truth in enumerate((plan.truth, *plan.relaxations)):
            answer = self._ask(page_body(plan, truth, query.facets, query.limit + 1, None), until, level)
            if not answer.empty:
                return answer, [warnings.RELAXED] if level else []
        return answer, self._why_nothing(query, plan, until)

    def _following(self, query: Query, plan: Plan, until: float) -> tuple[Answer, list[str]]:
        """The page after the cursor. The sort values stay good in a newer generation; the page says so."""
        cursor = decode_cursor(query)
        level, *after = cursor.key if cursor else (0,)
        wordings = (plan.truth, *plan.relaxations)
        chosen = min(level, len(wordings) - 1) if isinstance(level, int) else 0
        body = page_body(plan, wordings[chosen], query.facets, query.limit + 1, after)
        answer = self._ask(body, until, chosen)
        notes = [warnings.RELAXED] if chosen else []
        if cursor is not None and cursor.generation != answer.generation:
            notes.append(warnings.REBUILT)
        return answer, notes

    def _why_nothing(self, query: Query, plan: Plan, until: float) -> list[str]:
        if not self._serving().generation.notices:
            return [warnings.EMPTY]
        if isinstance(plan.truth, Nothing):
            return [warnings.NO_WORDS]

        def families(other: Query) -> int:
            compiled = compile_query(other)
            return total(self._ask(page_body(compiled, compiled.truth, (), 0, None), until).body)[0]

        return warnings.zero_hit_warnings(query, families)

    def _ask(self, body: dict[str, Any], until: float, level: int = 0) -> Answer:
        """Search the serving index. When it has just been swapped out under us, ask the new one, once."""
        serving = self._serving()
        try:
            return Answer(self._send(serving, body, until), serving.generation.name, level)
        except IndexNotReady:
            self._served = None
            serving = self._serving()
            return Answer(self._send(serving, body, until), serving.generation.name, level)

    def _send(self, serving: Serving, body: dict[str, Any], until: float) -> dict[str, Any]:
        left = until - monotonic()
        if left <= 0:
            raise BackendBusy(f"Elasticsearch at {self._connection.address} is too slow: the search took too long.")
        with translated(self._connection.address):
            client = self._connection.search(left)
            answer = client.search(index=serving.index, body=body, allow_partial_search_results=False)
        failure = from_shards(self._connection.address, answer.body)
        if failure is not None:
            raise failure
        found: dict[str, Any] = answer.body
        return found

    def _serving(self) -> Serving:
        """The index to ask, remembered for a while. Raises IndexNotReady."""
        served, now = self._served, monotonic()
        if served is not None and now < served[1]:
            return served[0]
        serving = self._generations.serving()
        if serving is None:
            raise IndexNotReady(f"There is no finished index on Elasticsearch at {self._connection.address}.")
        if not _ours(serving):
            raise IndexNotReady(
                "The index on Elasticsearch was built by another release of Tongbo.",
                hint="Run `tongbo index --rebuild`.",
            )
        self._served = serving, now + REMEMBERED
        return serving

    def matching(self, query: Query, notice_ids: Collection[str]) -> frozenset[str]:
        """Which of these notices match in their current revision; never ranked, relaxed or cut."""
        plan = compile_query(replace(query, filters=replace(query.filters, as_of=None)))
        ids = sorted(set(notice_ids))
        found: set[str] = set()
        for start in range(0, len(ids), MATCHING_BATCH):
            body = matching_body(plan, ids[start : start + MATCHING_BATCH])
            answer = self._ask(body, monotonic() + SEARCH_BUDGET)
            buckets = answer.body["aggregations"]["revisions"]["matched"]["ids"]["buckets"]
            found |= {str(bucket["key"]) for bucket in buckets}
        return frozenset(found)

    def build(
        self, documents: Iterable[IndexDocument], *, change_seq: int, progress: Callable[[int], None] | None = None
    ) -> Generation:
        """Build a new index aside and swap the alias to it; on any failure the former one goes on serving."""
        index = self._generations.begin()
        try:
            done = 0
            with FamilyWriter(self._connection, writing_alias(index), change_seq, fresh=True) as writer:
                for chunk in chunks(documents):
                    writer.put(chunk)
                    done += len(chunk)
                    if progress is not None:
                        progress(done)
            generation = self._counted(index, change_seq)
            self._generations.publish(index, generation, SHAPE)
        except BaseException:
            self._abandon(index)
            raise
        self._served = None
        return generation

    def _abandon(self, index: str) -> None:
        try:
            self._generations.drop(index)
        except SearchError as error:  # out of reach now; the next build sweeps it
            log.warning("An unfinished index on Elasticsearch could not be deleted: %s", error.detail)

    def update(self, documents: Iterable[IndexDocument], removed: Collection[str], *, change_seq: int) -> Generation:
        """Write the changes, make them visible together, then record how far the log was read."""
        self._served = None
        serving = self._serving()
        self._refresh(serving.index)  # what a killed update wrote must be found to be replaced
        rest = set(removed)
        with FamilyWriter(self._connection, self._generations.alias, change_seq, fresh=False) as writer:
            for chunk in chunks(documents):
                writer.put(chunk, rest)
                rest = set()
            if rest:
                writer.put([], rest)
        generation = self._counted(serving.index, change_seq)
        self._generations.note(serving.index, generation, SHAPE)
        self._served = None
        return generation

    def _counted(self, index: str, change_seq: int) -> Generation:
        self._refresh(index)
        notices, passages = count(self._connection, index)
        return Generation(generation_name(index), notices, passages, change_seq, ANALYSIS)

    def _refresh(self, index: str) -> None:
        with translated(self._connection.address):
            answer = self._connection.write().indices.refresh(index=index)
        failure = from_shards(self._connection.address, {"_shards": {"failed": answer.body["_shards"]["failed"]}})
        if failure is not None:
            raise failure

    def generation(self) -> Generation | None:
        """What serves now; None before the first build, or when another release built it."""
        serving = self._generations.serving()
        return serving.generation if serving is not None and _ours(serving) else None

    def verify(self, expected: Iterable[tuple[str, int, str]]) -> VerifyReport:
        """Compare every revision by fingerprint."""
        self._served = None
        serving = self._serving()
        return compare(self._connection, serving.index, serving.generation.name, expected)

    def close(self) -> None:
        """Give the sockets back."""
        self._connection.close()


def _ours(serving: Serving) -> bool:
    return serving.shape == SHAPE and serving.generation.analysis == ANALYSIS
