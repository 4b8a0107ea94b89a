"""One address → one good answer, through Scrapy's downloader: refusals told apart, retries bounded, stop obeyed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from crawlers.facts import SourceFacts
from crawlers.mirror import to_live
from crawlers.refusals import refusal, retry_after, server_name
from notices.errors import Blocked, CrawlError, FetchError, Gone, RateLimited
from notices.ports import Clock

_NETWORK: Mapping[type[Exception], str] = {
    DownloadTimeoutError: "did not answer in time",
    CannotResolveHostError: "can't be found (no such host; is the network up?)",
    DownloadConnectionRefusedError: "can't be reached (connection refused)",
    ResponseDataLossError: "broke off in the middle of an answer",
    ConnectionDone: "dropped the connection",
    ConnectionLost: "dropped the connection",
    ConnectError: "can't be reached",
    DownloadFailedError: "dropped the connection",
    DownloadCancelledError: "sent more than we take",
    OSError: "dropped the connection",
}

T = TypeVar("T")
Judge = Callable[[SourceFacts, int, bytes, Mapping[str, str]], CrawlError | None]


class Stopped(Exception):
    """The run was asked to stop."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a failed request is repeated; tests shorten it."""

    retries: int = 4
    backoff: float = 1.0
    max_wait: float = 90.0  # a Retry-After above this ends the run instead: the rest is asked next time

    def wait(self, attempt: int) -> float:
        """Seconds before repetition number ``attempt`` (from 0): exponential, with jitter."""
        return float(min(self.max_wait, self.backoff * 2**attempt * random.uniform(0.75, 1.25)))


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer; both addresses are live ones."""

    live_url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Fetcher:
    """Asks one source. Only downloader middlewares apply (mirror, robots, compression, redirects)."""

    def __init__(self, engine: ExecutionEngine, facts: SourceFacts, clock: Clock, mirror: str | None) -> None:
        self._engine, self._facts, self._clock, self._mirror = engine, facts, clock, mirror
        self.requests = 0

    async def get(
        self, url: str, headers: Mapping[str, str], timeout: float, *, post: bytes | None = None, judge: Judge = refusal
    ) -> Answer:
        """The answer at a live address. Raises FetchError and its kinds, LayoutChanged for what is no data.

        ``judge`` says what is no data; ``post`` is a body to send.
        """
        self.requests += 1
        request = Request(
            url,
            method="GET" if post is None else "POST",
            body=post or b"",
            headers=dict(headers),
            dont_filter=True,
            meta={"download_timeout": timeout},
        )
        try:
            response = await self._engine.download_async(request)
        except tuple(_NETWORK) as error:
            words = next(text for kind, text in _NETWORK.items() if isinstance(error, kind))
            raise FetchError(f"{server_name(self._facts)} {words}") from error
        except IgnoreRequest as error:
            raise Blocked(
                f"{server_name(self._facts)} forbids this address to robots, or the mirror lacks it"
            ) from error
        fields = {
            name.decode("latin-1").lower(): values[-1].decode("latin-1")
            for name, values in response.headers.items()
            if values
        }
        fault = judge(self._facts, response.status, response.body, fields)
        if isinstance(fault, FetchError):
            fault.context["retry_after"] = retry_after(fields, self._clock.now())
        if fault is not None:
            raise fault
        return Answer(url, to_live(response.url, self._mirror), response.status, fields, response.body)


async def with_retries(attempt: Callable[[], Awaitable[T]], policy: RetryPolicy, stop: asyncio.Event) -> T:
    """The result of the first attempt that succeeds. Raises the last FetchError, or Stopped when asked to stop.

    Refusals (403, challenge, 404) are never repeated. A Retry-After is honoured up to ``policy.max_wait``.
    """
    tried = 0
    while True:
        try:
            return await _unless_stopped(attempt(), stop)
        except (Blocked, Gone):
            raise
        except FetchError as error:
            asked = error.context.get("retry_after")
            wait = max(policy.wait(tried), float(asked)) if isinstance(asked, int | float) else policy.wait(tried)
            if tried >= policy.retries or (isinstance(error, RateLimited) and wait > policy.max_wait):
                raise
            tried += 1
            await pause(min(wait, policy.max_wait), stop)


async def pause(seconds: float, stop: asyncio.Event) -> None:
    """Wait, but not longer than until we are asked to stop. Raises Stopped."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
    raise Stopped


async def _unless_stopped(work: Awaitable[T], stop: asyncio.Event) -> T:
    task, waiter = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        done, _ = await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiter.cancel()
    if task in done:
        return task.result()
    task.cancel()
    raise Stopped
