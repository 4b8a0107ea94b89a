"""Killed, full, read-only, corrupt: nothing half-written, a clear error, and a rerun that converges."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notices.clock import FrozenClock
from notices.errors import StoreUnavailable
from notices.model import Capture, Cause
from notices.store import open_store

HERE = Path(__file__).parent
NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
SEEDS = range(int(os.environ.get("TONGBO_TEST_SEEDS", "3")))


def _write(where, *, offset=0, kill_at=0):
    command = [sys.executable, HERE / "killed_writer.py", where.data_dir, where.url or "", str(offset), str(kill_at)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """(operations, dump) of a crawl that nobody killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    done = subprocess.run(
        [sys.executable, HERE / "killed_writer.py", folder, "", "0", "0"], capture_output=True, text=True, check=True
    )
    store = open_store(folder, None, FrozenClock(NOON))
    lines = list(store.dump())
    store.close()
    return int(done.stdout), lines


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_crawl_run_again_knows_what_an_undisturbed_one_knows(place, undisturbed, seed):
    operations, wanted = undisturbed
    chance = random.Random(seed)
    for attempt in range(2):
        killed = _write(place, offset=attempt, kill_at=chance.randint(1, operations * 9 // 10))
        assert killed.returncode in {-signal.SIGKILL, 0}, killed.stderr
    finished = _write(place, offset=9)
    assert finished.returncode == 0, finished.stderr
    store = place.open()
    assert list(store.dump()) == wanted
    assert [change.seq for change in store.changes(0)] == list(range(1, store.last_seq() + 1))
    for capture in store.captures("wto-eping"):
        assert store.body(capture)


def test_a_full_disk_is_a_clear_error_and_leaves_nothing_half_written(tmp_path):
    done = subprocess.run(
        [sys.executable, HERE / "full_disk_writer.py", tmp_path / "data"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines() == ["store.unavailable True", "store.unavailable [] []", "recovered True True"], (
        done.stdout + done.stderr
    )


def test_a_locked_database_is_a_clear_error_after_the_wait(sqlite_place, observe, monkeypatch):
    monkeypatch.setattr("notices.store.engine.WAIT_SECONDS", 0.2)
    store = sqlite_place.open()
    with closing(sqlite3.connect(sqlite_place.data_dir / "tongbo.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            store.merge([observe()], first_seen_cause=Cause.SOURCE, at=NOON)
        assert store.count() == 0
    assert store.merge([observe()], first_seen_cause=Cause.SOURCE, at=NOON).new


def test_a_corrupt_database_is_a_clear_error(sqlite_place, observe):
    store = sqlite_place.open()
    store.merge([observe()], first_seen_cause=Cause.SOURCE, at=NOON)
    store.close()
    path = sqlite_place.data_dir / "tongbo.db"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    with pytest.raises(StoreUnavailable):
        list(sqlite_place.open().dump())


def test_a_data_folder_without_permission_to_write_is_a_clear_error(sqlite_place):
    """Root may write anywhere, so the folder of bodies is a file here: the same OSError, the same answer."""
    store = sqlite_place.open()
    (sqlite_place.data_dir / "captures").write_text("")
    (sqlite_place.data_dir / "locks" / "crawl.lock").mkdir(parents=True)
    digest = hashlib.sha256(b"a").hexdigest()
    with pytest.raises(StoreUnavailable):
        store.put_capture(Capture("c", "f", "https://e/", "https://e/", NOON, 200, "x", digest), b"a")
    with pytest.raises(StoreUnavailable), store.job_lock("crawl"):
        pass
