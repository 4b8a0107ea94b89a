"""Every table of the store in one MetaData; the migrations lead exactly here (a test compares them)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

KEY = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared and paged by: byte order on both engines, or a page would end elsewhere."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both engines; SQLite itself knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive instant is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive instant: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401
        """Back as aware UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


captures = Table(
    "captures",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("source", KEY, nullable=False),
    Column("live_url", Text, nullable=False),
    Column("final_url", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("status", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("body_sha256", KEY, nullable=False),
    Column("size", Integer, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Index(None, "source", "fetched_at", "id"),
)

facts = Table(
    "facts",
    metadata,
    Column("hash", KEY, primary_key=True),
    Column("document", Text, nullable=False),
)
"""Facts by content hash, each once: most notices have one record, which says exactly what its revision says."""

notices = Table(
    "notices",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("source", KEY, nullable=False, index=True),
    Column("family", KEY, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("content_hash", KEY, ForeignKey("facts.hash"), nullable=False),
    Column("published_on", Date, nullable=False),
    Column("first_captured_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)

revisions = Table(
    "revisions",
    metadata,
    Column("notice_id", KEY, ForeignKey("notices.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content_hash", KEY, ForeignKey("facts.hash"), nullable=False),
    Column("changed_fields", Text, nullable=False),
    Column("position", Integer),  # in validity order from 0; NULL: completed by a later revision of the same state
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("captured_at", Instant, nullable=False),
    Column("captured_late", Boolean, nullable=False),
    Column("text_version", Integer, nullable=False),
)

observations = Table(
    "observations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_id", KEY, ForeignKey("notices.id"), nullable=False, index=True),
    Column("feed", KEY, nullable=False),
    Column("record_id", KEY, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("capture_id", KEY, nullable=False),
    Column("parser", Text, nullable=False),
    Column("parser_version", Integer, nullable=False),
    Column("published_on", Date, nullable=False),
    Column("facts_hash", KEY, ForeignKey("facts.hash"), nullable=False),
    Column("begun_by", Integer, nullable=False),
    Column("restated", Text, nullable=False),
    UniqueConstraint("feed", "record_id", "notice_id", "first_at"),
)
"""The distinct history of each record: one row for each run of equal content."""

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("notice_id", KEY, ForeignKey("notices.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("changed_fields", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("consumer", KEY, primary_key=True),
    Column("seq", Integer, nullable=False),
)

identifiers = Table(
    "identifiers",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("notice_id", KEY, ForeignKey("notices.id"), primary_key=True),
)

family_bases = Table(
    "family_bases",
    metadata,
    Column("base", KEY, primary_key=True),
    Column("family", KEY, nullable=False, index=True),
    Column("rank", Integer, nullable=False),
)
"""Base symbols that stand together in a joint document, and who leads them: rank 0 when the base document says so."""

enrichments = Table(
    "enrichments",
    metadata,
    Column("notice_id", KEY, ForeignKey("notices.id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("component", KEY, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("findings", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", KEY, primary_key=True),
    Column("feed", KEY, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("verdict", Text, nullable=False),
    Column("report", Text, nullable=False),
    Index(None, "feed", "started_at"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("feed", KEY, nullable=False, index=True),
    Column("capture_id", KEY, nullable=False),
    Column("locator", Text, nullable=False),
    Column("parser", Text, nullable=False),
    Column("parser_version", Integer, nullable=False),
    Column("error_code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

skipped = Table(
    "skipped",
    metadata,
    Column("feed", KEY, primary_key=True),
    Column("record_id", KEY, primary_key=True),
    Column("reason", Text, nullable=False),
)

covered = Table(
    "covered",
    metadata,
    Column("feed", KEY, primary_key=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
)
