"""Finding glossary words in what people type."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexical.glossary import expand


@pytest.mark.parametrize(
    "typed",
    [
        "리튬이온배터리",
        "리튬이온 배터리",
        "리튬 이온 배터리",
        "리튬-이온 배터리",
        "리튬이온배터리를",
        "리튬 이온 배터리의 안전",
    ],
)
def test_korean_is_found_with_and_without_blanks_and_particles(typed: str) -> None:
    first = expand(typed)[0]
    assert first.start == 0
    assert typed[first.start : first.end] == first.source_text
    assert not first.source_text.endswith(("를", "의"))
    assert first.hs[0] == "850760"
    assert "lithium-ion battery" in first.en


@pytest.mark.parametrize(
    "typed", ["lithium ion battery", "Lithium-Ion Batteries", "LITHIUM ION BATTERIES", "lithium-ion batteries"]
)
def test_english_is_found_in_any_case_and_number(typed: str) -> None:
    (found,) = expand(typed)
    assert (found.start, found.end) == (0, len(typed))
    assert "리튬이온배터리" in found.ko
    assert "850760" in found.hs


def test_the_longest_entry_wins_and_nothing_overlaps() -> None:
    words = [each.source_text for each in expand("전기차용 배터리와 전기차 배터리, 반도체 제조장비")]
    assert words == ["전기차", "배터리", "전기차 배터리", "반도체 제조장비"]


def test_compounds_are_taken_apart() -> None:
    assert [each.source_text for each in expand("완구안전기준")] == ["완구", "안전", "기준"]
    assert [each.source_text for each in expand("중국산김치")] == ["김치"]


@pytest.mark.parametrize("typed", ["검사과정", "대구시장 부담배분", "can it be", "the United States", "", "   ", "!?"])
def test_no_word_is_seen_where_there_is_none(typed: str) -> None:
    goods = [each for each in expand(typed) if each.hs]
    assert goods == []


def test_words_about_rules_have_no_codes_but_another_language() -> None:
    (found,) = expand("적합성평가")
    assert found.hs == ()
    assert "conformity assessment" in found.en


def test_letters_of_full_width_keep_their_offsets() -> None:
    typed = "新 ＬＥＤ 조명 규정"
    found = expand(typed)[0]
    assert typed[found.start : found.end] == "ＬＥＤ 조명"


def test_an_abbreviation_inside_a_longer_word_is_not_found() -> None:
    assert [each.source_text for each in expand("EVIDENCE PETITION")] == []
    assert [each.source_text for each in expand("EV는")] == ["EV"]


@given(st.text(alphabet="리튬이온 배터리전기차김a-zEVled용의를 ,\n-ＬİßΑ", max_size=40))
def test_spans_always_point_at_their_text_in_order(typed: str) -> None:
    found = expand(typed)
    assert all(typed[each.start : each.end] == each.source_text and each.start < each.end for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_long_text_is_bounded() -> None:
    assert all(each.end <= 5_000 for each in expand("배터리 " * 10_000))
