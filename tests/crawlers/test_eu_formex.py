# ruff: noqa: E501  Formex stands in long lines
"""EU acts in Formex 4: acts with annexes in files of their own, and consolidated acts with processing instructions."""

from __future__ import annotations

from datetime import date

import pytest

from crawlers.eu.acts import read_act
from notices.errors import FetchError, LayoutChanged

ACT = """<?xml version="1.0" encoding="UTF-8"?><ACT><BIB.INSTANCE><NO.SEQ>0001</NO.SEQ></BIB.INSTANCE>
<TITLE><TI><P><HT TYPE="UC">Regulation (EU) 2024/9</HT></P><P>of <DATE ISO="20240613">13 June 2024</DATE></P></TI></TITLE>
<PREAMBLE><PREAMBLE.INIT><P>THE COUNCIL,</P></PREAMBLE.INIT><GR.VISA><VISA>Having regard to it<NOTE NOTE.ID="E1"><P>OJ C 5.</P></NOTE>,</VISA></GR.VISA>
<GR.CONSID><GR.CONSID.INIT>Whereas:</GR.CONSID.INIT><CONSID><NP><NO.P>(1)</NO.P><TXT>A reason<NOTE NUMBERING="STAR"><P>Starred.</P></NOTE>.</TXT></NP></CONSID>
<CONSID><NP><NO.P>(2)</NO.P><TXT>Another:</TXT><P>more.</P></NP></CONSID></GR.CONSID><PREAMBLE.FINAL>HAS ADOPTED:</PREAMBLE.FINAL></PREAMBLE>
<ENACTING.TERMS><DIVISION><TITLE><TI><P>CHAPTER I</P></TI><STI><P>General</P></STI></TITLE>
<ARTICLE IDENTIFIER="001"><TI.ART>Article 1</TI.ART><STI.ART>Fines</STI.ART><PARAG IDENTIFIER="001.001"><NO.PARAG>1.</NO.PARAG>
<ALINEA><P>Up to EUR <FT TYPE="NUMBER">35000000</FT> for <QUOT.START CODE="2018"/>goods<QUOT.END CODE="2019"/>:</P>
<LIST TYPE="alpha"><ITEM><NP><NO.P>(a)</NO.P><TXT>one;</TXT></NP></ITEM><ITEM><NP><NO.P>(b)</NO.P><TXT>two:</TXT><P><LIST TYPE="DASH"><ITEM><P>dashed.</P></ITEM></LIST></P></NP></ITEM></LIST></ALINEA></PARAG></ARTICLE>
<ARTICLE IDENTIFIER="002"><TI.ART>Article 2</TI.ART><ALINEA><P>Amended:</P><QUOT.S LEVEL="1"><ARTICLE><TI.ART><QUOT.START CODE="2018"/>Article 7</TI.ART><ALINEA>Quoted.<QUOT.END CODE="2019"/></ALINEA></ARTICLE></QUOT.S>;</ALINEA></ARTICLE>
</DIVISION></ENACTING.TERMS><FINAL><SIGNATURE><PL.DATE><P>Done at Brussels.</P></PL.DATE></SIGNATURE></FINAL></ACT>"""
ANNEX = """<ANNEX><BIB.INSTANCE><NO.SEQ>0001.000{n}</NO.SEQ></BIB.INSTANCE><TITLE><TI><P>ANNEX {roman}</P></TI><STI><P>Goods</P></STI></TITLE><CONTENTS>
<GR.SEQ LEVEL="1"><TITLE><TI><NP><NO.P>1.</NO.P><TXT>Scope</TXT></NP></TI></TITLE><P>All of <FT TYPE="CN">ex010229</FT>.</P></GR.SEQ>
<TBL><CORPUS><ROW TYPE="HEADER"><CELL>Code</CELL><CELL>Limit</CELL></ROW><ROW><CELL><P>0102</P><P>0103</P></CELL><CELL><IE/></CELL></ROW></CORPUS></TBL></CONTENTS></ANNEX>"""
CONSOLIDATED = """<CONS.ACT><INFO.CONSLEG PROD.SEQ="006.001.0"/><CONS.DOC><BIB.INSTANCE/><FAM.COMP><BIB.DATA><TITLE><TI><P>Head</P></TI></TITLE></BIB.DATA>
<GR.MOD.ACT><MOD.ACT><BIB.DATA><NO.CELEX>32026L0470</NO.CELEX></BIB.DATA></MOD.ACT></GR.MOD.ACT></FAM.COMP><TITLE><TI><P>Directive</P></TI></TITLE>
<PREAMBLE><PREAMBLE.INIT/></PREAMBLE><ENACTING.TERMS><ARTICLE><TI.ART>Article 1</TI.ART><PARAG><NO.PARAG>1.</NO.PARAG><ALINEA>Act
<?CLG.MDFO ID="O1" IDREF="C1" ACTION="REPLACED" LEVEL="TEXT" ACTIVE.DOC="32026L0470"?>now<?CLG.MDFC ID="C1" IDREF="O1"?>.</ALINEA></PARAG>
<?CLG.MDFO ID="O2" IDREF="C2" ACTION="DELETED" LEVEL="STRUCTURE" ACTIVE.DOC="32026L0470"?><PARAG><NO.PARAG>2.</NO.PARAG><ALINEA>Gone<NOTE><P>note</P></NOTE>.</ALINEA></PARAG><?CLG.MDFC ID="C2" IDREF="O2"?>
<PARAG><NO.PARAG>3.</NO.PARAG><ALINEA>Stays.</ALINEA></PARAG></ARTICLE></ENACTING.TERMS><FINAL><P>Binding.</P></FINAL>
<CONS.ANNEX><TITLE><TI><P>ANNEX</P></TI></TITLE><CONTENTS><P>Words.</P><CONS.ANNEX><TITLE><TI><P>Appendix 1</P></TI></TITLE><CONTENTS><P>More.</P></CONTENTS></CONS.ANNEX></CONTENTS></CONS.ANNEX></CONS.DOC></CONS.ACT>"""
DOC = '<DOC><PUBLICATION.REF FILE="NA"><DATE ISO="20180614">20180614</DATE></PUBLICATION.REF></DOC>'


