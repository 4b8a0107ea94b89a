"""The bulk workbook without a crawl: ``tongbo import-eping FILE.xlsx``, and when the weekly re-read is due."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from pathlib import Path

from crawlers.facts import load_facts
from crawlers.intake import Intake
from crawlers.tally import Tally, check_expectations, make_report, verdict_of
from notices.errors import ConfigError, CrawlError
from notices.ports import Clock, Store
from notices.runs import RunReport, Verdict

FEED = "wto-workbook"
MAX_FILE = 512 * 1024 * 1024
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_workbook(store: Store, path: Path, clock: Clock) -> RunReport:
    """Take in an ePing workbook from disk: the bulk file or an export of search results.

    An unreadable file is a verdict, with the reason in words. Raises ConfigError when there is no such file or it is
    larger than 512 MiB, JobLocked when the feed is being crawled.
    """
    body = _read(path)
    with store.job_lock(f"crawl-{FEED}"):
        return _import(store, body, path.name, clock)


def _import(store: Store, body: bytes, name: str, clock: Clock) -> RunReport:
    facts, tally, started = load_facts(FEED), Tally(), clock.now()
    intake = Intake(store, facts, clock)
    covered = store.covered(FEED)
    days: list[date] = []
    try:
        capture = intake.keep(f"file:{name}", f"file:{name}", 200, {"content-type": MEDIA_TYPE}, body)
        result = intake.read(capture)
        outcome = intake.take([(capture, result)], covered)
        tally.expected = tally.counted = result.total or 0
        tally.read(result)
        tally.merged(outcome)
        days = [draft.facts.published_on for draft in result.drafts]
    except CrawlError as error:
        tally.fail(name, error)
    since, until = (min(days), max(days)) if days else (None, None)
    check_expectations(tally, facts, None, allow_empty=False)
    verdict, reason = verdict_of(tally, allow_empty=False)
    report = make_report(
        tally, facts, run_id=uuid.uuid4().hex, started_at=started, finished_at=clock.now(),
        since=since, until=until, verdict=verdict, reason=reason,
    )  # fmt: skip
    store.put_run(report)
    return report


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise ConfigError(f"{path} is larger than {MAX_FILE // 1024**2} MiB.", hint="Is it an ePing workbook?")
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}.", hint="Give the path of an .xlsx file.") from error


def workbook_due(store: Store, clock: Clock) -> bool:
    """Whether the workbook has not been read whole for a week; true when it never was.

    The first reading settles what the workbook says of each notice: only from then on can a correction in it be told
    from a difference between two feeds.
    """
    week = timedelta(hours=load_facts(FEED).cadence_hours)
    done = [
        report.finished_at
        for report in store.runs(FEED)
        if report.verdict is Verdict.OK and report.finished_at is not None
    ]
    return not done or clock.now() - max(done) >= week
