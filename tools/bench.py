"""`make bench`: the figures of docs/performance.md, printed as the Markdown that goes there.

Crawls the whole replay, enriches and indexes it, then builds 200,000 generated passages on both engines and times
searches. Wants the replay (TONGBO_TEST_REPLAY_URL) and Elasticsearch (TONGBO_TEST_ES_URL); what is not there is said.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import Request, urlopen

from index.backends.elastic import ElasticBackend
from index.backends.embedded import EmbeddedBackend
from index.benchmark import generate, time_build, time_queries
from notices.clock import SystemClock
from notices.errors import SearchError
from notices.ports import IndexBackend

ROOT = Path(__file__).resolve().parents[1]
REPLAY = os.environ.get("TONGBO_TEST_REPLAY_URL", "http://127.0.0.1:8900")
ELASTIC = os.environ.get("TONGBO_TEST_ES_URL", "http://127.0.0.1:9200")


def machine() -> str:
    """Processor, cores, memory, Python, commit and day: what a figure means without which is nothing."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next((line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    day = SystemClock().today().isoformat()
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, commit {commit}, {day}"
    )


def peak_mib(who: int) -> float:
    """Peak resident memory, MiB, of this process or of its largest ended child."""
    return resource.getrusage(who).ru_maxrss / 1024


def verb(environment: dict[str, str], *words: str) -> float:
    """Run a verb of the command line; seconds."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def crawl_rows() -> Iterator[str]:
    """The whole replay through the command line: crawl, crawl again, workbook, enrich, index."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TONGBO_")},
            "TONGBO_DATA_DIR": folder,
            "TONGBO_MIRROR": REPLAY,
            "TONGBO_CLOCK": "2026-09-30",
            "TONGBO_BACKFILL_SINCE": "2000-01-01",
        }
        steps: list[tuple[str, tuple[str, ...]]] = [
            ("crawl ePing, 1,996 records", ("crawl", "wto-eping")),
            ("crawl Federal Register, 20,238 records", ("crawl", "us-fr")),
            ("the same again, all unchanged", ("crawl", "wto-eping", "us-fr", "--since", "2000-01-01")),
            ("ePing workbook, 1,996 rows", ("crawl", "wto-workbook")),
            ("enrich 21,743 notices", ("enrich",)),
            ("index 21,743 notices, embedded", ("index",)),
        ]
        for name, words in steps:
            yield f"| {name} | {verb(environment, *words):.1f} s | {peak_mib(resource.RUSAGE_CHILDREN):.0f} MiB |"


def engine_rows(make: Callable[[Path], IndexBackend], passages: int) -> Iterator[str]:
    """One engine: a build of generated passages, analysis included, then 200 queries of each mode."""
    with tempfile.TemporaryDirectory() as folder:
        backend = make(Path(folder))
        try:
            seconds, total = time_build(backend, generate(passages))
            yield f"| {backend.name} | build | {total:,} passages | {total / seconds:,.0f} passages/s | – | – |"
            for timing in time_queries(backend):
                figures = f"{timing.p50:.2f} ms | {timing.p95:.2f} ms | {timing.worst:.1f} ms"
                yield f"| {backend.name} | {timing.mode}, {timing.hits:,} hits | {timing.queries} queries | {figures} |"
            memory = peak_mib(resource.RUSAGE_SELF)
            yield f"| {backend.name} | peak memory of this process | | {memory:.0f} MiB | – | – |"
        finally:
            backend.close()


def sweep(prefix: str) -> None:
    """Delete the benchmark's own indices."""
    with urlopen(f"{ELASTIC}/_cat/indices/{prefix}*?format=json", timeout=30) as answer:
        names = [row["index"] for row in json.load(answer)]
    for name in names:
        urlopen(Request(f"{ELASTIC}/{name}", method="DELETE"), timeout=30).close()


def section(title: str, head: str, rows: Callable[[], Iterator[str]]) -> None:
    """Print a table row by row; a server that is not there is said in its place."""
    columns = head.count("|") - 1
    print(f"\n### {title}\n{head}\n{'|---' * columns}|", flush=True)
    try:
        for row in rows():
            print(row, flush=True)
    except (SearchError, subprocess.CalledProcessError, OSError) as error:
        print(f"| not measured: {error} {'| ' * (columns - 1)}|")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--only", choices=("crawl", "search"))
    chosen = parser.parse_args()
    print(f"## {SystemClock().today()}\n{machine()}")
    if chosen.only != "search":
        section("The chain over the whole replay", "| step | wall | peak memory so far, largest process |", crawl_rows)
    if chosen.only != "crawl":
        head = "| engine | what | n | p50 or rate | p95 | worst |"
        prefix = f"tongbo-b{uuid.uuid4().hex[:8]}"
        section("Embedded engine", head, lambda: engine_rows(EmbeddedBackend, chosen.passages))
        section(
            "Elasticsearch",
            head,
            lambda: engine_rows(lambda _: ElasticBackend(ELASTIC, prefix=prefix), chosen.passages),
        )
        with suppress(OSError):
            sweep(prefix)


if __name__ == "__main__":
    main()
