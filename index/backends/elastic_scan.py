"""Counting and comparing a whole generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from index.backends.elastic_client import Connection
from index.backends.elastic_errors import from_shards, translated
from index.backends.elastic_mapping import PATH
from notices.search import VerifyReport

SCAN_PAGE = 1_000
KEEP_ALIVE = "2m"


def count(connection: Connection, index: str) -> tuple[int, int]:
    """How many notices and passages an index holds, as of its last refresh; exact."""
    aggregations = {
        "revisions": {
            "nested": {"path": PATH},
            "aggs": {
                "notices": {"filter": {"term": {f"{PATH}.first": True}}},
                "passages": {"sum": {"field": f"{PATH}.passages"}},
            },
        }
    }
    with translated(connection.address):
        answer = connection.write().search(
            index=index, size=0, track_total_hits=False, aggs=aggregations, allow_partial_search_results=False
        )
    failure = from_shards(connection.address, answer.body)
    if failure is not None:
        raise failure
    found = answer.body["aggregations"]["revisions"]
    return int(found["notices"]["doc_count"]), int(found["passages"]["value"])


def compare(
    connection: Connection, index: str, generation: str, expected: Iterable[tuple[str, int, str]]
) -> VerifyReport:
    """Every revision expected against every revision there, by fingerprint."""
    awaited = {(notice_id, revision): fingerprint for notice_id, revision, fingerprint in expected}
    checked = len(awaited)
    extra: set[str] = set()
    stale: set[str] = set()
    for nested in _scan(connection, index):
        fingerprint = awaited.pop((nested["notice_id"], nested["revision"]), None)
        if fingerprint is None:
            extra.add(nested["notice_id"])
        elif fingerprint != nested["fingerprint"]:
            stale.add(nested["notice_id"])
    return VerifyReport(
        generation=generation,
        checked=checked,
        missing=tuple(sorted({notice_id for notice_id, _ in awaited})),
        extra=tuple(sorted(extra)),
        stale=tuple(sorted(stale)),
    )


def _scan(connection: Connection, index: str) -> Iterator[dict[str, Any]]:
    """Every nested document's name and fingerprint, out of one point in time."""
    client = connection.write()
    wanted = [f"{PATH}.{name}" for name in ("notice_id", "revision", "fingerprint")]
    with translated(connection.address):
        opened = client.open_point_in_time(index=index, keep_alive=KEEP_ALIVE).body["id"]
    try:
        after: list[Any] | None = None
        while True:
            with translated(connection.address):
                answer = client.search(
                    pit={"id": opened, "keep_alive": KEEP_ALIVE},
                    size=SCAN_PAGE,
                    source={"includes": wanted},
                    sort=["_shard_doc"],
                    track_total_hits=False,
                    search_after=after,
                    allow_partial_search_results=False,
                )
            failure = from_shards(connection.address, answer.body)
            if failure is not None:
                raise failure
            hits = answer.body["hits"]["hits"]
            for hit in hits:
                yield from hit["_source"][PATH]
            if len(hits) < SCAN_PAGE:
                return
            opened, after = answer.body["pit_id"], hits[-1]["sort"]
    finally:
        with translated(connection.address):
            client.options(ignore_status=404).close_point_in_time(id=opened)
