"""Both engines side by side: random notices, random queries, the same matches, counts, reasons and orders by date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from index.query_text import parse_query
from notices.model import Kind
from notices.ports import IndexBackend
from notices.search import FACET_FIELDS, Hit, IndexDocument, Sort

pytestmark = pytest.mark.external("elasticsearch")

TODAY = date(2024, 2, 1)
WORDS = (
    "battery",
    "toy",
    "zorb",
    "quix",
    "lithium",
    "배터리",
    "safety",
    "energy",
    "cosmetics",
    "안전",
    "8507.60",
    "steel",
    "requirements",
    "ISO 9001",
    "16 CFR 1112",
    "G/TBT/N/KOR/12",
)
HS = ("850760", "8507", "85", "950300", "9503", "7201", "8506", "85076010")
ICS = ("29.220", "29", "29.220.10", "97.200", "13.030")


def corpus(random: Random, make: Callable[..., IndexDocument]) -> list[IndexDocument]:
    """A hundred families of one to four notices in one to three revisions each."""

    def text(least: int, most: int) -> str:
        return " ".join(random.choices(WORDS, k=random.randint(least, most)))

    def codes(among: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code + random.choice(("", "", "^", "?")) for code in random.choices(among, k=2)))[
            : random.randint(0, 2)
        ]

    found = []
    for number in range(100):
        for member in range(random.choice((1, 1, 2, 4))):
            begun = date(2022, 1, 1) + timedelta(random.randrange(700))
            cuts = [begun + timedelta(40 * step) for step in range(random.choice((1, 1, 2, 3)))]
            for revision, (start, end) in enumerate(zip(cuts, [*cuts[1:], None], strict=True), start=1):
                found.append(
                    make(
                        f"wto:G/TBT/N/KOR/{number}" + (f"/Add.{member}" if member else ""),
                        text(2, 5),
                        revision=revision,
                        body=text(5, 25) + "\n" + text(2, 9),
                        products_text=text(1, 3),
                        kind=random.choice((Kind.REGULAR, Kind.ADDENDUM, Kind.CORRIGENDUM)),
                        markets=tuple(sorted(set(random.choices(("KR", "US", "EU"), k=2)))),
                        hs=codes(HS),
                        ics=codes(ICS),
                        published_on=begun,
                        valid_from=start,
                        valid_until=end,
                        comment_until=random.choice((None, TODAY + timedelta(random.randrange(-60, 60)))),
                    )
                )
    random.shuffle(found)
    return found


def question(random: Random) -> str:
    """Words, phrases, prefixes, alternatives and exclusions, with up to two filters."""
    parts = []
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        word, other = random.choice(WORDS), random.choice(WORDS)
        parts.append(random.choice((word, word, f"-{word}", f'"{word} {other}"', f"{word[:3]}*", f"{word} OR {other}")))
    day = date(2022, 1, 1) + timedelta(random.randrange(900))
    filters = (
        f"hs:{random.choice(HS)}",
        f"hs:={random.choice(HS)}",
        f"hs:{random.choice(HS)}+inferred",
        f"-hs:{random.choice(HS)}",
        f"ics:{random.choice(ICS)}",
        f"-ics:{random.choice(ICS)}",
        random.choice(("market:EU", "-market:KR")),
        random.choice(("kind:addendum", "-kind:addendum")),
        random.choice(("open:true", "open:false")),
        "published:2022-06-01..2023-02-01",
        "deadline:2024-01-15..",
        f"as_of:{day}",
    )
    return " ".join([*parts, *random.sample(filters, random.choice((0, 1, 2)))])


def shown(hits: tuple[Hit, ...]) -> dict[str, Any]:
    return {hit.notice_id: (hit.revision, hit.family, hit.why, hit.highlights) for hit in hits}


def compare(embedded: IndexBackend, elastic: IndexBackend, text: str, sort: Sort, ids: list[str]) -> None:
    query = parse_query(text, today=TODAY, sort=sort, limit=100, facets=FACET_FIELDS)
    one, other = embedded.search(query), elastic.search(query)
    assert (other.total, other.total_relation, other.warnings) == (one.total, one.total_relation, one.warnings), text
    assert other.facets == one.facets, text
    assert {hit.family for hit in other.hits} == {hit.family for hit in one.hits}, text
    mine, theirs = shown(other.hits), shown(one.hits)
    for name in mine.keys() & theirs.keys():  # by relevance, a family may be shown by another of its notices
        assert mine[name] == theirs[name], text
    if sort is not Sort.RELEVANCE:
        assert [hit.notice_id for hit in other.hits] == [hit.notice_id for hit in one.hits], text
    assert elastic.matching(query, ids) == embedded.matching(query, ids), text


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_engines_find_count_and_explain_alike(doc, open_backend, es_url, seed):
    random = Random(seed)
    documents = corpus(random, doc)
    engines = [open_backend(name, es_url) for name in ("embedded", "elasticsearch")]
    for engine in engines:
        engine.build(documents, change_seq=1)
    changed = [each for each in documents if each.notice_id.endswith("7")]
    removed = sorted({each.notice_id for each in documents if each.notice_id.endswith("/Add.2")})
    for step in range(60):
        if step == 30:
            for engine in engines:
                engine.update(changed, removed, change_seq=2)
        ids = random.sample([each.notice_id for each in documents], 30)
        compare(engines[0], engines[1], question(random), random.choice(list(Sort)), ids)
