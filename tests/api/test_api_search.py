"""`/v1/search`: the shape of DESIGN §6, refused input, paging, what an empty page says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.runs import Verdict

ANSWER_KEYS = {"total", "total_relation", "hits", "facets", "next_cursor", "generation", "warnings"}
HIT_KEYS = {"id", "symbols", "title", "market", "kind", "published_on", "comment_until", "hs_codes", "ics_codes",
            "score", "why", "highlights"}  # fmt: skip


def codes(answer):
    return [warning["code"] for warning in answer["warnings"]]


def test_an_answer_has_exactly_the_promised_shape(client):
    answer = client.get("/v1/search", params={"q": "lithium battery"}).json()
    assert set(answer) == ANSWER_KEYS
    hit = answer["hits"][0]
    assert set(hit) == HIT_KEYS
    assert hit["id"] == "wto:G/TBT/N/KEN/7001"
    assert hit["symbols"] == ["G/TBT/N/KEN/7001"]
    assert (hit["market"], hit["kind"], hit["published_on"]) == ("KE", "regular", "2023-12-20")
    assert (hit["hs_codes"], hit["ics_codes"], hit["comment_until"]) == (["850760"], ["29.220"], "2024-02-25")
    assert all(set(why) == {"code", "detail"} for why in hit["why"])
    for highlight in hit["highlights"]:
        for start, end in highlight["marks"]:
            assert 0 <= start < end <= len(highlight["text"])


def test_a_joint_notification_names_every_market(client):
    hit = client.get("/v1/search", params={"q": "repellent wipes"}).json()["hits"][0]
    assert hit["market"] == "BI,KE,RW,TZ,UG"
    assert len(hit["symbols"]) == 5


def test_an_addendum_shows_the_codes_of_its_parent(client):
    answer = client.get("/v1/search", params={"q": "G/TBT/N/KEN/7001/Add.1"}).json()
    first = answer["hits"][0]
    assert first["id"] == "wto:G/TBT/N/KEN/7001/Add.1"
    assert first["hs_codes"] == ["850760"]


def test_parameters_and_text_filter_alike(client):
    by_text = client.get("/v1/search", params={"q": "battery market:US kind:final_rule published:2024-01"}).json()
    params = {"q": "battery", "market": "미국", "kind": "final_rule", "published": "2024-01-01..2024-01-31"}
    by_parameter = client.get("/v1/search", params=params).json()
    assert by_text["total"] == by_parameter["total"] == 1
    assert by_text["hits"][0]["id"] == by_parameter["hits"][0]["id"] == "us-fr:2024-01-04/2024-00375"


def test_values_of_one_filter_are_alternatives_repeated_or_by_commas(client):
    repeated = client.get("/v1/search", params={"market": ["US", "EU"]}).json()
    listed = client.get("/v1/search", params={"market": "US,EU"}).json()
    assert repeated["total"] == listed["total"] == 2


def test_a_plus_in_an_address_may_arrive_as_a_blank(client):
    plain = client.get("/v1/search?hs=850650").json()["total"]
    inferred = client.get("/v1/search?hs=850650+inferred").json()["total"]
    assert (plain, inferred) == (0, 1)


def test_open_and_as_of_follow_the_clock_and_the_day(client):
    opened = client.get("/v1/search", params={"open": "true"}).json()
    assert [hit["id"] for hit in opened["hits"]][:1] == ["wto:G/TBT/N/KEN/7001/Add.1"]
    then = client.get("/v1/search", params={"q": "lithium", "as_of": "2023-12-31"}).json()
    assert then["hits"][0]["comment_until"] == "2024-02-18"


def test_a_search_without_words_gives_the_newest_first(client):
    days = [hit["published_on"] for hit in client.get("/v1/search").json()["hits"]]
    assert days == sorted(days, reverse=True)


def test_pages_follow_each_other_without_gaps_or_repeats(client):
    seen, cursor = [], None
    while True:
        params = {"limit": 2, "sort": "published"} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/v1/search", params=params).json()
        seen += [hit["id"] for hit in answer["hits"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == answer["total"] == 5


def test_facets_come_unless_they_are_not_wanted(client):
    assert {"market", "kind", "source"} <= set(client.get("/v1/search").json()["facets"])
    assert client.get("/v1/search", params={"facets": "none"}).json()["facets"] == {}
    assert set(client.get("/v1/search", params={"facets": "kind,year"}).json()["facets"]) == {"kind", "year"}


@pytest.mark.parametrize(
    "params",
    [
        {"page": "2"},
        {"Q": "x"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"sort": "newest"},
        {"as_of": "2024-13-01"},
        {"open": "perhaps"},
        {"q": "x" * 501},
        {"q": "a\x00b"},
        {"cursor": "x" * 2001},
        {"market": ["US"] * 41},
        {"facets": "colour"},
    ],
)
def test_unknown_and_unbounded_parameters_are_refused(client, params):
    answer = client.get("/v1/search", params=params)
    assert answer.status_code == 422
    assert answer.json()["code"] == "request.invalid"
    assert answer.json()["errors"]


def test_a_parameter_given_twice_is_refused_not_half_ignored(client):
    answer = client.get("/v1/search?limit=2&limit=3")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "limit")


@pytest.mark.parametrize(
    "params",
    [
        {"q": '"open phrase'},
        {"q": "colour:red"},
        {"hs": "85x"},
        {"market": "Atlantis"},
        {"kind": "poem"},
        {"published": "yesterday"},
        {"q": "published:2024-01", "published": "2023"},
        {"cursor": "not-a-cursor"},
    ],
)
def test_a_query_that_can_not_be_read_is_a_400_that_says_where(client, params):
    answer = client.get("/v1/search", params=params)
    assert answer.status_code == 400
    assert answer.json()["code"] == "search.query_invalid"
    assert answer.json()["detail"]


def test_nothing_found_names_the_words_that_stand_nowhere(client):
    answer = client.get("/v1/search", params={"q": "zyxwvu qponml"}).json()
    assert answer["total"] == 0
    warning = next(each for each in answer["warnings"] if each["code"] == "no_match")
    assert warning["detail"]["words"] == ["zyxwvu", "qponml"]
    assert "zyxwvu" in warning["message"]
    assert "qponml" in warning["message_ko"]
    single = client.get("/v1/search", params={"q": "zyxwvu"}).json()["warnings"][0]
    assert single["detail"]["words"] == ["zyxwvu"]


def test_nothing_found_names_the_filter_in_the_way(client):
    answer = client.get("/v1/search", params={"q": "repellent", "market": "US"}).json()
    warning = next(each for each in answer["warnings"] if each["code"] == "filter_too_narrow")
    assert warning["detail"]["without"] == {"market": 1}
    assert "1 without the filter “Market”" in warning["message"]


def test_days_that_were_never_collected_are_unknown_not_none(client):
    answer = client.get("/v1/search", params={"q": "repellent", "published": "..2015"}).json()
    assert codes(answer)[0] == "not_collected"
    assert answer["warnings"][0]["detail"]["first"] == "2023-11-01"
    assert "not_collected" in codes(client.get("/v1/search", params={"as_of": "2010-05-05"}).json())


def test_a_source_that_never_ran_is_named(own_world):
    sources = own_world.services.sources
    never = own_world.serve(sources=(*sources, type(sources[0])("eu-cellar", "eu", "Cellar", "셀라")))
    answer = never.get("/v1/search", params={"q": "zyxwvu"}).json()
    assert any(each["code"] == "not_collected" and each["detail"]["source"] == "eu" for each in answer["warnings"])


def test_a_source_that_is_down_is_said_beside_hits_and_without(own_world, runs):
    own_world.store.put_run(runs("wto-eping", Verdict.FAILED, reason="The server does not answer.", hour=13))
    hits = own_world.client.get("/v1/search", params={"q": "lithium"}).json()
    assert hits["total"] == 1
    down = next(each for each in hits["warnings"] if each["code"] == "source_down")
    assert down["detail"]["source"] == "wto-eping"
    assert "The server does not answer." in down["message"]
    assert "Last success 2024-02-01" in down["message"]
    elsewhere = own_world.client.get("/v1/search", params={"q": "charger", "source": "us-fr"}).json()
    assert "source_down" not in codes(elsewhere)
    none = own_world.client.get("/v1/search", params={"q": "zyxwvu"}).json()
    assert {"no_match", "source_down"} <= set(codes(none))


def test_an_optional_feed_that_is_off_is_no_alarm_while_another_serves(client):
    assert "source_down" not in codes(client.get("/v1/search", params={"q": "lithium"}).json())


def test_over_a_mirror_every_answer_says_that_the_data_are_replayed(world):
    mirrored = world.serve(replayed=True)
    assert "replayed" in codes(mirrored.get("/v1/search").json())
    notice = mirrored.get("/v1/notices/wto:G~TBT~N~KEN~7001")
    assert notice.json()["replayed"] is True
    assert notice.headers["tongbo-replayed"] == "true"
    assert all(row["replayed"] for row in mirrored.get("/v1/sources").json())
    assert "tongbo-replayed" not in world.client.get("/v1/search").headers


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=120), day=st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_whatever_is_typed_gives_an_answer_or_a_problem(world, text, day):
    answer = world.client.get("/v1/search", params={"q": text, "as_of": day.isoformat(), "facets": "none"})
    assert answer.status_code in (200, 400, 422)
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_code_alone_puts_its_own_notices_before_those_of_broader_codes(own_world):
    """The chapter's notice is the newer one, and still ranks below."""
    broad = own_world.store.notice("wto:G/TBT/N/KOR/7008")
    own_world.observe_again(broad, replace(broad.facts, hs_codes=("85",), published_on=date(2024, 1, 20)))
    for params in ({"q": "hs:8507"}, {"hs": "8507"}):
        hits = own_world.client.get("/v1/search", params=params).json()["hits"]
        assert [(hit["market"], hit["why"][0]["code"]) for hit in hits] == [("KE", "hs_direct"), ("KR", "hs_broad")]
    newest = own_world.client.get("/v1/search", params={"hs": "8507", "sort": "published"}).json()["hits"]
    assert [hit["market"] for hit in newest] == ["KR", "KE"]


def test_a_text_too_long_is_counted_in_characters(client):
    problem = client.get("/v1/search", params={"q": "가" * 501}).json()
    assert "500 characters" in problem["detail"]
