"""From what the feeds said about one notice to its chain of versions. Pure: a function of the set of observations.

**A record's history** (:func:`compress`). Sightings of one record (feed, record id) in order of time become runs of
equal content. A sighting by a *newer parser* that differs restates the run before it (the source said nothing new, we
read it better); any other difference is the feed changing its own word, at the time it was first seen.

**Groups.** Records of one notice belong together when they name the same publication date, or when one of them moved
from the one date to the other. Groups stand in order of the date they name last: the later group is current, the
earlier ones are its previous revisions. A group's reign ends where the next begins, so a correction of a record that
had already been replaced alters no version.

**Within a group** a version begins with the group's first record, and another at each instant a feed changed its own
word. A record that joins completes the version that was open when it was first seen, back to that version's start: the
workbook that repeats what the API said makes no version, and today's word never alters an older version.

**Field by field** the latest changed word wins, even when it withdraws a value; among unchanged words precedence does
(:data:`FEED_PRECEDENCE`, then the later publication date, then the lower record id), and a field that says nothing is
filled in by the next. ``members``, ``objectives``, ``identifiers``, ``links`` and ``attachments`` are unions, decided
element by element by the same rule: an element that a feed took out of its own list is gone until a later changed word
brings it back. In a joint document members of earlier groups stay.

**Validity.** The first version of a group holds from its publication date, a corrected one from the day it was
captured, each until the next. A version whose end is its start was replaced within the day.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

from notices.canonical import changed_fields, content_hash, normalise, sort_elements
from notices.model import Facts, Observation
from notices.statements import Statement, merge_statements, note_change

FEED_PRECEDENCE: tuple[str, ...] = ("wto-eping", "wto-api", "wto-workbook", "wto-form", "us-fr", "eu-cellar")
"""Most trusted first; feeds not listed follow in alphabetical order."""

LATE = timedelta(days=7)
"""A text first captured later than this after its publication says "as captured on D"."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record seen saying something, from ``first`` to ``last``; ``hash`` is the content hash of normalised facts."""

    feed: str
    record_id: str
    first: datetime
    last: datetime
    capture_id: str
    parser: str
    parser_version: int
    hash: str
    facts: Facts
    begun_by: int  # the parser version that saw it begin: what it changed from was read by that one or an older
    restated: tuple[str, ...] = ()  # hashes of what older parsers made of the same words

    @property
    def place(self) -> tuple[object, ...]:
        """All but the facts themselves, which the hash stands for: cheap to compare."""
        return (
            self.feed,
            self.record_id,
            self.first,
            self.last,
            self.parser_version,
            self.begun_by,
            self.hash,
            self.restated,
        )


@dataclass(frozen=True, slots=True)
class Version:
    """One link of a notice's chain: what was true from ``valid_from`` until (exclusive) ``valid_until``."""

    valid_from: date
    valid_until: date | None
    facts: Facts
    content_hash: str
    captured_at: datetime  # when all of this was known first
    captured_late: bool
    changed_fields: tuple[str, ...]  # against the version before; () for the first


def sighting(observation: Observation) -> Sighting:
    """The observation with its facts normalised and hashed."""
    facts = normalise(observation.facts)
    return Sighting(
        observation.feed,
        observation.record_id,
        observation.observed_at,
        observation.observed_at,
        observation.capture_id,
        observation.parser,
        observation.parser_version,
        content_hash(facts),
        facts,
        observation.parser_version,
    )


def build_chain(observations: Iterable[Observation]) -> tuple[Version, ...]:
    """The versions of one notice in validity order, the last one open; () without observations."""
    return chain_of(compress(map(sighting, observations)))


def compress(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Runs of equal content, per record in order of time; giving runs back in with new sightings continues them.

    A run keeps only its first and last sighting: another content that turns up late between the two parts it there.
    """
    runs: list[Sighting] = []
    for _, group in groupby(sorted(sightings, key=_record), key=_record):
        runs += _compress_record(list(group))
    return runs


def _record(item: Sighting) -> tuple[str, str]:
    return item.feed, item.record_id


def _compress_record(sightings: Sequence[Sighting]) -> list[Sighting]:
    if len(sightings) == 1:
        return list(sightings)
    points = [item for seen in sightings for item in _ends(seen)]
    points.sort(key=lambda item: (item.first, item.parser_version, item.hash, item.capture_id))
    runs: list[Sighting] = []
    for _, instant in groupby(points, key=lambda item: item.first):
        *others, point = {item.parser_version: item for item in instant}.values()  # of two readings the last stands
        _continue_runs(runs, _restating(point, {item.hash for item in others}))
    return runs


def _continue_runs(runs: list[Sighting], point: Sighting) -> None:
    """Let one more sighting, the latest so far, lengthen the last run, restate it or begin another."""
    if not runs:
        runs.append(point)
        return
    last = runs[-1]
    older_reading = point.hash in last.restated and point.parser_version < last.parser_version
    if point.hash == last.hash or older_reading:
        version = max(last.parser_version, point.parser_version)
        runs[-1] = _restating(replace(last, last=point.last, parser_version=version), point.restated)
    elif point.begun_by > last.parser_version:
        runs[-1] = _restating(replace(point, first=last.first, begun_by=last.begun_by), {last.hash, *last.restated})
        if len(runs) > 1 and runs[-2].hash == point.hash:
            joined = replace(runs[-1], first=runs[-2].first, begun_by=runs[-2].begun_by)
            runs[-2:] = [_restating(joined, runs[-2].restated)]
    else:
        runs.append(point)


def _restating(run: Sighting, hashes: Collection[str]) -> Sighting:
    """The run, knowing what older parsers made of it."""
    known = tuple(sorted({*run.restated, *hashes} - {run.hash}))
    return run if known == run.restated else replace(run, restated=known)


def _ends(seen: Sighting) -> tuple[Sighting, ...]:
    if seen.first == seen.last:
        return (seen,)
    return replace(seen, last=seen.first), replace(seen, first=seen.last, begun_by=seen.parser_version)


def chain_of(runs: Sequence[Sighting]) -> tuple[Version, ...]:
    """The chain out of compressed runs of one notice's records."""
    records = [list(group) for _, group in groupby(runs, key=_record)]
    if not records:
        return ()
    chains = [_group_chain(group) for group in _date_groups(records)]
    chains.sort(key=lambda chain: (chain[-1].facts.published_on, chain[0].valid_from, chain[-1].content_hash))
    return _link(chains)


def _date_groups(records: Sequence[list[Sighting]]) -> list[list[list[Sighting]]]:
    """Records gathered by the publication dates they ever named."""
    groups: list[tuple[set[date], list[list[Sighting]]]] = []
    for record in records:
        dates, members = {run.facts.published_on for run in record}, [record]
        apart = []
        for group in groups:
            if group[0] & dates:
                dates |= group[0]
                members = group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (dates, members)]
    return [members for _, members in groups]


