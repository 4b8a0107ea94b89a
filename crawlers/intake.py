"""Bytes → capture → drafts → notices: the one way in, used by spiders, the workbook import and re-parsing.

Synchronous; a crawl calls it on its writer thread only. A capture is stored before it is parsed, and the parser reads
what was stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from crawlers.facts import SourceFacts
from crawlers.pages import parser_of
from crawlers.pages.drafts import Dead, Draft, PageResult
from notices.model import Capture, Cause, DeadLetter, MergeOutcome, Observation
from notices.ports import Clock, Store

BATCH = 200
"""Observations per transaction, so that other writers wait less than 200 ms."""


def capture_id(source: str, live_url: str, body_sha256: str) -> str:
    """The same bytes from the same place are one capture."""
    return hashlib.sha256(f"{source}\n{live_url}\n{body_sha256}".encode()).hexdigest()


class Intake:
    """Takes in the answers of one feed."""

    def __init__(self, store: Store, facts: SourceFacts, clock: Clock) -> None:
        self.store, self.facts, self._clock = store, facts, clock
        self.parser = parser_of(facts)
        self._dead = {letter.id for letter in store.dead_letters(facts.id)}

    def keep(self, live_url: str, final_url: str, status: int, headers: Mapping[str, str], body: bytes) -> Capture:
        """Store an answer. Raises StoreUnavailable."""
        sha = hashlib.sha256(body).hexdigest()
        capture = Capture(
            id=capture_id(self.facts.id, live_url, sha),
            source=self.facts.id,
            live_url=live_url,
            final_url=final_url,
            fetched_at=self._clock.now(),
            status=status,
            media_type=headers.get("content-type", "application/octet-stream").partition(";")[0].strip(),
            body_sha256=sha,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
        )
        self.store.put_capture(capture, body)
        return capture

    def read(self, capture: Capture) -> PageResult:
        """Parse what was stored. Raises CrawlError when the page as a whole can't be read, CaptureCorrupt."""
        return self.parser.parse(self.store.body(capture), self.facts)

    def take(
        self, pages: Sequence[tuple[Capture, PageResult]], covered: tuple[date, date] | None, *, again: bool = False
    ) -> MergeOutcome:
        """Merge the drafts of finished pages, keep their dead letters and count what was skipped.

        New notices on or after the first covered day have cause SOURCE, older ones BACKFILL; with ``again`` REPARSE.
        """
        at = self._clock.now()
        known = [(draft, capture) for capture, result in pages for draft in result.drafts]
        outcomes = []
        for cause, part in _by_cause(known, covered, again=again):
            for batch in _batches(part):
                observations = [self._observation(draft, capture) for draft, capture in batch]
                outcomes.append(self.store.merge(observations, first_seen_cause=cause, at=at))
        for capture, result in pages:
            self._settle(capture, result, at)
        return _sum(outcomes)

    def _settle(self, capture: Capture, result: PageResult, at: datetime) -> None:
        for reason in sorted({record.reason for record in result.skipped}):
            ids = sorted(record.record_id for record in result.skipped if record.reason == reason)
            self.store.note_skipped(self.facts.id, ids, reason)
        for dead in result.dead:
            letter = self._letter(dead, capture, at)
            self.store.put_dead_letter(letter)
            self._dead.add(letter.id)
        still_dead = {self.letter_id(dead.key, capture) for dead in result.dead}
        self.drop_letters({self.letter_id(key, capture) for key in result.keys} - still_dead)

    def drop_letters(self, ids: Collection[str]) -> None:
        """Forget dead letters that have been read at last; unknown ids are passed over."""
        for known in sorted(self._dead.intersection(ids)):
            self.store.drop_dead_letter(known)
            self._dead.discard(known)

    def drop_all_but(self, result: PageResult, capture: Capture) -> None:
        """After a whole file: forget every dead letter of the feed that it no longer holds."""
        self.drop_letters(self._dead - {self.letter_id(dead.key, capture) for dead in result.dead})

    def letter_id(self, key: str, capture: Capture) -> str:
        """The id of a dead letter: feed and record id, or the capture and the place for a record without an id."""
        return f"{self.facts.id}:{capture.id}:{key}" if key.startswith("?") else f"{self.facts.id}:{key}"

    def _letter(self, dead: Dead, capture: Capture, at: datetime) -> DeadLetter:
        return DeadLetter(
            id=self.letter_id(dead.key, capture),
            feed=self.facts.id,
            capture_id=capture.id,
            locator=dead.locator,
            parser=self.parser.name,
            parser_version=self.parser.version,
            error_code=dead.error_code,
            detail=dead.detail,
            at=at,
        )

    def _observation(self, draft: Draft, capture: Capture) -> Observation:
        return Observation(
            notice_id=draft.notice_id,
            feed=self.facts.id,
            record_id=draft.record_id,
            observed_at=capture.fetched_at,
            capture_id=capture.id,
            parser=self.parser.name,
            parser_version=self.parser.version,
            facts=draft.facts,
        )


_Known = list[tuple[Draft, Capture]]


def _by_cause(known: _Known, covered: tuple[date, date] | None, *, again: bool) -> Iterable[tuple[Cause, _Known]]:
    """The drafts by cause, each once and in a fixed order, all records of one notice together."""
    unique = {draft.record_id: (draft, capture) for draft, capture in known}
    ordered = sorted(unique.values(), key=lambda pair: (pair[0].notice_id, pair[0].record_id))
    if again:
        return [(Cause.REPARSE, ordered)]
    opened = {draft.notice_id for draft, _ in ordered if covered is None or draft.facts.published_on < covered[0]}
    return [
        (Cause.BACKFILL, [pair for pair in ordered if pair[0].notice_id in opened]),
        (Cause.SOURCE, [pair for pair in ordered if pair[0].notice_id not in opened]),
    ]


def _batches(ordered: _Known) -> Iterable[_Known]:
    """Batches of about BATCH; the records of one joint notice are never torn apart: each would be a revision."""
    batch: _Known = []
    for pair in ordered:
        if len(batch) >= BATCH and pair[0].notice_id != batch[-1][0].notice_id:
            yield batch
            batch = []
        batch.append(pair)
    if batch:
        yield batch


def _sum(outcomes: Sequence[MergeOutcome]) -> MergeOutcome:
    return MergeOutcome(
        new=tuple(notice for outcome in outcomes for notice in outcome.new),
        revised=tuple(notice for outcome in outcomes for notice in outcome.revised),
        unchanged=sum(outcome.unchanged for outcome in outcomes),
        changes=tuple(change for outcome in outcomes for change in outcome.changes),
    )
