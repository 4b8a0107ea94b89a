"""Answers that are no data, and what they mean."""

from datetime import UTC, datetime

import pytest

from crawlers.facts import load_facts
from crawlers.refusals import refusal, retry_after
from notices.errors import Blocked, CrawlError, FetchError, Gone, LayoutChanged, RateLimited

EPING = load_facts("wto-eping")
HTML = {"content-type": "text/html; charset=utf-8"}
JSON = {"content-type": "application/json"}
WAF = (
    b'<html><script src="https://x.token.awswaf.com/challenge.js"></script><script>window.gokuProps={}</script></html>'
)


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (200, JSON, b'{"items": []}', type(None)),
        (200, {"content-type": "application/octet-stream"}, b"PK\x03\x04", type(None)),
        (200, JSON, b'{"title": "a captcha for maintenance staff, be back"}', type(None)),
        (202, HTML, WAF, Blocked),
        (200, HTML, WAF, Blocked),
        (202, {}, b"", Blocked),
        (403, JSON, b"{}", Blocked),
        (401, JSON, b"{}", Blocked),
        (200, HTML, b"<h1>Request Access</h1>", Blocked),
        (429, {}, b"Retry later", RateLimited),
        (404, JSON, b"{}", Gone),
        (503, JSON, b"{}", FetchError),
        (500, HTML, b"<h1>Error</h1>", FetchError),
        (200, JSON, b"  \n", FetchError),
        (200, HTML, b"<h1>Scheduled maintenance</h1>", FetchError),
        (200, HTML, b"<app-root></app-root>", LayoutChanged),
        (400, JSON, b'{"errors": {}}', LayoutChanged),
    ],
)
def test_an_answer_is_told_for_what_it_is(
    status: int, headers: dict[str, str], body: bytes, expected: type[CrawlError | None]
) -> None:
    assert type(refusal(EPING, status, body, headers)) is expected


NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7", 7.0), ("Wed, 30 Sep 2026 12:00:30 GMT", 30.0), ("Tue, 29 Sep 2026 12:00:00 GMT", 0.0), ("soon", None)],
)
def test_retry_after_is_read_as_seconds_or_date(value: str, expected: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == expected
    assert retry_after({}, NOW) is None
