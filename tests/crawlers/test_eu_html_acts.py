# ruff: noqa: E501  pages stand in long lines
"""EU acts in HTML: the Official Journal's classes with and without their prefix, and those of consolidated texts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.eu.acts import ActText, read_act
from notices.errors import Blocked, FetchError, LayoutChanged


def row(marker: str, text: str) -> str:
    return (
        '<table width="100%" border="0"><col width="4%"/><col width="96%"/><tbody><tr><td valign="top">'
        f'<p class="oj-normal">{marker}</p></td><td valign="top">{text}</td></tr></tbody></table>'
    )


def text(words: str) -> str:
    return f'<p class="oj-normal">{words}</p>'


NOTE = '<a id="ntc1-E0001" href="#ntr1-E0001">(<span class="oj-super oj-note-tag">1</span>)</a>'
QUOTED = row(
    "(1)",
    text("Article 3 is replaced by the following:")
    + '<p class="oj-ti-art">‘Article 3</p><p class="oj-sti-art">Old duties</p>'
    + text("1. Nobody shall sell it.’")
    + ";",
)
OJ_ACT = f"""<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>L</title></head>
<body><table><tbody><tr><td><p class="oj-hd-date">28.7.2023</p></td><td><p class="oj-hd-lg">EN</p></td></tr></tbody></table>
<div class="eli-container"><div class="eli-main-title" id="tit_1"><p class="oj-doc-ti">REGULATION (EU) 2023/9999</p>
<p class="oj-doc-ti">concerning things</p></div>
<div class="eli-subdivision" id="pbl_1">{text("THE EUROPEAN PARLIAMENT,")}
<div class="eli-subdivision" id="cit_1">{text(f"Having regard to the opinion {NOTE},")}</div>{text("Whereas:")}
<div class="eli-subdivision" id="rct_1">{row("(1)", text("First reason.") + text("Still the first."))}</div>
<div class="eli-subdivision" id="rct_2">{row("(2)", text("Second reason, 10<span class='oj-super'>-6</span> m."))}</div>
{text("HAVE ADOPTED THIS REGULATION:")}</div>
<div class="eli-subdivision" id="enc_1"><div id="cpt_I"><p class="oj-ti-section-1">CHAPTER I</p>
<p class="oj-ti-section-2">General</p>
<div class="eli-subdivision" id="art_1"><p class="oj-ti-art">Article 1</p>
<div class="eli-title" id="art_1.tit_1"><p class="oj-sti-art">Recycled content</p></div>
<div id="001.001">{text("1.   Batteries shall contain:")}{row("(a)", text("16 % cobalt;"))}
{row("(b)", text("lead:") + row("(i)", text("85 %.")))}</div>
<div id="001.002">{text("2.   It applies.")}</div></div>
<div class="eli-subdivision" id="art_2"><p class="oj-ti-art">Article 2</p>{QUOTED}</div></div></div>
<div class="eli-subdivision" id="fnp_1"><div class="oj-final">{text("Done at Brussels, 12 July 2023.")}</div></div>
<p class="oj-note"><a id="ntr1-E0001" href="#ntc1-E0001">(<span class="oj-super">1</span>)</a> OJ C 1, p. 2.</p></div>
<div id="L2"><div class="eli-container" id="anx_I"><p class="oj-doc-ti">ANNEX I</p>
<p class="oj-ti-grseq-1">Goods</p><p class="oj-ti-grseq-1">Part A: Metals</p>
<table class="oj-table"><tbody><tr class="oj-table"><td class="oj-table"><p class="oj-tbl-txt">Cattle</p></td>
<td class="oj-table"><p class="oj-tbl-txt">0102 21 Live cattle</p><p class="oj-tbl-txt">ex 0201 Meat</p></td></tr></tbody></table>
</div></div><hr class="oj-doc-end"/></body></html>"""
LEGACY = (
    OJ_ACT.replace("oj-", "")
    .replace('id="rct_1"', "")
    .replace('id="rct_2"', "")
    .replace('id="art_1"', "")
    .replace('id="art_2"', "")
    .replace('id="art_1.tit_1"', "")
    .replace('id="tit_1"', "")
    .replace('id="anx_I"', "")
    .replace('id="pbl_1"', "")
    .replace('id="enc_1"', "")
    .replace('id="fnp_1"', "")
    .replace('id="cit_1"', "")
)


def grid(marker: str, words: str) -> str:
    return (
        f'<div class="grid-container grid-list"><div class="list grid-list-column-1"><span>{marker} </span></div>'
        f'<div class="grid-list-column-2"><p class="norm">{words}</p></div></div>'
    )


CONSOLIDATED = f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML//EN" "xhtml-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Consolidated TEXT</title></head><body>
<p class="reference">02023R9999 — EN — 31.07.2025 — 002.004</p><hr class="separator"/>
<p class="disclaimer">This text has no legal effect.</p>
<table><tr><td><p class="arrow"><a href="x" title="32023R9999">►B</a></p></td>
<td><p class="title-doc-oj-reference">(OJ L 191 28.7.2023, p. 1)</p></td></tr>
<tr><td><p class="arrow"><a href="x" title="32025R1561">►M2</a></p></td></tr></table><hr class="separator"/>
<div class="eli-container"><div class="eli-main-title" id="tit_1"><p class="title-doc-first">REGULATION (EU) 2023/9999</p></div>
<div class="eli-subdivision" id="enc_1"><div class="eli-subdivision" id="art_1"><p class="title-article-norm">Article 1</p>
<div class="eli-title" id="art_1.tit_1"><p class="stitle-article-norm">Duties</p></div>
<div class="norm"><span class="no-parag">1.  </span><div class="norm inline-element">From <span><a href="x"
title="32025R1561: REPLACED"><span class="boldface">►M2</span></a></span> 18&#160;August 2027 <span class="boldface">◄</span>, they shall
act (<a href="#E0001" id="src.E0001"><span class="superscript">1</span></a>):</div></div>{grid("(a)", "report;")}
<p class="modref"><a href="x" title="32025R1561: INSERTED">▼M2</a></p>
<div class="norm"><span class="no-parag">2.  </span><div class="norm inline-element">New duty.</div></div>
<p class="modref"><a href="x" title="32023R9999">▼B</a></p>
{grid("(1)", "Article 5 is replaced:</p><p class='title-article-quoted'>‘Article 5</p><p class='norm'>Quoted.’")}
</div></div><div id="anx_I"><p class="title-annex-1">ANNEX I</p><p class="title-gr-seq-level-1">GOODS</p>
<table border="1"><tbody><tr><td><p class="hd-column">Metal</p></td><td><p class="hd-column">Limit</p></td></tr>
<tr><td><p class="tbl-norm">Lead</p></td><td><p class="tbl-norm">0,01 %</p></td></tr></tbody></table></div></div>
<p class="footnote">(<a href="#src.E0001" id="E0001"><span class="superscript"/></a>) OJ L 1.</p></body></html>"""


