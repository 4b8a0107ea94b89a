"""Captures, the change log, findings and runs, on both engines."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from notices.errors import CaptureCorrupt, NotFound, RevisionConflict
from notices.model import Capture, Cause, DeadLetter, Finding, Provenance
from notices.runs import Issue, RunReport, Verdict

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KOR = "wto:G/TBT/N/KOR/1010"


def capture_of(body, *, name="one", at=NOON):
    digest = hashlib.sha256(body).hexdigest()
    return Capture(
        name, "wto-eping", "https://eping.wto.org/a", "https://eping.wto.org/a", at, 200, "json", digest, '"1"'
    )


@pytest.mark.parametrize("body", [b"", b"text " * 1000, os.urandom(5000)], ids=["empty", "text", "noise"])
def test_a_capture_gives_back_its_bytes(store, body):
    capture = capture_of(body)
    store.put_capture(capture, body)
    store.put_capture(replace(capture, fetched_at=NOON + HOUR), body)
    assert store.capture("one") == capture
    assert store.body(capture) == body


def test_a_body_that_does_not_match_its_hash_is_refused(store):
    with pytest.raises(CaptureCorrupt):
        store.put_capture(capture_of(b"a"), b"b")
    with pytest.raises(CaptureCorrupt):
        store.put_capture(replace(capture_of(b"a"), body_sha256="../../etc/passwd"), b"a")
    with pytest.raises(NotFound):
        store.capture("one")


@pytest.mark.parametrize("damage", [b"", b"junk", None], ids=["emptied", "overwritten", "deleted"])
def test_a_damaged_body_says_so_and_is_mended_by_the_same_capture(store, place, damage):
    body = b"text " * 1000
    capture = capture_of(body)
    store.put_capture(capture, body)
    (path,) = (path for path in (place.data_dir / "captures").rglob("*") if path.is_file())
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(NotFound if damage is None else CaptureCorrupt):
        store.body(capture)
    store.put_capture(capture, body)
    assert store.body(capture) == body


def test_an_unknown_capture_is_not_found(store):
    for read in (store.capture, lambda name: store.body(capture_of(b"")), lambda name: store.captures("x", after=name)):
        with pytest.raises(NotFound):
            read("none")


def test_captures_of_a_feed_come_in_order_of_time_and_id(store):
    for name, hours in (("c", 0), ("a", 1), ("b", 0)):
        store.put_capture(capture_of(name.encode(), name=name, at=NOON + hours * HOUR), name.encode())
    assert [c.id for c in store.captures("wto-eping")] == ["b", "c", "a"]
    assert [c.id for c in store.captures("wto-eping", after="b", limit=1)] == ["c"]
    assert [c.id for c in store.captures("wto-eping", after="c")] == ["a"]
    assert store.captures("us-fr") == []


def test_the_change_log_is_read_by_cursor(store, observe):
    assert (store.last_seq(), store.changes(0), store.cursor("indexer")) == (0, [], 0)
    for number in range(1, 6):
        store.merge(
            [observe(record=number, symbols=(f"G/TBT/N/KOR/{number}",))], first_seen_cause=Cause.SOURCE, at=NOON
        )
    page = store.changes(0, limit=3)
    assert [change.seq for change in page] == [1, 2, 3]
    assert page[0].at == NOON
    store.set_cursor("indexer", 3)
    store.set_cursor("digests", 1)
    assert [change.seq for change in store.changes(store.cursor("indexer"))] == [4, 5]
    assert store.last_seq() == 5


def finding(label, version=1):
    return Finding(KOR, 1, "codes", version, label, "8507", "title", 0, 4, 0.5, "r1", Provenance.NOTIFIED)


def test_findings_are_replaced_by_component(store, observe):
    store.merge([observe()], first_seen_cause=Cause.SOURCE, at=NOON)
    store.put_findings(KOR, 1, "codes", 1, [finding("hs"), finding("ics")])
    store.put_findings(KOR, 1, "sectors", 3, [])
    assert store.findings([KOR]) == {(KOR, 1): [finding("hs"), finding("ics")]}
    assert store.enriched([KOR, "none"]) == {(KOR, 1): {"codes": 1, "sectors": 3}}
    store.put_findings_batch([(KOR, 1, "codes", 2, [finding("hs", 2)])])
    assert store.findings([KOR]) == {(KOR, 1): [finding("hs", 2)]}


def test_findings_on_an_unknown_notice_are_refused(store):
    with pytest.raises(RevisionConflict):
        store.put_findings(KOR, 1, "codes", 1, [])


def run(name, *, hours=0, verdict=Verdict.OK, **more):
    report = RunReport(name, "wto-eping", NOON + hours * HOUR, None, None, None, None, 0, 0, 0, 0, 0, 0, verdict, "")
    return replace(report, **more)


def test_runs_come_back_whole_and_newest_first(store):
    issue = Issue("warning", "crawl.fetch", "late", "page 2")
    first = run("a", since=date(2026, 7, 1), until=date(2026, 9, 30), expected=5, finished_at=NOON, issues=(issue,))
    store.put_run(replace(first, verdict=Verdict.RUNNING))
    store.put_run(first)
    store.put_run(run("b", hours=1, verdict=Verdict.FAILED, reason="503"))
    assert [report.run_id for report in store.runs("wto-eping")] == ["b", "a"]
    assert store.runs("wto-eping", limit=2)[1] == first
    assert store.runs("us-fr") == []


def test_a_source_that_never_ran_says_so(store):
    status = store.source_status("us-fr", "Federal Register")
    assert (status.verdict, status.received, status.last_success, status.newest) == (Verdict.NEVER, 0, None, None)


def test_a_source_adds_up_its_records_and_its_last_run(store, observe):
    joint = ("G/TBT/N/ARE/703", "G/TBT/N/BHR/780")
    records = [observe(record=n, symbols=joint, published_on=date(2026, 9, 1 + n)) for n in (1, 2)]
    store.merge([*records, observe(record=3)], first_seen_cause=Cause.SOURCE, at=NOON)
    store.note_skipped("wto-eping", ["7", "8", "7"], "SPS")
    store.note_skipped("wto-eping", {"8"}, "SPS")
    store.put_run(run("a", finished_at=NOON, expected=5))
    store.put_run(run("b", hours=1, verdict=Verdict.PARTIAL, reason="page 3 was cut off", expected=6))
    status = store.source_status("wto-eping", "ePing")
    assert (status.received, status.skipped, status.notices, status.dead) == (3, 2, 2, 0)
    assert (status.expected, status.verdict, status.reason) == (6, Verdict.PARTIAL, "page 3 was cut off")
    assert (status.last_success, status.newest) == (NOON, date(2026, 9, 3))


def test_dead_letters_are_kept_replaced_and_dropped(store):
    letter = DeadLetter("x", "wto-eping", "c", "items[17]", "eping", 1, "crawl.layout_changed", "no symbol", NOON)
    store.put_dead_letter(letter)
    store.put_dead_letter(replace(letter, parser_version=2))
    store.put_dead_letter(replace(letter, id="w", feed="us-fr", at=NOON - HOUR))
    assert [found.id for found in store.dead_letters()] == ["w", "x"]
    assert store.dead_letters("wto-eping") == [replace(letter, parser_version=2)]
    assert store.source_status("wto-eping", "").dead == 1
    store.drop_dead_letter("x")
    store.drop_dead_letter("x")
    assert store.dead_letters("wto-eping") == []


def test_the_covered_span_only_widens(store):
    assert store.covered("us-fr") is None
    store.note_covered("us-fr", date(2026, 7, 1), date(2026, 9, 30))
    store.note_covered("us-fr", date(2026, 8, 1), date(2026, 8, 2))
    store.note_covered("us-fr", date(2000, 1, 1), date(2026, 7, 1))
    assert store.covered("us-fr") == (date(2000, 1, 1), date(2026, 9, 30))
