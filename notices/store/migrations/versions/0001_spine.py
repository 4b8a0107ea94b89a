"""The spine: captures, notices with revisions, the change log, findings and runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "captures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("live_url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body_sha256", KEY, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
    )
    op.create_index("ix_captures_source_fetched_at_id", "captures", ["source", "fetched_at", "id"], unique=False)
    op.create_table(
        "covered",
        sa.Column("feed", KEY, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name="pk_covered"),
    )
    op.create_table(
        "cursors",
        sa.Column("consumer", KEY, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", name="pk_cursors"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", KEY, nullable=False),
        sa.Column("feed", KEY, nullable=False),
        sa.Column("capture_id", KEY, nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("parser", sa.Text(), nullable=False),
        sa.Column("parser_version", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
    )
    op.create_index("ix_dead_letters_feed", "dead_letters", ["feed"], unique=False)
    op.create_table(
        "facts",
        sa.Column("hash", KEY, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_facts"),
    )
    op.create_table(
        "family_bases",
        sa.Column("base", KEY, nullable=False),
        sa.Column("family", KEY, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("base", name="pk_family_bases"),
    )
    op.create_index("ix_family_bases_family", "family_bases", ["family"], unique=False)
    op.create_table(
        "runs",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("feed", KEY, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_runs"),
    )
    op.create_index("ix_runs_feed_started_at", "runs", ["feed", "started_at"], unique=False)
    op.create_table(
        "skipped",
        sa.Column("feed", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "record_id", name="pk_skipped"),
    )
    op.create_table(
        "notices",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("family", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", KEY, nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("first_captured_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["content_hash"], ["facts.hash"], name="fk_notices_content_hash"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_family", "notices", ["family"], unique=False)
    op.create_index("ix_notices_source", "notices", ["source"], unique=False)
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("changed_fields", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_changes_notice_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
    )
    op.create_index("ix_changes_notice_id", "changes", ["notice_id"], unique=False)
    op.create_table(
        "enrichments",
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("component", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_enrichments_notice_id"),
        sa.PrimaryKeyConstraint("notice_id", "revision", "component", name="pk_enrichments"),
    )
    op.create_table(
        "identifiers",
        sa.Column("key", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_identifiers_notice_id"),
        sa.PrimaryKeyConstraint("key", "notice_id", name="pk_identifiers"),
    )
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("feed", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("capture_id", KEY, nullable=False),
        sa.Column("parser", sa.Text(), nullable=False),
        sa.Column("parser_version", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("facts_hash", KEY, nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=False),
        sa.Column("restated", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["facts_hash"], ["facts.hash"], name="fk_observations_facts_hash"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_observations_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_observations"),
        sa.UniqueConstraint(
            "feed", "record_id", "notice_id", "first_at", name="uq_observations_feed_record_id_notice_id_first_at"
        ),
    )
    op.create_index("ix_observations_notice_id", "observations", ["notice_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_hash", KEY, nullable=False),
        sa.Column("changed_fields", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("captured_at", INSTANT, nullable=False),
        sa.Column("captured_late", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["content_hash"], ["facts.hash"], name="fk_revisions_content_hash"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_revisions_notice_id"),
        sa.PrimaryKeyConstraint("notice_id", "number", name="pk_revisions"),
    )


def downgrade() -> None:
    """Back is by the copy that the upgrade made."""
    raise NotImplementedError
