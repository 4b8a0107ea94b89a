"""The stored history of records: one row for each run of equal content, with its first and last sighting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from notices.canonical import canonical_json
from notices.merge import Sighting
from notices.store.codec import decode_facts, load_json
from notices.store.engine import Row
from notices.store.schema import facts, observations

RecordKey = tuple[str, str]  # feed, record id


@dataclass(frozen=True, slots=True)
class StoredRun:
    """Where a record's newest run stands, without its facts."""

    row_id: int
    notice_id: str
    first: datetime
    last: datetime
    parser_version: int
    facts_hash: str


def newest_runs(connection: Connection, records: Collection[RecordKey]) -> dict[RecordKey, StoredRun]:
    """The run seen last of each record that is known."""
    by_feed: dict[str, list[str]] = defaultdict(list)
    for feed, record_id in records:
        by_feed[feed].append(record_id)
    table = observations.c
    found: dict[RecordKey, StoredRun] = {}
    for feed, record_ids in by_feed.items():
        statement = select(
            table.record_id, table.id, table.notice_id, table.first_at, table.last_at, table.parser_version,
            table.facts_hash,
        ).where(table.feed == feed, table.record_id.in_(record_ids))  # fmt: skip
        for record_id, *values in connection.execute(statement):
            run, key = StoredRun(*values), (feed, record_id)
            if key not in found or (found[key].last, found[key].first) < (run.last, run.first):
                found[key] = run
    return found


def touch_runs(connection: Connection, seen: dict[int, datetime]) -> None:
    """Note that runs were seen again, unchanged: one statement for each capture's instant, not for each row."""
    by_instant: dict[datetime, list[int]] = defaultdict(list)
    for row_id, at in seen.items():
        by_instant[at].append(row_id)
    for at, row_ids in by_instant.items():
        connection.execute(update(observations).where(observations.c.id.in_(row_ids)).values(last_at=at))


def load_runs(connection: Connection, notice_ids: Collection[str]) -> dict[str, list[tuple[Sighting, int]]]:
    """All runs of some notices with their row ids."""
    table = observations.c
    statement = (
        select(
            table.notice_id, table.id, table.feed, table.record_id, table.first_at, table.last_at, table.capture_id,
            table.parser, table.parser_version, table.facts_hash, facts.c.document, table.begun_by,
            table.restated,
        )
        .join(facts, facts.c.hash == table.facts_hash)
        .where(table.notice_id.in_(notice_ids))
    )  # fmt: skip
    found: dict[str, list[tuple[Sighting, int]]] = defaultdict(list)
    for notice_id, row_id, *values, document, begun_by, restated in connection.execute(statement):
        run = Sighting(*(*values, decode_facts(document), begun_by, tuple(load_json(restated))))
        found[notice_id].append((run, row_id))
    return found


def run_row(notice_id: str, run: Sighting) -> Row:
    """A run as a row."""
    return {
        "notice_id": notice_id,
        "feed": run.feed,
        "record_id": run.record_id,
        "first_at": run.first,
        "last_at": run.last,
        "capture_id": run.capture_id,
        "parser": run.parser,
        "parser_version": run.parser_version,
        "published_on": run.facts.published_on,
        "facts_hash": run.hash,
        "begun_by": run.begun_by,
        "restated": canonical_json(run.restated),
    }


def replace_runs(connection: Connection, gone: Iterable[int], rows: Sequence[Row]) -> None:
    """Take out runs that were continued or restated and write the new ones."""
    stale = list(gone)
    if stale:
        connection.execute(delete(observations).where(observations.c.id.in_(stale)))
    if rows:
        connection.execute(insert(observations), rows)
