"""kill -9 to a node of our own, while indexing and while searching: it says so, and after a restart it converges."""

from __future__ import annotations

import subprocess
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.backends.elastic import ElasticBackend
from index.fields import document_fingerprint
from index.query_text import parse_query
from notices.errors import BackendUnavailable
from notices.model import Kind, Passage
from notices.search import IndexDocument, Query

pytestmark = [pytest.mark.external("elasticsearch"), pytest.mark.slow]

PROGRAM = Path(__file__).resolve().parents[3] / "shared" / "elasticsearch" / "es"
PORT = "9260"


def es(command: str, *more: str) -> None:
    subprocess.run([PROGRAM, command, "--port", PORT, *more], check=True, capture_output=True, timeout=120)


def start() -> None:
    """Start (again) and wait for every shard."""
    es("start", "--heap", "512m")
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_cluster/health?wait_for_status=green&timeout=60s") as answer:
        answer.read()


@pytest.fixture(scope="module")
def node() -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not there")
    start()
    yield f"http://127.0.0.1:{PORT}"
    es("wipe")


@pytest.fixture
def backend(node: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ElasticBackend]:
    monkeypatch.setattr("index.backends.elastic_writing.CHUNK", 40)
    found = ElasticBackend(node, prefix=f"tongbo-t{uuid.uuid4().hex[:12]}")
    yield found
    found.close()


def document(number: int, word: str) -> IndexDocument:
    """Every third notice is an addendum to the one before it."""
    title, day = f"Battery safety {word}", date(2024, 1, 2)
    family = number - 1 if number % 3 == 2 else number
    name = f"wto:G/TBT/N/KOR/{family}" + ("/Add.1" if family != number else "")
    passages = (Passage(name, 1, "title", 0, 0, len(title), (), title),)
    lead = f"wto:G/TBT/N/KOR/{family}"
    return IndexDocument(
        name, 1, lead, "wto", Kind.REGULAR, title, ("KR",), (), (), (), (), (), day, None, day, None, passages
    )


def documents(count: int, word: str, kill_at: int | None = None) -> Iterator[IndexDocument]:
    for number in range(count):
        if number == kill_at:
            es("kill")
        yield document(number, word)


def asked(text: str) -> Query:
    return parse_query(text, today=date(2024, 2, 1), facets=("market",))


def fingerprints(count: int, word: str) -> list[tuple[str, int, str]]:
    return [(each.notice_id, 1, document_fingerprint(each)) for each in documents(count, word)]


def test_a_kill_amid_an_update_is_said_and_the_update_run_again_converges(backend):
    backend.build(documents(300, "alpha"), change_seq=1)
    with pytest.raises(BackendUnavailable):
        backend.update(documents(300, "omega", kill_at=170), [], change_seq=2)
    for act in (
        lambda: backend.search(asked("battery")),
        lambda: backend.matching(asked("battery"), ["wto:G/TBT/N/KOR/0"]),
        backend.generation,
        lambda: backend.verify([]),
    ):
        with pytest.raises(BackendUnavailable):
            act()
    start()
    reached = backend.generation()
    assert reached is not None
    assert reached.change_seq == 1
    assert backend.search(asked("battery")).total == 200
    generation = backend.update(documents(300, "omega"), [], change_seq=2)
    assert (generation.notices, generation.change_seq) == (300, 2)
    assert backend.verify(fingerprints(300, "omega")).ok
    assert backend.search(asked("alpha")).total == 0


def test_a_kill_amid_a_build_leaves_the_former_generation_and_the_next_build_sweeps(backend, node):
    former = backend.build(documents(60, "alpha"), change_seq=1)
    with pytest.raises(BackendUnavailable):
        backend.build(documents(300, "omega", kill_at=170), change_seq=2)
    with pytest.raises(BackendUnavailable):
        backend.search(asked("battery"))
    start()
    page = backend.search(asked("alpha"))
    assert (page.total, page.generation) == (40, former.name)
    generation = backend.build(documents(300, "omega"), change_seq=2)
    assert generation.notices == 300
    assert backend.verify(fingerprints(300, "omega")).ok
    alias = f"{node}/{backend._generations.alias}-*/_alias"
    with urllib.request.urlopen(alias) as answer:
        assert answer.read().count(b'"aliases"') == 1


def test_a_search_beside_a_kill_gives_the_whole_page_or_an_error(backend):
    backend.build(documents(90, "word"), change_seq=1)
    seen: list[tuple[int, int] | str] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                page = backend.search(asked("battery"))
                seen.append((page.total, page.facets["market"][0].count))
            except BackendUnavailable as error:
                seen.append(error.code)

    thread = threading.Thread(target=search)
    thread.start()
    es("kill")
    start()
    stop.set()
    thread.join()
    assert set(seen) == {(60, 60), "search.backend_unavailable"}
    assert backend.search(asked("battery")).total == 60
