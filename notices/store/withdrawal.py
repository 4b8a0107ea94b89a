"""Notices that leave and come back: by positive evidence, or because every record now names another notice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from notices.merge import Sighting
from notices.model import Cause, ChangeKind
from notices.store.changelog import Entry
from notices.store.observations import newest_runs
from notices.store.schema import notices, observations


def withdraw_notice(connection: Connection, notice_id: str, at: datetime) -> Entry | None:
    """Mark a notice as withdrawn; None when it already was, or is unknown."""
    statement = select(notices.c.revision).where(notices.c.id == notice_id, notices.c.withdrawn_at.is_(None))
    revision: int | None = connection.execute(statement).scalar()
    if revision is None:
        return None
    connection.execute(update(notices).where(notices.c.id == notice_id).values(withdrawn_at=at))
    return Entry(notice_id, revision, ChangeKind.WITHDRAWN, Cause.SOURCE, ())


def withdraw_left(connection: Connection, notice_ids: Collection[str], at: datetime) -> list[Entry]:
    """Withdraw those whose every record has since been seen under another notice (its symbol was corrected)."""
    if not notice_ids:
        return []
    table = observations.c
    rows = connection.execute(
        select(table.notice_id, table.feed, table.record_id).where(table.notice_id.in_(notice_ids))
    )
    records: dict[str, set[tuple[str, str]]] = {}
    for notice_id, feed, record_id in rows:
        records.setdefault(notice_id, set()).add((feed, record_id))
    newest = newest_runs(connection, {key for keys in records.values() for key in keys})
    left = [notice_id for notice_id, keys in records.items() if all(newest[key].notice_id != notice_id for key in keys)]
    entries = (withdraw_notice(connection, notice_id, at) for notice_id in sorted(left))
    return [entry for entry in entries if entry is not None]


def revive_notices(
    connection: Connection, seen: Sequence[tuple[str, Sighting]], logged: Collection[str]
) -> list[Entry]:
    """Bring back withdrawn notices that a feed has reported since; those logged already need no second line."""
    latest: dict[str, datetime] = {}
    for notice_id, item in seen:
        latest[notice_id] = max(item.last, latest.get(notice_id, item.last))
    table = notices.c
    statement = select(table.id, table.revision, table.withdrawn_at).where(
        table.id.in_(list(latest)), table.withdrawn_at.is_not(None)
    )
    back = {
        notice_id: revision
        for notice_id, revision, withdrawn_at in connection.execute(statement)
        if latest[notice_id] > withdrawn_at
    }
    if back:
        connection.execute(update(notices).where(table.id.in_(list(back))).values(withdrawn_at=None))
    return [
        Entry(notice_id, revision, ChangeKind.REVISED, Cause.SOURCE, ())
        for notice_id, revision in sorted(back.items())
        if notice_id not in logged
    ]
