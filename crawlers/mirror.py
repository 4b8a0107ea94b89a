"""Live addresses and their twins on a mirror (TONGBO_MIRROR): only requests go through it, records stay live.

Every live host has a path prefix under the mirror's base URL; the table is the replay's ``GET /__hosts``.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

PREFIXES = {
    "www.federalregister.gov": "federalregister",
    "federalregister.gov": "federalregister",
    "eping.wto.org": "eping",
    "epingalert.org": "eping",
    "www.epingalert.org": "eping",
    "api.wto.org": "wtoapi",
    "publications.europa.eu": "cellar",
    "eur-lex.europa.eu": "eurlex",
    "docs.wto.org": "docs",
    "members.wto.org": "members",
    "www.govinfo.gov": "govinfo",
    "api.regulations.gov": "regulationsgov",
}
LIVE_BASES = {
    "federalregister": "https://www.federalregister.gov",
    "eping": "https://eping.wto.org",
    "wtoapi": "https://api.wto.org",
    "cellar": "http://publications.europa.eu",
    "eurlex": "https://eur-lex.europa.eu",
    "docs": "https://docs.wto.org",
    "members": "https://members.wto.org",
    "govinfo": "https://www.govinfo.gov",
    "regulationsgov": "https://api.regulations.gov",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(url: str) -> bool:
    """Whether the address is this machine."""
    return (urlsplit(url).hostname or "") in LOOPBACK


def to_mirror(url: str, mirror: str) -> str | None:
    """The mirror's twin of a live address, the address itself when it already is on the mirror, else None."""
    base, parts = mirror.rstrip("/"), urlsplit(url)
    if url == base or url.startswith(f"{base}/"):
        return url
    prefix = PREFIXES.get(parts.hostname or "")
    if prefix is None:
        return None
    return f"{base}/{prefix}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def to_live(url: str, mirror: str | None) -> str:
    """The live twin of an address on the mirror; any other address as it is."""
    base = (mirror or "").rstrip("/")
    if not base or not url.startswith(f"{base}/"):
        return url
    prefix, slash, rest = url[len(base) + 1 :].partition("/")
    return f"{LIVE_BASES[prefix]}{slash}{rest}" if prefix in LIVE_BASES else url


class MirrorMiddleware:
    """Rewrites every request, redirects included, to the mirror; with a mirror set nothing leaves for other hosts."""

    def __init__(self, mirror: str) -> None:
        self._mirror = mirror

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MirrorMiddleware:
        """From the setting ``TONGBO_MIRROR``."""
        return cls(crawler.settings.get("TONGBO_MIRROR"))

    def process_request(self, request: Request) -> Request | None:
        """The rewritten request, or None when it is on the mirror. Raises IgnoreRequest for a host it does not have."""
        if urlsplit(request.url).path == "/robots.txt":
            return None
        url = to_mirror(request.url, self._mirror)
        if url is None:
            raise IgnoreRequest(f"The mirror does not have {urlsplit(request.url).hostname}.")
        return None if url == request.url else request.replace(url=url)