def read(*files: str):
    return read_act([("application/xml", file.encode()) for file in files])


def test_an_act_in_several_files_is_one_text_with_its_annexes_in_order():
    files = (ANNEX.format(n=2, roman="II"), DOC, ANNEX.format(n=1, roman="I"), ACT)
    act = read(*files)
    outline = act.outline
    assert [(s.kind, s.number) for s in outline.sections if s.kind in ("article", "recital", "annex")] == [
        ("recital", "1"), ("recital", "2"), ("article", "1"), ("article", "2"), ("annex", "I"), ("annex", "II"),
    ]  # fmt: skip
    assert act.published_on == date(2018, 6, 14)
    assert outline.body == read(*reversed(files)).outline.body


def test_numbers_lists_tables_and_quotations_read_as_printed():
    body = read(ACT, ANNEX.format(n=1, roman="I")).outline.body
    assert body.startswith("REGULATION (EU) 2024/9\nof 13 June 2024\nTHE COUNCIL,\nHaving regard to it,\n")
    assert "1. Up to EUR 35 000 000 for ‘goods’:\n(a) one;\n(b) two:\n— dashed.\n" in body
    assert "‘Article 7\nQuoted.’;\n" in body
    assert "1. Scope\nAll of ex 0102 29.\nCode | Limit\n0102; 0103 |" in body
    assert body.endswith("(1) OJ C 5.\n(*1) Starred.")


def test_a_deleted_provision_is_not_law_any_more():
    act = read(CONSOLIDATED, DOC)
    body = act.outline.body
    assert "Gone" not in body
    assert "note" not in body
    assert "1. Act now.\n—————\n3. Stays.\n" in body
    assert [(s.title, body[s.start : s.end]) for s in act.outline.sections if s.kind == "amendment"] == [
        ("32026L0470: REPLACED", "now"),
        ("32026L0470: DELETED", "—————"),
    ]
    assert (act.version, act.altered_by) == ("006.001", ("32026L0470",))


def test_an_appendix_stands_inside_its_annex():
    sections = {s.kind: s for s in read(CONSOLIDATED).outline.sections}
    assert sections["annex"].start < sections["appendix"].start
    assert sections["appendix"].end <= sections["annex"].end


def test_broken_or_foreign_files_are_refused():
    with pytest.raises(FetchError):
        read(ACT[:-40])
    with pytest.raises(LayoutChanged):
        read("<NOTICE><WORK/></NOTICE>")
    with pytest.raises(LayoutChanged):
        read(CONSOLIDATED.replace('<?CLG.MDFC ID="C2" IDREF="O2"?>', ""))
