"""Crawls that are killed, stopped or orphaned: nothing is lost, nothing comes twice, no process is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from crawlers.job import CrawlParams, Progress
from crawlers.runner import crawl_feed
from notices.clock import FrozenClock
from notices.ports import Store
from notices.runs import RunReport, Verdict
from notices.store import open_store

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
SPAN = {"since": date(2025, 1, 1), "until": date(2026, 9, 30)}


def _answer(path: str, query: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
    """900 records, joint ones among them, over 20 months."""
    rows = []
    for number in range(900):
        day = (date(2025, 1, 1) + timedelta(days=number * 7 % 630)).isoformat()
        if not query["distributionDateFrom"][0] <= day <= query["distributionDateTo"][0]:
            continue
        code, member = (("C410", "KOR"), ("C392", "JPN"))[number % 2]
        joint = f"G/TBT/N/KOR/{number // 2}, G/TBT/N/JPN/{number // 2}"
        rows.append(
            {
                "id": number,
                "area": "TBT",
                "notificationType": "Regular notification",
                "documentSymbol": joint if number % 10 < 2 else f"G/TBT/N/{member}/{10_000 + number}",
                "notifyingMemberCode": code,
                "distributionDate": f"{day}T00:00:00+00:00",
                "title": f"Notice {number}",
            }
        )
    page, size = int(query["page"][0]), int(query["pageSize"][0])
    body = {"totalCount": len(rows), "items": rows[(page - 1) * size : page * size]}
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _strike(after: int, number: signal.Signals) -> Callable[[Progress], None]:
    def progress(message: Progress) -> None:
        if message.slices_done >= after:
            for child in psutil.Process().children():
                if "crawlers" in " ".join(child.cmdline()):
                    child.send_signal(number)

    return progress


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_killed_crawl_and_a_rerun_know_what_an_undisturbed_one_knows(
    after: int, mini_source: Callable[..., Any], crawl: Callable[..., RunReport], store: Store, tmp_path: Path
) -> None:
    source = mini_source(_answer)
    killed = crawl("wto-eping", source.url, progress=_strike(after, signal.SIGKILL), backfill_since=SPAN["since"])
    assert killed.verdict is Verdict.FAILED
    assert "nothing is lost" in killed.reason
    assert store.runs("wto-eping")[0].verdict is Verdict.FAILED
    healed = crawl("wto-eping", source.url, backfill_since=SPAN["since"])
    assert healed.verdict is Verdict.OK
    clock = FrozenClock(NOON)
    other = open_store(tmp_path / "undisturbed", None, clock)
    params = CrawlParams(str(tmp_path / "undisturbed"), mirror=source.url, backfill_since=SPAN["since"])
    crawl_feed("wto-eping", other, params, clock=clock)
    assert list(store.dump()) == list(other.dump())
    assert store.covered("wto-eping") == other.covered("wto-eping")
    other.close()


def test_a_stopped_crawl_ends_in_good_order_and_keeps_what_it_has(
    mini_source: Callable[..., Any], crawl: Callable[..., RunReport]
) -> None:
    report = crawl("wto-eping", mini_source(_answer).url, progress=_strike(1, signal.SIGTERM), **SPAN)
    assert report.verdict is Verdict.PARTIAL
    assert report.reason.startswith("The run was stopped; ")
    assert report.received > 0


def test_a_crawl_dies_with_its_parent(mini_source: Callable[..., Any], tmp_path: Path) -> None:
    def slow(path: str, query: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        return 503, {"Retry-After": "60"}, b""

    code = f"""
import sys
from crawlers.job import CrawlParams
from crawlers.runner import crawl_feed
from notices.clock import SystemClock
from notices.store import open_store
from pathlib import Path
clock = SystemClock()
store = open_store(Path({str(tmp_path / "d")!r}), None, clock)
print("ready", flush=True)
crawl_feed("wto-eping", store, CrawlParams({str(tmp_path / "d")!r}, mirror={mini_source(slow).url!r}), clock=clock,
           progress=lambda m: print("progress", flush=True))
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"
    assert parent.stdout.readline() == "progress\n"
    (child,) = psutil.Process(parent.pid).children()
    parent.kill()
    parent.wait(10)
    parent.stdout.close()
    psutil.wait_procs([child], timeout=40)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_two_crawls_of_one_feed_do_not_run_at_once(
    mini_source: Callable[..., Any], crawl: Callable[..., RunReport], store: Store
) -> None:
    from notices.errors import JobLocked

    with store.job_lock("crawl-wto-eping"), pytest.raises(JobLocked):
        crawl("wto-eping", mini_source(_answer).url, **SPAN)
