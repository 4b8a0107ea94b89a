"""ePing's bulk workbook: one file with everything, read whole; catches what is older than the overlap window."""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.spiders.base import FeedSpider
from notices.errors import CrawlError


class WtoWorkbookSpider(FeedSpider):
    """One request. The job's dates only say which rows are taken."""

    name = "wto-workbook"

    def headers(self) -> Mapping[str, str]:
        """Any type: the server calls the file by several."""
        return {**super().headers(), "Accept": "*/*"}

    async def walk(self) -> None:
        """Fetch, parse and merge the file."""
        self.run.begin(1)
        try:
            page = await self.page(self.run.facts.url)
        except CrawlError as error:
            self.failed("workbook", error)
            return
        await self.on_writer(self.run.settle_whole, page)
        self.run.step("workbook", added=0)
