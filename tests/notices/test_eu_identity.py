"""Identity of EU acts: versions and corrigenda belong to their act; sections survive the store's JSON."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.canonical import content_hash, normalise
from notices.identity import base_celex, eu_id, family_id, find_keys, from_url, to_url
from notices.model import Facts, Kind, Section
from notices.store.codec import decode_facts, encode_facts

ACTS = st.builds(
    lambda year, letter, number: f"{year}{letter}{number:04d}",
    st.integers(1952, 2099),
    st.sampled_from(["R", "L", "D", "H", "DC"]),
    st.integers(1, 9999),
)
DAYS = st.dates(date(1958, 1, 1), date(2099, 12, 31))


@given(ACTS, DAYS)
def test_a_consolidated_version_belongs_to_its_act(act, day):
    assert family_id(eu_id(f"0{act}-{day:%Y%m%d}")) == f"eu:3{act}"


@given(ACTS, st.integers(1, 99))
def test_a_corrigendum_belongs_to_its_act(act, number):
    assert family_id(eu_id(f"3{act}R({number:02d})")) == f"eu:3{act}"


@given(ACTS, st.sampled_from(["1", "3", "5", "6"]))
def test_an_act_of_any_sector_leads_itself_and_the_leader_leads_itself(act, sector):
    celex = f"{sector}{act}"
    assert base_celex(celex) == celex
    assert family_id(family_id(eu_id(celex))) == eu_id(celex)


@given(ACTS, st.integers(1, 99), DAYS)
def test_ids_travel_in_addresses_and_celex_numbers_are_found_in_text(act, number, day):
    for celex in (f"3{act}", f"0{act}-{day:%Y%m%d}", f"3{act}R({number:02d})"):
        assert from_url(to_url(eu_id(celex))) == eu_id(celex)
        assert f"celex:{celex}" in [key for _, _, key in find_keys(f"see {celex} for more")]


@given(
    st.lists(st.tuples(st.sampled_from(["article", "annex", "amendment"]), st.text(max_size=5), st.integers(0, 999)))
)
def test_sections_go_through_the_store_unchanged_and_in_order(rows):
    sections = tuple(Section(kind, number, "Titre", at, at + 7, 1) for kind, number, at in rows)
    facts = normalise(Facts(Kind.ACT, date(2023, 7, 28), body="Article 1", sections=sections))
    assert facts.sections == sections
    assert decode_facts(encode_facts(facts)) == facts


def test_facts_without_sections_keep_the_hash_they_had():
    facts = Facts(Kind.ACT, date(2023, 7, 28), title="x")
    assert "sections" not in encode_facts(facts)
    assert content_hash(facts) != content_hash(
        Facts(Kind.ACT, date(2023, 7, 28), title="x", sections=(Section("a", "", "", 0, 1, 0),))
    )


@pytest.mark.parametrize("text", [
    "Regulation (EU) 2023/1542", "regulation EU 2023/1542", "EU Regulation 2023/1542", "Regulations (EU) 2023/1542",
    "규정 (EU) 2023/1542", "규정(EU) 2023/1542", "배터리규정(EU) 2023/1542호", "EU 규정 2023/1542",
    "EU 배터리 규정 2023/1542", "EU 배터리규정 제2023/1542호", "règlement (UE) 2023/1542", "https://data.europa.eu/eli/reg/2023/1542/oj",
    "eli/reg/2023/1542", "CELEX:32023R1542", "32023R1542",
])  # fmt: skip
def test_an_act_is_found_by_any_of_its_names(text):
    assert [key for _, _, key in find_keys(f"{text} 를 보라")] == ["celex:32023R1542"]


@pytest.mark.parametrize("text", ["Decision 12/2024", "ce règlement 12/2024", "규정 12/2024", "2023/1542"])
def test_a_number_that_could_be_anybodys_names_no_act(text):
    assert find_keys(text) == []


@pytest.mark.parametrize(("text", "celex"), [
    ("결정 제2019/2088호", "32019D2088"), ("Regulation (EC) No 1907/2006", "32006R1907"),
    ("지침 2006/66/EC", "32006L0066"),
])  # fmt: skip
def test_the_number_or_the_year_stands_first_as_the_act_does_it(text, celex):
    assert f"celex:{celex}" in [key for _, _, key in find_keys(text)]


@pytest.mark.parametrize(
    "text",
    ["32023r1542", "celex:32023r1542", "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX%3A32023R1542"],
)
def test_a_celex_number_is_known_in_small_letters_and_in_an_address(text):
    assert [key for _, _, key in find_keys(text)] == ["celex:32023R1542"]
