from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.compiling import compile_query
from index.query_text import MAX_LENGTH, format_query, parse_query
from notices.errors import QueryInvalid
from notices.search import Query

TODAY = date(2024, 2, 1)
PARTS = st.sampled_from(
    [
        "lithium",
        "배터리",
        "the",
        '"power',
        'bank"',
        '"G/TBT/N/EU/7"',
        "-toy",
        "-",
        "--",
        "-(",
        "(",
        ")",
        "OR",
        "AND",
        "NOT",
        "or",
        "batter*",
        "*",
        "a*",
        "8507.60",
        "850760",
        "HS",
        "60",
        "8507",
        "HS8507",
        "89",
        "FR",
        "375",
        ",",
        "2024-00375",
        "G/TBT/N/EU/1100/Add.1",
        "g",
        "/",
        "tbt",
        "eli/reg/2023/1542/oj",
        "32023R1542R(01)",
        "hs:8507",
        "hs:=850760",
        "hs:8507+inferred,8506",
        "-market:US",
        'market:미국,"유럽연합"',
        "ics:29.220",
        "kind:addendum",
        "open:yes",
        "published:2024-03",
        "deadline:..2024-03-01",
        "as_of:2024-02-01",
        "EN",
        "50498:2010",
        "https://x.y/z?q=(a)",
        "10:30",
        "code(s)",
        "“quoted”",
        "제품:",
        "•",
        "ﷺ",
        "\u2060",
        "x:",
    ]
)


def read(text: str) -> Query | None:
    try:
        return parse_query(text, today=TODAY)
    except QueryInvalid as refused:
        assert 0 <= refused.context["position"] <= max(len(text), MAX_LENGTH)  # noqa: PT017  (may be refused or read)
        return None


def check(text: str) -> None:
    query = read(text)
    if query is not None:
        canonical = format_query(query)
        if len(canonical) <= MAX_LENGTH:
            assert parse_query(canonical, today=TODAY) == query, canonical
        compile_query(query)


@settings(max_examples=1500, deadline=None)
@given(st.lists(PARTS, max_size=12).map(" ".join))
def test_a_query_of_plausible_parts_survives_its_own_canonical_text(text: str) -> None:
    check(text)


@settings(max_examples=500, deadline=None)
@given(st.lists(PARTS, max_size=8).map("".join))
def test_parts_without_blanks_are_read_or_refused(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", ["OR•", "NOT·", "lamp •AND", "-OR•", "(OR•)"])
def test_an_operator_that_punctuation_clings_to_is_a_word_and_survives_its_canonical_text(text: str) -> None:
    check(text)
    parse_query(text, today=TODAY)


@settings(max_examples=1000, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    ("labelled", "bare"),
    [
        ("CELEX:32023R1542", "32023R1542"),
        ("celex:32023R1542 battery", "32023R1542 battery"),
        ("battery -CELEX:32023R1542", "battery -32023R1542"),
        ("symbol:G/TBT/N/EU/7/Add.1", "G/TBT/N/EU/7/Add.1"),
        ("fr_citation:89 FR 375", "89 FR 375"),
        ("fr_number:2024-00375", "2024-00375"),
    ],
)
def test_a_name_pasted_with_its_label_is_the_name(labelled, bare):
    assert parse_query(labelled, today=TODAY) == parse_query(bare, today=TODAY)


def test_an_unknown_filter_is_still_refused():
    with pytest.raises(QueryInvalid, match="there is no filter foo"):
        parse_query("foo:32023R1542", today=TODAY)


@pytest.mark.parametrize(
    ("wide", "plain"),
    [
        ("Ｇ／ＴＢＴ／Ｎ／ＴＵＲ／７", "G/TBT/N/TUR/7"),
        ("ＨＳ８５０７", "HS8507"),
        ("ｈｓ：８５０７　배터리", "hs:8507 배터리"),
        ("market:미국，중국", "market:미국,중국"),
        ("（lamp　OR　toy）－＂power bank＂", '(lamp OR toy)-"power bank"'),
    ],
)
def test_full_width_typing_means_the_same(wide, plain):
    assert parse_query(wide, today=TODAY) == parse_query(plain, today=TODAY)
