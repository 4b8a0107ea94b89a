"""What an answer means when it is no data: refused, throttled, broken, under repair. Pure.

Markers of challenge pages: ``awswaf`` and ``gokuProps`` (AWS), status 202; "Request Access" (federalregister.gov).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawlers.facts import SourceFacts
from notices.errors import Blocked, CrawlError, FetchError, Gone, LayoutChanged, RateLimited

_CHALLENGE = re.compile(rb"awswaf|gokuProps|cf-chl-|_Incapsula_|Request Access|captcha", re.IGNORECASE)
_MAINTENANCE = re.compile(rb"maintenance|temporarily unavailable|be back|under construction", re.IGNORECASE)
_LOOKED_AT = 60_000
_SERVERS = {"wto": "The WTO server", "us-fr": "The Federal Register server", "eu": "Cellar"}


def server_name(facts: SourceFacts) -> str:
    """Who answers, for a sentence: "The WTO server"."""
    return _SERVERS[facts.publisher]


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (number or HTTP date), or None."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if re.fullmatch(r"\d+(?:\.\d+)?", value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def refusal(facts: SourceFacts, status: int, body: bytes, headers: Mapping[str, str]) -> CrawlError | None:
    """The error that an answer is, or None when it looks like data. ``headers`` have lower-case names."""
    who, head = server_name(facts), body[:_LOOKED_AT]
    html = "html" in headers.get("content-type", "") or head.lstrip()[:1] == b"<"
    if status in {202, 403} or (html and _CHALLENGE.search(head)):
        shown = "a challenge page" if status != 403 else "403"
        return Blocked(f"{who} refuses us ({shown})", status=status)
    if status == 401:
        return Blocked(
            f"{who} does not accept our key (401)", hint=f"Check {facts.key_setting or 'the key'}.", status=status
        )
    if status == 429:
        return RateLimited(f"{who} asked us to slow down (429)", status=status)
    if status in {404, 410}:
        return Gone(f"{who} has nothing at the address we know ({status})", status=status)
    if status >= 500 or status == 408:
        return FetchError(f"{who} failed ({status})", status=status)
    if status != 200:
        return LayoutChanged(f"{who} no longer understands our question ({status})", status=status)
    if not body.strip():
        return FetchError(f"{who} sent an empty answer", status=status)
    if html and _MAINTENANCE.search(head):
        return FetchError(f"{who} is under maintenance and shows a notice instead of data", status=status)
    if html:
        return LayoutChanged(f"{who} sent a web page where data was expected", status=status)
    return None
