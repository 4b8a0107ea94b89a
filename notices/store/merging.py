"""The write unit of a merge: observations in; histories, revisions and changes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from notices.canonical import changed_fields, identifier_key
from notices.merge import Sighting, Version, chain_of, compress, sighting
from notices.model import Cause, ChangeKind, Facts, Identifier, MergeOutcome, Observation
from notices.store.causes import name_cause
from notices.store.changelog import Entry, append_changes
from notices.store.codec import decode_facts, encode_facts
from notices.store.engine import Row, insert_missing
from notices.store.families import assign_families
from notices.store.observations import StoredRun, load_runs, newest_runs, replace_runs, run_row, touch_runs
from notices.store.revisions import Alignment, align, stored_revisions
from notices.store.schema import facts, identifiers, notices, revisions
from notices.store.withdrawal import revive_notices, withdraw_left

Seen = tuple[str, Sighting]  # notice id and what was seen


@dataclass(frozen=True, slots=True)
class Head:
    """A notice as it stood before the merge."""

    revision: int
    content_hash: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Plan:
    """What one notice becomes; made for the whole batch first, then written in bulk."""

    notice_id: str
    head: Head | None
    before: Sequence[Sighting]
    after: Sequence[Sighting]
    chain: Sequence[Version]
    alignment: Alignment

    @property
    def number(self) -> int:
        """The revision that is current afterwards."""
        return self.alignment.numbers[-1]


def merge_batch(
    connection: Connection, batch: Sequence[Observation], first_seen_cause: Cause, at: datetime
) -> MergeOutcome:
    """Merge observations under the change-log lock; see ``NoticeStore.merge`` for the contract."""
    seen = [(observation.notice_id, sighting(observation)) for observation in batch]
    known = newest_runs(connection, {(item.feed, item.record_id) for _, item in seen})
    fresh, touched = _sift(seen, known)
    touch_runs(connection, touched)
    entries: list[Entry] = []
    if fresh:
        plans, stale = _plan(connection, fresh)
        _write(connection, plans, stale)
        entries += [entry for plan in plans if (entry := _entry(plan, first_seen_cause)) is not None]
    entries += revive_notices(connection, seen, {entry.notice_id for entry in entries})
    left = {
        run.notice_id
        for notice_id, item in fresh
        if (run := known.get((item.feed, item.record_id))) is not None and run.notice_id != notice_id
    }
    entries += withdraw_left(connection, left, at)
    changes = append_changes(connection, entries, at)
    changed = {change.notice_id for change in changes}
    return MergeOutcome(
        new=tuple(change.notice_id for change in changes if change.kind is ChangeKind.NEW),
        revised=tuple(change.notice_id for change in changes if change.kind is ChangeKind.REVISED),
        unchanged=sum(notice_id not in changed for notice_id, _ in seen),
        changes=tuple(changes),
    )


def _sift(seen: Sequence[Seen], known: Mapping[tuple[str, str], StoredRun]) -> tuple[list[Seen], dict[int, datetime]]:
    """What says something new, and which runs were merely seen again (row id → when): most of a second crawl."""
    by_record: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for notice_id, item in seen:
        by_record[item.feed, item.record_id].append((notice_id, item))
    fresh: list[Seen] = []
    touched: dict[int, datetime] = {}
    for key, items in by_record.items():
        run = known.get(key)
        if run is None or not all(_repeats(notice_id, item, run) for notice_id, item in items):
            fresh += items
            continue
        last = max(item.last for _, item in items)
        if last > run.last:
            touched[run.row_id] = last
    return fresh, touched


def _repeats(notice_id: str, item: Sighting, run: StoredRun) -> bool:
    return (
        run.notice_id == notice_id
        and run.facts_hash == item.hash
        and run.parser_version == item.parser_version
        and run.first <= item.first
    )


def _plan(connection: Connection, fresh: Sequence[Seen]) -> tuple[list[Plan], list[int]]:
    """Plans in order of publication and id, and the ids of observation rows that they replace."""
    added: dict[str, list[Sighting]] = defaultdict(list)
    for notice_id, item in fresh:
        added[notice_id].append(item)
    heads = _heads(connection, list(added))
    stored = load_runs(connection, list(heads)) if heads else {}
    numbered = stored_revisions(connection, list(heads)) if heads else {}
    plans, stale = [], []
    for notice_id, items in added.items():
        rows = stored.get(notice_id, [])
        before = compress(run for run, _ in rows)
        after = compress([*(run for run, _ in rows), *items])
        chain = chain_of(after)
        kept = {run.place for run in after}
        stale += [row_id for run, row_id in rows if run.place not in kept]
        alignment = align(notice_id, numbered.get(notice_id, []), chain)
        plans.append(Plan(notice_id, heads.get(notice_id), before, after, chain, alignment))
    plans.sort(key=lambda plan: (plan.chain[-1].facts.published_on, plan.notice_id))
    return plans, stale


def _heads(connection: Connection, notice_ids: Sequence[str]) -> dict[str, Head]:
    statement = (
        select(notices.c.id, notices.c.revision, notices.c.content_hash, facts.c.document)
        .join(facts, facts.c.hash == notices.c.content_hash)
        .where(notices.c.id.in_(notice_ids))
    )
    return {
        notice_id: Head(revision, digest, decode_facts(document))
        for notice_id, revision, digest, document in connection.execute(statement)
    }


def _write(connection: Connection, plans: Sequence[Plan], stale: Sequence[int]) -> None:
    documents = {run.hash: run.facts for plan in plans for run in plan.after}
    documents |= {version.content_hash: version.facts for plan in plans for version in plan.chain}
    insert_missing(
        connection, facts, [{"hash": key, "document": encode_facts(value)} for key, value in documents.items()]
    )
    families = assign_families(connection, {plan.notice_id: plan.chain[-1].facts for plan in plans})
    _write_heads(connection, plans, families)
    replace_runs(connection, stale, [row for plan in plans for row in _new_runs(plan)])
    _write_revisions(connection, [plan.alignment for plan in plans])
    keys = {(key, plan.notice_id) for plan in plans for version in plan.chain for key in _lookup_keys(version.facts)}
    insert_missing(connection, identifiers, [{"key": key, "notice_id": notice_id} for key, notice_id in sorted(keys)])


def _new_runs(plan: Plan) -> list[Row]:
    known = {run.place for run in plan.before}
    return [run_row(plan.notice_id, run) for run in plan.after if run.place not in known]


def _write_heads(connection: Connection, plans: Sequence[Plan], families: Mapping[str, str]) -> None:
    new: list[Row] = []
    altered: list[Row] = []
    for plan in plans:
        current = plan.chain[-1]
        row: Row = {
            "id": plan.notice_id,
            "source": plan.notice_id.partition(":")[0],
            "family": families[plan.notice_id],
            "revision": plan.number,
            "content_hash": current.content_hash,
            "published_on": current.facts.published_on,
            "first_captured_at": min(run.first for run in plan.after),
        }
        (new if plan.head is None else altered).append(row)
    if new:
        connection.execute(insert(notices), new)
    if altered:
        names = [name for name in altered[0] if name != "id"]
        statement = update(notices).where(notices.c.id == bindparam("notice"))
        statement = statement.values({name: bindparam(f"to_{name}") for name in names})
        values = [{"notice": row["id"]} | {f"to_{name}": row[name] for name in names} for row in altered]
        connection.execute(statement, values)


def _write_revisions(connection: Connection, alignments: Sequence[Alignment]) -> None:
    added = [row for alignment in alignments for row in alignment.added]
    altered = [row for alignment in alignments for row in alignment.altered]
    if added:
        connection.execute(insert(revisions), added)
    if altered:
        names = ("changed_fields", "position", "valid_from", "valid_until", "captured_at", "captured_late")
        statement = update(revisions).where(
            revisions.c.notice_id == bindparam("notice"), revisions.c.number == bindparam("which")
        )
        statement = statement.values({name: bindparam(f"to_{name}") for name in names})
        values = [
            {"notice": row["notice_id"], "which": row["number"]} | {f"to_{name}": row[name] for name in names}
            for row in altered
        ]
        connection.execute(statement, values)


def _lookup_keys(said: Facts) -> set[str]:
    symbols = (identifier_key(Identifier("symbol", symbol)) for symbol in said.symbols)
    return {*symbols, *(identifier_key(identifier) for identifier in said.identifiers)}


def _entry(plan: Plan, first_seen_cause: Cause) -> Entry | None:
    """The line of the change log that a plan is worth; None when the notice reads as before."""
    if plan.head is None:
        return Entry(plan.notice_id, plan.number, ChangeKind.NEW, first_seen_cause, ())
    if not plan.alignment.moved:
        return None
    differing = changed_fields(plan.head.facts, plan.chain[-1].facts)
    cause = name_cause(plan.before, plan.after, plan.head.facts, differing, first_seen_cause)
    number = plan.number
    if not differing and plan.alignment.added:
        number = plan.alignment.added[0]["number"]
    return Entry(plan.notice_id, number, ChangeKind.REVISED, cause, differing)
