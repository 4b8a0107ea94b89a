"""Generated notices and timed queries for `make bench`: the same input and the same clock for every engine.

The vocabulary follows real notices: a Zipf-like tail of made-up words behind the common words of technical regulation,
product names with their HS codes, one notice in fifty in Korean (the replay has none, 17 of 21,743 are Chinese).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from index.passages import split
from index.query_text import parse_query
from notices.model import Kind, Passage, Provenance
from notices.nomenclature import sectors
from notices.ports import IndexBackend
from notices.search import CodeTag, IndexDocument, Query

TODAY = date(2024, 2, 1)
_COMMON: list[str] = str.split(
    "requirements safety standard products product technical regulation conformity assessment testing labelling shall "
    "marking energy efficiency certification market import manufacturer electrical health environment limits emission "
    "procedure draft amendment annex scope measures protection consumer information materials substances equipment"
)
_KOREAN: list[str] = str.split(
    "안전 기준 제품 표시 시험 인증 규정 개정 수입 제조자 전기 에너지 효율 소비자 보호 환경 물질 기기 요건 적합성"
)
_PRODUCTS: tuple[tuple[str, str, str, str], ...] = (
    ("lithium-ion batteries", "리튬이온 배터리", "850760", "29.220.30"),
    ("toys", "완구", "950300", "97.200.50"),
    ("cosmetic products", "화장품", "330499", "71.100.70"),
    ("household refrigerators", "냉장고", "841810", "97.040.30"),
    ("motor vehicles", "자동차", "870323", "43.020"),
    ("medical devices", "의료기기", "901890", "11.040"),
    ("pneumatic tyres", "타이어", "401110", "83.160.10"),
    ("lamps and luminaires", "조명기기", "940511", "29.140"),
    ("air conditioners", "에어컨", "841510", "23.120"),
    ("plastic materials in contact with food", "식품포장재", "392410", "67.250"),
    ("textile clothing", "의류", "610910", "61.020"),
    ("steel pipes", "강관", "730410", "77.140.75"),
    ("pesticides", "농약", "380891", "65.100"),
    ("mobile telephones", "휴대전화", "851713", "33.050"),
    ("electric motors", "전동기", "850151", "29.160.30"),
)
_MARKETS = ("US", "EU", "CN", "KR", "JP", "VN", "BR", "IN", "UG", "KE", "TZ", "SA", "AE", "MX", "CA", "GB")
_KINDS = (Kind.REGULAR, Kind.NOTICE, Kind.FINAL_RULE, Kind.PROPOSED_RULE, Kind.URGENT)
_SECTORS = tuple(each.id for each in sectors.sectors()[:7])


def generate(passages: int, seed: int = 7) -> Iterator[IndexDocument]:
    """Documents with that many passages in all, the same for the same seed: one family in ten has an addendum."""
    maker = _Maker(seed)
    left, number = passages, 0
    while left > 0:
        number += 1
        for document in maker.family(number):
            yield document
            left -= len(document.passages)


class _Maker:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        syllables = [c + v for c in "bcdfglmnprstv" for v in "aeiou"]
        tail = {"".join(self._random.choices(syllables, k=self._random.randint(2, 4))) for _ in range(60_000)}
        self._words = _COMMON + sorted(tail)
        self._weights = list(accumulate(1 / (rank + 4) for rank in range(len(self._words))))

    def _sentence(self, product: str, korean: bool) -> str:
        random = self._random
        words = random.choices(self._words, cum_weights=self._weights, k=random.randint(10, 24))
        if korean:
            words = random.choices(_KOREAN, k=14)
        if random.random() < 0.4:
            words.insert(random.randrange(len(words)), product)
        return " ".join(words).capitalize() + "."

    def _text(self, product: str, korean: bool, sentences: int) -> str:
        return " ".join(self._sentence(product, korean) for _ in range(sentences))

    def family(self, number: int) -> list[IndexDocument]:
        """A notice, and for one in ten an addendum to it."""
        random = self._random
        english, korean_name, hs, ics = random.choice(_PRODUCTS)
        korean = random.random() < 0.02
        product = korean_name if korean else english
        published = date(2015, 1, 1) + timedelta(days=random.randrange(3300))
        federal = random.random() < 0.5
        notice_id = f"us-fr:{published}/{published.year}-{number:05d}" if federal else f"wto:G/TBT/N/KOR/{number}"
        coded = not federal and random.random() < 0.6
        texts = {
            "title": f"Draft rules on {product} {self._sentence(product, korean)[:40]}",
            "summary": self._text(product, korean, random.randint(3, 8)),
            "products_text": product,
            "body": self._text(product, korean, random.choice((0, 5, 12, 30))),
        }
        head = _document(
            notice_id,
            notice_id,
            published,
            texts,
            federal,
            markets=("US",) if federal else (random.choice(_MARKETS),),
            kind=random.choice(_KINDS[1:4] if federal else (_KINDS[0], _KINDS[4])),
            sectors=(random.choice(_SECTORS),),
            hs=(CodeTag(hs, Provenance.NOTIFIED),) if coded else (),
            ics=(CodeTag(ics, Provenance.NOTIFIED),) if coded else (),
        )
        if federal or random.random() >= 0.2:
            return [head]
        news = {"title": f"Addendum on {product}", "summary": self._text(product, korean, 3)}
        later = published + timedelta(days=90)
        addendum = _document(
            f"{notice_id}/Add.1",
            notice_id,
            later,
            news,
            federal,
            markets=head.markets,
            kind=Kind.ADDENDUM,
            sectors=head.sectors,
            hs=head.hs,
            ics=head.ics,
        )
        return [head, addendum]


def _document(  # noqa: PLR0913  (a document has that many sides)
    notice_id: str,
    family: str,
    published: date,
    texts: dict[str, str],
    federal: bool,
    *,
    markets: tuple[str, ...],
    kind: Kind,
    sectors: tuple[str, ...],
    hs: tuple[CodeTag, ...],
    ics: tuple[CodeTag, ...],
) -> IndexDocument:
    passages = tuple(
        Passage(notice_id, 1, name, ordinal, start, end, (), text[start:end])
        for name, text in texts.items()
        for ordinal, (start, end) in enumerate(split(text))
    )
    own = notice_id.partition(":")[2]
    return IndexDocument(
        notice_id=notice_id,
        revision=1,
        family=family,
        source="us-fr" if federal else "wto",
        kind=kind,
        title=texts["title"],
        markets=markets,
        sectors=sectors,
        symbols=() if federal else (own,),
        identifiers=(f"fr_number:{own[11:]}" if federal else f"symbol:{own}",),
        hs=hs,
        ics=ics,
        published_on=published,
        comment_until=published + timedelta(days=60),
        valid_from=published,
        valid_until=None,
        passages=passages,
    )


FILTERS = (
    "source:wto",
    "market:US,EU",
    "hs:8507",
    "published:2020..",
    "kind:regular",
    "open:no",
    f"sector:{_SECTORS[3]}",
)
FACETS = ("market", "kind", "hs")
MODES = ("plain", "filtered", "faceted")


def queries(mode: str, count: int = 200, seed: int = 11) -> list[Query]:
    """Queries as people type them: one to three words, a third Korean, some phrases, codes and prefixes."""
    maker, random = _Maker(seed), Random(seed)
    found = []
    for number in range(count):
        english, korean, hs, _ = random.choice(_PRODUCTS)
        words = random.choices(_COMMON, k=random.randint(0, 2)) + random.choices(
            maker._words, cum_weights=maker._weights, k=random.randint(0, 1)
        )
        text = {
            0: f"{korean} {random.choice(_KOREAN)}",
            1: f'"{english}" {" ".join(words)}',
            2: f"hs:{hs[:4]} {' '.join(words)}",
            3: f"{random.choice(_COMMON)[:5]}* {english}",
            4: f"{english} -{random.choice(_COMMON)}",
            5: " ".join(random.choices(_COMMON, k=2)),
        }.get(number % 10, f"{english} {' '.join(words)}")
        if mode != "plain" and number % 10 != 2:
            text += f" {random.choice(FILTERS)}"
        found.append(parse_query(text, today=TODAY, facets=FACETS if mode == "faceted" else ()))
    return found


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of a mode's queries, each asked once after a warm-up of ten others."""

    mode: str
    queries: int
    p50: float
    p95: float
    worst: float
    hits: int  # totals added up: two engines that answer alike give the same


def time_queries(backend: IndexBackend, modes: Sequence[str] = MODES, count: int = 200) -> list[Timing]:
    """Ask one after the other, as one user does."""
    timings = []
    for mode in modes:
        for query in queries(mode, 10, seed=99):
            backend.search(query)
        spent, hits = [], 0
        for query in queries(mode, count):
            start = time.perf_counter()
            page = backend.search(query)
            spent.append((time.perf_counter() - start) * 1000)
            hits += page.total
        spent.sort()
        timings.append(Timing(mode, count, spent[count // 2], spent[int(count * 0.95)], spent[-1], hits))
    return timings


def time_build(backend: IndexBackend, documents: Iterable[IndexDocument]) -> tuple[float, int]:
    """Seconds to build, analysis included and the making of the documents left out, and the passages built."""
    waited = 0.0

    def made() -> Iterator[IndexDocument]:
        nonlocal waited
        source = iter(documents)
        while True:
            start = time.perf_counter()
            document = next(source, None)
            waited += time.perf_counter() - start
            if document is None:
                return
            yield document

    start = time.perf_counter()
    generation = backend.build(made(), change_seq=1)
    return time.perf_counter() - start - waited, generation.passages
