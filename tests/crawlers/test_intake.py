"""Captures, dead letters and re-parsing: what was stored can always be read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawlers.facts import SourceFacts, load_facts
from crawlers.import_workbook import import_workbook
from crawlers.intake import Intake, capture_id
from crawlers.pages import wto_records
from crawlers.pages.drafts import PageParser, PageResult
from crawlers.redo import reparse_feed, reparse_if_newer, retry_dead_letters
from notices.clock import FrozenClock
from notices.errors import ConfigError
from notices.model import Cause, ChangeKind
from notices.ports import Store
from notices.runs import Verdict

URL = "https://eping.wto.org/api/v1/azureSearch/getAll?page=1"
GOLDEN = Path(__file__).parent / "golden"


def _body(*records: dict[str, Any]) -> bytes:
    shared = {"area": "TBT", "notifyingMemberCode": "C410", "distributionDate": "2026-08-01"}
    return json.dumps({"totalCount": len(records), "items": [{**shared, **record} for record in records]}).encode()


GOOD = {"id": 1, "documentSymbol": "G/TBT/N/KOR/1", "notificationType": "Addendum", "title": "One"}
ODD = {"id": 2, "documentSymbol": "G/TBT/N/KOR/2", "notificationType": "Proclamation", "title": "Two"}


def _taken_in(intake: Intake, body: bytes) -> str:
    capture = intake.keep(URL, URL, 200, {"content-type": "application/json; charset=utf-8"}, body)
    intake.take([(capture, intake.read(capture))], None)
    return capture.id


def _newer(change: Callable[[PageResult], PageResult]) -> PageParser:
    def parse(body: bytes, facts: SourceFacts) -> PageResult:
        kinds = {**facts.kinds, "proclamation": facts.kinds["addendum"]}
        return change(wto_records.parse(body, facts.model_copy(update={"kinds": kinds})))

    return PageParser("wto_records", 2, parse)


def test_unchanged_bytes_from_one_address_are_one_capture(store: Store, clock: FrozenClock) -> None:
    intake = Intake(store, load_facts("wto-eping"), clock)
    first, second = _taken_in(intake, _body(GOOD)), _taken_in(intake, _body(GOOD))
    other = _taken_in(intake, _body(GOOD | {"title": "Other"}))
    assert first == second != other
    assert len(store.captures("wto-eping")) == 2
    assert capture_id("a", "b", "c") != capture_id("a", "bc", "")


def test_a_dead_letter_is_read_from_its_capture_once_the_parser_has_learnt(store: Store, clock: FrozenClock) -> None:
    intake = Intake(store, load_facts("wto-eping"), clock)
    _taken_in(intake, _body(GOOD, ODD))
    assert [letter.id for letter in store.dead_letters()] == ["wto-eping:2"]
    assert retry_dead_letters(intake).captures == 0, "the same parser would fail the same way"
    intake.parser = _newer(lambda result: result)
    done = retry_dead_letters(intake)
    assert (done.captures, done.new, done.unreadable) == (1, 1, 0)
    assert not store.dead_letters()
    assert store.notice("wto:G/TBT/N/KOR/2").facts.title == "Two"


def test_a_newer_parser_reads_every_capture_again_and_alerts_nobody(store: Store, clock: FrozenClock) -> None:
    intake = Intake(store, load_facts("wto-eping"), clock)
    assert reparse_if_newer(intake) is None
    _taken_in(intake, _body(GOOD))
    seq = store.last_seq()

    def louder(result: PageResult) -> PageResult:
        drafts = [replace(d, facts=replace(d.facts, title=d.facts.title.upper())) for d in result.drafts]
        return replace(result, drafts=tuple(drafts))

    assert reparse_if_newer(intake) is None, "the version is the same"
    intake.parser = _newer(louder)
    done = reparse_if_newer(intake)
    assert done is not None
    assert (done.captures, done.revised) == (1, 1)
    (change,) = store.changes(seq)
    assert (change.kind, change.cause, change.changed_fields) == (ChangeKind.REVISED, Cause.REPARSE, ("title",))
    assert reparse_if_newer(intake) is None


def test_reparsing_with_the_same_parser_changes_nothing(store: Store, clock: FrozenClock) -> None:
    intake = Intake(store, load_facts("wto-eping"), clock)
    _taken_in(intake, _body(GOOD))
    intake.keep(URL, URL, 200, {}, b"<html>")
    before = list(store.dump())
    done = reparse_feed(store, "wto-eping", clock)
    assert (done.captures, done.unreadable, done.new, done.revised) == (2, 1, 0, 0)
    assert list(store.dump()) == before


def test_a_workbook_from_disk_is_imported_once(
    store: Store, clock: FrozenClock, tmp_path: Path, make_workbook: Callable[[list[list[object]]], bytes]
) -> None:
    rows = json.loads((GOLDEN / "wto-workbook" / "traits" / "rows.json").read_text("utf-8"))
    path = tmp_path / "Notifications.xlsx"
    path.write_bytes(make_workbook([rows[0], *rows[1:5]]))
    report = import_workbook(store, path, clock)
    assert (report.verdict, report.received, report.skipped, report.new) == (Verdict.OK, 3, 1, 3)
    again = import_workbook(store, path, clock)
    assert (again.verdict, again.new, again.revised) == (Verdict.OK, 0, 0)
    assert [capture.live_url for capture in store.captures("wto-workbook")] == ["file:Notifications.xlsx"]


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 broken", b"<html>maintenance</html>"])
def test_a_file_that_is_no_workbook_is_a_verdict_not_a_crash(
    content: bytes, store: Store, clock: FrozenClock, tmp_path: Path
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    report = import_workbook(store, path, clock)
    assert report.verdict is Verdict.FAILED
    assert "workbook" in report.reason


def test_a_missing_file_is_refused(store: Store, clock: FrozenClock, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        import_workbook(store, tmp_path / "none.xlsx", clock)


def test_a_workbook_without_the_columns_we_need_says_which(
    store: Store, clock: FrozenClock, tmp_path: Path, make_workbook: Callable[[list[list[object]]], bytes]
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(make_workbook([["Title", "Description"], ["a", "b"]]))
    report = import_workbook(store, path, clock)
    assert report.verdict is Verdict.FAILED
    assert "'document symbol' or 'distribution date'" in report.reason
