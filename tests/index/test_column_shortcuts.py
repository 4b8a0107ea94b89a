"""What makes the embedded engine quick changes nothing in what it finds, scores and shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest

from index.backends.columns import pairing, scoring
from index.backends.columns.store_writer import IndexWriter
from index.backends.embedded import EmbeddedBackend
from index.benchmark import FACETS, generate, queries
from index.marking import Marker
from index.query_text import parse_query
from notices.search import Sort

TODAY = date(2024, 2, 1)
MORE = (
    '"safety standard"',
    '"product safety requirements"',
    '"motor vehicles" OR "steel pipes" -draft',
    "safety -toys",
    "sa* toys",
    "lamps toys safety",
    "source:wto",
    "hs:8507 safety",
    "리튬이온 배터리 안전",
    "zzz qqq toys",
)


def asked() -> list:
    typed = [parse_query(text, today=TODAY, sort=sort, facets=FACETS) for text in MORE for sort in Sort]
    return [*queries("faceted", 60), *typed]


def pages(backend: EmbeddedBackend) -> list:
    """The first three pages of every query."""
    found = []
    for query in asked():
        page = backend.search(query)
        found.append(page)
        for _ in range(2):
            if page.next_cursor is not None:
                page = backend.search(replace(query, cursor=page.next_cursor))
                found.append(page)
    return found


@pytest.fixture(scope="module")
def made():
    return list(generate(6_000, seed=3))


@pytest.fixture(scope="module")
def plain_pages(made, tmp_path_factory):
    """Without any shortcut: no pair is known, every row is scored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairing, "COMMON_PLACES", 10**9)
        patch.setattr(scoring, "_WORTH_CUTTING", 10**9)
        backend = EmbeddedBackend(tmp_path_factory.mktemp("plain"))
        backend.build(made, change_seq=1)
        return pages(backend)


@pytest.mark.parametrize("common", [1, 50, 10**9])
@pytest.mark.parametrize("first", [1, 8])
def test_shortcuts_give_the_same_pages(made, plain_pages, tmp_path, monkeypatch, common, first):
    monkeypatch.setattr(pairing, "COMMON_PLACES", common)
    monkeypatch.setattr(scoring, "_WORTH_CUTTING", 0)
    monkeypatch.setattr(scoring, "_FIRST", first)
    backend = EmbeddedBackend(tmp_path)
    backend.build(made, change_seq=1)
    assert pages(backend) == plain_pages


def test_many_segments_answer_as_one(made, plain_pages, tmp_path, monkeypatch):
    monkeypatch.setattr(pairing, "COMMON_PLACES", 20)
    monkeypatch.setattr("index.backends.columns.store_writer.SEGMENT_TOKENS", 60_000)
    with IndexWriter(tmp_path) as writer:
        assert len(writer.build(made, 1, None).segments) > 3
    assert pages(EmbeddedBackend(tmp_path)) == plain_pages


def test_near_pairs_are_those_of_the_stream():
    random = Random(5)
    tokens, places, rows, at = [], [], [], 2
    for row in range(60):
        for _ in range(random.randint(0, 3)):
            for _ in range(random.randint(1, 12)):
                tokens.append(random.randrange(6))
                places.append(at)
                rows.append(row)
                at += 1
            at += 2
    arrays = (np.array(each, np.int32) for each in (tokens, places, rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairing, "COMMON_PLACES", 60)
        found = pairing.pairs(*arrays, 6)
    common = found["common"].tolist()
    assert common == [number for number in range(6) if tokens.count(number) >= 60]
    expected: dict[int, set[int]] = {}
    for one, (token, place, row) in enumerate(zip(tokens, places, rows, strict=True)):
        for other in (one + 1, one + 2):
            if other < len(tokens) and places[other] - place == other - one and {token, tokens[other]} <= set(common):
                key = common.index(token) * len(common) + common.index(tokens[other])
                expected.setdefault(key, set()).add(row)
    starts = found["pair_start"].tolist()
    got = {
        key: found["pair_row"][start:end].tolist()
        for key, start, end in zip(found["pair"].tolist(), starts, starts[1:], strict=False)
    }
    assert got == {key: sorted(values) for key, values in expected.items()}


@pytest.mark.parametrize("seed", range(20))
def test_no_text_is_marked_with_more_than_was_said(seed):
    random = Random(seed)
    words = "battery batteries lithium-ion ion regulation requirement equipment KC인증 배터리 배터리를 안전 é ion/li"
    wanted = random.sample(["batteri", "lithium", "ion", "equip", "requir", "배터리", "안전", "lithiumion"], 4)
    marker = Marker(wanted, random.choice(((), ("reg",), ("ba", "배터"))))
    for _ in range(50):
        text = random.choice((" ", ", ", "; ")).join(random.choices(words.split(), k=random.randint(1, 9)))
        most = marker.tokens_at_most(text)
        assert most is None or {token for _, _, token in marker.mark(text)} <= set(most), text
