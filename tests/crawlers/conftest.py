"""Shared by the crawl tests: a store in a folder of its own, crawls against a mirror, workbooks from rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from crawlers.job import CrawlParams, Progress
from crawlers.runner import crawl_feed
from notices.clock import FrozenClock
from notices.ports import Store
from notices.runs import RunReport
from notices.store import open_store

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    """Noon of the replay's last day."""
    return FrozenClock(NOON)


@pytest.fixture
def store(tmp_path: Path, clock: FrozenClock) -> Iterator[Store]:
    """An empty store in a folder of its own."""
    opened = open_store(tmp_path / "data", None, clock)
    yield opened
    opened.close()


Crawl = Callable[..., RunReport]


@pytest.fixture
def crawl(tmp_path: Path, store: Store, clock: FrozenClock) -> Crawl:
    """``crawl(feed, mirror, since=…, until=…, **params)`` with short patience, in the test's own data folder."""

    def run(
        feed: str,
        mirror: str,
        *,
        since: date | None = None,
        until: date | None = None,
        progress: Callable[[Progress], None] | None = None,
        **params: Any,
    ) -> RunReport:
        patience: dict[str, Any] = {"retries": 2, "backoff": 0.05, "max_wait": 3.0, "timeout": 5.0}
        patience |= {"wto_api_key": "test-key"}
        chosen = CrawlParams(str(tmp_path / "data"), mirror=mirror, **{**patience, **params})
        return crawl_feed(feed, store, chosen, clock=clock, since=since, until=until, progress=progress)

    return run


@pytest.fixture
def make_workbook() -> Callable[[list[list[object]]], bytes]:
    """An .xlsx file of one sheet with the given rows."""

    def build(rows: list[list[object]]) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        out = io.BytesIO()
        book.save(out)
        book.close()
        return out.getvalue()

    return build


class MiniSource:
    """A source of one's own on loopback: ``answer(path, query)`` gives (status, headers, body) and may count calls."""

    def __init__(self, answer: Callable[[str, dict[str, list[str]]], tuple[int, dict[str, str], bytes]]) -> None:
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                parts = urlsplit(self.path)
                status, headers, body = answer(parts.path, parse_qs(parts.query))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture
def mini_source() -> Iterator[Callable[..., MiniSource]]:
    """Starts sources of the test's own, which end with it."""
    running: list[MiniSource] = []

    def start(answer: Callable[[str, dict[str, list[str]]], tuple[int, dict[str, str], bytes]]) -> MiniSource:
        running.append(MiniSource(answer))
        return running[-1]

    yield start
    for source in running:
        source.close()


@pytest.fixture(scope="session")
def crawl_replay(start_replay: Callable[[], Any]) -> Any:
    """One replay server for all crawl tests: starting one takes seconds."""
    return start_replay()


@pytest.fixture
def replay(crawl_replay: Any) -> Any:
    """The crawl tests' own replay server, set back to its first day, without events and faults."""
    crawl_replay.post("/__reset", {})
    return crawl_replay
