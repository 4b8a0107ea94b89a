"""How fresh each publisher's data are, and whether too old to speak from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notices.answers import Freshness
from notices.ports import Store
from notices.runs import Verdict

STALE_AFTER = 3  # times the source's own cadence
_READ = (Verdict.OK, Verdict.EMPTY_ALLOWED, Verdict.PARTIAL)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that may be spoken from: whose notices it brings, and how often it is asked."""

    feed: str
    publisher: str
    title: str
    cadence_hours: int = 24


def freshness(store: Store, feeds: Iterable[Feed], publishers: Collection[str], now: datetime) -> tuple[Freshness, ...]:
    """One line for each publisher, from the feed that was read last; stale when that is three cadences ago."""
    found = []
    listed = list(feeds)
    for publisher in sorted(publishers):
        own = [feed for feed in listed if feed.publisher == publisher]
        reads = [(at, feed) for feed in own if (at := _last_read(store, feed)) is not None]
        newest = [status.newest for feed in own if (status := store.source_status(feed.feed, feed.title)).newest]
        last = max((at for at, _ in reads), default=None)
        fresh = any(now - at <= timedelta(hours=STALE_AFTER * feed.cadence_hours) for at, feed in reads)
        found.append(Freshness(publisher, last, max(newest, default=None), bool(own) and not fresh))
    return tuple(found)


def _last_read(store: Store, feed: Feed) -> datetime | None:
    """When a run last brought something, partly at least."""
    ends = [run.finished_at for run in store.runs(feed.feed, 20) if run.verdict in _READ and run.finished_at]
    return max(ends, default=None)
