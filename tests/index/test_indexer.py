"""From store to index and after it: builds, updates, families, findings, kills, readers beside a writer."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from index.backends.columns.store_writer import IndexWriter
from index.backends.embedded import EmbeddedBackend
from index.indexer import build_index, update_index, verify_index
from index.query_text import parse_query
from nlp.run import enrich
from notices.clock import FrozenClock
from notices.errors import BackendBusy, IndexNotReady
from notices.identity import wto_id
from notices.model import Cause, Facts, Kind, Observation
from notices.ports import Store
from notices.store import open_store
from notices.symbols import parse_symbol

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, None, FrozenClock(NOW))
    yield opened
    opened.close()


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[EmbeddedBackend]:
    opened = EmbeddedBackend(tmp_path / "index")
    yield opened
    opened.close()


def observed(symbol: str, title: str, *, at: datetime = NOW, **facts: object) -> Observation:
    parsed = parse_symbol(symbol)
    kind = Kind.ADDENDUM if parsed.suffixes else Kind.REGULAR
    values = {"kind": kind, "published_on": date(2024, 1, 10), "members": ("KR",), "language": "en"} | facts
    said = Facts(symbols=(str(parsed),), title=title, **values)
    return Observation(wto_id((parsed,)), "wto-eping", symbol, at, "capture", "test", 1, said)


def put(store: Store, *observations: Observation) -> None:
    store.merge(observations, first_seen_cause=Cause.SOURCE, at=max(each.observed_at for each in observations))


def fill(store: Store, count: int = 30) -> None:
    put(store, *(observed(f"G/TBT/N/KOR/{n}", f"Lamp number{n}", hs_codes=("940511",)) for n in range(count)))


def found(backend: EmbeddedBackend, text: str) -> list[str]:
    return [hit.notice_id for hit in backend.search(parse_query(text, today=TODAY, limit=100)).hits]


def test_a_build_holds_what_the_store_holds_and_verifies(store, backend):
    fill(store)
    report = build_index(store, backend)
    assert (report.notices, report.rebuilt) == (30, True)
    assert report.generation.change_seq == store.last_seq()
    assert found(backend, "number7") == ["wto:G/TBT/N/KOR/7"]
    assert len(found(backend, "hs:9405")) == 30
    assert verify_index(store, backend).ok


def test_an_update_before_the_first_build_says_so(store, backend):
    with pytest.raises(IndexNotReady):
        update_index(store, backend)


def test_an_update_takes_in_what_changed_and_nothing_else(store, backend):
    fill(store)
    build_index(store, backend)
    put(store, observed("G/TBT/N/KOR/3", "Torch", at=NOW + timedelta(days=1)), observed("G/TBT/N/KOR/77", "Torch"))
    report = update_index(store, backend)
    assert (report.notices, report.rebuilt) == (2, False)
    assert set(found(backend, "torch")) == {"wto:G/TBT/N/KOR/3", "wto:G/TBT/N/KOR/77"}
    assert "wto:G/TBT/N/KOR/3" not in found(backend, "lamp")
    assert found(backend, "lamp as_of:2024-01-15 number3") == ["wto:G/TBT/N/KOR/3"]
    assert verify_index(store, backend).ok
    assert update_index(store, backend).notices == 0


def test_an_addendum_without_codes_inherits_those_of_its_base_even_when_they_change(store, backend):
    put(store, observed("G/TBT/N/KOR/1", "Lamps", hs_codes=("940511",)), observed("G/TBT/N/KOR/1/Add.1", "Adopted"))
    build_index(store, backend)
    assert found(backend, "adopted hs:9405") == ["wto:G/TBT/N/KOR/1/Add.1"]
    put(store, observed("G/TBT/N/KOR/1", "Lamps", at=NOW + timedelta(days=1), hs_codes=("8513",)))
    update_index(store, backend)
    assert found(backend, "adopted hs:9405") == []
    assert found(backend, "adopted hs:8513") == ["wto:G/TBT/N/KOR/1/Add.1"]
    assert verify_index(store, backend).ok


def test_a_withdrawn_notice_is_found_only_as_of_the_days_before(store, backend):
    fill(store, 3)
    build_index(store, backend)
    store.withdraw("wto:G/TBT/N/KOR/1", at=NOW)
    update_index(store, backend)
    assert "wto:G/TBT/N/KOR/1" not in found(backend, "lamp")
    assert "wto:G/TBT/N/KOR/1" in found(backend, "lamp as_of:2024-01-15")


def test_findings_that_come_after_the_index_are_taken_in(store, backend):
    put(store, observed("G/TBT/N/KOR/1", "Toys", products_text="Toys (HS 9503)"))
    build_index(store, backend)
    enrich(store)
    update_index(store, backend)
    assert verify_index(store, backend).ok
    assert update_index(store, backend).notices == 0


def test_the_index_waits_for_enrichment_once_that_has_begun(store, backend):
    fill(store, 3)
    enrich(store)
    build_index(store, backend)
    put(store, observed("G/TBT/N/KOR/50", "Torch"))
    assert update_index(store, backend).notices == 0
    enrich(store)
    assert update_index(store, backend).notices == 1


def test_a_large_backlog_is_built_anew(store, backend, monkeypatch):
    monkeypatch.setattr("index.indexer.BATCH", 5)
    fill(store, 4)
    build_index(store, backend)
    fill(store, 40)
    assert update_index(store, backend).rebuilt
    assert verify_index(store, backend).ok


def test_a_backlog_comes_in_batches_that_add_up(store, backend, monkeypatch):
    monkeypatch.setattr("index.indexer.BATCH", 3)
    monkeypatch.setattr("index.indexer.REBUILD_SHARE", 99)
    fill(store, 4)
    build_index(store, backend)
    fill(store, 20)
    report = update_index(store, backend)
    assert (report.notices, report.rebuilt) == (16, False)
    assert verify_index(store, backend).ok


def test_a_second_writer_is_told_to_wait(tmp_path):
    with IndexWriter(tmp_path / "index"), pytest.raises(BackendBusy), IndexWriter(tmp_path / "index", lock_seconds=0.1):
        pass


@pytest.mark.parametrize("mode", ["build", "update"])
@pytest.mark.parametrize("seed", range(3))
def test_a_killed_indexer_leaves_a_sound_index_and_the_next_run_converges(store, backend, tmp_path, mode, seed):
    fill(store, 40)
    build_index(store, backend)
    chance = random.Random(seed)
    for kill in range(3):
        child = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("killed_indexer.py")), str(tmp_path), mode],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        later = NOW + timedelta(days=kill + 1)
        put(store, *(observed(f"G/TBT/N/KOR/{n}", f"Torch {kill}", at=later) for n in range(20)))
        threading.Event().wait(chance.uniform(0.0, 0.4))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert len(found(backend, "torch")) in (0, 20)
        assert len(found(backend, "kind:regular")) == 40
    update_index(store, backend)
    assert len(found(backend, '"torch 2"')) == 20
    assert verify_index(store, backend).ok
    fresh = EmbeddedBackend(tmp_path / "fresh")
    build_index(store, fresh)
    assert found(fresh, "kind:regular") == found(backend, "kind:regular")
    with IndexWriter(tmp_path / "index"):
        pass  # a kill between the swap and the sweep may have left nothing to index, so no writer came since
    folders = [path for path in (tmp_path / "index").glob("g*") if path.is_dir()]
    assert len(folders) == 1, "what was killed half way is swept"


def test_readers_beside_a_writer_see_whole_states_only(tmp_path, doc):
    writer, reader = EmbeddedBackend(tmp_path / "index"), EmbeddedBackend(tmp_path / "index")
    made = [doc(f"wto:G/TBT/N/KOR/{n}", "Lamp state0") for n in range(30)]
    writer.build(made, change_seq=1)
    seen: list[dict[str, int]] = []
    stop = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                page = reader.search(parse_query("state*", today=TODAY, limit=100))
                titles = {reader.search(parse_query(f"state{n}", today=TODAY)).total for n in range(12)}
                seen.append({"total": page.total, "most": max(titles)})
        except Exception as error:  # noqa: BLE001  (shown by the test itself)
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    for n in range(1, 12):
        fresh = [replace(doc(each.notice_id, f"Lamp state{n}")) for each in made]
        if n % 4 == 0:
            writer.build(fresh, change_seq=n)
        else:
            writer.update(fresh, (), change_seq=n)
        assert time.monotonic() < deadline
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert {each["total"] for each in seen} == {30}
    assert {each["most"] for each in seen} <= {30, 0}


def test_a_corrigendum_takes_over_what_is_found_of_its_act_later(store, backend):
    act = Facts(kind=Kind.ACT, published_on=date(2024, 1, 5), title="Regulation on widgets", members=("EU",))
    said = Facts(kind=Kind.CORRIGENDUM, published_on=date(2024, 1, 9), title="Corrigendum", members=("EU",))
    put(store, Observation("eu:32024R0001R(01)", "eu-cellar", "a", NOW, "capture", "test", 1, said))
    enrich(store)
    build_index(store, backend)
    declared = replace(act, ics_codes=("29.220",))
    put(store, Observation("eu:32024R0001", "eu-cellar", "b", NOW, "capture", "test", 1, declared))
    enrich(store)
    update_index(store, backend)
    assert verify_index(store, backend).ok
