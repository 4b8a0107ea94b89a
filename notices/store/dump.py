"""The canonical dump: what is known, without when and how it came to be known."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from notices.canonical import canonical_json, facts_document
from notices.model import Revision
from notices.store.codec import load_json
from notices.store.engine import Database, Row
from notices.store.notices import read_chains
from notices.store.schema import dead_letters, enrichments, notices, skipped

PAGE = 200


class DumpRows:
    """Equal dumps, equal knowledge: a crawl that was killed and run again dumps like an undisturbed one."""

    _db: Database

    def dump(self) -> Iterator[str]:
        """Canonical JSON lines: notices with revisions and findings in validity order, skipped, dead letters.

        No timestamps, run, capture or row ids, no arrival numbers; revisions that were completed by a later one (which
        ones depends on how the records fell into batches) are left out with their findings.
        """
        after = ""
        while True:
            with self._db.read() as connection:
                lines, after = _notice_lines(connection, after)
            if not lines:
                break
            yield from lines
        with self._db.read() as connection:
            rest = [*_skipped_lines(connection), *_dead_lines(connection)]
        yield from rest


def _notice_lines(connection: Connection, after: str) -> tuple[list[str], str]:
    table = notices.c
    page = select(table.id, table.family, table.withdrawn_at).where(table.id > after).order_by(table.id).limit(PAGE)
    heads = connection.execute(page).all()
    if not heads:
        return [], after
    ids = [head.id for head in heads]
    chains = read_chains(connection, ids)
    looked: dict[tuple[str, int], list[Row]] = {}
    statement = select(enrichments).where(enrichments.c.notice_id.in_(ids)).order_by(enrichments.c.component)
    for row in connection.execute(statement):
        found = {"component": row.component, "version": row.version, "findings": load_json(row.findings)}
        looked.setdefault((row.notice_id, row.revision), []).append(found)
    lines = [
        canonical_json(
            {
                "notice": head.id,
                "family": head.family,
                "withdrawn": head.withdrawn_at is not None,
                "revisions": [
                    _revision_document(revision, looked.get((head.id, revision.number), []))
                    for revision in chains[head.id]
                ],
            }
        )
        for head in heads
    ]
    return lines, ids[-1]


def _revision_document(revision: Revision, looked: list[Row]) -> Row:
    return {
        "content_hash": revision.content_hash,
        "changed_fields": revision.changed_fields,
        "facts": facts_document(revision.facts),
        "enriched": looked,
    }


def _skipped_lines(connection: Connection) -> list[str]:
    rows = connection.execute(select(skipped).order_by(skipped.c.feed, skipped.c.record_id))
    return [canonical_json({"skipped": dict(row._mapping)}) for row in rows]


def _dead_lines(connection: Connection) -> list[str]:
    table = dead_letters.c
    columns = (table.feed, table.locator, table.parser, table.parser_version, table.error_code, table.detail)
    rows = connection.execute(select(*columns))
    return sorted(canonical_json({"dead_letter": dict(row._mapping)}) for row in rows)
