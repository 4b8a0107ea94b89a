"""What a crawl run did and what state a source is in: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Verdict(StrEnum):
    """How a run ended."""

    OK = "ok"
    EMPTY_ALLOWED = "empty_allowed"  # nothing came, and the source or the caller allows that
    PARTIAL = "partial"  # something is missing; what came is kept and the rest is asked again
    FAILED = "failed"  # nothing usable came
    RUNNING = "running"
    OFF = "off"  # the source needs a key that is not set, or refuses us
    NEVER = "never"  # no run yet


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a run met. Level: info, warning (someone acts within days), error (structure broken)."""

    level: str
    code: str  # a code of notices.errors
    detail: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run of one feed. ``expected`` is the source's own count, None when it gives none."""

    run_id: str
    feed: str
    started_at: datetime
    finished_at: datetime | None
    since: date | None
    until: date | None
    expected: int | None
    received: int
    skipped: int  # counted and left out on purpose (SPS)
    new: int
    revised: int
    unchanged: int
    dead: int
    verdict: Verdict
    reason: str  # one plain sentence; "" when all is well
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One line of `tongbo sources`: what a feed holds and how its last run went."""

    source: str  # feed id
    title: str
    received: int  # distinct records ever received from this feed
    skipped: int  # distinct records counted and left out (SPS)
    notices: int  # notices that this feed contributes to
    expected: int | None
    last_success: datetime | None
    newest: date | None
    verdict: Verdict
    reason: str
    dead: int = 0