def _natural(text: str) -> tuple[tuple[int, int | str], ...]:
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"(\d+)", text) if part)


def _precedence(run: Sighting) -> tuple[object, ...]:
    rank = FEED_PRECEDENCE.index(run.feed) if run.feed in FEED_PRECEDENCE else len(FEED_PRECEDENCE)
    return rank, run.feed, -run.facts.published_on.toordinal(), _natural(run.record_id), run.record_id


def _group_chain(records: Sequence[list[Sighting]]) -> list[Version]:
    """The versions of one group, each valid until the next; equal neighbours are one."""
    breaks = sorted({run.first for record in records for run in record[1:]})
    starts: list[datetime | None] = [None, *breaks]
    joined = {
        _record(record[0]): max((at for at in breaks if at <= record[0].first), default=None) for record in records
    }
    versions: list[Version] = []
    for start in starts:
        present = [record for record in records if _has_joined(joined[_record(record[0])], start)]
        facts = _facts_at(present, start)
        digest = content_hash(facts)
        if versions and versions[-1].content_hash == digest:
            continue
        joining = [record[0].first for record in present if joined[_record(record[0])] == start]
        captured = _completed_at(present, start, joining, digest)
        valid_from = facts.published_on if start is None else max(versions[-1].valid_from, start.date())
        versions.append(Version(valid_from, None, facts, digest, captured, captured.date() - valid_from > LATE, ()))
    return versions


def _has_joined(at: datetime | None, start: datetime | None) -> bool:
    return at is None or (start is not None and at <= start)


def _facts_at(records: Sequence[list[Sighting]], at: datetime | None) -> Facts:
    """The merge of what the records said at an instant; a record not seen until later counts with its first word."""
    said = []
    for record in records:
        statement, current = Statement(record[0].facts), record[0]
        for run in record[1:]:
            if at is None or run.first > at:
                break
            statement, current = note_change(statement, run.facts, run.first), run
        said.append((_precedence(current), statement))
    said.sort(key=lambda pair: pair[0])
    return normalise(merge_statements([statement for _, statement in said]))


def _completed_at(
    records: Sequence[list[Sighting]], start: datetime | None, joining: Sequence[datetime], digest: str
) -> datetime:
    """When the whole content of a version was known: its start, or the last join that altered it."""
    begin = min(joining) if start is None else start
    for at in sorted(set(joining), reverse=True):
        known = [record for record in records if record[0].first < at]
        if at > begin and content_hash(_facts_at(known, start)) != digest:
            return at
    return begin


def _link(chains: Sequence[Sequence[Version]]) -> tuple[Version, ...]:
    """All groups as one chain: clipped to their reigns, with ends and changed fields filled in."""
    versions: list[Version] = []
    members: tuple[str, ...] = ()
    for index, chain in enumerate(chains):
        end = min((later[0].valid_from for later in chains[index + 1 :]), default=None)
        reigning = [version for version in chain if end is None or version.valid_from < end]
        for version in reigning:
            completed = _with_members(version, members)
            if not versions or versions[-1].content_hash != completed.content_hash:
                versions.append(completed)
        members = sort_elements(members + chain[-1].facts.members)
    ends = [version.valid_from for version in versions[1:]]
    linked = [replace(version, valid_until=end) for version, end in zip(versions, [*ends, None], strict=True)]
    changes = [changed_fields(before.facts, after.facts) for before, after in pairwise(linked)]
    return tuple(replace(version, changed_fields=names) for version, names in zip(linked, [(), *changes], strict=True))


def _with_members(version: Version, earlier: tuple[str, ...]) -> Version:
    """In a joint document the Members of records with an earlier date are still among its Members."""
    facts = version.facts
    if len(facts.symbols) < 2 or set(earlier) <= set(facts.members):
        return version
    completed = replace(facts, members=sort_elements(facts.members + earlier))
    return replace(version, facts=completed, content_hash=content_hash(completed))
