"""The child process of a crawl: one job in on stdin, JSON lines out on stdout, the verdict as exit code.

A reactor can't be started twice, so every run has a process of its own. It dies with its parent: when stdin closes,
the run is asked to stop, and is ended if it has not stopped after :data:`GRACE` seconds.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from crawlers.job import Job, Progress, dump_message, load_job
from crawlers.mirror import is_loopback
from crawlers.redo import reparse_if_newer, retry_dead_letters
from crawlers.run import CrawlRun
from crawlers.spiders import SPIDERS
from crawlers.tally import check_expectations, make_report, verdict_of
from notices.clock import SystemClock
from notices.errors import JobLocked, TongboError
from notices.ports import Store
from notices.runs import RunReport, Verdict
from notices.store import open_store

GRACE = 20.0
MAX_BODY = 512 * 1024 * 1024
EXIT_LOCKED = 9
EXIT_CODES = {Verdict.OK: 0, Verdict.EMPTY_ALLOWED: 0, Verdict.PARTIAL: 3, Verdict.FAILED: 4, Verdict.OFF: 5}


def main() -> int:
    """Run the job that stands on stdin; the exit code tells the verdict."""
    job = load_job(_first_line())
    out = sys.stdout.buffer

    def say(message: Progress | RunReport) -> None:
        with contextlib.suppress(BrokenPipeError):
            out.write(dump_message(message))
            out.flush()

    clock = SystemClock(job.clock_start)
    store = open_store(Path(job.params.data_dir), job.params.database_url, clock)
    try:
        with store.job_lock(f"crawl-{job.feed}"):
            clock.resume(store.latest_instant())  # a clock that starts anew must not date this run before the last one
            report = crawl(job, store, clock, say)
    except JobLocked:
        return EXIT_LOCKED
    finally:
        store.close()
    say(report)
    return EXIT_CODES.get(report.verdict, 4)


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n") and (part := os.read(0, 65536)):
        line += part
    return line


def crawl(job: Job, store: Store, clock: SystemClock, say: Callable[[Progress], None]) -> RunReport:
    """Do the run and keep its report."""
    started = clock.now()
    last = _last_alike(store, job)
    run = CrawlRun(job, store, clock, say)
    since, until = (min(s for s, _ in run.spans), max(u for _, u in run.spans)) if run.spans else (None, None)

    def report(verdict: Verdict, reason: str) -> RunReport:
        finished = None if verdict is Verdict.RUNNING else clock.now()
        return make_report(
            run.tally, run.facts, run_id=job.run_id, started_at=started, finished_at=finished,
            since=since, until=until, verdict=verdict, reason=reason,
        )  # fmt: skip

    held = store.records_held(job.feed, since, until) if since and until else 0
    quiet_mirror = job.mirror is not None and held == 0 and store.covered(job.feed) is not None
    store.put_run(report(Verdict.RUNNING, ""))
    reparse_if_newer(run.intake)
    retry_dead_letters(run.intake)
    _follow_parent(run)
    _walk(run)
    run.writer.shutdown()
    if run.crashed is not None:
        fault = TongboError(f"The crawl broke off by a fault of ours ({type(run.crashed).__name__})")
        run.tally.fail("run", fault)
    # A recording may well end before its clock does; live sources never fall silent for a whole overlap window.
    allow_empty = job.params.allow_empty or run.facts.expect.allow_empty or quiet_mirror
    check_expectations(run.tally, run.facts, last, allow_empty=allow_empty, held=held)
    if not run.tally.failures and not run.tally.stopped:
        run.finish()
    final = report(*verdict_of(run.tally, allow_empty=allow_empty))
    store.put_run(final)
    return final


def _last_alike(store: Store, job: Job) -> RunReport | None:
    """The last complete run over the same dates, when dates were given."""
    if job.since is None:
        return None
    for report in store.runs(job.feed):
        if report.verdict is Verdict.OK and (report.since, report.until) == (job.since, job.until):
            return report
    return None


def _walk(run: CrawlRun) -> None:
    process = AsyncCrawlerProcess(scrapy_settings(run))
    process.crawl(SPIDERS[run.facts.spider], run=run)
    process.start(install_signal_handlers=False)


def scrapy_settings(run: CrawlRun) -> dict[str, Any]:
    """Honest, polite, bounded; delays and robots.txt are left out on a loopback mirror only."""
    mirror, rate = run.job.mirror, run.facts.rate
    near = mirror is not None and is_loopback(mirror)
    middlewares: dict[str, int | None] = {"scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None}
    if mirror is not None:
        middlewares["crawlers.mirror.MirrorMiddleware"] = 60
    return {
        "TONGBO_MIRROR": mirror,
        "USER_AGENT": f"Tongbo/0.1 (regulation notices for exporters; +{run.job.params.contact})",
        "ROBOTSTXT_OBEY": not near,
        "DOWNLOAD_DELAY": rate.mirror_delay if near else rate.delay,
        "DOWNLOAD_DELAY_JITTER": 0.2,
        "CONCURRENT_REQUESTS_PER_DOMAIN": rate.concurrency,
        "DOWNLOAD_TIMEOUT": run.timeout,
        "DOWNLOAD_MAXSIZE": MAX_BODY,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOADER_MIDDLEWARES": middlewares,
        "HTTPPROXY_ENABLED": not near,
        "RETRY_ENABLED": False,  # crawlers/fetching.py retries, since it also judges bodies
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": True,
        "LOG_LEVEL": "WARNING",
        "LOGSTATS_INTERVAL": 0,
    }


def _follow_parent(run: CrawlRun) -> None:
    def watch() -> None:
        while os.read(0, 4096):  # not sys.stdin: its lock would be held when the interpreter ends
            pass
        os.kill(os.getpid(), 15)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
