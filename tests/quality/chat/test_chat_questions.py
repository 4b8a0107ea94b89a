"""The question set for the answerer keeps its shape, its numbers and its gold (see GUIDE.md)."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawlers.eu.acts import read_act
from notices.model import Facts

HERE = Path(__file__).parent
EU = HERE.parents[3] / "shared" / "replay" / "data" / "eu"
HALVES = {"dev": 0, "heldout": 1}
REASONS = {"no_evidence", "out_of_scope", "stale_source", "ambiguous_product", "conflict", "needs_expert"}
ARTICLE = re.compile(r"Article (\d+[a-z]?)(?:\((\d+[a-z]?)\))?(?: point \((\d+[a-z]?)\))?")
ANNEX = re.compile(r"Annex(?: ([IVXLC]+))?(?: (?:Part|point) (\w+))?")
LOANWORDS = {
    "배터리": "batter", "코발트": "cobalt", "라벨": "label", "시스템": "system", "소프트웨어": "software",
    "사이버": "cyber", "디지털": "digital", "에너지": "energy", "로봇": "robot", "드론": "drone", "타이어": "tyre",
    "초콜릿": "chocolate", "커피": "coffee", "모듈": "module", "데이터": "data", "니트": "knit", "플라스틱": "plastic",
}  # fmt: skip
STOP = frozenset("the and for from how what when which must does who that their with under long have about".split())


def questions(half: str) -> list[dict[str, Any]]:
    """One half of the set."""
    lines = (HERE / f"questions-{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


ALL = [question for half in HALVES for question in questions(half)]
ANSWERABLE = [question for question in ALL if question["answerable"]]
GOLD = [(question["id"], gold) for question in ANSWERABLE for gold in question["gold"]]


def test_every_question_has_the_fields_that_the_scorer_reads() -> None:
    assert len({question["id"] for question in ALL}) == len(ALL)
    assert len({question["question"] for question in ALL}) == len(ALL)
    for question in ALL:
        assert question["lang"] in ("ko", "en")
        assert isinstance(question["must_not_contain"], list)
        if question["answerable"]:
            assert question["gold"]
            assert question["must_contain"]
            assert "refusal_reason" not in question
        else:
            assert not question["gold"]
            assert not question["must_contain"]
            assert question["refusal_reason"] in REASONS
            assert set(question["accept"]) <= {"refused", "clarify"}
            assert question["accept"]


def test_facts_are_short_values_and_not_the_text_of_a_document() -> None:
    for identifier, gold in GOLD:
        assert gold["facts"], identifier
        assert all(len(fact.split()) <= 12 for fact in gold["facts"]), identifier
    for question in ANSWERABLE:
        for entry in question["must_contain"]:
            assert isinstance(entry, str) or all(isinstance(choice, str) for choice in entry)


def test_halves_follow_the_hash_of_the_id() -> None:
    for half, rest in HALVES.items():
        for question in questions(half):
            assert int(hashlib.sha256(question["id"].encode()).hexdigest(), 16) % 2 == rest, question["id"]


def test_the_set_is_as_large_and_as_varied_as_promised() -> None:
    tags = [tag for question in ANSWERABLE for tag in question["tags"]]
    refusals = [question for question in ALL if not question["answerable"]]
    assert len(ANSWERABLE) >= 70
    assert sum(question["lang"] == "ko" for question in ANSWERABLE) >= 45
    assert len(refusals) >= 70
    assert sum("near_miss" in question["tags"] for question in refusals) >= 35
    places = {(gold["source"], ARTICLE.match(gold["locator"])) for _, gold in GOLD}
    articles = {(source, found[1]) for source, found in places if found}
    assert len(articles) >= 32
    assert sum(gold["locator"].startswith("Annex") for _, gold in GOLD) >= 8
    assert tags.count("two_place") >= 10
    assert tags.count("no_overlap") >= 20
    assert all(len(question["gold"]) >= 2 for question in ANSWERABLE if "two_place" in question["tags"])


def test_gold_of_other_publishers_names_a_field_of_the_model() -> None:
    fields = set(Facts.__dataclass_fields__)
    for identifier, gold in GOLD:
        if not gold["source"].startswith("eu:"):
            assert gold["source"].startswith(("us-fr:", "wto:")), identifier
            assert gold["locator"] in fields, identifier


@cache
def outline(celex: str) -> dict[str, str]:
    """Locator → text of the place, of one recorded act."""
    split = EU / "split" / f"{celex}.json.gz"
    if split.exists():
        record = json.loads(gzip.decompress(split.read_bytes()))
        text = {f"Article {item['number']}": item["text"] for item in record["articles"]}
        return text | _paragraphs(text)
    folder = EU / "bodies" / celex / "eng"
    html = [folder / "html.gz", folder / "xhtml.gz"]
    files = [path for path in html if path.exists()][:1] or sorted((folder / "fmx4").glob("*.gz"))
    media = "application/xhtml+xml" if files[0].parent == folder else "application/xml;type=fmx4"
    act = read_act([(media, gzip.decompress(path.read_bytes())) for path in files]).outline
    places: dict[str, str] = {}
    outer = ""
    for section in act.sections:
        body = act.body[section.start : section.end]
        if section.kind in ("article", "annex"):
            outer = f"{section.kind.capitalize()} {section.number}".strip()
            places.setdefault(outer, body)
        elif section.kind == "paragraph":
            places.setdefault(f"{outer}({section.number})", body)
        elif section.kind == "part" and section.number:
            for word in ("Part", "point"):
                places.setdefault(f"{outer} {word} {section.number}", body)
    return places


def _paragraphs(articles: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in articles.items():
        starts = list(re.finditer(r"^(\d+)\.\s", text.replace("\xa0", " "), re.MULTILINE))
        ends = [*(item.start() for item in starts), len(text)][1:]
        for start, end in zip(starts, ends, strict=False):
            found.setdefault(f"{name}({start[1]})", text[start.start() : end])
    return found


def place(gold: dict[str, Any]) -> str:
    """The text that a gold locator points at. Raises KeyError where the act has no such place."""
    locator: str = gold["locator"]
    assert ARTICLE.fullmatch(locator) or ANNEX.fullmatch(locator), locator
    name, _, point = locator.partition(" point (")
    text = outline(gold["source"].removeprefix("eu:"))[name]
    if not point:
        return text
    found = re.search(rf"^\({re.escape(point.rstrip(')'))}\) .*?(?=^\(\d+[a-z]?\) |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, locator
    return found[0]


def _spelled(fact: str) -> str | None:
    """How an act writes an ISO date or a percentage; None for other facts."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", fact):
        day = date.fromisoformat(fact)
        return f"{day.day} {day:%B} {day.year}"
    return fact.replace(".", ",") if fact.endswith(" %") else None


@pytest.mark.external("replay")
def test_every_gold_place_stands_in_the_recorded_text_with_its_dates_and_percentages() -> None:
    missing = []
    for identifier, gold in GOLD:
        if not gold["source"].startswith("eu:"):
            continue
        text = " ".join(place(gold).replace("\xa0", " ").split()).replace(" December, ", " December ")
        spelled = [form for fact in gold["facts"] if (form := _spelled(fact))]
        missing += [(identifier, gold["locator"], form) for form in spelled if form not in text]
    assert missing == []


@pytest.mark.external("replay")
def test_questions_said_to_share_no_content_word_share_none() -> None:
    shared = []
    for question in ANSWERABLE:
        if "no_overlap" not in question["tags"]:
            continue
        text = " ".join(place(gold) for gold in question["gold"] if gold["source"].startswith("eu:")).casefold()
        words = {word.casefold() for word in re.findall(r"[A-Za-z]{4,}", question["question"])} - STOP
        words |= {latin for loan, latin in LOANWORDS.items() if loan in question["question"]}
        shared += [(question["id"], word) for word in sorted(words) if word.rstrip("s") in text]
    assert shared == []
