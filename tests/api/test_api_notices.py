"""`/v1/notices/…`, `/v1/changes`, `/v1/sources`, health."""

from __future__ import annotations

import pytest

from api.notice_service import all_codes
from index.documents import documents_of

BASE = "wto:G~TBT~N~KEN~7001"


def test_facts_and_findings_stand_apart_with_whose_word_each_is(client):
    notice = client.get(f"/v1/notices/{BASE}").json()
    assert notice["id"] == "wto:G/TBT/N/KEN/7001"
    assert notice["facts"]["hs_codes"] == ["850760"]
    assert [(code["code"], code["provenance"]) for code in notice["codes"]["hs"]] == [
        ("850760", "notified"),
        ("850650", "inferred"),
    ]
    assert notice["codes"]["ics"][0]["title"]
    finding = notice["findings"][0]
    assert (finding["label"], finding["provenance"]) == ("sector", "inferred")
    assert notice["facts"][finding["field"]][finding["start"] : finding["end"]] == "lithium batteries"
    assert "notice_id" not in finding


def test_links_lead_to_the_source_and_its_documents_and_nowhere_unsafe(client):
    notice = client.get(f"/v1/notices/{BASE}").json()
    assert [link["role"] for link in notice["documents"]] == ["source", "form", "document"]
    assert "javascript" not in client.get(f"/v1/notices/{BASE}").text
    assert notice["attribution"]["publisher_ko"] == "세계무역기구"
    assert notice["attribution"]["licence"]


def test_a_notice_says_that_it_is_not_law_in_force(client):
    notice = client.get(f"/v1/notices/{BASE}").json()
    assert "not law in force" in notice["note"]
    assert "시행 중인 법이 아닙니다" in notice["note_ko"]
    rule = client.get("/v1/notices/us-fr:2024-01-04~2024-00375").json()
    assert "As published" in rule["note"]


def test_the_family_gives_its_present_deadline_and_who_set_it(client):
    family = client.get(f"/v1/notices/{BASE}/family").json()
    assert [each["id"] for each in family["documents"]] == ["wto:G/TBT/N/KEN/7001", "wto:G/TBT/N/KEN/7001/Add.1"]
    assert family["state"]["code"] == "open"
    assert family["state"]["comment_until"] == "2024-03-01"
    assert family["state"]["until_from"] == "wto:G/TBT/N/KEN/7001/Add.1"
    assert family["state"]["days_left"] == 29


def test_revisions_show_each_field_before_and_after(client):
    revisions = client.get(f"/v1/notices/{BASE}/revisions").json()["revisions"]
    assert len(revisions) == 2
    assert revisions[0]["changes"] == []
    assert (revisions[0]["valid_from"], revisions[0]["valid_until"]) == ("2023-12-20", "2024-02-01")
    changes = {change["field"]: change for change in revisions[1]["changes"]}
    assert set(changes) == {"comment_until", "summary"} == set(revisions[1]["changed_fields"])
    assert (changes["comment_until"]["before"], changes["comment_until"]["after"]) == ("2024-02-18", "2024-02-25")


def test_an_id_is_understood_with_slashes_as_well(client):
    assert client.get("/v1/notices/wto:G/TBT/N/KEN/7001/Add.1").json()["facts"]["kind"] == "addendum"
    assert client.get("/v1/notices/wto:G/TBT/N/KEN/7001/Add.1/family").status_code == 200


@pytest.mark.parametrize("path", ["", "/family", "/revisions"])
def test_an_unknown_notice_is_a_404_problem(client, path):
    answer = client.get(f"/v1/notices/wto:G~TBT~N~KEN~1{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "store.not_found"


@pytest.mark.parametrize(
    "path", [f"/v1/notices/{BASE}", f"/v1/notices/{BASE}/family", "/v1/sources", "/healthz", "/readyz", "/v1/changes"]
)
def test_routes_refuse_parameters_that_they_do_not_have(client, path):
    assert client.get(path, params={"colour": "red"}).status_code == 422


def test_inherited_codes_are_those_that_the_index_gives(world):
    for notice in world.store.notice_page(limit=100):
        family = world.store.family(notice.family)
        found = world.store.findings([member.id for member in family])
        revisions = [each for each in world.store.revisions(notice.id) if each.number == notice.revision]
        document = documents_of(notice, revisions, found, family)[0]
        expected = {(tag.code, tag.provenance) for tag in (*document.hs, *document.ics)}
        shown = all_codes(notice, {member.id: member for member in family}, found)
        assert {(row.code, row.provenance) for row in shown} == expected


def test_the_change_log_is_followed_by_a_cursor(client):
    first = client.get("/v1/changes", params={"limit": 2}).json()
    assert [change["kind"] for change in first["changes"]] == ["new", "new"]
    seen, after = [], 0
    while True:
        page = client.get("/v1/changes", params={"after": after, "limit": 3}).json()
        if not page["changes"]:
            break
        seen += page["changes"]
        after = page["next_after"]
    assert after == page["last"] == seen[-1]["seq"]
    assert seen[-1]["changed_fields"] == ["comment_until", "summary"] or set(seen[-1]["changed_fields"]) == {
        "comment_until",
        "summary",
    }
    assert client.get("/v1/changes", params={"after": -1}).status_code == 422


def test_sources_tell_counts_verdict_and_reason(client):
    rows = {row["source"]: row for row in client.get("/v1/sources").json()}
    promised = {"source", "received", "skipped", "notices", "expected", "last_success", "newest", "verdict", "reason"}
    assert all(promised <= set(row) for row in rows.values())
    assert (rows["wto-eping"]["received"], rows["wto-eping"]["verdict"]) == (5, "ok")
    assert (rows["wto-api"]["verdict"], rows["wto-api"]["reason"]) == ("off", "needs TONGBO_WTO_API_KEY")


def test_ready_means_that_a_search_would_be_answered(client):
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["notices"], ready["behind"]) == ("ready", 6, 0)
    assert client.get("/healthz").json() == {"status": "ok"}
