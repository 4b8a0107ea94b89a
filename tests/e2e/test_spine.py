"""The story of issue 1: everything the replay shows comes in once, stays the same, and is found."""

from __future__ import annotations

from contextlib import closing

import pytest

from notices.clock import SystemClock
from notices.model import Cause
from notices.store import open_store

pytestmark = [pytest.mark.external("replay"), pytest.mark.slow]


def ledger(tongbo):
    return {line["source"]: line for line in tongbo.json("sources")}


def revised(reports):
    return {report["source"]: (report["new"], report["revised"]) for report in reports}


def test_records_received_and_skipped_are_what_the_replay_shows(full, whole_replay):
    visible = whole_replay.get("/__state")["records"]
    lines = ledger(full)
    assert lines["wto-eping"]["received"] + lines["wto-eping"]["skipped"] == visible["eping"]["visible"] == 1996
    assert lines["wto-eping"]["skipped"] == 60
    assert lines["wto-eping"]["notices"] == 1505
    assert lines["us-fr"]["received"] == visible["federalregister"]["visible"] == 20238
    assert {lines[feed]["verdict"] for feed in ("wto-eping", "us-fr")} == {"ok"}


def test_a_second_crawl_changes_nothing(full, tmp_path):
    again = full.copy(tmp_path / "again")
    reports = again.json("crawl", "wto-eping", "us-fr", "--since", "2000-01-01")
    assert revised(reports) == {"wto-eping": (0, 0), "us-fr": (0, 0)}


def test_a_plain_crawl_again_is_content_with_a_recording_that_has_nothing_newer(full, tmp_path):
    again = full.copy(tmp_path / "again")
    again.run("crawl", "eu-cellar", "--since", "2026-06-01", code=None)
    reports = again.json("crawl")
    assert revised(reports) == {"wto-eping": (0, 0), "us-fr": (0, 0), "wto-workbook": (0, 0)}
    assert [report["verdict"] for report in reports] == ["ok", "empty_allowed", "ok"]


def test_the_workbook_after_the_api_revises_nothing(full, tmp_path):
    own = full.copy(tmp_path / "own")
    assert revised(own.json("crawl", "wto-workbook")) == {"wto-workbook": (0, 0)}


def test_corrections_come_through_the_overlap_window_or_the_weekly_workbook(full, start_replay, tmp_path):
    replay = start_replay()
    own = full.copy(tmp_path / "own")
    own.mirror = replay.url
    own.run("crawl", "wto-workbook")
    recent = tbt_record(replay, "2026-08-01", "2026-09-30")
    old = tbt_record(replay, "2016-01-01", "2016-12-31")
    replay.post(
        "/__events",
        [
            correction(recent, {"commentDeadlineDate": "2027-01-15T00:00:00+00:00"}),
            correction(old, {"title": "A corrected title"}),
        ],
    )
    assert revised(own.json("crawl", "wto-eping")) == {"wto-eping": (0, 1)}
    assert own_changes(own) == [(notice_id(recent), ("comment_until",), "source")]
    own.clock = "2026-10-07"
    assert revised(own.json("crawl", "wto-eping", "wto-workbook"))["wto-workbook"] == (0, 1)
    assert own_changes(own) == [
        (notice_id(recent), ("comment_until",), "source"),
        (notice_id(old), ("title",), "source"),
    ]


def tbt_record(replay, start, end):
    """The first TBT record of a span with one symbol."""
    query = f"domainIds=1&distributionDateFrom={start}&distributionDateTo={end}&pageSize=100&sortBy=distributionDate"
    items = replay.get(f"/eping/api/v1/azureSearch/getAll?{query}")["items"]
    return next(item for item in items if "," not in item["documentSymbol"])


def correction(record, fields):
    return {"source": "eping", "id": record["id"], "op": "set", "fields": fields}


def notice_id(record):
    return "wto:" + record["documentSymbol"].strip()


def own_changes(tongbo):
    """Every revision in the change log whose cause could alert somebody."""
    with closing(open_store(tongbo.data, None, SystemClock())) as store:
        changes, after = [], 0
        while page := store.changes(after):
            changes += [change for change in page if change.cause is Cause.SOURCE]
            after = page[-1].seq
    return [(change.notice_id, change.changed_fields, str(change.cause)) for change in changes]
