"""Captures: the body's file first, then the row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Select, and_, or_, select, update

from notices.errors import CaptureCorrupt, NotFound
from notices.model import Capture
from notices.store.bodies import Bodies
from notices.store.engine import Database, Row, insert_missing
from notices.store.schema import captures

PAGE_LIMIT = 5000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COLUMNS = [captures.c[name] for name in Capture.__slots__]


class CaptureRows:
    """Raw bytes as fetched, content-addressed in the data folder, with their rows in the database."""

    _db: Database
    _bodies: Bodies

    def put_capture(self, capture: Capture, body: bytes) -> None:
        """Store body, then row; the same capture again moves its last-seen time and mends a broken body.

        Raises StoreUnavailable when the disk is full or read-only, CaptureCorrupt when hash and body differ.
        """
        if not _SHA256.fullmatch(capture.body_sha256):
            raise CaptureCorrupt(f"Not a sha256 in hexadecimal: {capture.body_sha256!r}.")
        self._bodies.put(body, capture.body_sha256)
        row: Row = {name: getattr(capture, name) for name in Capture.__slots__}
        row |= {"last_seen_at": capture.fetched_at, "size": len(body)}
        again = update(captures).where(captures.c.id == capture.id, captures.c.last_seen_at < capture.fetched_at)
        with self._db.write() as connection:
            insert_missing(connection, captures, [row])
            connection.execute(again.values(last_seen_at=capture.fetched_at))

    def capture(self, capture_id: str) -> Capture:
        """The capture's row. Raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(select(*_COLUMNS).where(captures.c.id == capture_id)).first()
        if row is None:
            raise NotFound(f"There is no capture {capture_id}.")
        return Capture(*row)

    def body(self, capture: Capture) -> bytes:
        """The stored bytes, checked against their hash. Raises CaptureCorrupt, NotFound."""
        with self._db.read() as connection:
            size: int | None = connection.execute(select(captures.c.size).where(captures.c.id == capture.id)).scalar()
        if size is None:
            raise NotFound(f"There is no capture {capture.id}.")
        return self._bodies.get(capture.body_sha256, size)

    def captures(self, feed: str, *, after: str | None = None, limit: int = 500) -> Sequence[Capture]:
        """Captures of one feed in (fetched_at, id) order, after the given id. Raises NotFound for an unknown id."""
        statement = select(*_COLUMNS).where(captures.c.source == feed)
        if after is not None:
            statement = self._behind(statement, self.capture(after))
        statement = statement.order_by(captures.c.fetched_at, captures.c.id).limit(min(limit, PAGE_LIMIT))
        with self._db.read() as connection:
            return [Capture(*row) for row in connection.execute(statement)]

    @staticmethod
    def _behind(statement: Select[tuple[object, ...]], last: Capture) -> Select[tuple[object, ...]]:
        at, name = captures.c.fetched_at, captures.c.id
        return statement.where(or_(at > last.fetched_at, and_(at == last.fetched_at, name > last.id)))
