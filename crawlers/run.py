"""One run in its process: job, store, counts, coverage, the writer thread and the wish to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

from crawlers.facts import load_facts
from crawlers.intake import Intake
from crawlers.job import Job, Progress
from crawlers.mirror import is_loopback
from crawlers.pages.drafts import PageResult
from crawlers.slices import Coverage, Slice, spans_to_ask
from crawlers.tally import Tally
from notices.model import Capture
from notices.ports import Clock, Store

Page = tuple[Capture, PageResult]

LOOPBACK_TIMEOUT = 20.0


class CrawlRun:
    """All that a spider works with. Store work happens on ``writer`` only."""

    def __init__(self, job: Job, store: Store, clock: Clock, emit: Callable[[Progress], None]) -> None:
        self.job, self.store, self.clock, self._emit = job, store, clock, emit
        self.facts = load_facts(job.feed)
        self.tally = Tally()
        self.intake = Intake(store, self.facts, clock)
        self.covered = store.covered(job.feed)
        self.spans = self._spans()
        self.stop = asyncio.Event()
        self.writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self.crashed: Exception | None = None
        self._coverage = Coverage(self.covered)
        self._empty: list[Slice] = []  # silent emptiness is a fault until the run's sum says otherwise
        self._types_done: dict[date, set[str]] = {}
        self._slices = self._slices_done = 0

    @property
    def timeout(self) -> float:
        """Seconds until an answer is given up."""
        if self.job.params.timeout is not None:
            return self.job.params.timeout
        loopback = self.job.mirror is not None and is_loopback(self.job.mirror)
        return min(LOOPBACK_TIMEOUT, self.facts.rate.timeout) if loopback else self.facts.rate.timeout

    def _spans(self) -> list[tuple[date, date]]:
        today = self.clock.today()
        until = min(self.job.until or today, today)
        if self.job.since is not None:
            return [(self.job.since, until)] if self.job.since <= until else []
        return spans_to_ask(
            self.covered,
            today=until,
            overlap=self.facts.overlap,
            first=timedelta(days=self.facts.first_days),
            backfill_since=self.job.params.backfill_since,
        )

    def stop_on_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on SIGTERM and SIGINT end the run in good order."""
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop.set)

    def begin(self, slices: int) -> None:
        """Say how many slices there are to do."""
        self._slices = slices
        self.step("", added=0, done=0)

    def step(self, label: str, *, added: int, done: int = 1) -> None:
        """Say that a slice is done, or that it was divided into more."""
        self._slices += added
        self._slices_done += done
        self._emit(
            Progress(
                feed=self.facts.id,
                received=self.tally.received,
                skipped=self.tally.skipped,
                expected=self.tally.expected,
                slices_done=self._slices_done,
                slices=self._slices,
                slice=label,
            )
        )

    def settle(self, part: Slice, pages: Sequence[Page], total: int) -> None:
        """Merge a reconciled slice and widen the covered span."""
        self._merge(pages)
        self.tally.counted += total
        whole = self._whole_day(part)
        if total == 0:
            self._empty.append(part)
        elif whole:
            self._cover(whole)

    def finish(self) -> None:
        """Count empty slices as covered, now that the sum of all slices proved right."""
        for part in self._empty:
            self._cover(Slice(part.since, part.until))

    def _cover(self, part: Slice) -> None:
        span = self._coverage.add(part)
        if span:
            self.store.note_covered(self.facts.id, *span)

    def keep_unsettled(self, pages: Sequence[Page], total: int | None) -> None:
        """Merge what came of a slice that did not reconcile; its days stay uncovered and are asked again."""
        self._merge(pages)
        self.tally.counted += total or 0

    def settle_whole(self, page: Page) -> None:
        """Merge a whole file; with dates in the job only rows published between them."""
        capture, result = page
        since, until = self.job.since or date.min, self.job.until or date.max
        drafts = tuple(draft for draft in result.drafts if since <= draft.facts.published_on <= until)
        skipped = tuple(record for record in result.skipped if since <= (record.published_on or since) <= until)
        self._merge([(capture, replace(result, drafts=drafts, skipped=skipped))])
        self.intake.drop_all_but(result, capture)
        self.tally.expected = self.tally.counted = len(drafts) + len(skipped) + len(result.dead)
        days = [draft.facts.published_on for draft in drafts]
        if days:
            self.store.note_covered(self.facts.id, self.job.since or min(days), max(days))

    def _merge(self, pages: Sequence[Page]) -> None:
        outcome = self.intake.take(pages, self.covered)  # counted only when stored
        for _, result in pages:
            self.tally.read(result)
        self.tally.merged(outcome)

    def _whole_day(self, part: Slice) -> Slice | None:
        """The slice as dates alone; None while other types of its day are still to come."""
        if part.type is None:
            return part
        done = self._types_done.setdefault(part.since, set())
        done.add(part.type)
        return Slice(part.since, part.until) if done >= set(self.facts.types) else None
