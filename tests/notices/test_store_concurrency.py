"""Write units, threads and processes side by side, on both engines."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notices.errors import ConfigError, JobLocked, RevisionConflict, StoreUnavailable
from notices.model import Cause

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
REPOSITORY = Path(__file__).resolve().parents[2]


def merge(store, observe, number):
    observation = observe(record=number, symbols=(f"G/TBT/N/KOR/{number}",))
    return store.merge([observation], first_seen_cause=Cause.SOURCE, at=NOON)


def test_a_transaction_is_all_or_nothing(store, observe):
    def fail_at_the_end():
        with store.transaction():
            merge(store, observe, 1)
            store.set_cursor("indexer", 1)
            assert store.last_seq() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end()
    assert (store.last_seq(), store.cursor("indexer"), store.count()) == (0, 0, 0)


def test_what_fails_in_a_nested_unit_is_undone_alone(store, observe):
    with store.transaction():
        merge(store, observe, 1)
        with pytest.raises(RevisionConflict):
            store.put_findings("wto:none", 1, "codes", 1, [])
        with store.transaction():
            store.set_cursor("indexer", 1)
    assert (store.last_seq(), store.cursor("indexer")) == (1, 1)


def test_other_threads_read_the_committed_state_while_one_writes(store, observe):
    merge(store, observe, 1)
    with ThreadPoolExecutor(4) as pool, store.transaction():
        merge(store, observe, 2)
        assert store.count() == 2
        assert [pool.submit(store.count).result(10) for _ in range(4)] == [1, 1, 1, 1]
    assert store.count() == 2


def test_many_threads_write_without_losing_anything(store, observe):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: merge(store, observe, number), range(1, 31)))
    assert [change.seq for change in store.changes(0)] == list(range(1, 31))
    assert store.count() == 30


def test_a_consumer_by_cursor_sees_every_change_though_one_writer_is_delayed(place, observe):
    delayed, prompt, consumer = place.open(), place.open(), place.open()
    holding, release = threading.Event(), threading.Event()

    def write_slowly():
        with delayed.transaction():
            merge(delayed, observe, 1)
            holding.set()
            assert release.wait(20)

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(write_slowly)
        assert holding.wait(10)
        fast = pool.submit(merge, prompt, observe, 2)
        seen = [change.notice_id for change in consumer.changes(0)]
        cursor = consumer.last_seq()
        assert not fast.done()
        release.set()
        slow.result(20)
        fast.result(20)
    seen += [change.notice_id for change in consumer.changes(cursor)]
    assert seen == ["wto:G/TBT/N/KOR/1", "wto:G/TBT/N/KOR/2"]


def test_a_job_lock_excludes_others_and_is_given_back(place):
    one, other = place.open(), place.open()
    with one.job_lock("crawl"):
        with pytest.raises(JobLocked), other.job_lock("crawl"):
            pass
        with pytest.raises(JobLocked), one.job_lock("crawl"):
            pass
        with other.job_lock("index"):
            pass
    with other.job_lock("crawl"):
        pass


@pytest.mark.parametrize("name", ["../crawl", "", "Crawl me"])
def test_a_lock_has_a_plain_name(store, name):
    with pytest.raises(ConfigError), store.job_lock(name):
        pass


HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from notices.clock import FrozenClock
from notices.store import open_store
store = open_store(Path(sys.argv[1]), sys.argv[2] or None, FrozenClock(datetime(2026, 9, 30, tzinfo=UTC)))
with store.job_lock("crawl"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_goes_with_its_process(place):
    store = place.open()
    command = [sys.executable, "-c", HOLDER, str(place.data_dir), place.url or ""]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(JobLocked), store.job_lock("crawl"):
            pass
        process.kill()
        process.wait(10)
    _take_once_the_server_noticed(store)


def _take_once_the_server_noticed(store):
    """PostgreSQL ends a session when it reads the closed socket, moments after the process died."""
    pause = threading.Event()
    for _ in range(100):
        try:
            with store.job_lock("crawl"):
                return
        except JobLocked:
            pause.wait(0.05)
    pytest.fail("the lock outlived its process")


def test_two_processes_opening_an_empty_place_agree_on_one_schema(place):
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: place.open(), range(4)))
    assert [store.count() for store in stores] == [0, 0, 0, 0]


@pytest.mark.parametrize("url", ["mysql://user:secret@127.0.0.1/x", "no url: secret"])
def test_another_database_is_refused_without_showing_the_url(sqlite_place, url):
    sqlite_place.url = url
    with pytest.raises(ConfigError) as caught:
        sqlite_place.open()
    assert "secret" not in str(caught.value)


def test_an_unreachable_server_is_a_clear_error(sqlite_place):
    sqlite_place.url = "postgresql+psycopg://user:secret@127.0.0.1:1/x"
    with pytest.raises(StoreUnavailable) as caught:
        sqlite_place.open()
    assert "secret" not in str(caught.value)


def test_a_data_folder_that_can_not_be_made_is_a_clear_error(sqlite_place, tmp_path):
    (tmp_path / "file").write_text("")
    sqlite_place.data_dir = tmp_path / "file" / "data"
    with pytest.raises(StoreUnavailable):
        sqlite_place.open()
