"""Declared HS and ICS codes: every way of writing them, and what is never a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexical.codes import SEPARATOR, list_codes, text_codes
from nlp.lexical.plausibility import FLAGGED, flag_implausible
from notices.model import Provenance
from notices.nomenclature import hs, ics


def values(text: str, label: str = "hs", field: str = "products_text") -> list[str]:
    return [spot.value for spot in text_codes(text, field) if spot.label == label]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(HS code(s): 1513)", ["1513"]),
        ("Toys (HS 9503)", ["9503"]),
        ("HS: 8703 8704", ["8703", "8704"]),
        ("8702", ["8702"]),
        ("8504409010、8544420000及8536901000", ["850440", "854442", "853690"]),
        ("HS codes: 6506.10.20; 7309, 3923.30.20 7613.00.00; 8428.", ["650610", "7309", "392330", "761300", "8428"]),
        ("(HS代码6307.90-4010)", ["630790"]),
        ("HS 코드: 8507.60, 8507.80", ["850760", "850780"]),
        ("tariff headings 85.06 and 85.07", ["8506", "8507"]),
        ("Cookware: 7323.9380", ["732393"]),
        ("HS 380891 (Insecticides), 380892 (Fungicides) and 3808.94", ["380891", "380892", "380894"]),
        ("Products of HS chapters 84 and 85; 10 pieces", ["84", "85"]),
        ("6401 to 6405", ["6401", "6402", "6403", "6404", "6405"]),
        ("HS 8402-8403", ["8402", "8403"]),
        ("HS code: 8402～8403", ["8402", "8403"]),
    ],
)
def test_hs_codes_are_read_in_every_spelling(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize("text", ["(ICS code(s): 43.020)", "ICS: 43.020", "ICS : 43.020", "ICS:43.020", "ICS 43.020"])
def test_ics_codes_are_read_in_every_spelling(text):
    assert values(text, "ics") == ["43.020"]


@pytest.mark.parametrize(
    "text",
    [
        "TCVN 8366:2010, 1.000 kg, Tel 02-555-1234, UN 3480, in 2024",
        "G/TBT/N/VNM/408, 29 May 2026, IEC 62133-2:2017, 40 CFR 85.07",
        "HS 2022 edition",
        "(HS: N/A)",
        "batteries of 8507 mAh",
        "EN 8415.10 and 1234.56 kg",
    ],
)
def test_years_symbols_phones_standards_and_quantities_are_no_codes(text):
    assert values(text) == []
    assert values(text, "hs_rejected") == []


@pytest.mark.parametrize(
    ("codes", "rejected", "rule", "kept"),
    [
        (("8700",), "8700", "hs.padded", ["87"]),
        (("380840",), "380840", "hs.old_edition", ["3808"]),
        (("8138.9000",), "813890", "hs.no_such_heading", []),
        (("83.160",), "83.160", "hs.ics_form", []),
        (("7701",), "7701", "hs.no_such_chapter", []),
        (("850",), "850", "hs.unreadable", []),
    ],
)
def test_a_wrong_code_is_rejected_with_its_reason_and_the_nearest_level_kept(codes, rejected, rule, kept):
    found = list_codes("hs", codes)
    bad = [spot for spot in found if spot.label == "hs_rejected"]
    assert [(spot.value, spot.rule.split(":")[0]) for spot in bad] == [(rejected, rule)]
    assert [spot.value for spot in found if spot.label == "hs"] == kept


def test_an_ics_number_quoted_as_hs_is_taken_as_ics():
    assert values("brake HS 83.160", "ics") == ["83.160"]


def test_a_range_gives_its_codes_and_a_senseless_one_only_its_ends():
    assert set(values("HS Code: from 870310 to 870390")) == set(hs.codes_between("870310", "870390"))
    assert values("HS code: from 252490 to 681280") == ["252490", "681280"]


def test_codes_in_the_source_s_own_fields_are_notified_and_those_in_prose_inferred():
    assert {s.provenance for s in text_codes("HS code 8507.60", "products_text")} == {Provenance.NOTIFIED}
    assert {s.provenance for s in text_codes("HS code 8507.60", "summary")} == {Provenance.INFERRED}
    assert values("the HS 85 group", field="summary") == []


@given(st.lists(st.text(alphabet="0123456789. -;()HSICto", max_size=14), max_size=5))
def test_spans_of_list_codes_count_in_the_joined_values(codes):
    joined = SEPARATOR.join(codes)
    for system in ("hs", "ics"):
        for spot in list_codes(system, tuple(codes)):
            assert 0 <= spot.start < spot.end <= len(joined)
            written = "".join(filter(str.isdigit, joined[spot.start : spot.end]))
            assert written.startswith("".join(filter(str.isdigit, spot.value))[:2]) or spot.rule.startswith("hs.range")


@given(st.text(alphabet="HSICcode():;, .-0123456789tofrmand\n", max_size=60))
def test_every_accepted_code_exists_and_has_its_evidence(text):
    for spot in text_codes(text, "products_text"):
        assert 0 <= spot.start < spot.end <= len(text)
        if spot.label == "hs":
            assert hs.exists(spot.value)
        if spot.label == "ics":
            assert ics.exists(spot.value)


def test_a_code_of_another_world_is_flagged_and_a_plausible_one_is_not():
    wrong = flag_implausible(list_codes("hs", ("3105",)), "Fork-lift trucks")
    assert wrong[0].rule.endswith(".implausible")
    assert wrong[0].confidence == FLAGGED
    for text, code in (("Bicycle helmets", "65"), ("Lubricating oils", "271019"), ("Buses", "8702")):
        assert not flag_implausible(list_codes("hs", (code,)), text)[0].rule.endswith(".implausible")
    nuts = "palm kernel oil (HS code(s): 1513); Nuts (ICS code(s): 21.060.20)"
    flagged = [s.value for s in flag_implausible(text_codes(nuts, "products_text"), nuts) if "implausible" in s.rule]
    assert flagged == ["21.060.20"]
