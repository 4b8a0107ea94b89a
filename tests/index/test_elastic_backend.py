"""What only Elasticsearch can do wrong: counting, generations, swaps, blocks, keys. Search itself: the shared cases."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from index.backends import elastic_mapping
from index.backends.elastic import ElasticBackend
from index.fields import document_fingerprint
from index.query_text import parse_query
from notices.errors import BackendBusy, BackendRefused, BackendUnavailable, IndexNotReady, SearchError
from notices.model import Kind, Passage, Provenance
from notices.search import FACET_FIELDS, CodeTag, IndexDocument, Query, ResultPage, Sort

TODAY = date(2024, 2, 1)


def document(name: str, *, title: str = "Battery safety", revision: int = 1, **facts: Any) -> IndexDocument:
    """A notice named like "7" or "7/Add.1"; its family is what stands before the first slash."""
    notice_id = f"wto:G/TBT/N/KOR/{name}"
    passages = tuple(
        Passage(notice_id, revision, field, 0, 0, len(text), (), text)
        for field, text in (("title", title), ("body", facts.pop("body", "Nothing else is said.")))
    )
    values: dict[str, Any] = {
        "family": f"wto:G/TBT/N/KOR/{name.split('/', maxsplit=1)[0]}",
        "source": "wto",
        "kind": Kind.REGULAR,
        "markets": ("KR",),
        "sectors": (),
        "symbols": (notice_id[4:],),
        "identifiers": (f"symbol:{notice_id[4:]}",),
        "hs": (),
        "ics": (),
        "published_on": date(2024, 1, 2),
        "comment_until": None,
        "valid_from": date(2024, 1, 2),
        "valid_until": None,
    } | facts
    return IndexDocument(notice_id=notice_id, revision=revision, title=title, passages=passages, **values)


def asked(text: str, **more: Any) -> Query:
    return parse_query(text, today=TODAY, **more)


def ids(page: ResultPage) -> list[str]:
    return [hit.notice_id.removeprefix("wto:G/TBT/N/KOR/") for hit in page.hits]


class Node:
    """A raw line to the cluster, past the adapter: to look under it and to get in its way."""

    def __init__(self, url: str, prefix: str, ca: str | None = None, auth: str | None = None) -> None:
        self.url, self.prefix, self.auth = url.rstrip("/"), prefix, auth
        self._context = ssl.create_default_context(cafile=ca) if ca else None

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if self.auth:
            headers["Authorization"] = "Basic " + base64.b64encode(self.auth.encode()).decode()
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30, context=self._context) as answer:
            return json.loads(answer.read() or b"null")

    def indices(self) -> list[str]:
        return sorted(self.call("GET", f"{self.prefix}-*/_alias?expand_wildcards=all"))

    def sweep(self) -> None:
        for index in self.indices():
            self.call("PUT", f"{index}/_settings", {"index.blocks.read_only": None, "index.blocks.write": None})
            self.call("DELETE", index)


@pytest.fixture
def node(es_url: str) -> Iterator[Node]:
    found = Node(es_url, f"tongbo-t{uuid.uuid4().hex[:12]}")
    yield found
    found.sweep()


@pytest.fixture
def connect(node: Node) -> Iterator[Callable[[], ElasticBackend]]:
    opened: list[ElasticBackend] = []

    def connect() -> ElasticBackend:
        opened.append(ElasticBackend(node.url, prefix=node.prefix))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


@pytest.fixture
def backend(connect: Callable[[], ElasticBackend]) -> ElasticBackend:
    return connect()


pytestmark = pytest.mark.external("elasticsearch")


def test_before_the_first_build_a_search_says_so(backend):
    assert backend.generation() is None
    with pytest.raises(IndexNotReady):
        backend.search(asked("battery"))
    with pytest.raises(IndexNotReady):
        backend.update([document("1")], [], change_seq=1)


def test_an_update_without_an_index_makes_none(backend, node):
    with pytest.raises(IndexNotReady):
        backend.update([document("1")], [], change_seq=1)
    assert node.indices() == []


def random_families(random: Random, count: int) -> list[IndexDocument]:
    """Families of one to five notices; zorb and quix are in no glossary."""
    found = []
    for number in range(count):
        for member in range(random.choice((1, 1, 1, 2, 3, 5))):
            day = date(2020, 1, 1) + timedelta(random.randrange(1500))
            found.append(
                document(
                    f"{number}/Add.{member}" if member else str(number),
                    title=" ".join(random.sample(["zorb", "quix", "lamp", "steel", "cable", "motor"], 2)),
                    kind=random.choice((Kind.REGULAR, Kind.ADDENDUM, Kind.NOTICE)),
                    markets=tuple(sorted(random.sample(("KR", "US", "EU", "JP"), random.choice((1, 2))))),
                    hs=tuple(CodeTag(code, Provenance.NOTIFIED) for code in random.sample(("850760", "9503", "72"), 1)),
                    published_on=day,
                    valid_from=day,
                    comment_until=random.choice((None, TODAY + timedelta(random.randrange(-90, 90)))),
                )
            )
    random.shuffle(found)
    return found


def families(documents: Iterable[IndexDocument], value: Callable[[IndexDocument], Iterable[str]]) -> dict[str, int]:
    sets: dict[str, set[str]] = {}
    for each in documents:
        for one in value(each):
            sets.setdefault(one, set()).add(each.family)
    return {one: len(found) for one, found in sets.items()}


def test_totals_facets_and_pages_count_each_family_once(backend):
    """Against plain counting in Python, over families of up to five notices in any order."""
    documents = random_families(Random(7), 600)
    backend.build(documents, change_seq=1)
    holding = [each for each in documents if "zorb" in each.title and "US" in each.markets]
    page = backend.search(asked("zorb market:US", facets=FACET_FIELDS, limit=100))
    assert (page.total, page.total_relation) == (len({each.family for each in holding}), "eq")
    counted = {name: {each.value: each.count for each in values} for name, values in page.facets.items()}
    assert counted["market"] == families(holding, lambda each: each.markets)
    assert counted["kind"] == families(holding, lambda each: (each.kind.value,))
    assert counted["year"] == families(holding, lambda each: (str(each.published_on.year),))
    assert counted["hs"] == families(holding, lambda each: {tag.code[:2] for tag in each.hs})


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gap_or_repetition(backend, sort):
    documents = random_families(Random(11), 250)
    backend.build(documents, change_seq=1)
    wanted = {each.family for each in documents if "quix" in each.title}
    seen: list[str] = []
    cursor = None
    while True:
        page = backend.search(asked("quix", sort=sort, limit=17, cursor=cursor))
        seen += [hit.family for hit in page.hits]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == page.total
    assert set(seen) == wanted


def test_dates_order_families_by_their_best_notice(backend):
    def dated(name: str, published: str, deadline: str | None) -> IndexDocument:
        until = date.fromisoformat(deadline) if deadline else None
        return document(name, published_on=date.fromisoformat(published), comment_until=until)

    backend.build(
        [
            dated("1", "2023-01-01", "2024-01-31"),
            dated("2", "2023-02-01", "2024-02-01"),
            dated("3", "2022-03-01", None),
            dated("4", "2020-01-01", "2020-03-01"),
            dated("4/Add.1", "2023-12-01", "2024-02-20"),
            dated("5", "2023-01-15", "2024-05-01"),
        ],
        change_seq=1,
    )
    by_deadline = backend.search(asked("battery", sort=Sort.DEADLINE))
    assert ids(by_deadline) == ["2", "4/Add.1", "5", "3", "1"]
    by_day = backend.search(asked("battery", sort=Sort.PUBLISHED))
    assert ids(by_day) == ["4/Add.1", "2", "5", "1", "3"]


def test_totals_above_the_limit_say_more_than(backend, monkeypatch):
    for module in ("elastic_query", "elastic_pages"):
        monkeypatch.setattr(f"index.backends.{module}.TOTAL_LIMIT", 3)
    backend.build([document(str(number)) for number in range(5)], change_seq=1)
    page = backend.search(asked("battery", facets=("market",)))
    assert (page.total, page.total_relation) == (3, "gte")
    assert backend.search(asked("battery", facets=("market",), limit=5)).facets["market"][0].count == 3


def test_a_family_that_comes_in_pieces_is_put_together(backend, monkeypatch):
    monkeypatch.setattr("index.backends.elastic_writing.CHUNK", 2)
    members = [document("1" if not n else f"1/Add.{n}", title=f"Battery part{n}") for n in range(5)]
    revisions = [
        document("2", revision=n, title=f"Toy part{n}", valid_until=None if n == 5 else TODAY) for n in (5, 1, 3)
    ]
    mixed = [each for pair in zip(members, [*revisions, document("3"), document("4")], strict=True) for each in pair]
    generation = backend.build(mixed, change_seq=1)
    assert (generation.notices, generation.passages) == (8, 20)
    assert backend.search(asked("battery")).total == 3
    assert backend.verify((d.notice_id, d.revision, document_fingerprint(d)) for d in mixed).ok
    backend.update(mixed, [], change_seq=2)
    assert backend.verify((d.notice_id, d.revision, document_fingerprint(d)) for d in mixed).ok


def test_an_update_replaces_all_revisions_of_its_notices_and_leaves_their_siblings(backend):
    backend.build([document("1"), document("1/Add.1", title="Battery addendum")], change_seq=1)
    former = document("1", title="Battery former", valid_until=date(2024, 1, 5))
    latter = document("1", title="Lamp safety", revision=2, valid_from=date(2024, 1, 5))
    for _ in range(2):
        generation = backend.update([former, latter], ["wto:G/TBT/N/KOR/404"], change_seq=2)
        assert (generation.notices, generation.change_seq) == (2, 2)
        assert ids(backend.search(asked("battery"))) == ["1/Add.1"]
        assert ids(backend.search(asked("former as_of:2024-01-03"))) == ["1"]
    generation = backend.update([], ["wto:G/TBT/N/KOR/1", "wto:G/TBT/N/KOR/1/Add.1"], change_seq=3)
    assert (generation.notices, generation.passages) == (0, 0)
    assert backend.search(asked("safety")).total == 0


def test_a_notice_that_moves_to_another_family_leaves_the_old_one(backend):
    backend.build([document("1"), document("2")], change_seq=1)
    backend.update([document("2", family="wto:G/TBT/N/KOR/1")], [], change_seq=2)
    assert backend.search(asked("battery")).total == 1
    assert backend.matching(asked("battery"), ["wto:G/TBT/N/KOR/1", "wto:G/TBT/N/KOR/2"]) == {
        "wto:G/TBT/N/KOR/1",
        "wto:G/TBT/N/KOR/2",
    }


def test_what_something_newer_wrote_is_left_alone(backend, connect):
    backend.build([document("1")], change_seq=1)
    connect().update([document("1", title="Lamp, the newest word")], [], change_seq=9)
    backend.update([document("1", title="Battery, an older word")], [], change_seq=5)
    assert backend.search(asked("lamp")).total == 1


def test_the_former_generation_serves_until_the_new_one_is_whole(backend, connect, node):
    backend.build([document("1")], change_seq=1)
    other = connect()
    seen: list[int] = []

    def documents() -> Iterator[IndexDocument]:
        for number in range(2, 5):
            seen.append(other.search(asked("battery")).total)
            yield document(str(number))

    generation = backend.build(documents(), change_seq=2)
    assert seen == [1, 1, 1]
    page = other.search(asked("battery"))
    assert (page.total, page.generation) == (3, generation.name)
    assert node.indices() == [f"{node.prefix}-notices-{generation.name}"]


def test_a_build_that_fails_leaves_nothing_behind_and_the_former_serves(backend, node):
    backend.build([document("1")], change_seq=1)

    def broken() -> Iterator[IndexDocument]:
        yield document("2")
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError):
        backend.build(broken(), change_seq=2)
    assert len(node.indices()) == 1
    assert ids(backend.search(asked("battery"))) == ["1"]


def test_what_a_killed_build_left_is_swept_and_foreign_indices_are_not(backend, node):
    node.call("PUT", f"{node.prefix}-notices-0123456789ab")
    node.call("PUT", f"{node.prefix}-notices-of-somebody-else")
    generation = backend.build([document("1")], change_seq=1)
    assert node.indices() == [
        f"{node.prefix}-notices-{generation.name}",
        f"{node.prefix}-notices-of-somebody-else",
    ]


def test_a_build_whose_index_is_deleted_under_it_makes_no_other(backend, node):
    def documents() -> Iterator[IndexDocument]:
        yield document("1")
        node.sweep()
        yield document("2")

    with pytest.raises(SearchError):
        backend.build(documents(), change_seq=1)
    assert node.indices() == []


def test_an_index_of_another_release_is_not_served(backend, connect, monkeypatch):
    backend.build([document("1")], change_seq=1)
    monkeypatch.setattr("index.backends.elastic.SHAPE", "of another release")
    other = connect()
    assert other.generation() is None
    with pytest.raises(IndexNotReady) as caught:
        other.search(asked("battery"))
    assert "rebuild" in caught.value.hint
    other.build([document("1")], change_seq=1)
    assert other.search(asked("battery")).total == 1


def test_one_node_alone_is_green(backend, node):
    generation = backend.build([document("1")], change_seq=1)
    health = node.call("GET", f"_cluster/health/{node.prefix}-notices-{generation.name}")
    assert health["status"] == "green"


def test_an_unknown_field_can_not_slip_into_the_index(backend, node):
    backend.build([document("1")], change_seq=1)
    with pytest.raises(urllib.error.HTTPError) as caught:
        node.call("POST", f"{node.prefix}-notices/_doc/x", {"family": "x", "surprise": 1})
    with caught.value:
        assert caught.value.code == 400
    assert elastic_mapping.mappings()["dynamic"] == "strict"


@pytest.mark.parametrize("block", ["write", "read_only"])
def test_a_read_only_index_refuses_by_name_and_goes_on_serving(backend, node, block):
    backend.build([document("1")], change_seq=1)
    node.call("PUT", f"{node.prefix}-notices/_settings", {f"index.blocks.{block}": True})
    with pytest.raises(BackendRefused) as caught:
        backend.update([document("2")], [], change_seq=2)
    assert "blocked" in caught.value.detail
    assert "index.blocks" in caught.value.hint
    assert ids(backend.search(asked("battery"))) == ["1"]
    node.call("PUT", f"{node.prefix}-notices/_settings", {f"index.blocks.{block}": None})
    assert backend.update([document("2")], [], change_seq=2).notices == 2


def test_a_rebuild_over_a_read_only_index_refuses_and_leaves_it_serving(backend, node):
    backend.build([document("1")], change_seq=1)
    node.call("PUT", f"{node.prefix}-notices/_settings", {"index.blocks.read_only": True})
    with pytest.raises(BackendRefused):
        backend.build([document("2")], change_seq=2)
    assert ids(backend.search(asked("battery"))) == ["1"]
    assert len(node.indices()) == 1


def test_readers_beside_a_writer_never_see_half_an_update(backend, connect):
    backend.build([document(str(number), title="Battery old") for number in range(40)], change_seq=1)
    reader, wrong = connect(), []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            olds = reader.search(asked("old")).total
            if olds not in (0, 40):
                wrong.append(olds)

    thread = threading.Thread(target=read)
    thread.start()
    for seq, word in enumerate(("new", "old", "new", "old"), start=2):
        backend.update([document(str(n), title=f"Battery {word}") for n in range(40)], [], change_seq=seq)
    done.set()
    thread.join()
    assert wrong == []


def test_long_queries_are_answered_or_refused_never_cut(backend):
    backend.build([document("1")], change_seq=1)
    words = " ".join(f"word{number}" for number in range(60))
    assert backend.search(asked(f"battery {words}")).total == 1


def test_a_search_that_takes_too_long_is_an_error_not_an_empty_page(backend, monkeypatch):
    backend.build([document("1")], change_seq=1)
    monkeypatch.setattr("index.backends.elastic.SEARCH_BUDGET", 0.0)
    for act in (lambda: backend.search(asked("battery")), lambda: backend.matching(asked("battery"), ["x"])):
        with pytest.raises(BackendBusy):
            act()


def test_an_alias_on_several_indices_is_mended_by_a_build(backend, node):
    first = backend.build([document("1")], change_seq=1)
    other = f"{node.prefix}-notices-0123456789ab"
    node.call("PUT", other, {"aliases": {f"{node.prefix}-notices": {}}})
    assert backend.generation() is None
    second = backend.build([document("1")], change_seq=2)
    assert second.name != first.name
    assert node.indices() == [f"{node.prefix}-notices-{second.name}"]
    assert backend.search(asked("battery")).total == 1


def test_an_index_in_the_place_of_the_alias_is_named(backend, node):
    node.call("PUT", f"{node.prefix}-notices")
    with pytest.raises(BackendRefused) as caught:
        backend.build([document("1")], change_seq=1)
    assert f"{node.prefix}-notices" in caught.value.detail
    assert node.indices() == [f"{node.prefix}-notices"]


def test_an_absurdly_long_identifier_does_not_stop_the_index(backend):
    backend.build([document("1", identifiers=("docket:" + "X" * 60_000,))], change_seq=1)
    assert backend.search(asked("battery")).total == 1


def test_matching_takes_more_ids_than_one_request_holds(backend):
    backend.build([document(str(number)) for number in range(30)], change_seq=1)
    asked_for = [f"wto:G/TBT/N/KOR/{number}" for number in range(2500)]
    assert len(backend.matching(asked("battery"), asked_for)) == 30
    assert backend.matching(asked("battery"), []) == frozenset()


def test_verify_names_what_is_missing_left_over_or_stale(backend):
    backend.build([document("1"), document("2"), document("3")], change_seq=1)
    wanted = [document("1"), document("2", title="Battery, changed"), document("4")]
    report = backend.verify((d.notice_id, d.revision, document_fingerprint(d)) for d in wanted)
    assert report.missing == ("wto:G/TBT/N/KOR/4",)
    assert report.extra == ("wto:G/TBT/N/KOR/3",)
    assert report.stale == ("wto:G/TBT/N/KOR/2",)
    assert not report.ok


def test_a_search_engine_elsewhere_is_named_in_the_error(node):
    lost = ElasticBackend("http://127.0.0.1:1", prefix=node.prefix)
    with pytest.raises(BackendUnavailable) as caught:
        lost.search(asked("battery"))
    assert "127.0.0.1:1" in caught.value.detail
    lost.close()