def read(page: str) -> ActText:
    return read_act([("application/xhtml+xml", page.encode())])


def told(act: ActText, kind: str) -> list[tuple[str, str, str]]:
    body = act.outline.body
    return [(s.number, s.title, body[s.start : s.end]) for s in act.outline.sections if s.kind == kind]


@pytest.mark.parametrize("page", [OJ_ACT, LEGACY], ids=["with oj-", "without, and without ids"])
def test_both_spellings_of_the_official_journal_give_the_same_structure(page: str):
    act = read(page)
    assert [number for number, _, _ in told(act, "recital")] == ["1", "2"]
    assert told(act, "recital")[0][2] == "(1) First reason.\nStill the first."
    assert [(number, title) for number, title, _ in told(act, "article")] == [("1", "Recycled content"), ("2", "")]
    assert [number for number, _, _ in told(act, "paragraph")] == ["1", "2"]
    assert told(act, "chapter")[0][:2] == ("I", "General")
    assert [(number, title) for number, title, _ in told(act, "annex")] == [("I", "Goods")]
    assert told(act, "part")[0][:2] == ("A", "Metals")
    assert (act.status, act.published_on) == ("verbatim", date(2023, 7, 28))


def test_list_markers_stay_with_their_text_and_cells_are_separated():
    body = read(OJ_ACT).outline.body
    assert "1. Batteries shall contain:\n(a) 16 % cobalt;\n(b) lead:\n(i) 85 %.\n2. It applies." in body
    assert "Cattle | 0102 21 Live cattle; ex 0201 Meat" in body
    assert "10⁻⁶ m." in body


