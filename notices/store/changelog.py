"""The append-only change log and the cursors of those who follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from notices.canonical import canonical_json
from notices.model import Cause, Change, ChangeKind
from notices.store.engine import Database, insert_or_replace
from notices.store.revisions import decode_fields
from notices.store.schema import changes, cursors

PAGE_LIMIT = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """A change before it has its place in the log."""

    notice_id: str
    revision: int
    kind: ChangeKind
    cause: Cause
    changed_fields: tuple[str, ...]


def append_changes(connection: Connection, entries: Sequence[Entry], at: datetime) -> list[Change]:
    """Write entries behind the log's end. The caller holds the change-log lock, so numbers follow commits."""
    if not entries:
        return []
    last = connection.execute(select(func.max(changes.c.seq))).scalar() or 0
    logged = [
        Change(last + place, entry.notice_id, entry.revision, entry.kind, entry.cause, entry.changed_fields, at)
        for place, entry in enumerate(entries, start=1)
    ]
    rows = [
        {
            "seq": change.seq,
            "notice_id": change.notice_id,
            "revision": change.revision,
            "kind": change.kind,
            "cause": change.cause,
            "changed_fields": canonical_json(change.changed_fields),
            "at": change.at,
        }
        for change in logged
    ]
    connection.execute(insert(changes), rows)
    return logged


class ChangeRows:
    """The change log on the database."""

    _db: Database

    def changes(self, after: int, limit: int = 500) -> Sequence[Change]:
        """Changes with seq > after, in seq order, which is commit order."""
        statement = select(changes).where(changes.c.seq > after).order_by(changes.c.seq).limit(min(limit, PAGE_LIMIT))
        with self._db.read() as connection:
            rows = connection.execute(statement).all()
        return [
            Change(
                row.seq,
                row.notice_id,
                row.revision,
                ChangeKind(row.kind),
                Cause(row.cause),
                decode_fields(row.changed_fields),
                row.at,
            )
            for row in rows
        ]

    def last_seq(self) -> int:
        """The highest committed seq, 0 when empty."""
        with self._db.read() as connection:
            found: int | None = connection.execute(select(func.max(changes.c.seq))).scalar()
        return found or 0

    def cursor(self, consumer: str) -> int:
        """How far a consumer has come; 0 at first."""
        with self._db.read() as connection:
            found: int | None = connection.execute(select(cursors.c.seq).where(cursors.c.consumer == consumer)).scalar()
        return found or 0

    def set_cursor(self, consumer: str, seq: int) -> None:
        """Move a consumer's cursor."""
        with self._db.write() as connection:
            insert_or_replace(connection, cursors, [{"consumer": consumer, "seq": seq}])
