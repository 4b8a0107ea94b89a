"""ePing's web API: both domains at once, so that SPS records are counted and visibly skipped."""

from __future__ import annotations

from urllib.parse import urlencode

from crawlers.slices import Slice
from crawlers.spiders.sliced import SlicedSpider


class WtoEpingSpider(SlicedSpider):
    """``sortBy=distributionDate`` is needed: without it the order is of no use and pages overlap."""

    name = "wto-eping"

    def address(self, part: Slice, page: int) -> str:
        """One page of a slice; list parameters repeat their key here."""
        return self._url(part, page, self.run.facts.required_paging().size)

    def count_address(self, part: Slice) -> str:
        """A page of one record."""
        return self._url(part, 1, 1)

    def _url(self, part: Slice, page: int, size: int) -> str:
        query = [
            ("language", "1"),
            ("domainIds", "1"),
            ("domainIds", "2"),
            ("distributionDateFrom", part.since.isoformat()),
            ("distributionDateTo", part.until.isoformat()),
            ("sortBy", "distributionDate"),
            ("sortDirection", "desc"),
            ("page", str(page)),
            ("pageSize", str(size)),
        ]
        return f"{self.run.facts.url}?{urlencode(query)}"
