"""The public entry: one run of one feed, in a process of its own.

report = crawl_feed("us-fr", store, CrawlParams(data_dir="data"), clock=clock, progress=print)
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import IO

from crawlers.facts import load_facts
from crawlers.job import CrawlParams, Job, Progress, dump_job, load_message
from notices.errors import JobLocked, SecretMissing
from notices.ports import Clock, Store
from notices.runs import Issue, RunReport, Verdict

logger = logging.getLogger(__name__)

STOP_GRACE = 15.0
_TAIL = 40
EXIT_LOCKED = 9


def crawl_feed(
    feed: str,
    store: Store,
    params: CrawlParams,
    *,
    clock: Clock,
    since: date | None = None,
    until: date | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RunReport:
    """Crawl one feed and give its report, which the store holds as well.

    Without dates: the overlap window before the newest covered day (the first run: ``params.backfill_since``, or the
    source's ``first_days`` back), and ground before the covered span that is still wanted. Source failures are
    verdicts, not exceptions. Raises ConfigError for an unknown feed, JobLocked when another process crawls this feed.
    """
    facts, started = load_facts(feed), clock.now()
    job = Job(uuid.uuid4().hex, feed, params, started, since, until)
    if facts.key_setting and not params.wto_api_key:
        missing = SecretMissing(f"{facts.title.en} needs a key: set {facts.key_setting}")
        return _keep(store, _without_child(job, started, clock, Verdict.OFF, missing.code, f"{missing.detail}."))
    report, tail, code = _run_child(job, progress)
    if report is not None:
        return report
    if code == EXIT_LOCKED:
        raise JobLocked(f"Another process is crawling {feed} right now.")
    words = f"The crawl process ended before it could report (exit code {code}); run it again, nothing is lost."
    logger.error("crawl of %s ended with %s: %s", feed, code, " | ".join(tail))
    lost = _without_child(job, started, clock, Verdict.FAILED, "crawl.failed", words)
    return _keep(store, lost)


def _run_child(job: Job, progress: Callable[[Progress], None] | None) -> tuple[RunReport | None, deque[str], int]:
    """Start the child, follow its lines; it never outlives this call."""
    command = [sys.executable, "-m", "crawlers"]
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    child = subprocess.Popen(  # noqa: S603  our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise RuntimeError("pipes were asked for")
    tail: deque[str] = deque(maxlen=_TAIL)
    reader = threading.Thread(target=_read_log, args=(child.stderr, tail, job.feed), daemon=True)
    reader.start()
    report: RunReport | None = None
    try:
        child.stdin.write(dump_job(job))
        child.stdin.flush()
        for line in child.stdout:
            message = load_message(line)
            if isinstance(message, RunReport):
                report = message
            elif message is not None and progress is not None:
                progress(message)
        code = child.wait()
    finally:
        _end(child)
        reader.join(timeout=5)
        for pipe in (child.stdin, child.stdout, child.stderr):
            _close(pipe)
    return report, tail, code


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        logger.debug("the child was gone before it read its job")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask the child to stop; end it when it does not."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(timeout=STOP_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _read_log(stream: IO[bytes], tail: deque[str], feed: str) -> None:
    for raw in stream:
        line = raw.decode("utf-8", "replace").rstrip()
        tail.append(line)
        logger.debug("%s: %s", feed, line)


def _without_child(job: Job, started: datetime, clock: Clock, verdict: Verdict, code: str, reason: str) -> RunReport:
    return RunReport(
        run_id=job.run_id,
        feed=job.feed,
        started_at=started,
        finished_at=clock.now(),
        since=job.since,
        until=job.until,
        expected=None,
        received=0,
        skipped=0,
        new=0,
        revised=0,
        unchanged=0,
        dead=0,
        verdict=verdict,
        reason=reason,
        issues=(Issue("error", code, reason, job.feed),),
    )


def _keep(store: Store, report: RunReport) -> RunReport:
    """Store the report; what a killed child had counted so far stays in it."""
    known = next((run for run in store.runs(report.feed, 5) if run.run_id == report.run_id), None)
    if known is not None:
        report = replace(report, since=known.since, until=known.until)
    store.put_run(report)
    return report
