"""The pages: what people see, in both languages, and that nothing fetched can act in them."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from api.app import create_app
from api.web.changes import difference
from api.web.render import marked
from index.backends.elastic import ElasticBackend
from notices.model import Link, LinkRole, Relation, RelationType
from notices.runs import Verdict
from notices.search import Highlight

BASE = "/notices/wto:G~TBT~N~KEN~7001"
EVERY_PAGE = [
    "/",
    "/?q=lithium",
    "/?q=zyxwvu",
    BASE,
    "/sources",
    "/docs",
    "/notices/wto:nothing",
    "/nothing",
    "/?q=%22open",
]
KO = {"accept-language": "ko-KR,ko;q=0.9,en;q=0.8"}


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def read(client, path, **options):
    return Page(client.get(path, **options).text)


@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_no_page_has_a_script_a_style_attribute_or_a_foreign_resource(client, path, lang):
    page = read(client, path, headers={"accept-language": lang})
    assert page.all("script") == []
    assert page.all("html")[0]["lang"] == lang
    for tag, attrs in page.tags:
        assert not any(name.startswith("on") or name == "style" for name in attrs), (tag, attrs)
        for name in ("src", "action"):
            assert str(attrs.get(name, "/")).startswith("/")
        if tag == "link":
            assert str(attrs["href"]).startswith("/static/")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_over_a_mirror_every_page_says_so_in_both_languages(world, path):
    text = read(world.serve(replayed=True), path).text
    assert "재생 데이터, 일부 가상" in text
    assert "eplayed data, partly synthetic" in text
    assert "재생 데이터" not in read(world.client, path).text


def test_a_hostile_title_is_shown_and_does_nothing(client):
    for path in ("/?q=batteries", "/notices/wto:G~TBT~N~EU~7007"):
        html = client.get(path).text
        assert "<script" not in html
        assert 'onmouseover="' not in html
        assert "\u202e" not in html
        assert "&lt;script&gt;alert" in html.replace("<mark>", "").replace("</mark>", "")


def test_a_hostile_query_comes_back_as_text_only(client):
    page = read(client, "/", params={"q": '"><img src=x onerror=alert(1)>'})
    assert all(attrs.get("src", "").startswith("/static/") for attrs in page.all("img"))
    boxes = [attrs for attrs in page.all("input") if attrs.get("name") == "q"]
    assert all("onerror" not in attrs for attrs in boxes)


def test_links_of_a_notice_open_safely_and_only_over_http(own_world):
    notice = own_world.store.notice("wto:G/TBT/N/EU/7007")
    bad = [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "https://", "vbscript:x",
        "https://a.example/\" onclick=\"x", " https://b.example/", "http://[::1", "https://good.example/file.pdf",
    ]  # fmt: skip
    own_world.observe_again(notice, replace(notice.facts, links=tuple(Link(url, LinkRole.DOCUMENT) for url in bad)))
    page = read(own_world.client, "/notices/wto:G~TBT~N~EU~7007")
    outside = [attrs for attrs in page.all("a") if "external" in (attrs.get("rel") or "")]
    shown = [attrs["href"] for attrs in outside if "good" in attrs["href"] or "evil" in attrs["href"]]
    assert shown == ["https://good.example/file.pdf"]
    assert all("noopener" in attrs["rel"] for attrs in outside)
    assert all(re.match(r"https?://|/|\?|#", attrs["href"]) or attrs["href"] == "" for attrs in page.all("a"))


def test_the_search_page_shows_what_matters_at_a_glance(client):
    html = client.get("/", params={"q": "lithium hs:8507"}, headers=KO).text
    text = Page(html).text
    assert "1건" in text
    assert "케냐" in text
    assert "의견 마감 D-24" in text
    assert "HS 850760 직접 기재" in text
    assert "<mark>lithium</mark>" in html
    assert "전기전자" in text


def test_facets_are_links_that_narrow_and_lift(client):
    page = read(client, "/?q=batter*", headers={"accept-language": "en"})
    narrowed = next(attrs["href"] for attrs in page.all("a") if "market=US" in (attrs.get("href") or ""))
    text = read(client, narrowed, headers={"accept-language": "en"})
    assert "1 result" in text.text
    assert "Market: United States" in text.text
    lifted = [attrs["href"] for attrs in text.all("a") if attrs.get("title", "").startswith("Remove Market")]
    assert lifted == ["/?q=batter%2A"]


def test_the_next_page_keeps_query_and_filters(client):
    page = read(client, "/?limit=2&source=wto&sort=published")
    following = next(attrs["href"] for attrs in page.all("a") if attrs.get("rel") == "next")
    assert "source=wto" in following
    assert "limit=2" in following
    assert client.get(following).status_code == 200


def test_empty_form_fields_are_no_filters(client):
    assert client.get("/?q=lithium&market=&as_of=&open=&sort=").status_code == 200


def test_the_notice_page_shows_facts_provenance_family_and_changes(client):
    html = client.get(BASE, headers=KO).text
    text = " ".join(Page(html).text.split())
    for expected in (
        "통보는 시행 중인 법이 아닙니다",
        "의견 마감 D-29",
        "G/TBT/N/KEN/7001/Add.1에서 정한 기한",
        "출처 기재",
        "자체 추정",
        "Lithium batteries (HS 8507.60)",
        "통보된 규정 원문",
        "제2판",
        "2024-02-18",
    ):
        assert expected in text, expected
    assert "<ins>" in html
    assert "<del>" in html


def test_inherited_codes_are_marked(client):
    text = read(client, "/notices/wto:G~TBT~N~KEN~7001~Add.1", headers={"accept-language": "en"}).text
    assert "inherited" in text


def test_a_withdrawn_notice_says_so(own_world):
    own_world.store.withdraw("wto:G/TBT/N/KOR/7008", at=own_world.services.clock.now())
    text = read(own_world.client, "/notices/wto:G~TBT~N~KOR~7008", headers={"accept-language": "en"}).text
    assert "has been withdrawn" in text


def test_relations_lead_to_the_other_notice_or_to_a_search(own_world):
    notice = own_world.store.notice("us-fr:2024-01-04/2024-00375")
    relations = (
        Relation(RelationType.CORRECTS, "us-fr:2023-12-01/2023-11111"),
        Relation(RelationType.AMENDS, "Annex XI & more"),
    )
    own_world.observe_again(notice, replace(notice.facts, relations=relations))
    page = read(own_world.client, "/notices/us-fr:2024-01-04~2024-00375", headers={"accept-language": "en"})
    links = {attrs["href"] for attrs in page.all("a")}
    assert {"/notices/us-fr:2023-12-01~2023-11111", "/?q=Annex+XI+%26+more"} <= links
    assert "Published text" not in page.text
    assert "Publisher's page" in page.text


def test_an_unknown_notice_offers_a_search_for_its_symbol(client):
    answer = client.get("/notices/wto:G~TBT~N~KEN~4711~Add.2", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "/?q=G/TBT/N/KEN/4711/Add.2" in answer.text


def test_a_search_engine_that_is_down_says_plainly_that_nobody_can_tell(world):
    client = world.serve(backend=ElasticBackend("http://127.0.0.1:9", prefix="nobody"))
    answer = client.get("/?q=lithium", headers=KO)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "검색 색인에 연결할 수 없습니다" in answer.text
    assert "결과가 없는 것이 아니라" in answer.text
    assert client.get(BASE).status_code == 200
    ledger = client.get("/sources", headers=KO)
    assert ledger.status_code == 200
    assert "검색 색인에 연결할 수 없습니다" in ledger.text


def test_a_source_that_is_down_is_said_on_the_page_and_in_the_ledger(own_world, runs):
    own_world.store.put_run(runs("us-fr", Verdict.FAILED, reason="403 from the server", hour=13))
    for path in ("/?q=lithium", "/?q=zyxwvu"):
        assert "403 from the server" in read(own_world.client, path).text
    ledger = read(own_world.client, "/sources", headers=KO).text
    assert "실패" in ledger
    assert "403 from the server" in ledger


def test_the_language_comes_from_the_address_then_the_cookie_then_the_browser(world):
    client = world.serve()
    assert read(client, "/").all("html")[0]["lang"] == "en"
    assert read(client, "/", headers=KO).all("html")[0]["lang"] == "ko"
    chosen = client.get("/?lang=ko")
    assert "lang=ko" in chosen.headers["set-cookie"]
    assert "httponly" in chosen.headers["set-cookie"].lower()
    assert read(client, "/sources").all("html")[0]["lang"] == "ko"
    assert read(client, "/?lang=en").all("html")[0]["lang"] == "en"
    assert client.get("/?lang=fr").status_code == 422


@pytest.mark.parametrize(
    ("header", "lang"),
    [("", "en"), ("ko", "ko"), ("en-GB", "en"), ("fr, ko;q=0.5, en;q=0.3", "ko"), ("ko;q=0.2, en", "en"),
     ("ko;q=0", "en"), ("*", "en"), ("ko;q=nonsense", "en"), ("," * 5000, "en")],
)  # fmt: skip
def test_accept_language_is_weighed(header, lang):
    from api.web.language import accepted

    assert accepted(header) == lang


def test_pages_are_small(client):
    home = client.get("/", headers={"accept-encoding": "gzip"})
    assert home.headers["content-encoding"] == "gzip"
    assert len(home.content) < 60_000
    assert len(client.get("/static/tongbo.css").content) < 30_000


def test_static_files_stay_inside_their_folder(client):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/"):
        assert client.get(path).status_code == 404


@given(text=st.text(max_size=60), marks=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_marks_never_lose_or_invent_text(text, marks):
    inside = tuple((start, end) for start, end in marks if start < end <= len(text))
    html = str(marked(Highlight("title", text, inside)))
    assert unescape(html.replace("<mark>", "").replace("</mark>", "")) == str(unescape(str(escape(text))))
    assert html.count("<mark>") == html.count("</mark>") <= len(inside)


def test_touching_marks_become_one():
    assert str(marked(Highlight("title", "国家标准", ((0, 2), (2, 4))))) == "<mark>国家标准</mark>"


def test_serving_begins_by_warming_up(world):
    with TestClient(create_app(world.services)) as served:
        assert served.get("/healthz").status_code == 200
    threads = [thread for thread in threading.enumerate() if thread.name == "warm-up"]
    for thread in threads:
        thread.join(60)
    assert all(not thread.is_alive() for thread in threads)


def test_a_changed_text_is_shown_word_by_word_and_a_list_entry_by_entry():
    assert difference("one two three", "one 2 three") == [
        ("same", "one"),
        ("gone", " two"),
        ("new", " 2"),
        ("same", " three"),
    ]
    assert difference(("a", "b"), ("b", "c")) == [("gone", "a"), ("new", "c")]
    assert difference(None, "x") == [("new", "x")]
    long = "word " * 5_000
    assert [kind for kind, _ in difference(long, long + "end")] == ["gone", "new"]
