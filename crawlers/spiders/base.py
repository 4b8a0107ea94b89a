"""What every spider shares: its run, and the step from an address to a parsed page on the writer thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar

import scrapy
from scrapy.core.engine import ExecutionEngine

from crawlers.fetching import Answer, Fetcher, Stopped, with_retries
from crawlers.pages.drafts import PageResult
from crawlers.refusals import server_name
from crawlers.run import CrawlRun
from notices.errors import CrawlError, FetchError, LayoutChanged, TongboError
from notices.model import Capture

P = ParamSpec("P")
T = TypeVar("T")

Page = tuple[Capture, PageResult]


class FeedSpider(scrapy.Spider):
    """Walks one feed. Requests go out one by one as the walk needs them, so that each slice is settled before the next.

    The reactor thread only waits for the network: captures, parsing and merges happen on the run's writer thread.
    """

    run: CrawlRun
    fetcher: Fetcher

    def __init__(self, run: CrawlRun) -> None:
        super().__init__()
        self.run = run

    async def start(self) -> AsyncIterator[Any]:
        """Do the whole walk; yields nothing to Scrapy's scheduler."""
        self.run.stop_on_signals(asyncio.get_running_loop())
        engine: ExecutionEngine | None = self.crawler.engine
        if engine is None:  # Scrapy sets it before it calls us
            raise RuntimeError("the engine is not running")
        self.fetcher = Fetcher(engine, self.run.facts, self.run.clock, self.run.job.mirror)
        try:
            await self.walk()
        except Stopped:
            self.run.tally.stopped = True
        except TongboError as error:  # our own store failed: the run ends here, and says why
            self.run.tally.fail("run", error)
        except Exception as error:
            self.run.crashed = error
            self.logger.exception("The walk broke off.")
        nothing: list[scrapy.Request] = []
        for request in nothing:
            yield request  # makes this an asynchronous iterator

    async def walk(self) -> None:
        """Fetch everything that the job asks for."""
        raise NotImplementedError

    def headers(self) -> Mapping[str, str]:
        """Request headers beside the user agent."""
        facts = self.run.facts
        return {"Accept": "application/json", **({"Referer": facts.referer} if facts.referer else {})}

    async def page(self, url: str) -> Page:
        """The page at a live address, stored and parsed; repeated politely when it is broken. Raises CrawlError."""

        async def attempt() -> Page:
            answer = await self.fetcher.get(url, self.headers(), self.run.timeout)
            return await self.on_writer(self._take_in, answer)

        return await with_retries(attempt, self.run.job.retry_policy, self.run.stop)

    def _take_in(self, answer: Answer) -> Page:
        capture = self.run.intake.keep(answer.live_url, answer.final_url, answer.status, answer.headers, answer.body)
        with self.named_errors():
            return capture, self.run.intake.read(capture)

    @contextmanager
    def named_errors(self) -> Iterator[None]:
        """Page parsers know no source: say whose answer it was that they could not read."""
        who = server_name(self.run.facts)
        try:
            yield
        except LayoutChanged as error:
            raise LayoutChanged(f"{who} changed the shape of its answers ({error.detail.rstrip('.')})") from error
        except FetchError as error:
            raise FetchError(f"{who} sent a broken answer ({error.detail.rstrip('.')})") from error

    async def on_writer(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of store work, done on the one writer thread."""
        call = partial(work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.run.writer, call)

    def failed(self, where: str, error: CrawlError) -> None:
        """Record a slice that could not be read to the end."""
        self.logger.warning("%s: %s", where, error.detail)
        self.run.tally.fail(where, error)
