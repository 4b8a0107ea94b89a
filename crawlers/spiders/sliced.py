"""The walk of a paged source: slices of publication dates, newest first, each counted, reconciled and merged."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

from crawlers.fetching import with_retries
from crawlers.pages.drafts import PageResult
from crawlers.pages.reading import count_of, read_json
from crawlers.slices import Slice, calendar_slices
from crawlers.spiders.base import FeedSpider, Page
from notices.errors import Blocked, CountMismatch, CrawlError, RateLimited

REREADS = 3
"""How often a slice is read when records appear between two of its pages."""

GIVE_UP_AFTER = 2
"""Failed slices in a row after which the rest is left for the next run."""


class SlicedSpider(FeedSpider):
    """A feed that is asked by publication date and page. Subclasses write the addresses."""

    @abstractmethod
    def address(self, part: Slice, page: int) -> str:
        """The live address of one page of a slice."""

    @abstractmethod
    def count_address(self, part: Slice) -> str:
        """The live address of the smallest answer that holds the slice's count."""

    count_key = "totalCount"

    async def walk(self) -> None:
        """All slices of all spans; stops early when the source refuses us or fails twice in a row."""
        queue = [part for since, until in self.run.spans for part in calendar_slices(since, until)]
        self.run.begin(len(queue))
        try:
            self.run.tally.expected = await self._expected()
        except CrawlError as error:
            self.failed("count", error)
            return
        failed_in_a_row = 0
        while queue:
            part = queue.pop(0)
            try:
                parts = await self._slice(part)
            except CrawlError as error:
                self.failed(str(part), error)
                failed_in_a_row += 1
                if isinstance(error, Blocked | RateLimited) or failed_in_a_row >= GIVE_UP_AFTER:
                    return
                continue
            failed_in_a_row = 0
            queue[:0] = parts
            self.run.step(str(part), added=len(parts))
            if queue and self.run.tally.counted == self.run.tally.expected:
                await self._rest_is_empty(queue)

    async def _rest_is_empty(self, queue: list[Slice]) -> None:
        """When all that the source counted is in: ask once whether the older rest is empty, and settle it whole."""
        rest = Slice(min(part.since for part in queue), max(part.until for part in queue))
        try:
            count = await self._count(rest)
        except CrawlError:
            return
        if count == 0:
            await self.on_writer(self.run.settle, rest, [], 0)
            self.run.step(str(rest), added=0, done=len(queue))
            queue.clear()

    async def _expected(self) -> int | None:
        """The source's own count of everything asked for; None when it stops counting before that."""
        total = 0
        for since, until in self.run.spans:
            counts = [await self._count(Slice(since, until))]
            if counts[0] is None and until.year - since.year <= 40:
                years = range(since.year, until.year + 1)
                counts = [
                    await self._count(
                        Slice(max(since, since.replace(year, 1, 1)), min(until, until.replace(year, 12, 31)))
                    )
                    for year in years
                ]
            if None in counts:
                return None
            total += sum(count or 0 for count in counts)
        return total

    async def _count(self, part: Slice) -> int | None:
        async def attempt() -> int:
            answer = await self.fetcher.get(self.count_address(part), self.headers(), self.run.timeout)
            with self.named_errors():
                return count_of(read_json(answer.body), self.count_key)

        count = await with_retries(attempt, self.run.job.retry_policy, self.run.stop)
        return None if count >= self.run.facts.required_paging().cap else count

    async def _slice(self, part: Slice) -> list[Slice]:
        """Read, reconcile and merge one slice, or give the slices to ask for instead. Raises CrawlError."""
        paging = self.run.facts.required_paging()
        pages: list[Page] = []
        total = 0
        for _ in range(REREADS):
            first = await self.page(self.address(part, 1))
            total = first[1].total or 0
            if total >= paging.split_at and (parts := self._split(part)):
                return parts
            if total >= paging.cap:
                raise CountMismatch(f"{part} holds {total:,} records, more than the source lists", slice=str(part))
            pages = await self._all_pages(part, first, -(-total // paging.size))
            if reconciled(pages):
                await self.on_writer(self.run.settle, part, pages, total)
                return []
        await self.on_writer(self.run.keep_unsettled, pages, total)
        came = len(frozenset().union(*(result.keys for _, result in pages)))
        raise CountMismatch(f"The source counts {total:,} records in {part} but lists {came:,}", slice=str(part))

    async def _all_pages(self, part: Slice, first: Page, count: int) -> list[Page]:
        """Pages 1 to ``count``; what came before a failure is kept, then the failure is raised."""
        wanted = [self.page(self.address(part, number)) for number in range(2, count + 1)]
        done = await asyncio.gather(*wanted, return_exceptions=True)
        pages = [first, *(page for page in done if not isinstance(page, BaseException))]
        errors = [error for error in done if isinstance(error, BaseException)]
        if errors:
            await self.on_writer(self.run.keep_unsettled, pages, first[1].total)
            raise errors[0]
        return pages

    def _split(self, part: Slice) -> list[Slice]:
        """Smaller slices, newest first; a single day splits by document type where the source has types."""
        smaller = part.smaller()
        if smaller:
            return smaller
        types = self.run.facts.types if part.type is None else ()
        return [Slice(part.since, part.until, name) for name in types]


def reconciled(pages: list[Page]) -> bool:
    """Whether all pages name one count and hold that many different records."""
    results: list[PageResult] = [result for _, result in pages]
    keys = frozenset().union(*(result.keys for result in results))
    return {result.total for result in results} == {len(keys)}
