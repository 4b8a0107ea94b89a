"""The Korean search queries keep their shape, their numbers and their judged notices (see GUIDE.md)."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notices.symbols import parse_symbol_list

HERE = Path(__file__).parent
REPLAY = HERE.parents[3] / "shared" / "replay" / "data"
QUERIES: list[dict[str, Any]] = [
    json.loads(line) for line in (HERE / "queries.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_every_query_is_korean_and_has_judged_notices() -> None:
    assert len(QUERIES) >= 70
    assert len({query["id"] for query in QUERIES}) == len({query["query"] for query in QUERIES}) == len(QUERIES)
    for query in QUERIES:
        assert query["lang"] == "ko"
        assert re.search("[가-힣]", query["query"])
        assert query["judged"] >= 3
        assert 3 in query["relevant"].values(), query["id"]
        assert set(query["relevant"].values()) <= {1, 2, 3}
        assert len(query["relevant"]) <= query["judged"]


def test_halves_follow_the_hash_of_the_id() -> None:
    for query in QUERIES:
        even = int(hashlib.sha256(query["id"].encode()).hexdigest(), 16) % 2 == 0
        assert query["half"] == ("dev" if even else "heldout")
    assert min(sum(query["half"] == half for query in QUERIES) for half in ("dev", "heldout")) >= 30


def _records(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(REPLAY / name, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _recorded() -> set[str]:
    """Ids of every notice that the replay can show."""
    ids = {f"us-fr:{row['publication_date']}/{row['document_number']}" for row in _records("fr/documents.jsonl.gz")}
    ids |= {f"eu:{row['celex']}" for row in _records("eu/works.jsonl.gz")}
    for name in ("real", "real_zh", "synthetic"):
        for row in _records(f"eping/{name}.jsonl.gz"):
            ids |= {f"wto:{symbol}" for symbol in parse_symbol_list(row["documentSymbol"])}
    return ids


@pytest.mark.external("replay")
def test_every_relevant_notice_is_recorded() -> None:
    known = _recorded()
    assert [name for query in QUERIES for name in query["relevant"] if name not in known] == []
