"""Whole crawls of a small source of our own in ePing's and the Federal Register's true formats, without the replay."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from notices.model import Cause, ChangeKind
from notices.ports import Store
from notices.runs import RunReport, Verdict

JSON = {"Content-Type": "application/json"}
Query = dict[str, list[str]]
Crawl = Callable[..., RunReport]
START = date(2026, 8, 1)


def _record(number: int, **fields: Any) -> dict[str, Any]:
    day = (START + timedelta(days=number % 50)).isoformat()
    return {
        "id": number,
        "area": "TBT",
        "notificationType": "Regular notification",
        "documentSymbol": f"G/TBT/N/KOR/{number}",
        "notifyingMember": "Korea, Republic of",
        "notifyingMemberCode": "C410",
        "distributionDate": f"{day}T00:00:00+00:00",
        "title": f"Notice {number}",
        "description": "What it is about.",
        **fields,
    }


def _answer(records: list[dict[str, Any]], query: Query, **envelope: Any) -> tuple[int, dict[str, str], bytes]:
    first, last = query["distributionDateFrom"][0], query["distributionDateTo"][0]
    rows = [record for record in records if first <= record["distributionDate"][:10] <= last]
    rows.sort(key=lambda record: (record["distributionDate"], record["id"]), reverse=True)
    page, size = int(query["page"][0]), int(query["pageSize"][0])
    body = {"totalCount": len(rows), "items": rows[(page - 1) * size : page * size], **envelope}
    return 200, JSON, json.dumps(body).encode()


SPAN = {"since": date(2026, 7, 1), "until": date(2026, 9, 30)}


def test_every_record_of_every_page_arrives_and_a_second_crawl_changes_nothing(
    mini_source: Callable[..., Any], crawl: Crawl, store: Store
) -> None:
    records = [_record(number) for number in range(1, 331)]
    source = mini_source(lambda path, query: _answer(records, query))
    first = crawl("wto-eping", source.url, **SPAN)
    assert (first.verdict, first.reason) == (Verdict.OK, "")
    assert (first.expected, first.received, first.skipped, first.new, first.dead) == (330, 330, 0, 330, 0)
    again = crawl("wto-eping", source.url, **SPAN)
    assert (again.new, again.revised, again.unchanged) == (0, 0, 330)
    assert store.covered("wto-eping") == (SPAN["since"], SPAN["until"])
    assert {change.cause for change in store.changes(0)} == {Cause.BACKFILL}
    assert all(capture.live_url.startswith("https://eping.wto.org/") for capture in store.captures("wto-eping"))
    assert all("robots" not in path for path in source.asked)


def test_a_record_that_appears_between_two_pages_loses_none(mini_source: Callable[..., Any], crawl: Crawl) -> None:
    records = [_record(number, distributionDate="2026-08-05T00:00:00+00:00") for number in range(1, 251)]
    calls = {"full": 0}

    def answer(path: str, query: Query) -> tuple[int, dict[str, str], bytes]:
        result = _answer(records, query)
        if query["pageSize"] == ["100"] and query["distributionDateFrom"] == ["2026-08-01"]:
            calls["full"] += 1
            if calls["full"] == 2:  # after the first two pages one more stands at the top
                records.append(_record(9999, distributionDate="2026-08-05T00:00:00+00:00"))
        return result

    report = crawl("wto-eping", mini_source(answer).url, **SPAN)
    assert (report.verdict, report.received, report.new) == (Verdict.OK, 251, 251)


def test_a_source_whose_pages_hold_less_than_it_counts_is_partial_and_not_covered(
    mini_source: Callable[..., Any], crawl: Crawl, store: Store
) -> None:
    records = [_record(number, distributionDate="2026-08-05T00:00:00+00:00") for number in range(1, 41)]

    def answer(path: str, query: Query) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = _answer(records, query)
        lying = json.loads(body)
        lying["items"] = lying["items"][:-3] if lying["totalCount"] else []
        return status, headers, json.dumps(lying).encode()

    report = crawl("wto-eping", mini_source(answer).url, **SPAN)
    assert (report.verdict, report.received) == (Verdict.PARTIAL, 37)
    assert "37 of 40 records are in" in report.reason
    assert {issue.code for issue in report.issues} == {"crawl.count_mismatch"}
    covered = store.covered("wto-eping")
    assert covered is None or not covered[0] <= date(2026, 8, 5) <= covered[1]


def test_a_slice_with_too_many_records_is_split_until_it_fits(mini_source: Callable[..., Any], crawl: Crawl) -> None:
    records = [_record(number) for number in range(1, 3001)]
    source = mini_source(lambda path, query: _answer(records, query))
    report = crawl("wto-eping", source.url, **SPAN)
    assert (report.verdict, report.received) == (Verdict.OK, 3000)
    assert any("distributionDateFrom=2026-08-17" in path for path in source.asked)


def test_one_bad_record_loses_no_other_and_is_forgotten_once_mended(
    mini_source: Callable[..., Any], crawl: Crawl, store: Store
) -> None:
    records = [_record(number) for number in range(1, 31)]
    records[4]["notificationType"] = "Proclamation"
    source = mini_source(lambda path, query: _answer(records, query))
    report = crawl("wto-eping", source.url, **SPAN)
    assert (report.verdict, report.received, report.dead, report.new) == (Verdict.OK, 30, 1, 29)
    assert report.reason.startswith("1 record could not be read")
    (letter,) = store.dead_letters("wto-eping")
    assert (letter.id, letter.error_code) == ("wto-eping:5", "crawl.unexpected_value")
    records[4]["notificationType"] = "Addendum"
    mended = crawl("wto-eping", source.url, **SPAN)
    assert (mended.dead, mended.new) == (0, 1)
    assert not store.dead_letters("wto-eping")


def test_new_records_in_covered_ground_have_cause_source_and_older_ground_backfill(
    mini_source: Callable[..., Any], crawl: Crawl, store: Store
) -> None:
    records = [_record(number) for number in range(1, 31)]
    source = mini_source(lambda path, query: _answer(records, query))
    crawl("wto-eping", source.url, since=date(2026, 8, 10), until=date(2026, 9, 30))
    seq = store.last_seq()
    records.append(_record(500, distributionDate="2026-08-20T00:00:00+00:00"))
    crawl("wto-eping", source.url, since=date(2026, 7, 1), until=date(2026, 9, 30))
    causes = {change.notice_id: change.cause for change in store.changes(seq)}
    assert causes.pop("wto:G/TBT/N/KOR/500") is Cause.SOURCE
    assert set(causes.values()) == {Cause.BACKFILL}


def test_an_empty_source_is_a_failure_unless_emptiness_is_allowed(
    mini_source: Callable[..., Any], crawl: Crawl, store: Store
) -> None:
    source = mini_source(lambda path, query: _answer([], query))
    report = crawl("wto-eping", source.url, **SPAN)
    assert (report.verdict, store.covered("wto-eping")) == (Verdict.FAILED, None)
    assert report.reason.startswith("The WTO server gave 0 records")
    allowed = crawl("wto-eping", source.url, allow_empty=True, **SPAN)
    assert (allowed.verdict, store.covered("wto-eping")) == (Verdict.EMPTY_ALLOWED, (SPAN["since"], SPAN["until"]))


def test_the_official_api_sends_its_key_in_a_header_only(mini_source: Callable[..., Any], crawl: Crawl) -> None:
    source = mini_source(lambda path, query: _answer([_record(1)], query))
    assert crawl("wto-api", source.url, **SPAN).verdict is Verdict.OK
    assert all("test-key" not in path for path in source.asked)
    assert any("domainIds=1,2" in path for path in source.asked)


def test_the_official_api_without_a_key_is_off_and_says_which_variable(crawl: Crawl) -> None:
    report = crawl("wto-api", "http://127.0.0.1:9", wto_api_key="", **SPAN)
    assert report.verdict is Verdict.OFF
    assert "TONGBO_WTO_API_KEY" in report.reason


def test_a_server_that_is_not_there_is_said_in_plain_words(crawl: Crawl) -> None:
    report = crawl("us-fr", "http://127.0.0.1:9", **SPAN)
    assert report.verdict is Verdict.FAILED
    assert report.reason.startswith("The Federal Register server can't be reached (connection refused)")


def _fr_document(number: int, kind: str) -> dict[str, Any]:
    return {"document_number": f"2026-{number:05d}", "publication_date": "2026-09-01", "title": "T", "type": kind}


def test_a_single_overflowing_day_of_the_federal_register_is_asked_by_type(
    mini_source: Callable[..., Any], crawl: Crawl, store: Store
) -> None:
    kinds = {"RULE": "Rule", "PRORULE": "Proposed Rule", "NOTICE": "Notice", "PRESDOCU": "Presidential Document"}
    words = list(kinds.values())
    documents = [_fr_document(number, words[number % 4]) for number in range(6400)]

    def answer(path: str, query: Query) -> tuple[int, dict[str, str], bytes]:
        inside = (
            query["conditions[publication_date][gte]"][0]
            <= "2026-09-01"
            <= query["conditions[publication_date][lte]"][0]
        )
        wanted = [kinds[name] for name in query.get("conditions[type][]", kinds)]
        rows = [document for document in documents if inside and document["type"] in wanted]
        page, size = int(query["page"][0]), int(query["per_page"][0])
        body: dict[str, Any] = {"count": min(len(rows), 10_000)}
        if rows:
            body["results"] = rows[(page - 1) * size : page * size]
        return 200, JSON, json.dumps(body).encode()

    report = crawl("us-fr", mini_source(answer).url, since=date(2026, 9, 1), until=date(2026, 9, 2))
    assert (report.verdict, report.received) == (Verdict.OK, 6400)
    assert store.covered("us-fr") == (date(2026, 9, 1), date(2026, 9, 2))


def test_a_redirect_out_of_the_mirror_is_not_followed(mini_source: Callable[..., Any], crawl: Crawl) -> None:
    source = mini_source(lambda path, query: (302, {"Location": "https://elsewhere.example/x"}, b""))
    report = crawl("wto-eping", source.url, **SPAN)
    assert report.verdict in {Verdict.OFF, Verdict.FAILED}
    assert report.received == 0


def test_a_corrected_field_is_a_revision_that_names_it(
    mini_source: Callable[..., Any], crawl: Crawl, store: Store
) -> None:
    records = [_record(number) for number in range(1, 11)]
    source = mini_source(lambda path, query: _answer(records, query))
    crawl("wto-eping", source.url, **SPAN)
    seq = store.last_seq()
    records[3]["commentDeadlineDate"] = "2026-12-01T00:00:00+00:00"
    records[5]["isOpenForComments"] = True
    crawl("wto-eping", source.url, **SPAN)
    (change,) = store.changes(seq)
    assert (change.notice_id, change.kind, change.cause) == ("wto:G/TBT/N/KOR/4", ChangeKind.REVISED, Cause.SOURCE)
    assert change.changed_fields == ("comment_until",)


@pytest.mark.parametrize("feed", ["nope", "WTO-EPING"])
def test_an_unknown_feed_is_refused(feed: str, crawl: Crawl) -> None:
    from notices.errors import ConfigError

    with pytest.raises(ConfigError):
        crawl(feed, "http://127.0.0.1:9")
