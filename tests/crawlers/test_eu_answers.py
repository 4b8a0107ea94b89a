"""What Cellar and EUR-Lex answer, and what we make of it: dossiers, negotiation, SPARQL, RSS."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.eu.dossier import Dossier, Text, pack_dossier, unpack_dossier, unpack_files
from crawlers.eu.negotiation import archive_files, cellar_refusal, check_form, part_addresses, text_headers, text_url
from crawlers.eu.records import gather_records, is_celex, newest_versions
from crawlers.eu.scope import load_scope
from crawlers.eu.sparql import CDM, count_query, facts_query, read_count, read_rows
from crawlers.facts import load_facts
from crawlers.pages.eu_acts import PARSER
from crawlers.pages.eu_rss import read_feed
from crawlers.slices import Slice
from notices.errors import Blocked, FetchError, Gone, LayoutChanged
from notices.model import Identifier, Kind, Relation, RelationType

FACTS = load_facts("eu-cellar")
PAGE = """<html xmlns="http://www.w3.org/1999/xhtml"><body><p class="oj-hd-date">28.7.2023</p>
<div class="eli-container"><div id="tit_1"><p class="oj-doc-ti">{title}</p></div><div id="enc_1"><div id="art_1">
<p class="oj-ti-art">Article 1</p><p class="oj-normal">{words}</p></div></div></div></body></html>"""


def page(language: str, words: str = "It applies.", title: str = "REGULATION") -> Text:
    body = PAGE.format(title=title, words=words).encode()
    return Text(language, "application/xhtml+xml", "http://publications.europa.eu/x", (("001.html", body),))


def dossier(
    celex: str = "32023R1542", *texts: Text, missing: tuple[str, ...] = (), **facts: tuple[str, ...]
) -> Dossier:
    said = {"type": ("REG",), "date": ("2023-07-12",), "oj_date": ("2023-07-28",), **facts}
    return Dossier(celex, said, {"en": "Regulation on batteries", "fr": "Règlement"}, texts, missing)


def read(given_dossier: Dossier):
    return PARSER.parse(pack_dossier(given_dossier), FACTS)


def test_an_act_becomes_one_notice_with_its_text_and_what_the_endpoint_said():
    (draft,) = read(
        dossier(
            "32023R1542", page("en"), page("fr"), eurovoc=("labelling",), amends=("32019R1020",), in_force=("true",)
        )
    ).drafts
    facts = draft.facts
    assert (draft.notice_id, draft.record_id, facts.kind) == ("eu:32023R1542", "32023R1542", Kind.ACT)
    assert (facts.published_on, facts.adopted_on) == (date(2023, 7, 28), date(2023, 7, 12))
    assert (facts.title, facts.title_original, facts.language) == ("Regulation on batteries", "Règlement", "en")
    assert facts.body == "REGULATION\nArticle 1\nIt applies."
    assert [section.kind for section in facts.sections] == ["title", "article"]
    assert facts.relations == (Relation(RelationType.AMENDS, "eu:32019R1020"),)
    assert facts.keywords == ("labelling",)
    assert {Identifier("text_status", "verbatim"), Identifier("in_force", "true")} <= set(facts.identifiers)


def test_a_version_without_a_text_is_a_notice_that_says_so():
    result = read(dossier("02023R1542-20250731", missing=("en", "fr"), type=("CONS_TEXT",), oj_date=()))
    (draft,) = result.drafts
    assert (draft.facts.kind, draft.facts.published_on) == (Kind.CONSOLIDATED_ACT, date(2025, 7, 31))
    assert draft.facts.body is None
    assert Identifier("text_status", "missing") in draft.facts.identifiers
    assert draft.facts.relations == (Relation(RelationType.CONSOLIDATES, "eu:32023R1542"),)
    assert [issue.code for issue in result.issues] == [Gone.code]


def test_an_act_that_nobody_asked_the_text_of_is_not_called_missing():
    (draft,) = read(dossier()).drafts
    assert Identifier("text_status", "not_collected") in draft.facts.identifiers


def test_a_corrigendum_in_french_alone_is_a_french_notice_of_the_act():
    only = Dossier(
        "32024R1689R(01)", {"type": ("REG",), "date": ("2025-10-09",)}, {"fr": "Rectificatif"}, (page("fr"),)
    )
    (draft,) = read(only).drafts
    assert (draft.facts.kind, draft.facts.language, draft.facts.title) == (Kind.CORRIGENDUM, "fr", "Rectificatif")
    assert draft.facts.relations == (Relation(RelationType.CORRECTS, "eu:32024R1689"),)


def test_a_text_that_changed_its_shape_is_a_dead_letter_and_no_empty_notice():
    broken = page("en").files[0][1].replace(b'class="oj-', b'class="xx-')
    text = Text("en", "application/xhtml+xml", "u", (("001.html", broken),))
    result = read(dossier("32023R1542", text))
    assert result.drafts == ()
    assert [(letter.key, letter.error_code) for letter in result.dead] == [("32023R1542", LayoutChanged.code)]


def test_a_difference_between_the_languages_is_told():
    french = page("fr").files[0][1].replace(b'id="enc_1"', b'id="x"').replace(b'id="art_1"', b'id="y"')
    result = read(dossier("32023R1542", page("en"), Text("fr", "text/html", "u", (("001.html", french),))))
    assert "1/0/0" in result.issues[0].detail


@given(st.binary(max_size=200), st.sampled_from(["001.html", "a/b.xml", "é.xml"]))
def test_a_dossier_comes_back_as_it_went_in_and_is_always_the_same_bytes(body: bytes, name: str):
    made = dossier("32023R1542", Text("en", "text/html", "u", ((name, body),)), missing=("fr",))
    packed = pack_dossier(made)
    assert packed == pack_dossier(unpack_dossier(packed))
    assert unpack_dossier(packed).texts == made.texts


def test_archives_are_bounded_and_their_names_made_plain():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd.xml", b"<ACT/>")
        archive.writestr("picture.tif", b"x")
    assert archive_files(target.getvalue()) == [("000-passwd.xml", b"<ACT/>")]
    with pytest.raises(FetchError):
        unpack_files(target.getvalue()[:-30])
    with pytest.raises(LayoutChanged):
        unpack_dossier(target.getvalue())


def test_several_parts_are_read_from_the_page_of_choices():
    stream = "http://publications.europa.eu/resource/cellar/0ebb4a8d-5a7f-11ee-9220-01aa75ed71a1.0006.02/DOC_"
    choices = f'<html><body><a href="{stream}1">a</a><a href="{stream}2">b</a><a href="/other">c</a></body></html>'
    assert part_addresses(choices.encode(), "http://publications.europa.eu/") == (f"{stream}1", f"{stream}2")
    with pytest.raises(LayoutChanged):
        part_addresses(b"<html><body>none</body></html>", "http://publications.europa.eu/")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (202, b"", Blocked),
        (200, b"<html><script src='awswaf.js'></script></html>", Blocked),
        (404, b"<h1>404</h1>", Gone),
        (406, b"Not Acceptable", Gone),
        (200, b"", FetchError),
        (200, b"<html><body>down for maintenance</body></html>", FetchError),
        (503, b"", FetchError),
        (400, b"Bad Request", LayoutChanged),
        (300, b"<html><a href='x'>x</a></html>", type(None)),
        (200, b'<html><p class="oj-normal">maintenance of aircraft</p></html>', type(None)),
    ],
)
def test_answers_that_are_no_text_are_told_apart(status: int, body: bytes, error: type):
    assert type(cellar_refusal(FACTS, status, body, {"content-type": "text/html"})) is error


def test_languages_go_out_as_three_letters_and_rdf_is_not_taken_for_a_text():
    assert text_headers("text/html", "fr") == {"Accept": "text/html", "Accept-Language": "fra"}
    assert text_url("32024R1781R(01)").endswith("/resource/celex/32024R1781R(01)")
    check_form("application/xhtml+xml", {"content-type": "text/html;charset=UTF-8"})
    with pytest.raises(LayoutChanged):
        check_form("text/html", {"content-type": "application/rdf+xml"})


def test_virtuoso_errors_with_status_200_are_failures():
    with pytest.raises(FetchError):
        read_rows(b"Virtuoso 37000 Error SP030: SPARQL compiler")
    with pytest.raises(FetchError):
        read_rows(b'{"results": {"bind')
    with pytest.raises(LayoutChanged):
        read_rows(b'{"rows": []}')
    with pytest.raises(LayoutChanged):
        read_count([])


def test_queries_hold_typed_numbers_and_nothing_foreign():
    query = facts_query(["32023R1542", 'x" } DROP ALL'])
    assert '"32023R1542"^^xsd:string' in query
    assert "DROP" not in query
    assert '"2024-01-01"^^xsd:date' in count_query(Slice(date(2024, 1, 1), date(2024, 1, 31)), ["REG"])


def test_rows_become_records_and_relations_name_acts():
    rows = [
        {"celex": "32023R1542", "p": CDM + "resource_legal_amends_resource_legal", "value": "u", "name": "32019R1020"},
        {"celex": "32023R1542", "p": CDM + "resource_legal_in-force", "value": "1"},
        {"celex": "32023R1542", "p": CDM + "something_new", "value": "1"},
        {"celex": "elsewhere", "p": CDM + "work_date_document", "value": "2023-07-12"},
    ]
    titles = [{"celex": "32023R1542", "language": "http://x/language/ENG", "title": " A\n title "}]
    records = gather_records(["32023R1542"], rows, titles)
    assert list(records) == ["32023R1542"]
    assert records["32023R1542"].facts == {"amends": {"32019R1020"}, "in_force": {"true"}}
    assert records["32023R1542"].titles == {"en": "A title"}


def test_a_version_of_the_future_is_not_the_newest():
    versions = ["02023R1542-20240718", "02023R1542-20250731", "02023R1542-20270818", "02019R1020-20260812"]
    assert newest_versions(versions, date(2026, 9, 30)) == {"02023R1542-20250731", "02019R1020-20260812"}
    assert not is_celex("TXT")
    assert is_celex("32024R1781R(01)")


def test_key_acts_their_versions_and_corrigenda_are_in_scope_and_goods_are_relevant():
    scope = load_scope()
    assert all(scope.is_key(celex) for celex in ("32023R1542", "02023R1542-20250731", "32023R1542R(05)"))
    assert scope.is_relevant((), "Regulation laying down ecodesign requirements for tumble dryers")
    assert scope.is_relevant(("hazardous waste",), "")
    assert not scope.is_relevant(("banking policy",), "Regulation on prudential requirements")


def test_the_feed_gives_local_days_and_the_robot_check_is_known():
    feed = """<?xml version="1.0"?><rss version="2.0"><channel xmlns:dc="http://purl.org/dc/elements/1.1/"><title>L</title>
    <item><title>CELEX:32026L1472: Directive (EU) 2026/1472</title><link>https://eur-lex.europa.eu/x</link>
    <pubDate>Fri, 24 Jul 2026 00:00:00 +0200</pubDate></item></channel></rss>"""
    (item,) = read_feed(feed.encode())
    assert (item.celex, item.published_on, item.title) == ("32026L1472", date(2026, 7, 24), "Directive (EU) 2026/1472")
    with pytest.raises(Blocked):
        read_feed(b"<html><script>gokuProps</script></html>")
    with pytest.raises(FetchError):
        read_feed(feed.encode()[:-60])
    with pytest.raises(LayoutChanged):
        read_feed(b"<html><body>hello</body></html>")
