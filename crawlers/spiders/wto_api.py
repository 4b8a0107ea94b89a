"""The official ePing API: the same records behind a key; list parameters are comma-joined here."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from crawlers.slices import Slice
from crawlers.spiders.sliced import SlicedSpider


class WtoApiSpider(SlicedSpider):
    """The key goes in a header, so that it enters no address, capture or log."""

    name = "wto-api"

    def headers(self) -> Mapping[str, str]:
        """With the subscription key."""
        return {**super().headers(), "Ocp-Apim-Subscription-Key": self.run.job.wto_api_key}

    def address(self, part: Slice, page: int) -> str:
        """One page of a slice."""
        return self._url(part, page, self.run.facts.required_paging().size)

    def count_address(self, part: Slice) -> str:
        """A page of one record."""
        return self._url(part, 1, 1)

    def _url(self, part: Slice, page: int, size: int) -> str:
        query = {
            "language": "1",
            "domainIds": "1,2",
            "distributionDateFrom": part.since.isoformat(),
            "distributionDateTo": part.until.isoformat(),
            "page": str(page),
            "pageSize": str(size),
        }
        return f"{self.run.facts.url}?{urlencode(query, safe=',')}"
