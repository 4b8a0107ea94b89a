"""`as_of:` shows what could be known on a day: fifty back-dated queries against the replay set to those days."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from notices.clock import SystemClock
from notices.identity import wto_id
from notices.store import open_store
from notices.symbols import parse_symbol_list

pytestmark = [pytest.mark.external("replay"), pytest.mark.slow]

MARKETS = {
    "EU": "U918",
    "US": "C840",
    "UG": "C800",
    "CN": "C156",
    "KR": "C410",
    "ID": "C360",
    "KE": "C404",
    "SA": "C682",
}
LATE = timedelta(days=5)  # the replay lets records appear up to five days after their date


def back_dated_queries(count):
    chance = random.Random(20260930)
    first = date(2017, 6, 1)
    for _ in range(count):
        yield first + timedelta(days=chance.randrange(3300)), chance.choice(sorted(MARKETS))


def shown_by_replay(replay, day, member):
    """Notice ids of the TBT records that the replay, set to a day, lists for a member."""
    replay.post("/__clock", {"date": day.isoformat()})
    found, page = set(), 1
    while True:
        query = urlencode(
            {"domainIds": 1, "countryIds": member, "sortBy": "distributionDate", "page": page, "pageSize": 100}
        )
        answer = replay.get(f"/eping/api/v1/azureSearch/getAll?{query}")
        found |= {
            wto_id(parse_symbol_list(item["documentSymbol"])) for item in answer["items"] if item["area"] == "TBT"
        }
        if len(answer["items"]) < 100:
            return found
        page += 1


def families(store, notice_ids):
    ids = sorted(notice_ids)
    known = {}
    for start in range(0, len(ids), 500):
        known |= store.notices(ids[start : start + 500])
    assert set(known) == set(ids)
    return {notice.family for notice in known.values()}


def found_by_us(tongbo, store, query):
    cursor, hits = [], []
    while True:
        page = tongbo(query, *cursor)
        hits += page["hits"]
        if not page["next_cursor"]:
            break
        cursor = [page["next_cursor"]]
    assert len(hits) == page["total"]
    return families(store, [hit["id"] for hit in hits])


def test_fifty_back_dated_queries_equal_what_the_replay_shows_on_those_days(full, start_replay, client):
    replay = start_replay()
    late, compared = [], 0
    with closing(open_store(full.data, None, SystemClock())) as store:
        for day, market in back_dated_queries(50):
            ours = found_by_us(client, store, f"source:wto market:{market} as_of:{day}")
            theirs = families(store, shown_by_replay(replay, day, MARKETS[market]))
            assert theirs <= ours, (day, market, theirs - ours)
            if early := ours - theirs:
                soon = families(store, shown_by_replay(replay, day + LATE, MARKETS[market]))
                assert early <= soon, (day, market, early - soon)
                late.append((day, market, early))
            compared += len(ours)
    assert compared > 1000
    print(f"{compared} families on 50 days; {sum(len(item[2]) for item in late)} were dated but had not appeared yet")


@pytest.fixture
def client(full):
    """Search as the API answers it, in this process: fifty queries need not start fifty programs."""
    from fastapi.testclient import TestClient

    from settings import Settings
    from wiring import Wiring

    settings = Settings(data_dir=full.data, mirror=full.mirror, clock=full.clock)
    with Wiring(settings) as wiring, TestClient(wiring.app()) as http:

        def search(query, cursor=None):
            parameters = {"q": query, "limit": 100, **({"cursor": cursor} if cursor else {})}
            answer = http.get("/v1/search", params=parameters)
            assert answer.status_code == 200, answer.text
            return answer.json()

        yield search
