"""The chain crawl → enrich → index, as calls. The command line makes them now; a scheduler makes the same ones.

One process at a time holds the chain (``Store.job_lock``); each step follows the change log with its own cursor and
may be killed anywhere: the next call goes on from there.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from crawlers.facts import load_facts
from crawlers.import_workbook import import_workbook, workbook_due
from crawlers.job import Progress
from crawlers.runner import crawl_feed
from index.indexer import build_index, update_index, verify_index
from nlp.run import enrich as enrich_notices
from notices.errors import SearchError
from notices.runs import RunReport, Verdict
from notices.search import VerifyReport
from wiring import Wiring

log = logging.getLogger(__name__)

CHAIN_LOCK = "chain"
FOLLOW_EVERY_S = 2.0
"""How long new notices may wait for the index while a crawl runs."""
FOLLOW_STEP = 3_000
"""Changes enriched before they are put into the index, so that the first ones can be found within seconds."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one enrich-and-index step did: notices looked at, notices put into the index, and what it holds now."""

    enriched: int
    indexed: int
    rebuilt: bool
    notices: int
    passages: int


class Watcher:
    """Is told what happens; this one keeps quiet. ``cli_progress`` draws it."""

    def crawling(self, progress: Progress) -> None:
        """A feed has come further."""

    def crawled(self, report: RunReport) -> None:
        """A feed's run has ended."""

    def indexed(self, report: IndexReport) -> None:
        """New notices can be found."""

    def trouble(self, error: SearchError) -> None:
        """The index can't be written now; the crawl goes on and the index catches up later."""


def chain(wiring: Wiring) -> AbstractContextManager[None]:
    """Hold the chain for a block. Raises JobLocked when another process works it."""
    return wiring.store.job_lock(CHAIN_LOCK)


@dataclass(frozen=True, slots=True)
class Ask:
    """A feed to read; without ``since`` the feed's own overlap window and what is still wanted."""

    feed: str
    since: date | None = None


def default_asks(wiring: Wiring) -> Iterator[Ask]:
    """The feeds of a plain ``tongbo crawl``, each decided when its turn comes.

    The official WTO API when its key is set, else ePing's web API; then the workbook, when it was not read for a week,
    from the first day that the API has covered: it finds corrections there; older years are asked for by ``--since``.
    Last the EU acts, once in their cadence: a run reads the key acts whole, about 60 MB.
    """
    wto = "wto-api" if wiring.settings.wto_api_key else "wto-eping"
    yield Ask(wto)
    yield Ask("us-fr")
    if workbook_due(wiring.store, wiring.clock):
        covered = wiring.store.covered(wto)
        yield Ask("wto-workbook", covered[0] if covered else None)
    if feed_due(wiring, "eu-cellar"):
        yield Ask("eu-cellar")


def feed_due(wiring: Wiring, feed: str) -> bool:
    """True unless a run of the feed ended well less than its cadence ago; one that failed is due at once."""
    cadence = timedelta(hours=load_facts(feed).cadence_hours)
    ended = [
        report.finished_at
        for report in wiring.store.runs(feed)
        if report.verdict in (Verdict.OK, Verdict.EMPTY_ALLOWED) and report.finished_at is not None
    ]
    return not ended or wiring.clock.now() - max(ended) >= cadence


def crawl(
    wiring: Wiring,
    asks: Iterable[Ask],
    watcher: Watcher,
    *,
    until: date | None = None,
) -> list[RunReport]:
    """Read the feeds one after the other; a feed that fails is reported and the next is read all the same."""
    reports = []
    for ask in asks:
        report = crawl_feed(
            ask.feed,
            wiring.store,
            wiring.crawl_params,
            clock=wiring.clock,
            since=ask.since,
            until=until,
            progress=watcher.crawling,
        )
        watcher.crawled(report)
        reports.append(report)
    return reports


def import_file(wiring: Wiring, file: Path) -> RunReport:
    """Read ePing's bulk workbook from a file, as the weekly crawl would."""
    return import_workbook(wiring.store, file, wiring.clock)


def enrich(wiring: Wiring, *, limit: int | None = None) -> int:
    """Work out what new and changed notices mean, all or ``limit`` at most; gives how many were looked at."""
    return enrich_notices(wiring.store, limit=limit).notices


def index(wiring: Wiring, *, rebuild: bool = False, enriched: int = 0) -> IndexReport:
    """Make findable what is new; at first, after an upgrade or with ``rebuild`` a whole generation is built aside."""
    if rebuild or wiring.backend.generation() is None:
        report = build_index(wiring.store, wiring.backend)
    else:
        report = update_index(wiring.store, wiring.backend)
    generation = wiring.backend.generation()
    return IndexReport(
        enriched=enriched,
        indexed=report.notices,
        rebuilt=report.rebuilt,
        notices=generation.notices if generation else 0,
        passages=generation.passages if generation else 0,
    )


def verify(wiring: Wiring) -> VerifyReport:
    """Compare the index with the store."""
    return verify_index(wiring.store, wiring.backend)


def follow(wiring: Wiring, done: threading.Event, watcher: Watcher) -> None:
    """Enrich and index whatever enters the change log, until ``done`` is set and nothing is left."""
    last = False
    while not last:
        last = done.wait(FOLLOW_EVERY_S)
        while _follow_once(wiring, watcher):
            pass


def _follow_once(wiring: Wiring, watcher: Watcher) -> bool:
    """One step; True when there may be more to do at once."""
    store = wiring.store
    if store.last_seq() == 0:
        return False
    try:
        enriched = enrich(wiring, limit=FOLLOW_STEP)
        report = index(wiring, enriched=enriched)
    except SearchError as error:
        log.info("index: %s", error.detail)
        watcher.trouble(error)
        return False
    if report.indexed:
        watcher.indexed(report)
    return report.enriched > 0 or report.indexed > 0


def refresh(
    wiring: Wiring,
    asks: Iterable[Ask],
    watcher: Watcher,
    *,
    until: date | None = None,
) -> list[RunReport]:
    """The whole chain: crawl the feeds while enriching and indexing follow. Raises JobLocked."""
    done = threading.Event()
    reports: list[RunReport] = []
    failures: list[BaseException] = []

    def read_feeds() -> None:
        try:
            reports.extend(crawl(wiring, asks, watcher, until=until))
        except BaseException as error:  # noqa: BLE001 - handed to the caller below; a thread has nobody else to tell
            failures.append(error)
        finally:
            done.set()

    with chain(wiring):
        reader = threading.Thread(target=read_feeds, name="crawl", daemon=True)
        reader.start()
        follow(wiring, done, watcher)
        reader.join()
    if failures:
        raise failures[0]
    return reports
