"""`kill -9` anywhere in crawl, enrich and index: a rerun knows exactly what an undisturbed run knows."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from contextlib import closing

import pytest

from notices.clock import SystemClock
from notices.store import open_store

pytestmark = [pytest.mark.external("replay"), pytest.mark.slow]

SINCE = "2025-01-01"  # some 1,200 Federal Register documents and 400 WTO records: a whole run takes seconds
QUERIES = ("source:wto", "battery OR vehicle", "market:EU energy", "kind:final_rule")
SEEDS = int(os.environ.get("TONGBO_TEST_SEEDS", "3"))


def knowledge(tongbo):
    with closing(open_store(tongbo.data, None, SystemClock())) as store:
        return list(store.dump())


def findable(tongbo):
    pages = [tongbo.json("search", query, "--limit", "50", "--sort", "published") for query in QUERIES]
    return [(page["total"], [hit["id"] for hit in page["hits"]]) for page in pages]


@pytest.fixture(scope="module")
def undisturbed(whole_replay, tmp_path_factory, new_tongbo):
    tongbo = new_tongbo(tmp_path_factory.mktemp("undisturbed") / "data", whole_replay.url, since=SINCE)
    tongbo.run("crawl", "wto-eping", "us-fr", "--index")
    return knowledge(tongbo), findable(tongbo)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_killed_chain_run_again_knows_what_an_undisturbed_one_knows(
    undisturbed, whole_replay, tmp_path, new_tongbo, seed
):
    chance = random.Random(seed)
    tongbo = new_tongbo(tmp_path / "data", whole_replay.url, since=SINCE)
    for _ in range(chance.randint(1, 4)):
        process = tongbo.start("crawl", "wto-eping", "us-fr", "--index")
        try:
            process.communicate(timeout=chance.uniform(0.5, 9.0))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    tongbo.run("crawl", "wto-eping", "us-fr", "--since", SINCE, "--index")
    assert tongbo.json("index", "--verify")["ok"] is True
    assert knowledge(tongbo) == undisturbed[0]
    assert findable(tongbo) == undisturbed[1]
