"""Runs, dead letters, skipped records, covered spans, and the state of a source that they add up to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, delete, distinct, func, select

from notices.model import DeadLetter
from notices.runs import RunReport, SourceStatus, Verdict
from notices.store.codec import decode_run, encode_run
from notices.store.engine import Database, insert_missing, insert_or_replace
from notices.store.schema import changes, covered, dead_letters, observations, runs, skipped

SUCCESS = (Verdict.OK, Verdict.EMPTY_ALLOWED)
RUNS_LIMIT = 1000
_LETTER = [dead_letters.c[name] for name in DeadLetter.__slots__]


class RunRows:
    """What crawl runs did and left behind."""

    _db: Database

    def put_run(self, report: RunReport) -> None:
        """Insert or replace a run by its id."""
        row = {
            "run_id": report.run_id,
            "feed": report.feed,
            "started_at": report.started_at,
            "finished_at": report.finished_at,
            "verdict": report.verdict,
            "report": encode_run(report),
        }
        with self._db.write() as connection:
            insert_or_replace(connection, runs, [row])

    def runs(self, feed: str, limit: int = 20) -> Sequence[RunReport]:
        """The newest runs of a feed, newest first."""
        with self._db.read() as connection:
            return _newest_runs(connection, feed, min(limit, RUNS_LIMIT))

    def put_dead_letter(self, letter: DeadLetter) -> None:
        """Keep a record that could not be read (replaces the same id)."""
        with self._db.write() as connection:
            insert_or_replace(connection, dead_letters, [{n: getattr(letter, n) for n in DeadLetter.__slots__}])

    def dead_letters(self, feed: str | None = None) -> Sequence[DeadLetter]:
        """Dead letters, oldest first."""
        statement = select(*_LETTER).order_by(dead_letters.c.at, dead_letters.c.id)
        if feed is not None:
            statement = statement.where(dead_letters.c.feed == feed)
        with self._db.read() as connection:
            return [DeadLetter(*row) for row in connection.execute(statement)]

    def drop_dead_letter(self, letter_id: str) -> None:
        """Forget one that has been read at last; nothing when it is not there."""
        with self._db.write() as connection:
            connection.execute(delete(dead_letters).where(dead_letters.c.id == letter_id))

    def note_skipped(self, feed: str, record_ids: Collection[str], reason: str) -> None:
        """Count records left out on purpose, once per record id."""
        rows = [{"feed": feed, "record_id": record_id, "reason": reason} for record_id in sorted(set(record_ids))]
        with self._db.write() as connection:
            insert_missing(connection, skipped, rows)

    def covered(self, feed: str) -> tuple[date, date] | None:
        """The span of publication dates that finished slices of this feed have covered, or None."""
        with self._db.read() as connection:
            return _span(connection, feed)

    def note_covered(self, feed: str, since: date, until: date) -> None:
        """Widen the covered span."""
        with self._db.write() as connection:
            span = _span(connection, feed) or (since, until)
            row = {"feed": feed, "since": min(since, span[0]), "until": max(until, span[1])}
            insert_or_replace(connection, covered, [row])

    def records_held(self, feed: str, since: date, until: date) -> int:
        """How many distinct records of a feed with a publication date in the span (both ends in) were received."""
        table = observations.c
        statement = select(func.count(distinct(table.record_id))).where(
            table.feed == feed, table.published_on.between(since, until)
        )
        with self._db.read() as connection:
            return connection.execute(statement).scalar_one()

    def source_status(self, feed: str, title: str) -> SourceStatus:
        """Counts over everything ever received from a feed; expected, verdict and reason of its last run."""
        table = observations.c
        counts = select(
            func.count(distinct(table.record_id)), func.count(distinct(table.notice_id)), func.max(table.published_on)
        ).where(table.feed == feed)
        with self._db.read() as connection:
            received, contributed, newest = connection.execute(counts).one()
            last = next(iter(_newest_runs(connection, feed, 1)), None)
            return SourceStatus(
                source=feed,
                title=title,
                received=received,
                skipped=_count(connection, feed, skipped.c.feed),
                notices=contributed,
                expected=None if last is None else last.expected,
                last_success=connection.execute(
                    select(func.max(runs.c.finished_at)).where(runs.c.feed == feed, runs.c.verdict.in_(SUCCESS))
                ).scalar(),
                newest=newest,
                verdict=Verdict.NEVER if last is None else last.verdict,
                reason="" if last is None else last.reason,
                dead=_count(connection, feed, dead_letters.c.feed),
            )

    def latest_instant(self) -> datetime | None:
        """The latest moment that anything here was seen or done; None in an empty store."""
        with self._db.read() as connection:
            moments = [
                connection.execute(select(func.max(column))).scalar()
                for column in (runs.c.started_at, runs.c.finished_at, observations.c.last_at, changes.c.at)
            ]
        return max((moment for moment in moments if moment is not None), default=None)


def _newest_runs(connection: Connection, feed: str, limit: int) -> list[RunReport]:
    order = (runs.c.started_at.desc(), runs.c.run_id.desc())
    rows = connection.execute(select(runs.c.report).where(runs.c.feed == feed).order_by(*order).limit(limit))
    return [decode_run(report) for report in rows.scalars()]


def _span(connection: Connection, feed: str) -> tuple[date, date] | None:
    row = connection.execute(select(covered.c.since, covered.c.until).where(covered.c.feed == feed)).first()
    return None if row is None else (row.since, row.until)


def _count(connection: Connection, feed: str, column: ColumnElement[str]) -> int:
    return connection.execute(select(func.count()).where(column == feed)).scalar_one()
