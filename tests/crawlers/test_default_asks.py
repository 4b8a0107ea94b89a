"""What a plain crawl asks for: every feed, the slow ones once in their cadence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs import default_asks
from notices.runs import RunReport, Verdict
from settings import Settings
from wiring import Wiring

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)


@pytest.fixture
def wiring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wiring]:
    monkeypatch.delenv("TONGBO_WTO_API_KEY", raising=False)
    with Wiring(Settings(data_dir=tmp_path, clock=NOON)) as wired:
        yield wired


def ended(wiring: Wiring, feed: str, hours: float, verdict: Verdict = Verdict.OK) -> None:
    """A run that ended so many hours ago."""
    at = NOON - timedelta(hours=hours)
    wiring.store.put_run(RunReport(f"{feed}-{hours}", feed, at, at, None, None, None, 1, 0, 0, 0, 1, 0, verdict, ""))


def asked(wiring: Wiring) -> list[str]:
    return [ask.feed for ask in default_asks(wiring)]


def test_a_first_crawl_asks_every_feed_and_the_acts_last(wiring):
    assert asked(wiring) == ["wto-eping", "us-fr", "wto-workbook", "eu-cellar"]


@pytest.mark.parametrize(("hours", "verdict", "due"), [
    (23, Verdict.OK, False),
    (25, Verdict.OK, True),
    (2, Verdict.EMPTY_ALLOWED, False),
    (2, Verdict.PARTIAL, True),
    (2, Verdict.FAILED, True),
])  # fmt: skip
def test_the_acts_are_read_once_a_day_unless_the_reading_failed(wiring, hours, verdict, due):
    ended(wiring, "eu-cellar", hours, verdict)
    assert ("eu-cellar" in asked(wiring)) is due


def test_a_failure_after_a_good_run_does_not_make_it_due_again(wiring):
    ended(wiring, "eu-cellar", 5)
    ended(wiring, "eu-cellar", 1, Verdict.FAILED)
    assert "eu-cellar" not in asked(wiring)
