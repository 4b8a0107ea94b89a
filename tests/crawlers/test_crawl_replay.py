"""Crawls of the replay server: everything arrives once, feeds agree, corrections and late records are found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import pytest

from crawlers.import_workbook import workbook_due
from notices.clock import FrozenClock
from notices.model import Cause, ChangeKind
from notices.ports import Store
from notices.runs import RunReport, Verdict

pytestmark = pytest.mark.external("replay")

Crawl = Callable[..., RunReport]
EPOCH = date(2000, 1, 1)


class Replay(Protocol):
    """What the tests use of the replay server (tests/conftest.py)."""

    url: str

    def post(self, path: str, body: object) -> Any: ...
    def get(self, path: str) -> Any: ...
    def delete(self, path: str) -> None: ...


def _set_day(replay: Replay, clock: FrozenClock, day: date) -> None:
    replay.post("/__clock", {"date": day.isoformat()})
    clock.move(datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - clock.now())


def test_all_feeds_of_the_wto_give_the_same_notices_and_nothing_twice(
    replay: Replay, crawl: Crawl, store: Store
) -> None:
    visible = replay.get("/__state")["records"]["eping"]["visible"]
    first = crawl("wto-eping", replay.url, since=EPOCH)
    assert (first.verdict, first.expected, first.received + first.skipped) == (Verdict.OK, visible, visible)
    assert (first.skipped, store.count("wto"), first.dead) == (60, 1505, 0)
    assert store.source_status("wto-eping", "").received == first.received
    assert workbook_due(store, FrozenClock(datetime(2026, 9, 30, 12, tzinfo=UTC)))
    for feed in ("wto-eping", "wto-workbook", "wto-api"):
        again = crawl(feed, replay.url, since=EPOCH)
        assert (again.verdict, again.reason) == (Verdict.OK, "")
        assert (again.received, again.skipped) == (first.received, 60)
        assert (again.new, again.revised) == (0, 0), feed
    assert not workbook_due(store, FrozenClock(datetime(2026, 10, 6, tzinfo=UTC)))
    assert workbook_due(store, FrozenClock(datetime(2026, 10, 8, tzinfo=UTC)))
    assert not replay.get("/__log/summary")["eping"]["robots_violations"]


@pytest.mark.slow
def test_the_federal_register_arrives_whole_and_only_once(replay: Replay, crawl: Crawl, store: Store) -> None:
    visible = replay.get("/__state")["records"]["federalregister"]["visible"]
    first = crawl("us-fr", replay.url, since=EPOCH)
    assert (first.verdict, first.expected, first.received, first.new) == (Verdict.OK, visible, visible, visible)
    replay.post("/__events", {"source": "federalregister", "id": "2024-00375", "op": "touch"})
    again = crawl("us-fr", replay.url, since=EPOCH)
    assert (again.new, again.revised, again.unchanged) == (0, 0, visible)
    assert store.covered("us-fr") == (EPOCH, date(2026, 9, 30))


def test_corrections_inside_and_outside_the_overlap_window_are_found_and_name_their_field(
    replay: Replay, crawl: Crawl, store: Store, clock: FrozenClock
) -> None:
    _set_day(replay, clock, date(2024, 2, 1))
    crawl("wto-eping", replay.url, backfill_since=EPOCH)
    assert crawl("wto-workbook", replay.url).revised == 0
    items = replay.get("/eping/api/v1/azureSearch/getAll?domainIds=1&pageSize=1000&sortBy=distributionDate")["items"]
    single = [item for item in items if "," not in item["documentSymbol"] and item["commentDeadlineDate"]]
    inside = next(item for item in single if item["distributionDate"][:10] < "2024-01-20")
    outside = next(item for item in single if item["distributionDate"][:10] < "2023-06-01")
    _set_day(replay, clock, date(2024, 2, 8))
    replay.post(
        "/__events",
        [
            {"source": "eping", "id": inside["id"], "op": "set", "fields": {"commentDeadlineDate": "2024-05-05"}},
            {"source": "eping", "id": outside["id"], "op": "set", "fields": {"title": "<p>Corrected&nbsp;title</p>"}},
            {"source": "eping", "id": items[5]["id"], "op": "touch"},
        ],
    )  # fmt: skip
    for feed, item, field in (("wto-eping", inside, "comment_until"), ("wto-workbook", outside, "title")):
        seq = store.last_seq()
        crawl(feed, replay.url, backfill_since=EPOCH)
        revised = [change for change in store.changes(seq, 5000) if change.kind is ChangeKind.REVISED]
        assert [(change.notice_id, change.changed_fields, change.cause) for change in revised] == [
            (f"wto:{item['documentSymbol'].strip()}", (field,), Cause.SOURCE)
        ]


@pytest.mark.slow
def test_records_that_appear_days_after_their_date_are_not_lost(
    replay: Replay, crawl: Crawl, store: Store, clock: FrozenClock
) -> None:
    _set_day(replay, clock, date(2024, 1, 1))
    crawl("wto-eping", replay.url, backfill_since=date(2023, 10, 1))
    for step in range(1, 9):
        _set_day(replay, clock, date(2024, 1, 1) + timedelta(days=3 * step))
        assert crawl("wto-eping", replay.url, backfill_since=date(2023, 10, 1)).verdict is Verdict.OK
    there = replay.get("/eping/api/v1/azureSearch/getAll?domainIds=1&pageSize=1&distributionDateFrom=2023-10-01")[
        "totalCount"
    ]
    assert store.source_status("wto-eping", "").received == there


FAULTS = {
    "429": ("crawl.rate_limited", "asked us to slow down"),
    "503": ("crawl.fetch", "failed (503)"),
    "timeout": ("crawl.fetch", "did not answer in time"),
    "reset": ("crawl.fetch", "dropped the connection"),
    "truncate": ("crawl.fetch", "broke off"),
    "waf": ("crawl.blocked", "refuses us"),
    "empty": ("crawl.fetch", "empty answer"),
    "schema": ("crawl.layout_changed", "changed the shape"),
    "maintenance": ("crawl.fetch", "maintenance"),
    "noresults": ("crawl.count_mismatch", "records in all"),
}
SPAN = {"since": date(2023, 11, 1), "until": date(2024, 2, 29)}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_gives_its_verdict_and_reason_loses_nothing_and_the_next_run_recovers(
    kind: str, replay: Replay, crawl: Crawl, store: Store
) -> None:
    code, words = FAULTS[kind]
    broken = {"path_prefix": "/eping/api", "match": "DateFrom=(2023-11|2024-01).*pageSize=100", "kind": kind}
    replay.post("/__fault", {**broken, "count": -1, "seconds": 5, "retry_after": 0})
    report = crawl("wto-eping", replay.url, timeout=1.5, **SPAN)
    assert report.verdict is Verdict.PARTIAL
    assert words in report.reason
    assert code in {issue.code for issue in report.issues}
    assert 0 < report.received + report.skipped < (report.expected or 0)
    replay.delete("/__fault")
    healed = crawl("wto-eping", replay.url, **SPAN)
    assert (healed.verdict, healed.received + healed.skipped) == (Verdict.OK, healed.expected)
    assert (healed.revised, store.covered("wto-eping")) == (0, (SPAN["since"], SPAN["until"]))


@pytest.mark.parametrize("kind", ["429", "503", "reset", "truncate", "empty"])
def test_a_passing_fault_is_repeated_away(kind: str, replay: Replay, crawl: Crawl) -> None:
    replay.post("/__fault", {"path_prefix": "/federalregister/api", "kind": kind, "count": 1, "retry_after": 1})
    report = crawl("us-fr", replay.url, since=date(2024, 1, 2), until=date(2024, 1, 3))
    assert (report.verdict, report.received) == (Verdict.OK, report.expected)
    assert replay.get("/__log/summary")["federalregister"]["retries_sooner_than_told"] == 0
