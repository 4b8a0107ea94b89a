"""The one text analysis: offsets, spellings, speed paths that agree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lexical.analysis import analyse, analyse_query, phrase_tokens, prefix_tokens, tokens

LATIN = st.text(
    alphabet=st.one_of(
        st.sampled_from("abcXYZ019 .,-/'&éßﬁ½①㎏…–’\u00a0\u00ad\u200bİẞΣάйØ_№"),
        st.characters(exclude_categories=("Cs",), exclude_characters="\x00"),
    ).filter(lambda c: not ("\u1100" <= c <= "\u11ff" or "\u3130" <= c <= "\u318f" or "\ua960" <= c <= "\ud7ff")),
    max_size=60,
)


def matches(query: str, text: str) -> bool:
    """What every engine does with terms: each needs all its tokens, or one of its variants."""
    held = set(tokens(text))
    terms = analyse_query(query)
    return bool(terms) and all(set(t.tokens) <= held or set(t.variants) & held for t in terms)


@given(LATIN)
def test_offsets_point_into_the_original_text_and_never_run_backwards(text):
    found = analyse(text)
    last = 0
    for token in found:
        assert 0 <= token.start < token.end <= len(text)
        if token.main:
            assert token.start >= last
            last = token.start
    assert [t.position for t in found] == sorted(t.position for t in found)


@given(LATIN)
def test_the_fast_path_gives_the_same_tokens_as_the_path_with_offsets(text):
    assert sorted(tokens(text)) == sorted(token.text for token in analyse(text))
    assert tokens(text)[: len(phrase_tokens(text))] == phrase_tokens(text)


@given(LATIN)
def test_tokens_hold_no_blanks_and_fit_in_100_bytes(text):
    for token in tokens(text):
        assert token.split() == [token]
        assert len(token.encode()) <= 100


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("lithium-ion", "Lithium ion batteries"),
        ("lithium ion", "LITHIUM-ION BATTERIES"),
        ("premarket", "pre-market approval"),
        ("pre-market", "Premarket approval"),
        ("email", "by e-mail"),
        ("U.S.", "the US market"),
        ("cafe", "Café"),
        ("manufacturer", "the manufacturer’s duty"),
        ("8507.60", "HS code 850760"),
        ("850760", "(8507.60)"),
        ("850760", "8507.60.00"),
        ("85.07", "heading 8507"),
        ("8507", "HS 85.07"),
        ("HS 8507.60", "batteries 850760"),
        ("HS8507", "batteries 8507"),
        ("ICS 29.220.10", "29.220.10"),
        ("29.220", "ICS: 29.220.10"),
        ("g/tbt/n/usa/1364/add.5", "see G/TBT/N/USA/1364/Add.5"),
        ("G / TBT / N / USA / 1364", "G/TBT/N/USA/1364/Add.5"),
        ("TBT/N/USA/1364", "G/TBT/N/USA/1364"),
        ("89 F.R. 375", "at 89 FR 375 (January 3)"),
        ("89 Fed. Reg. 375", "89 FR 375"),
        ("2024-375", "FR Doc. 2024-00375 Filed"),
        ("2024–00375", "2024-00375"),
        ("40 CFR 52.21", "40 CFR § 52.21"),
        ("40 CFR part 52", "40 CFR 52.21"),
        ("IEC62133", "IEC 62133-2:2017"),
        ("IEC 62133-2", "EN/IEC62133-2"),
        ("UN38.3", "UN 38.3 test"),
        ("1907/2006", "Regulation (EC) No 1907/2006"),
        ("2006/66", "Directive 2006/66/EC"),
        ("EPA-HQ-OAR-2023-0234", "docket EPA–HQ–OAR–2023–0234"),
        ("1000", "1,000 units"),
        ("UN38.3", "un 38.3"),
        ("3.7V", "cells of 3.7 V or 3.7V"),
        ("PM2.5", "PM2.5 emissions"),
        ("锂离子电池", "关于锂离子电池的规定"),
    ],
)
def test_a_word_or_code_matches_in_any_spelling(query, text):
    assert matches(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("리튬이온배터리", "리튬 이온 배터리의 안전"),
        ("리튬 이온 배터리", "리튬이온배터리를"),
        ("리튬이온 배터리", "리튬이온배터리"),
        ("무선충전기", "무선 충전기의 전자파"),
        ("LED조명", "LED 조명 기구"),
        ("금지", "수입을 금지했다"),
        ("전기차", "전기차용 충전기"),
        ("화장품", "화장품법 시행령 개정"),
        ("배터리", "폐배터리의 수거"),
    ],
)
def test_korean_matches_spaced_unspaced_and_inflected(query, text):
    assert matches(query, text)


def test_an_unspaced_korean_question_falls_into_its_nouns():
    terms = analyse_query("리튬이온배터리안전인증규제를알려주세요")
    assert [t.tokens[0] for t in terms] == ["리튬", "이온", "배터리", "안전", "인증", "규제"]


def test_korean_offsets_point_at_the_words():
    text = "😀 리튬이온배터리의 ＫＣ인증"
    found = {token.text: text[token.start : token.end] for token in analyse(text)}
    assert found["배터리"] == "배터리"
    assert found["인증"] == "인증"
    assert found["kc"] == "ＫＣ"


def test_a_prefix_finds_stems_of_the_words_it_begins():
    found = prefix_tokens("regulatio*")
    assert found is not None
    assert "regul" in found.exact
    assert prefix_tokens("  ") is None


KOREAN = st.text(
    alphabet=st.one_of(
        st.sampled_from("리튬이온배터리의안전기준을고시한다가나까지와 \n.,()-'LED123ㄱㅏㅋ각😀锂電池のทã①ﾊﾞ"),
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
    ),
    max_size=40,
)


@given(KOREAN)
@settings(deadline=None, max_examples=150)
def test_korean_and_mixed_text_keeps_the_same_promises(text):
    found = analyse(text)
    last = 0
    for token in found:
        assert 0 <= token.start < token.end <= len(text)
        assert token.text.split() == [token.text]
        assert len(token.text.encode()) <= 100
        if token.main:
            assert token.start >= last
            last = token.start
    assert sorted(tokens(text)) == sorted(token.text for token in found)
    held = set(tokens(text))
    for term in analyse_query(text):
        assert 0 <= term.start < term.end <= len(text)
        assert set(term.tokens) <= held or set(term.variants) & held, "a text is found by its own words"


@given(LATIN)
def test_a_text_is_found_by_its_own_words(text):
    held = set(tokens(text))
    for term in analyse_query(text):
        assert set(term.tokens) <= held or set(term.variants) & held


def test_threads_share_one_analyser():
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(tokens, ["리튬이온배터리의 안전 기준", "무선충전기 and chargers"] * 20))
    assert len({tuple(each) for each in results}) == 2
