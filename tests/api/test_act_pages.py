"""Pages and API of EU acts: which version, how the text came, days with evidence, one article at a time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from api.act_service import PIECE
from notices.model import Cause, Facts, Finding, Identifier, Kind, Link, LinkRole, Notice, Observation, Section

AT = datetime(2024, 1, 20, tzinfo=UTC)
DAY = "It shall apply from 18 February 2024"


def body_of(articles: int, words: int) -> tuple[str, tuple[Section, ...]]:
    """So many articles of so many words, the last one with a date, then an annex that is longer than a page."""
    body, sections = "", []
    for number in range(1, articles + 1):
        text = f"Article {number}\nTitle {number} <b>\n1. " + f"word{number} " * words
        text += f"\n2. {DAY}." if number == articles else ""
        start = len(body)
        sections.append(Section("article", str(number), f"Title {number} <b>", start, start + len(text), 0))
        body += text + "\n"
    annex = "ANNEX I\nList\n" + "\n".join(f"line {at}" for at in range(8_000))
    sections.append(Section("annex", "I", "List", len(body), len(body) + len(annex), 0))
    return body + annex, tuple(sections)


def act(celex: str, day: date, kind: Kind, status: str = "verbatim", body: bool = True, **more: object) -> Observation:
    text, sections = body_of(12, 400) if body else (None, ())
    facts = Facts(
        kind=kind, published_on=day, title=f"Regulation on widgets {celex}", language="en", members=("EU",),
        identifiers=(Identifier("celex", celex), Identifier("text_status", status), Identifier("in_force", "true")),
        links=(Link(f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{celex}", LinkRole.SOURCE),),
        body=text, sections=sections,
    )  # fmt: skip
    facts = replace(facts, **more)
    return Observation(f"eu:{celex}", "eu-cellar", celex, AT, f"capture-{celex}", "test", 1, facts)


ACTS = (
    act("32023R9001", date(2023, 3, 1), Kind.ACT, adopted_on=date(2023, 2, 20)),
    act("02023R9001-20230301", date(2023, 3, 1), Kind.CONSOLIDATED_ACT, "not_collected", body=False),
    act("02023R9001-20240101", date(2024, 1, 1), Kind.CONSOLIDATED_ACT),
    act("32023R9001R(01)", date(2023, 6, 1), Kind.CORRIGENDUM, "excerpt", sections=()),
    act("32023R9002", date(2023, 3, 1), Kind.ACT, "reconstructed"),
    act("02023R9002-20240101", date(2024, 1, 1), Kind.CONSOLIDATED_ACT, "missing", body=False),
)


@pytest.fixture
def acts(own_world):
    own_world.store.merge(ACTS, first_seen_cause=Cause.SOURCE, at=AT)
    for notice_id in ("eu:32023R9001", "eu:02023R9001-20240101"):
        notice: Notice = own_world.store.notice(notice_id)
        start = (notice.facts.body or "").index(DAY)
        spans = (("application", "2024-02-18"), ("application", "the day after the list | Article 3"))
        own_world.store.put_findings(notice_id, notice.revision, "act_dates", 1, [
            Finding(notice_id, notice.revision, "act_dates", 1, name, value, "body", start, start + len(DAY), 0.95, "x")
            for name, value in spans
        ])  # fmt: skip
    return own_world


def page(world, path: str, lang: str = "en") -> str:
    answer = world.client.get(f"/notices/{path}{'&' if '?' in path else '?'}lang={lang}")
    assert answer.status_code == 200, path
    return answer.text


def test_the_page_says_which_version_it_is_and_that_consolidated_texts_have_no_legal_effect(acts):
    assert "As adopted (Official Journal of 2023-03-01)" in page(acts, "eu:32023R9001")
    shown = page(acts, "eu:02023R9001-20240101")
    assert "As amended on 2024-01-01" in shown
    assert "Consolidated texts have no legal effect" in shown
    korean = page(acts, "eu:02023R9001-20240101", "ko")
    assert "2024-01-01 기준 개정 반영본" in korean
    assert "법적 효력이 없습니다" in korean


def test_the_original_leads_to_its_newest_version_and_back(acts):
    assert 'href="/notices/eu:02023R9001-20240101"' in page(acts, "eu:32023R9001").split("<aside")[0]
    assert "The act as adopted: 32023R9001" in page(acts, "eu:02023R9001-20240101")
    assert "A corrigendum to 32023R9001" in page(acts, "eu:32023R9001R(01)")


def test_a_newest_version_whose_text_is_missing_is_shown_as_a_gap(acts):
    assert "is listed, but its text can" in page(acts, "eu:32023R9002").split("<aside")[0]
    assert "No other version is shown in its place" in page(acts, "eu:02023R9002-20240101")
    assert "reconstructed from other editions" in page(acts, "eu:32023R9002")


def test_the_family_begins_with_the_act_itself(acts):
    family = re.search(r'<ol class="family">(.*?)</ol>', page(acts, "eu:02023R9001-20240101"), re.DOTALL)
    names = re.findall(r">(\d{5}R9001[^<]*)<", family[1])
    assert names == ["32023R9001", "02023R9001-20230301", "32023R9001R(01)", "02023R9001-20240101"]


def test_a_long_text_is_a_table_of_contents_until_a_section_is_asked_for(acts):
    whole = page(acts, "eu:32023R9001")
    assert "word5" not in whole
    assert "Article 5 Title 5 &lt;b&gt;" in whole
    one = page(acts, "eu:32023R9001?section=article-5")
    assert "word5" in one
    assert "word6" not in one
    assert len(whole) < 60_000


def test_a_long_annex_comes_in_parts(acts):
    first = page(acts, "eu:32023R9001?section=annex-i")
    assert "line 0<" in first
    assert "part 1 of 2" in first
    assert len(first) < 4 * PIECE
    last = page(acts, "eu:32023R9001?section=annex-i&part=2")
    assert "line 7999<" in last


def test_days_lead_to_the_words_that_say_them(acts):
    shown = page(acts, "eu:32023R9001")
    assert "2024-02-18" in shown
    assert "depends on an event: the day after the list" in shown
    assert "may give other dates" in shown
    href = re.search(r'href="(/notices/[^"]*mark=[^"]*)#mark"', shown)[1].replace("&amp;", "&")
    assert f'<mark id="mark">{DAY}</mark>' in acts.client.get(href).text


@pytest.mark.parametrize(("query", "status"), [
    ("section=article-99", 404), ("section=annex-i&part=9", 404), ("part=0", 422), ("mark=1", 422), ("colour=red", 422),
    ("section=" + "x" * 200, 422), ("section=article-1&mark=999999999-999999999", 200), ("mark=9-3", 200),
])  # fmt: skip
def test_what_is_not_there_is_said_plainly(acts, query, status):
    assert acts.client.get(f"/notices/eu:32023R9001?{query}").status_code == status


def test_the_api_gives_version_days_and_contents(acts):
    answer = acts.client.get("/v1/notices/eu:32023R9001").json()["act"]
    assert (answer["celex"], answer["consolidated_on"], answer["in_force"]) == ("32023R9001", None, True)
    assert answer["newest"]["id"] == "eu:02023R9001-20240101"
    assert [each["day"] for each in answer["days"]] == ["2024-02-18", None]
    assert {each["quote"] for each in answer["days"]} == {DAY}
    assert answer["days"][0]["section"] == "article-12"
    assert answer["contents"][-1] == answer["contents"][-1] | {"key": "annex-i", "name": "Annex I List"}
    assert acts.client.get("/v1/notices/us-fr:2024-01-04~2024-00375").json()["act"] is None


def test_a_version_that_says_nothing_of_its_force_is_in_force_as_its_act_is(acts):
    silent = replace(ACTS[2].facts, identifiers=(Identifier("celex", "02023R9001-20240101"),))
    later = replace(ACTS[2], facts=silent, observed_at=datetime(2024, 1, 25, tzinfo=UTC))
    acts.store.merge([later], first_seen_cause=Cause.SOURCE, at=later.observed_at)
    assert "In force, as stated by the publisher" in page(acts, "eu:02023R9001-20240101")


def test_a_corrigendum_among_the_results_leads_to_its_act(acts):
    acts.index()
    shown = acts.client.get("/", params={"q": "kind:corrigendum", "source": "eu", "lang": "en"}).text
    assert re.search(r'<a href="/notices/eu:32023R9001">The act as adopted: 32023R9001</a>', shown)


@pytest.mark.parametrize("query", ["32023R9001", "Regulation (EU) 2023/9001", "규정 (EU) 2023/9001"])
def test_an_act_is_first_when_its_name_is_pasted(acts, query):
    acts.index()
    hits = acts.client.get("/v1/search", params={"q": query}).json()["hits"]
    assert hits[0]["id"] == "eu:32023R9001"
