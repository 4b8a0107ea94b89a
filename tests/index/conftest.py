"""A small corpus and both engines, for the cases that they share."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.query_text import parse_query
from notices.identity import family_id, lookup_key
from notices.model import Kind, Passage, Provenance
from notices.ports import IndexBackend
from notices.search import CodeTag, IndexDocument, Query, ResultPage

TODAY = date(2024, 2, 1)
ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.external("elasticsearch"))]


def make_document(notice_id: str, title: str = "", **given: Any) -> IndexDocument:
    """A document with sensible values; ``summary``, ``products_text``, ``body`` … become passages."""
    revision = given.pop("revision", 1)
    texts = {name: given.pop(name, "") for name in ("title_original", "products_text", "summary", "body", "keywords")}
    passages: list[Passage] = []
    for name, text in {"title": title, **texts}.items():
        at = 0
        for ordinal, part in enumerate(text.split("\n")):
            if part:
                passages.append(Passage(notice_id, revision, name, ordinal, at, at + len(part), (), part))
            at += len(part) + 1
    symbols = (notice_id.removeprefix("wto:"),) if notice_id.startswith("wto:") else ()
    codes = {name: tuple(_tag(code) for code in given.pop(name, ())) for name in ("hs", "ics")}
    published = given.pop("published_on", date(2024, 1, 10))
    values: dict[str, Any] = {
        "notice_id": notice_id,
        "revision": revision,
        "family": family_id(notice_id),
        "source": notice_id.partition(":")[0],
        "kind": Kind.REGULAR,
        "title": title,
        "markets": ("KR",),
        "sectors": (),
        "symbols": symbols,
        "identifiers": tuple(lookup_key("symbol", symbol) for symbol in symbols),
        "published_on": published,
        "comment_until": None,
        "valid_from": published,
        "valid_until": None,
        "passages": tuple(passages),
        **codes,
    }
    return IndexDocument(**(values | given))


def _tag(code: str) -> CodeTag:
    """ "850760", or "850760?" for an inferred and "850760^" for an inherited one."""
    whose = {"?": Provenance.INFERRED, "^": Provenance.INHERITED}.get(code[-1], Provenance.NOTIFIED)
    return CodeTag(code.rstrip("?^"), whose)


class Engine:
    """A backend, asked in text."""

    def __init__(self, backend: IndexBackend) -> None:
        self.backend = backend

    def query(self, text: str, **more: Any) -> Query:
        return parse_query(text, today=TODAY, **more)

    def page(self, text: str, **more: Any) -> ResultPage:
        return self.backend.search(self.query(text, **more))

    def found(self, text: str, **more: Any) -> list[str]:
        """Short names of the hits in order, e.g. "KOR/1/Add.1" or "2024-00001"."""
        return [short(hit.notice_id) for hit in self.page(text, limit=100, **more).hits]

    def named(self, text: str) -> set[str]:
        """The hits without their order; the total and ``matching`` must agree with them."""
        page = self.page(text, limit=100)
        assert page.total == len(page.hits)
        return {short(hit.notice_id) for hit in page.hits}

    def build(self, *documents: IndexDocument, seq: int = 1) -> None:
        self.backend.build(documents, change_seq=seq)

    def update(self, *documents: IndexDocument, removed: tuple[str, ...] = (), seq: int = 2) -> None:
        self.backend.update(documents, removed, change_seq=seq)


def short(notice_id: str) -> str:
    return notice_id.removeprefix("wto:G/TBT/N/").rpartition("us-fr:2024-01-10/")[2]


@pytest.fixture(scope="session")
def doc() -> Callable[..., IndexDocument]:
    return make_document


@pytest.fixture(scope="module")
def open_backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], IndexBackend]]:
    """Opens a backend by engine name and, for Elasticsearch, address; what was made there is swept at the end."""
    opened: list[IndexBackend] = []
    swept: list[tuple[str, str]] = []

    def open_one(engine: str, url: str, folder: Path | None = None) -> IndexBackend:
        if engine == "embedded":
            from index.backends.embedded import EmbeddedBackend

            opened.append(EmbeddedBackend(folder or tmp_path_factory.mktemp("index")))
        else:
            from index.backends.elastic import ElasticBackend

            prefix = f"tongbo-cases-{uuid.uuid4().hex[:8]}"
            swept.append((url, prefix))
            opened.append(ElasticBackend(url, prefix=prefix))
        return opened[-1]

    yield open_one
    for backend in opened:
        backend.close()
    for url, prefix in swept:
        _sweep(url, prefix)


def _sweep(url: str, prefix: str) -> None:
    with urllib.request.urlopen(f"{url}/{prefix}-*/_alias?expand_wildcards=all", timeout=30) as answer:
        names = list(json.load(answer))
    for name in names:
        urllib.request.urlopen(urllib.request.Request(f"{url}/{name}", method="DELETE"), timeout=30).close()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, open_backend: Callable[[str, str], IndexBackend]) -> Engine:
    """An engine of its own, empty, for cases that write."""
    url = request.getfixturevalue("es_url") if request.param == "elasticsearch" else ""
    return Engine(open_backend(request.param, url))


@pytest.fixture(params=ENGINES)
def corpus(request: pytest.FixtureRequest, open_backend: Callable[[str, str], IndexBackend], doc: Any) -> Engine:
    """One engine a module with the documents of the module's ``DOCUMENTS``; cases only read."""
    module, name = request.module, f"_engine_{request.param}"
    url = request.getfixturevalue("es_url") if request.param == "elasticsearch" else ""
    if not hasattr(module, name):
        built = Engine(open_backend(request.param, url))
        built.build(*module.documents(doc))
        setattr(module, name, built)
    made: Engine = getattr(module, name)
    return made
