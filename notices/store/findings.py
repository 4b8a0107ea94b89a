"""Findings: one row for what one component found on one revision."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select

from notices.model import Finding
from notices.store.codec import decode_findings, encode_findings
from notices.store.engine import Database, insert_or_replace
from notices.store.notices import bounded
from notices.store.schema import enrichments

Batch = Sequence[tuple[str, int, str, int, Sequence[Finding]]]


class FindingRows:
    """What components found, per notice revision."""

    _db: Database

    def put_findings(
        self, notice_id: str, revision: int, component: str, version: int, findings: Sequence[Finding]
    ) -> None:
        """Replace what this component found on this revision; an empty list records that it looked."""
        self.put_findings_batch([(notice_id, revision, component, version, findings)])

    def put_findings_batch(self, batch: Batch) -> None:
        """Many :meth:`put_findings` in one transaction. Raises RevisionConflict for an unknown notice."""
        rows = {
            (notice_id, revision, component): {
                "notice_id": notice_id,
                "revision": revision,
                "component": component,
                "version": version,
                "findings": encode_findings(findings),
            }
            for notice_id, revision, component, version, findings in batch
        }
        with self._db.write() as connection:
            insert_or_replace(connection, enrichments, list(rows.values()))

    def findings(self, notice_ids: Collection[str]) -> dict[tuple[str, int], list[Finding]]:
        """All findings of these notices, keyed by (notice id, revision). At most 1,000 ids."""
        found: dict[tuple[str, int], list[Finding]] = {}
        with self._db.read() as connection:
            rows = connection.execute(_looked(notice_ids)).all()
        for row in rows:
            values = decode_findings(row.findings, row.notice_id, row.revision, row.component, row.version)
            if values:
                found.setdefault((row.notice_id, row.revision), []).extend(values)
        return found

    def enriched(self, notice_ids: Collection[str]) -> dict[tuple[str, int], dict[str, int]]:
        """Which component versions have looked at which revision: (notice id, revision) → {component: version}."""
        table = enrichments.c
        statement = _looked(notice_ids).with_only_columns(
            table.notice_id, table.revision, table.component, table.version
        )
        found: dict[tuple[str, int], dict[str, int]] = {}
        with self._db.read() as connection:
            for notice_id, revision, component, version in connection.execute(statement):
                found.setdefault((notice_id, revision), {})[component] = version
        return found


def _looked(notice_ids: Collection[str]) -> Select[tuple[object, ...]]:
    table = enrichments.c
    order = (table.notice_id, table.revision, table.component)
    return select(enrichments).where(table.notice_id.in_(bounded(notice_ids))).order_by(*order)
