"""The seams of Tongbo, as Protocols in our own language. One conformance suite per port runs on every adapter.

Nothing in here names a vendor: SQL, query DSLs and HTTP stay inside the adapters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from notices.model import (
    Capture,
    Cause,
    Change,
    DeadLetter,
    Finding,
    MergeOutcome,
    Notice,
    Observation,
    Revision,
)
from notices.runs import RunReport, SourceStatus
from notices.search import Generation, IndexDocument, Query, ResultPage, VerifyReport

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TextKind = Literal["query", "passage"]


class Clock(Protocol):
    """The time as an argument. ``datetime.now()`` appears once, in SystemClock."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def today(self) -> date:
        """The present day, UTC."""
        ...


class CaptureStore(Protocol):
    """Raw bytes as fetched, stored before they are parsed; bodies are content-addressed."""

    def put_capture(self, capture: Capture, body: bytes) -> None:
        """Store body (file, fsync, rename), then the row. The same capture again changes nothing but last-seen time.

        Raises StoreUnavailable when the disk is full or read-only.
        """
        ...

    def capture(self, capture_id: str) -> Capture:
        """The capture's row. Raises NotFound."""
        ...

    def body(self, capture: Capture) -> bytes:
        """The stored bytes, checked against their hash. Raises CaptureCorrupt, NotFound."""
        ...

    def captures(self, feed: str, *, after: str | None = None, limit: int = 500) -> Sequence[Capture]:
        """Captures of one feed in (fetched_at, id) order, after the given id."""
        ...


class NoticeStore(Protocol):
    """Notices, their observations and revisions. Writes go through :meth:`merge` alone."""

    def merge(self, observations: Sequence[Observation], *, first_seen_cause: Cause, at: datetime) -> MergeOutcome:
        """Merge a batch into notices in one transaction and log the changes.

        Idempotent, and independent of the order of the batch. ``first_seen_cause`` labels notices that are new
        (SOURCE when the run covers ground that was covered before, BACKFILL when it opens new ground). A changed field
        has cause SOURCE when a feed changed its own word, REPARSE when only the parser changed, MERGE when another
        record or feed joined.
        """
        ...

    def withdraw(self, notice_id: str, *, at: datetime) -> Change | None:
        """Mark as withdrawn (needs positive evidence, rule 3 of DESIGN §2); None when it already was."""
        ...

    def notice(self, notice_id: str, *, revision: int | None = None) -> Notice:
        """One notice, current or in one revision. Raises NotFound."""
        ...

    def notices(self, notice_ids: Collection[str]) -> dict[str, Notice]:
        """Current notices by id; unknown ids are left out. At most 1,000 ids."""
        ...

    def notice_page(self, *, after: str | None = None, limit: int = 500) -> Sequence[Notice]:
        """Current notices in id order, after the given id (short read pages)."""
        ...

    def revisions(self, notice_id: str) -> Sequence[Revision]:
        """All revisions in validity order, oldest first. Raises NotFound."""
        ...

    def revisions_of(self, notice_ids: Collection[str]) -> dict[str, Sequence[Revision]]:
        """As :meth:`revisions`, for several notices in one read; unknown ids are left out. At most 1,000 ids."""
        ...

    def family(self, family: str) -> Sequence[Notice]:
        """Current notices of one family, oldest first; empty when unknown."""
        ...

    def find_identifier(self, key: str) -> Sequence[str]:
        """Notice ids known under a normalised key (``notices.identity.lookup_key``), at most 20."""
        ...

    def count(self, source: str | None = None) -> int:
        """How many notices (of one publisher) there are."""
        ...


class ChangeLog(Protocol):
    """The append-only log that everything downstream follows with its own cursor."""

    def changes(self, after: int, limit: int = 500) -> Sequence[Change]:
        """Changes with seq > after, in seq order, which is commit order."""
        ...

    def last_seq(self) -> int:
        """The highest committed seq, 0 when empty."""
        ...

    def cursor(self, consumer: str) -> int:
        """How far a consumer has come; 0 at first."""
        ...

    def set_cursor(self, consumer: str, seq: int) -> None:
        """Move a consumer's cursor (inside the transaction of its own writes, if one is open)."""
        ...


class FindingStore(Protocol):
    """What components found, per notice revision; writing again replaces one component's findings."""

    def put_findings(
        self, notice_id: str, revision: int, component: str, version: int, findings: Sequence[Finding]
    ) -> None:
        """Replace what this component found on this revision; an empty list records that it looked."""
        ...

    def put_findings_batch(self, batch: Sequence[tuple[str, int, str, int, Sequence[Finding]]]) -> None:
        """Many :meth:`put_findings` in one transaction: (notice id, revision, component, version, findings)."""
        ...

    def findings(self, notice_ids: Collection[str]) -> dict[tuple[str, int], list[Finding]]:
        """All findings of these notices, keyed by (notice id, revision). At most 1,000 ids."""
        ...

    def enriched(self, notice_ids: Collection[str]) -> dict[tuple[str, int], dict[str, int]]:
        """Which component versions have looked at which revision: (notice id, revision) → {component: version}."""
        ...


