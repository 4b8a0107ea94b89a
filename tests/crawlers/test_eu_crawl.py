"""Crawls of EU acts against the replay: families, gaps, faults, corrections and the second signal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import pytest

from notices.model import Kind
from notices.ports import Store
from notices.runs import RunReport, Verdict

pytestmark = pytest.mark.external("replay")

SINCE = date(2026, 9, 15)
Crawl = Callable[..., RunReport]


class Replay(Protocol):
    url: str

    def post(self, path: str, body: object) -> Any: ...
    def get(self, path: str) -> Any: ...
    def delete(self, path: str) -> None: ...


def status(store: Store, notice_id: str) -> set[str]:
    facts = store.notice(notice_id).facts
    return {item.value for item in facts.identifiers if item.scheme == "text_status"}


@pytest.mark.timeout(600)
def test_key_acts_come_whole_gaps_are_said_and_corrections_are_found(
    own_replay: Replay, crawl: Crawl, store: Store
) -> None:
    first = crawl("eu-cellar", own_replay.url, since=SINCE, timeout=20.0)
    assert first.verdict is Verdict.OK, first.reason
    assert (first.expected, first.received, first.dead) == (first.new, first.new, 0)
    family = {notice.id: notice for notice in store.family("eu:32023R1542")}
    assert family["eu:32023R1542"].facts.kind is Kind.ACT
    newest = family["eu:02023R1542-20250731"]
    assert newest.facts.kind is Kind.CONSOLIDATED_ACT
    assert sum(section.kind == "article" for section in newest.facts.sections) == 96
    assert status(store, "eu:02023R1542-20240718") == {"not_collected"}

    assert status(store, "eu:02020R0852-20200622") == {"missing"}
    assert store.notice("eu:02020R0852-20200622").facts.body is None
    assert any(issue.locator == "02020R0852-20200622" for issue in first.issues)
    assert store.notice("eu:02018R0858-20240701").facts.body  # Formex only
    assert store.notice("eu:02023R1115-20251226").facts.body  # XHTML only
    assert status(store, "eu:32024R1252") == {"reconstructed"}
    assert store.notice("eu:32024R1689R(01)").facts.language == "fr"

    own_replay.post("/__events", {"source": "cellar", "id": "32023R1542", "op": "touch"})
    change = {"op": "text", "find": "cobalt;", "replace": "kobalt;"}
    own_replay.post("/__events", {"source": "cellar", "id": "02023R1542-20250731", **change})
    faults = [
        {"path_prefix": "/cellar", "kind": "503", "count": 12, "every": 5},
        {"path_prefix": "/eurlex", "kind": "waf", "count": -1},
    ]
    own_replay.post("/__fault", faults)
    again = crawl("eu-cellar", own_replay.url, since=SINCE, timeout=20.0)
    assert again.verdict is Verdict.OK, again.reason
    assert (again.new, again.revised, again.received) == (0, 1, first.received)
    assert [item.changed_fields for item in store.revisions("eu:02023R1542-20250731")][-1] == ("body",)
    assert any(issue.locator.startswith("rss") for issue in again.issues)
    assert not own_replay.get("/__log/summary")["cellar"].get("robots_violations")


@pytest.mark.parametrize(
    ("prefix", "kind", "verdicts"),
    [
        ("/cellar/webapi", "waf", {Verdict.OFF}),
        ("/cellar/webapi", "noresults", {Verdict.FAILED}),
        ("/cellar/webapi", "garble", {Verdict.FAILED}),
        ("/cellar/resource", "waf", {Verdict.OFF, Verdict.PARTIAL}),
        ("/cellar/resource", "truncate", {Verdict.FAILED, Verdict.PARTIAL}),
        ("/cellar/resource", "garble", {Verdict.FAILED, Verdict.PARTIAL}),
        ("/cellar/resource", "maintenance", {Verdict.FAILED, Verdict.PARTIAL}),
    ],
)
def test_a_fault_is_a_verdict_and_stores_no_act_without_its_text(
    prefix: str, kind: str, verdicts: set[Verdict], own_replay: Replay, crawl: Crawl, store: Store
) -> None:
    own_replay.post("/__fault", {"path_prefix": prefix, "kind": kind, "count": -1})
    report = crawl("eu-cellar", own_replay.url, since=SINCE)
    assert report.verdict in verdicts
    assert report.reason
    page = store.notice_page(limit=500)
    assert all(notice.facts.body is None for notice in page)
    assert not [n.id for n in page if n.facts.kind is Kind.ACT and n.id in ("eu:32023R1542", "eu:32024L1760")]
