"""A notice's stored revisions against its chain of versions: what to add, what to move, what is superseded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from notices.canonical import canonical_json
from notices.merge import Version
from notices.store.codec import load_json
from notices.store.engine import Row
from notices.store.schema import revisions

TEXT_VERSION = 1
"""Which normaliser made the field texts; a new one adds revisions' texts and never replaces them."""


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """A revision's row without its facts; ``position`` is None once a later revision completed the same state."""

    number: int
    content_hash: str
    changed_fields: str
    position: int | None
    valid_from: date
    valid_until: date | None
    captured_at: datetime
    captured_late: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """The rows to write, and which number stands at each position of the chain."""

    numbers: tuple[int, ...]
    added: tuple[Row, ...]
    altered: tuple[Row, ...]
    moved: bool  # the chain reads differently than before


def stored_revisions(connection: Connection, notice_ids: Collection[str]) -> dict[str, list[StoredRevision]]:
    """All revisions of some notices, superseded ones too, by number."""
    table = revisions.c
    statement = select(
        table.notice_id, table.number, table.content_hash, table.changed_fields, table.position, table.valid_from,
        table.valid_until, table.captured_at, table.captured_late,
    ).where(table.notice_id.in_(notice_ids)).order_by(table.number)  # fmt: skip
    found: dict[str, list[StoredRevision]] = defaultdict(list)
    for notice_id, *values in connection.execute(statement):
        found[notice_id].append(StoredRevision(*values))
    return found


def align(notice_id: str, stored: Sequence[StoredRevision], chain: Sequence[Version]) -> Alignment:
    """Give every version its number: the one it has, or the next by arrival. Numbers are never used twice."""
    matched = _match(stored, chain)
    following = max((revision.number for revision in stored), default=0) + 1
    numbers: list[int] = []
    added: list[Row] = []
    altered: list[Row] = []
    for position, version in enumerate(chain):
        known = matched.get(position)
        row = _row(notice_id, known.number if known else following, position, version)
        numbers.append(row["number"])
        if known is None:
            following += 1
            added.append(row)
        elif _differs(known, row):
            altered.append(row)
    kept = {revision.number for revision in matched.values()}
    gone = [revision for revision in stored if revision.number not in kept and revision.position is not None]
    altered += [_superseded(notice_id, revision) for revision in gone]
    before = [(r.number, r.valid_from, r.valid_until) for r in sorted(stored, key=_place) if r.position is not None]
    after = [(n, v.valid_from, v.valid_until) for n, v in zip(numbers, chain, strict=True)]
    return Alignment(tuple(numbers), tuple(added), tuple(altered), before != after)


def _place(revision: StoredRevision) -> int:
    return -1 if revision.position is None else revision.position


def _match(stored: Sequence[StoredRevision], chain: Sequence[Version]) -> dict[int, StoredRevision]:
    """Versions by position with the revision that already says so: same day first, then same content in order."""
    free = sorted(stored, key=lambda revision: (revision.position is None, _place(revision), revision.number))
    matched: dict[int, StoredRevision] = {}
    for same_day in (True, False):
        for position, version in enumerate(chain):
            if position in matched:
                continue
            for revision in free:
                if revision.content_hash == version.content_hash and (
                    not same_day or revision.valid_from == version.valid_from
                ):
                    matched[position] = revision
                    free.remove(revision)
                    break
    return matched


def _row(notice_id: str, number: int, position: int, version: Version) -> Row:
    return {
        "notice_id": notice_id,
        "number": number,
        "content_hash": version.content_hash,
        "changed_fields": canonical_json(version.changed_fields),
        "position": position,
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        "captured_at": version.captured_at,
        "captured_late": version.captured_late,
        "text_version": TEXT_VERSION,
    }


def _differs(known: StoredRevision, row: Row) -> bool:
    names = ("changed_fields", "position", "valid_from", "valid_until", "captured_at", "captured_late")
    return any(getattr(known, name) != row[name] for name in names)


def _superseded(notice_id: str, revision: StoredRevision) -> Row:
    return {
        "notice_id": notice_id,
        "number": revision.number,
        "changed_fields": revision.changed_fields,
        "position": None,
        "valid_from": revision.valid_from,
        "valid_until": revision.valid_from,
        "captured_at": revision.captured_at,
        "captured_late": revision.captured_late,
    }


def decode_fields(text: str) -> tuple[str, ...]:
    """Field names out of a ``changed_fields`` column."""
    return tuple(load_json(text))