class RunStore(Protocol):
    """Runs, dead letters, crawl progress and skipped records."""

    def put_run(self, report: RunReport) -> None:
        """Insert or replace a run by its id."""
        ...

    def runs(self, feed: str, limit: int = 20) -> Sequence[RunReport]:
        """The newest runs of a feed, newest first."""
        ...

    def put_dead_letter(self, letter: DeadLetter) -> None:
        """Keep a record that could not be read (replaces the same id)."""
        ...

    def dead_letters(self, feed: str | None = None) -> Sequence[DeadLetter]:
        """Dead letters, oldest first."""
        ...

    def drop_dead_letter(self, letter_id: str) -> None:
        """Forget one that has been read at last."""
        ...

    def note_skipped(self, feed: str, record_ids: Collection[str], reason: str) -> None:
        """Count records left out on purpose, once per record id."""
        ...

    def covered(self, feed: str) -> tuple[date, date] | None:
        """The span of publication dates that finished slices of this feed have covered, or None."""
        ...

    def note_covered(self, feed: str, since: date, until: date) -> None:
        """Widen the covered span."""
        ...

    def records_held(self, feed: str, since: date, until: date) -> int:
        """How many distinct records of a feed with a publication date in the span (both ends in) were received."""
        ...

    def source_status(self, feed: str, title: str) -> SourceStatus:
        """Counts and last run of one feed."""
        ...

    def latest_instant(self) -> datetime | None:
        """The latest moment that anything here was seen or done; None in an empty store."""
        ...


class Store(CaptureStore, NoticeStore, ChangeLog, FindingStore, RunStore, Protocol):
    """Everything durable, in one database and one data folder."""

    def transaction(self) -> AbstractContextManager[None]:
        """A write unit that spans several calls from this thread; nested calls join the outer one."""
        ...

    def job_lock(self, name: str) -> AbstractContextManager[None]:
        """Hold a job's lock for the block; goes with the process. Raises JobLocked when held elsewhere."""
        ...

    def dump(self) -> Iterator[str]:
        """Canonical JSON lines of all that matters, without timestamps and run ids: equal dumps, equal knowledge."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


class IndexBackend(Protocol):
    """A search engine. Adapters: ``embedded`` and ``elasticsearch``; both must pass every shared case alike."""

    name: str

    def search(self, query: Query) -> ResultPage:
        """One page of families. Raises QueryInvalid, IndexNotReady, BackendUnavailable, BackendRefused, BackendBusy."""
        ...

    def matching(self, query: Query, notice_ids: Collection[str]) -> frozenset[str]:
        """Which of these notices (current revisions) match: words, glossary and filters only; never ranked or cut."""
        ...

    def build(
        self, documents: Iterable[IndexDocument], *, change_seq: int, progress: Callable[[int], None] | None = None
    ) -> Generation:
        """Build a whole new generation aside and swap it in; the old one serves meanwhile, and stays if this fails."""
        ...

    def update(self, documents: Iterable[IndexDocument], removed: Collection[str], *, change_seq: int) -> Generation:
        """Replace all revisions of the documents' notices, drop the removed ones, and record how far the log was read.

        Idempotent: killed anywhere and run again with the same input, it converges.
        """
        ...

    def generation(self) -> Generation | None:
        """The generation that serves now; None before the first build or when its analysis is another release's."""
        ...

    def verify(self, expected: Iterable[tuple[str, int, str]]) -> VerifyReport:
        """Compare with (notice id, revision, document fingerprint) of every revision the index should hold."""
        ...

    def close(self) -> None:
        """Give back files and connections."""
        ...


class Encoder(Protocol):
    """Texts to vectors. Adapters: ``onnx``, ``torch``, and ``none``, which has no dimensions and says why."""

    @property
    def name(self) -> str:
        """The model's name, for people."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of every vector; 0 where no model is installed, so search is lexical only."""
        ...

    @property
    def sentinel(self) -> str:
        """sha256 of weights, tokenizer, pooling, prefixes and max tokens: vectors of one sentinel are comparable.

        It does not depend on the adapter, and is empty where no model is installed.
        """
        ...

    def encode(self, texts: Sequence[str], *, kind: TextKind) -> NDArray[np.float32]:
        """One L2-normalised row a text, in the order given: len(texts) × dimensions.

        A text longer than the model's maximum is cut; an empty one has a vector like any other. A text's vector does
        not depend on its neighbours (cosine 1 within rounding). Safe to call from several threads.
        Raises ModelUnavailable where no model is installed or computing fails.
        """
        ...

    def close(self) -> None:
        """Give back the model's memory."""
        ...