def test_footnotes_stand_apart_and_their_marks_are_gone():
    act = read(OJ_ACT)
    assert "Having regard to the opinion,\n" in act.outline.body
    assert told(act, "footnote") == [("1", "", "(1) OJ C 1, p. 2.")]
    assert act.outline.body.endswith("(1) OJ C 1, p. 2.")


def test_a_quoted_article_belongs_to_the_article_that_quotes_it():
    act = read(OJ_ACT)
    assert told(act, "article")[1][2].endswith("‘Article 3\nOld duties\n1. Nobody shall sell it.’;")
    assert len(told(act, "article")) == 2


def test_a_consolidated_text_keeps_its_modifications_beside_the_words():
    act = read(CONSOLIDATED)
    body = act.outline.body
    assert "1. From 18 August 2027, they shall act:\n(a) report;\n2. New duty.\n" in body
    assert not set("►▼◄") & set(body)
    assert [(number, words) for number, _, words in told(act, "amendment")] == [
        ("M2", "18 August 2027"),
        ("M2", "2. New duty."),
    ]
    assert (act.version, act.altered_by, act.published_on) == ("002.004", ("32025R1561",), date(2023, 7, 28))


def test_a_consolidated_text_has_its_own_articles_tables_and_no_header():
    act = read(CONSOLIDATED)
    assert [(number, title) for number, title, _ in told(act, "article")] == [("1", "Duties")]
    assert told(act, "annex")[0][1:] == ("GOODS", "ANNEX I\nGOODS\nMetal | Limit\nLead | 0,01 %")
    assert act.outline.body.startswith("REGULATION (EU) 2023/9999\nArticle 1")
    assert told(act, "footnote") == [("1", "", "(1) OJ L 1.")]


@pytest.mark.parametrize("page", [OJ_ACT, LEGACY, CONSOLIDATED])
def test_sections_nest_and_begin_with_their_heading(page: str):
    act = read(page)
    open_ends: list[int] = []
    for section in (s for s in act.outline.sections if s.kind != "amendment"):
        while open_ends and open_ends[-1] <= section.start:
            open_ends.pop()
        assert section.depth == len(open_ends)
        assert not open_ends or section.end <= open_ends[-1]
        words = act.outline.body[section.start : section.end]
        assert words == words.strip()
        if section.kind == "article":
            assert words.startswith(f"Article {section.number}")
        open_ends.append(section.end)


def test_what_the_replay_says_about_a_text_is_kept():
    page = OJ_ACT.replace("<head>", "<!-- excerpt made by the replay server: 6,000 characters --><head>")
    assert read(page).status == "excerpt"


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (OJ_ACT.encode()[:-200], FetchError),
        (OJ_ACT.encode().replace(b"Batteries", b"Bat\xff\xfe\x80ries"), FetchError),
        (b"<html><script>window.gokuProps={}</script>awswaf</html>", Blocked),
        (OJ_ACT.replace('class="oj-', 'class="ojx-').encode(), LayoutChanged),
        (CONSOLIDATED.replace('id="art_', 'id="article_').encode(), LayoutChanged),
        (b"<html><body><p>Maintenance</p></body></html>", LayoutChanged),
    ],
    ids=["cut", "garbled", "challenge", "classes renamed", "ids renamed", "no act"],
)
def test_pages_that_are_no_whole_act_are_refused(page: bytes, error: type[Exception]):
    with pytest.raises(error):
        read_act([("application/xhtml+xml", page)])


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
    page = OJ_ACT.replace('<?xml version="1.0" encoding="UTF-8"?>', bomb).replace("It applies.", "It &b; applies.")
    assert "lollol" not in read(page).outline.body


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co"]), min_size=1), max_size=6))
def test_any_words_survive_with_one_blank_for_white_space(words: list[str]):
    said = " ".join(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = read(OJ_ACT.replace("Still the first.", f"Begin {said} end")).outline.body
    assert "  " not in body
    assert "\n\n" not in body
