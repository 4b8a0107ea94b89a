"""The Federal Register API: asked by publication date, and by type when one day overflows; never by agency."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from crawlers.slices import Slice
from crawlers.spiders.sliced import SlicedSpider
from notices.errors import CountMismatch


class UsFrSpider(SlicedSpider):
    """Mind the server: per_page outside 2..2000 becomes 20; page above 50, or page x per_page above 10,000, page 1."""

    name = "us-fr"
    count_key = "count"

    def address(self, part: Slice, page: int) -> str:
        """One page of a slice, oldest first. Raises CountMismatch where the server would fall back to page 1."""
        paging = self.run.facts.required_paging()
        if page > (paging.max_page or page) or page * paging.size > paging.cap:
            raise CountMismatch(f"{part} has more pages than the server gives", slice=str(part))
        return self._url(part, self.run.facts.fields, paging.size, page)

    def count_address(self, part: Slice) -> str:
        """Two short records: one is not allowed."""
        return self._url(part, ("document_number",), 2, 1)

    def _url(self, part: Slice, fields: Sequence[str], size: int, page: int) -> str:
        query = [
            ("conditions[publication_date][gte]", part.since.isoformat()),
            ("conditions[publication_date][lte]", part.until.isoformat()),
            *((("conditions[type][]", part.type),) if part.type else ()),
            ("order", "oldest"),
            ("per_page", str(size)),
            ("page", str(page)),
            *(("fields[]", name) for name in fields),
        ]
        return f"{self.run.facts.url}?{urlencode(query)}"
