"""Writing families to Elasticsearch: read what stands there, put the new revisions in, write the whole family back.

Every write names the alias and demands that it be one, so no call can make an index by accident. Versions are the
change log's sequence number (``external_gte``): an answer 409 means that something newer stands there already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from index.backends.elastic_client import Connection
from index.backends.elastic_documents import family_source
from index.backends.elastic_errors import from_items, from_shards, translated
from index.backends.elastic_mapping import PATH
from index.records import load_document
from notices.search import IndexDocument

CHUNK = 500
"""Documents taken together: one look-up, one bulk request (of at most BULK_BYTES)."""
BULK_BYTES = 8 * 1024 * 1024
RETRIES = 4
"""Times a document that the cluster had no room for is sent again, after .5, 1, 2 and 4 s."""


def chunks(documents: Iterable[IndexDocument]) -> Iterator[list[IndexDocument]]:
    """The documents in lists of at most CHUNK."""
    rest = iter(documents)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


class FamilyWriter:
    """Puts documents into the families of one index, through one alias. ``fresh``: the index began empty.

    A context manager. While the cluster takes one chunk in, the next one is analysed here; leaving the block waits for
    the last and raises what became of it.
    """

    def __init__(self, connection: Connection, alias: str, version: int, *, fresh: bool) -> None:
        self._connection = connection
        self._alias = alias
        self._version = version
        self._fresh = fresh
        self._replaced: set[str] = set()
        self._written: set[str] = set()
        self._sender = ThreadPoolExecutor(1, "elastic-bulk")
        self._sent: Future[None] | None = None

    def __enter__(self) -> FamilyWriter:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            if failed is None:
                self._settle()
        finally:
            self._sender.shutdown(cancel_futures=True)

    def _settle(self) -> None:
        """Wait for the chunk under way; raises what the cluster said to it."""
        sent, self._sent = self._sent, None
        if sent is not None:
            sent.result()

    def put(self, documents: list[IndexDocument], removed: Collection[str] = ()) -> None:
        """Replace all revisions of these documents' notices and drop the removed ones.

        A notice met again in a later call adds to what the earlier one wrote.
        """
        incoming = {document.notice_id for document in documents}
        gone = (incoming - self._replaced) | set(removed)
        families = _grouped(documents)
        homes = set(families) & self._written if self._fresh else set(families) | self._homes(gone)
        standing = self._standing(homes)
        for family in set(families) | set(standing):
            kept = [each for each in standing.get(family, ()) if each.notice_id not in gone]
            both = {(each.notice_id, each.revision): each for each in [*kept, *families.get(family, ())]}
            families[family] = list(both.values())
        actions = list(self._actions(families))
        self._settle()
        self._sent = self._sender.submit(self._bulk, actions)
        self._replaced |= incoming
        self._written |= set(families)

    def _homes(self, notice_ids: Collection[str]) -> set[str]:
        """The families in which these notices stand now."""
        found: set[str] = set()
        ids = sorted(notice_ids)
        for start in range(0, len(ids), CHUNK):
            wanted = {"nested": {"path": PATH, "query": {"terms": {f"{PATH}.notice_id": ids[start : start + CHUNK]}}}}
            with translated(self._connection.address):
                answer = self._client().search(
                    index=self._alias, query=wanted, size=10_000, source=False, allow_partial_search_results=False
                )
            failure = from_shards(self._connection.address, answer.body)
            if failure is not None:
                raise failure
            found |= {hit["_id"] for hit in answer.body["hits"]["hits"]}
        return found

    def _standing(self, families: Collection[str]) -> dict[str, list[IndexDocument]]:
        """What these families hold now, read past the last refresh."""
        if families:
            self._settle()
        found: dict[str, list[IndexDocument]] = {}
        ids = sorted(families)
        for start in range(0, len(ids), CHUNK):
            with translated(self._connection.address):
                answer = self._client().mget(
                    index=self._alias, ids=ids[start : start + CHUNK], source_includes=[f"{PATH}.stored"]
                )
            for each in answer.body["docs"]:
                if "error" in each:
                    raise from_items(self._connection.address, [{"get": {"status": 503, **each}}])
                if each["found"]:
                    found[each["_id"]] = [load_document(nested["stored"]) for nested in each["_source"][PATH]]
        return found

    def _bulk(self, actions: list[dict[str, Any]]) -> None:
        failed: list[dict[str, Any]] = []
        with translated(self._connection.address):
            for ok, item in streaming_bulk(
                self._client(),
                actions,
                chunk_size=CHUNK,
                max_chunk_bytes=BULK_BYTES,
                raise_on_error=False,
                max_retries=RETRIES,
                initial_backoff=0.5,
                max_backoff=4,
                index=self._alias,
                require_alias=True,
            ):
                if not ok and not _harmless(item):
                    failed.append(item)
        if failed:
            raise from_items(self._connection.address, failed)

    def _actions(self, families: Mapping[str, list[IndexDocument]]) -> Iterator[dict[str, Any]]:
        for family, documents in families.items():
            action = {"_id": family, "version": self._version, "version_type": "external_gte"}
            if documents:
                yield {**action, "_op_type": "index", "_source": family_source(family, documents)}
            else:
                yield {**action, "_op_type": "delete"}

    def _client(self) -> Elasticsearch:
        return self._connection.write()


def _harmless(item: Mapping[str, Mapping[str, Any]]) -> bool:
    """Something newer stands there already, or what should go is gone."""
    operation, outcome = next(iter(item.items()))
    if outcome.get("status") == 409:
        return True
    return operation == "delete" and outcome.get("result") == "not_found"


def _grouped(documents: Iterable[IndexDocument]) -> dict[str, list[IndexDocument]]:
    found: dict[str, list[IndexDocument]] = {}
    for document in documents:
        found.setdefault(document.family, []).append(document)
    return found
