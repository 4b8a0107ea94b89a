"""Notices and their revisions: the merge as a write unit, and every way to read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select

from notices.errors import NotFound
from notices.model import Cause, Change, MergeOutcome, Notice, Observation, Revision
from notices.store.changelog import append_changes
from notices.store.codec import decode_facts
from notices.store.engine import Database
from notices.store.merging import merge_batch
from notices.store.revisions import decode_fields
from notices.store.schema import facts, identifiers, notices, revisions
from notices.store.withdrawal import withdraw_notice

IDS_LIMIT = 1000
PAGE_LIMIT = 2000
FOUND_LIMIT = 20


def bounded(notice_ids: Collection[str]) -> list[str]:
    """The ids, each once. Raises ValueError beyond the port's limit."""
    if len(notice_ids) > IDS_LIMIT:
        raise ValueError(f"at most {IDS_LIMIT} ids at once, not {len(notice_ids)}")
    return sorted(set(notice_ids))


class NoticeRows:
    """Notices on the database; all writes go through :meth:`merge` and :meth:`withdraw`."""

    _db: Database

    def merge(self, observations: Sequence[Observation], *, first_seen_cause: Cause, at: datetime) -> MergeOutcome:
        """Merge a batch into notices in one transaction and log the changes; see ``ports.NoticeStore``."""
        if not observations:
            return MergeOutcome()
        with self._db.write() as connection:
            self._db.lock_change_log(connection)
            return merge_batch(connection, observations, first_seen_cause, at)

    def withdraw(self, notice_id: str, *, at: datetime) -> Change | None:
        """Mark as withdrawn; None when it already was. Raises NotFound."""
        with self._db.write() as connection:
            self._db.lock_change_log(connection)
            if connection.execute(select(notices.c.id).where(notices.c.id == notice_id)).first() is None:
                raise NotFound(f"There is no notice {notice_id}.")
            entry = withdraw_notice(connection, notice_id, at)
            return None if entry is None else append_changes(connection, [entry], at)[0]

    def notice(self, notice_id: str, *, revision: int | None = None) -> Notice:
        """One notice, current or in one revision. Raises NotFound."""
        statement = _current()
        if revision is not None:
            statement = (
                select(notices, revisions.c.number, revisions.c.content_hash.label("hash"), facts.c.document)
                .join(revisions, revisions.c.notice_id == notices.c.id)
                .join(facts, facts.c.hash == revisions.c.content_hash)
                .where(revisions.c.number == revision)
            )
        with self._db.read() as connection:
            row = connection.execute(statement.where(notices.c.id == notice_id)).first()
        if row is None:
            what = f"notice {notice_id}" if revision is None else f"revision {revision} of notice {notice_id}"
            raise NotFound(f"There is no {what}.")
        return _notice(row)

    def notices(self, notice_ids: Collection[str]) -> dict[str, Notice]:
        """Current notices by id; unknown ids are left out. At most 1,000 ids."""
        statement = _current().where(notices.c.id.in_(bounded(notice_ids)))
        return {notice.id: notice for notice in self._notices(statement)}

    def notice_page(self, *, after: str | None = None, limit: int = 500) -> Sequence[Notice]:
        """Current notices in id order, after the given id."""
        statement = _current().order_by(notices.c.id).limit(min(limit, PAGE_LIMIT))
        if after is not None:
            statement = statement.where(notices.c.id > after)
        return self._notices(statement)

    def revisions(self, notice_id: str) -> Sequence[Revision]:
        """All revisions in validity order, oldest first. Raises NotFound.

        A revision that a later one completed (the same state of the source, told by one more feed) is not among them.
        """
        with self._db.read() as connection:
            found = read_chains(connection, [notice_id]).get(notice_id)
        if found is None:
            raise NotFound(f"There is no notice {notice_id}.")
        return found

    def revisions_of(self, notice_ids: Collection[str]) -> dict[str, Sequence[Revision]]:
        """All revisions of several notices in one read; unknown ids are left out. At most 1,000 ids."""
        with self._db.read() as connection:
            return dict(read_chains(connection, bounded(notice_ids)))

    def family(self, family: str) -> Sequence[Notice]:
        """Current notices of one family, oldest first; empty when unknown."""
        statement = _current().where(notices.c.family == family).order_by(notices.c.published_on, notices.c.id)
        return self._notices(statement)

    def find_identifier(self, key: str) -> Sequence[str]:
        """Notice ids known under a normalised key (``notices.identity.lookup_key``), at most 20."""
        table = identifiers.c
        statement = select(table.notice_id).where(table.key == key).order_by(table.notice_id).limit(FOUND_LIMIT)
        with self._db.read() as connection:
            return list(connection.execute(statement).scalars())

    def count(self, source: str | None = None) -> int:
        """How many notices (of one publisher) there are."""
        statement = select(func.count()).select_from(notices)
        if source is not None:
            statement = statement.where(notices.c.source == source)
        with self._db.read() as connection:
            return connection.execute(statement).scalar_one()

    def _notices(self, statement: Select[tuple[object, ...]]) -> list[Notice]:
        with self._db.read() as connection:
            rows = connection.execute(statement).all()
        return [_notice(row) for row in rows]


def _current() -> Select[tuple[object, ...]]:
    return select(
        notices, notices.c.revision.label("number"), notices.c.content_hash.label("hash"), facts.c.document
    ).join(facts, facts.c.hash == notices.c.content_hash)


def _notice(row: Row[tuple[object, ...]]) -> Notice:
    return Notice(
        id=row.id,
        source=row.source,
        family=row.family,
        revision=row.number,
        content_hash=row.hash,
        facts=decode_facts(row.document),
        first_captured_at=row.first_captured_at,
        withdrawn=row.withdrawn_at is not None,
        withdrawn_on=row.withdrawn_at.date() if row.withdrawn_at is not None else None,
    )


def read_chains(connection: Connection, notice_ids: Collection[str]) -> dict[str, list[Revision]]:
    """The revisions of some notices in validity order, without superseded ones."""
    table = revisions.c
    statement = (
        select(revisions, facts.c.document)
        .join(facts, facts.c.hash == table.content_hash)
        .where(table.notice_id.in_(notice_ids), table.position.is_not(None))
        .order_by(table.notice_id, table.position)
    )
    found: dict[str, list[Revision]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.notice_id, []).append(
            Revision(
                notice_id=row.notice_id,
                number=row.number,
                content_hash=row.content_hash,
                changed_fields=decode_fields(row.changed_fields),
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                captured_at=row.captured_at,
                captured_late=row.captured_late,
                text_version=row.text_version,
                facts=decode_facts(row.document),
            )
        )
    return found
