"""Symbols and identifiers: one normal spelling, and every spelling finds it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.identity import eu_id, family_id, find_keys, fr_id, from_url, lookup_key, to_url, wto_id
from notices.symbols import Symbol, find_symbols, parse_symbol, parse_symbol_list

members = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=4)
suffixes = st.lists(st.tuples(st.sampled_from(["Rev", "Add", "Corr", "Suppl"]), st.integers(1, 99)), max_size=3)
symbols = st.builds(Symbol, st.sampled_from(["TBT", "SPS"]), members, st.integers(1, 99999), suffixes.map(tuple))
blanks = st.sampled_from(["", " ", "  "])


@st.composite
def spellings(draw):
    """A symbol and one of the ways people write it."""
    symbol = draw(symbols)
    parts = str(symbol).split("/")
    text = "/".join(f"{draw(blanks)}{part}{draw(blanks)}" for part in parts).strip()
    text = draw(st.sampled_from([str.upper, str.lower, str]))(text)
    if draw(st.booleans()):
        text = text.replace(".", draw(st.sampled_from([". ", " .", ""])))
    return symbol, text


@given(symbols)
def test_the_normal_spelling_is_its_own_normal_spelling(symbol):
    assert parse_symbol(str(symbol)) == symbol
    assert str(parse_symbol(str(symbol))) == str(symbol)


@given(spellings())
def test_every_spelling_is_the_same_symbol_and_the_same_key(spelling):
    symbol, text = spelling
    assert parse_symbol(text) == symbol
    assert lookup_key("symbol", text) == f"symbol:{symbol}"


@given(st.lists(spellings(), min_size=1, max_size=4), st.sampled_from([", ", ",", "; ", "\n"]))
def test_a_list_gives_each_symbol_once_in_order(pairs, separator):
    found = parse_symbol_list(" " + separator.join(text for _, text in pairs))
    assert found == tuple(dict.fromkeys(symbol for symbol, _ in pairs))
    assert wto_id(found) == f"wto:{pairs[0][0]}"


@given(spellings(), st.sampled_from(["See ", "(", "통보문 ", "«"]), st.sampled_from([".", ")", " of 2024", ", which"]))
def test_a_symbol_in_running_text_is_found_where_it_stands(spelling, before, after):
    symbol, text = spelling
    ((start, end, found),) = find_symbols(f"{before}{text}{after}")
    assert found == symbol
    assert f"{before}{text}{after}"[start:end] == text
    assert (start, end, f"symbol:{symbol}") in find_keys(f"{before}{text}{after}")


@given(symbols)
def test_the_family_is_led_by_the_base(symbol):
    notice_id = wto_id((symbol,))
    assert family_id(notice_id) == f"wto:{symbol.base}"
    assert family_id(family_id(notice_id)) == family_id(notice_id)
    parent = symbol.parent
    assert (parent is None) == (not symbol.suffixes)
    assert parent is None or parse_symbol(parent).base == symbol.base


@given(symbols)
def test_an_id_survives_its_way_through_a_url(symbol):
    notice_id = wto_id((symbol,))
    assert "/" not in to_url(notice_id)
    assert from_url(to_url(notice_id)) == notice_id


@pytest.mark.parametrize("text", ["", "G/TBT/N/KOR", "G/TBT/W/1", "G/TBT/N/KORE1/1", "G/TBT/N/KOR/1/Foo.1", "KOR/1"])
def test_what_is_no_symbol_is_refused(text):
    with pytest.raises(ValueError, match="not a WTO"):
        parse_symbol(text)


def test_an_empty_list_is_refused():
    with pytest.raises(ValueError, match="empty"):
        parse_symbol_list(" , ")


def test_a_number_with_an_en_dash_is_the_same_rule():
    assert fr_id(date(2024, 1, 3), "2024\u201300375") == "us-fr:2024-01-03/2024-00375"
    assert family_id("us-fr:2024-01-03/2024-00375") == "us-fr:2024-01-03/2024-00375"
    assert lookup_key("fr_number", " 2024\u201300375") == lookup_key("fr_number", "2024-00375")


def test_a_celex_number_is_one_in_either_case():
    assert eu_id(" 32023r1115 ") == "eu:32023R1115"
    assert lookup_key("celex", "32023r1115") == "celex:32023R1115"


@given(
    st.integers(10, 999),
    st.integers(1, 999999),
    st.sampled_from(["{} FR {}", "{} F.R. {}", "{}FR{}", "{} Fed. Reg. {}", "{} fr {}", "{} Federal Register (FR) {}"]),
)
def test_a_citation_is_found_in_any_spelling(volume, page, shape):
    text = shape.format(volume, page)
    wanted = f"fr_citation:{volume} FR {page}"
    assert lookup_key("fr_citation", text) == wanted
    assert wanted in [key for _, _, key in find_keys(f"see {text}, as cited")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2024-00375", "fr_number:2024-00375"),
        ("E9-12345", "fr_number:E9-12345"),
        ("C1-2024-00375", "fr_number:C1-2024-00375"),
        ("94\u201312345", "fr_number:94-12345"),
        ("32023R1542", "celex:32023R1542"),
        ("02023R1115-20251226", "celex:02023R1115-20251226"),
        ("http://data.europa.eu/eli/reg/2023/1542/oj", "celex:32023R1542"),
        ("eli/dir/2014/53", "celex:32014L0053"),
    ],
)
def test_an_identifier_in_a_query_gives_its_key(text, key):
    assert [found for _, _, found in find_keys(f"what is {text} ?")] == [key]


@given(st.sampled_from(["docket", "rin", "celex", "fr_number", "fr_citation"]), st.text(max_size=30))
def test_a_lookup_key_is_its_own_normal_form(scheme, value):
    key = lookup_key(scheme, value)
    assert lookup_key(scheme, key.removeprefix(f"{scheme}:")) == key


@given(st.text(max_size=200))
def test_any_text_can_be_searched_for_identifiers(text):
    for start, end, key in find_keys(text):
        assert 0 <= start < end <= len(text)
        assert ":" in key
