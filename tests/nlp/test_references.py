"""References to law, standards, dockets and notifications: one normal form, exact spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexical.references import find_references


def found(text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.value) for s in find_references(text, "summary")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("under 10 CFR Part 430.", [("10 CFR Part 430", "cfr:10 CFR 430")]),
        ("see 40 CFR 52.21(b)(2)", [("40 CFR 52.21(b)(2)", "cfr:40 CFR 52.21")]),
        (
            "14 CFR parts 1, 21, and 43 apply",
            [("14 CFR parts 1", "cfr:14 CFR 1"), ("21", "cfr:14 CFR 21"), ("43", "cfr:14 CFR 43")],
        ),
        ("at 89 FR 375 and", [("89 FR 375", "fr_citation:89 FR 375")]),
        ("FR Doc. 2024-00375 Filed", [("2024-00375", "fr_number:2024-00375")]),
        ("Docket No. EPA–HQ–OAR–2023–0234", [("EPA–HQ–OAR–2023–0234", "docket:EPA-HQ-OAR-2023-0234")]),
        ("RIN 2060-AV50", [("2060-AV50", "rin:2060-AV50")]),
        ("g/tbt/n/usa/12/add.1", [("g/tbt/n/usa/12/add.1", "symbol:G/TBT/N/USA/12/Add.1")]),
        ("UN 3480 batteries", [("UN 3480", "un:UN 3480")]),
        ("UN Regulation No. 155", [("UN Regulation No. 155", "unece:UN R155")]),
        ("ECE R100", [("ECE R100", "unece:UN R100")]),
    ],
)
def test_american_and_united_nations_references(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "celex"),
    [
        ("Regulation (EU) 2023/1542", "32023R1542"),
        ("Directive 2006/66/EC", "32006L0066"),
        ("Regulation (EC) No 1907/2006", "32006R1907"),
        ("Regulation (EC) 1907/2006", "32006R1907"),
        ("Regulation (EU) No 1025/2012", "32012R1025"),
        ("Regulation (EU) 2016/2031", "32016R2031"),
        ("Council Regulation (EEC) No 339/93", "31993R0339"),
        ("Directive 94/62/EC", "31994L0062"),
        ("Decision No 768/2008/EC", "32008D0768"),
        ("Commission Implementing Decision (EU) 2019/1698", "32019D1698"),
        ("règlement (UE) 2023/1542", "32023R1542"),
        ("규정 (EU) 2023/1542", "32023R1542"),
        ("CELEX 32023R1542", "32023R1542"),
        ("http://data.europa.eu/eli/reg/2023/1542/oj", "32023R1542"),
    ],
)
def test_eu_acts_become_celex_numbers(text, celex):
    assert [value for _, value in found(text)] == [f"celex:{celex}"]


def test_every_act_of_a_list_is_found():
    values = [value for _, value in found("Directives 2014/35/EU, 2014/30/EU and 2014/53/EU")]
    assert values == ["celex:32014L0035", "celex:32014L0030", "celex:32014L0053"]


@pytest.mark.parametrize(
    "standard",
    ["IEC 62133-2:2017", "KS C IEC 62133-2", "GB 31241-2022", "GB/T 18384.1-2015", "JIS C 8712", "UL 1642",
     "ASTM F963-17", "SNI IEC 60335-1:2009", "TCVN 8366:2010", "EN ISO 14971", "ISO/IEC 17025:2017", "UN 38.3",
     "NOM-003-SCFI-2014", "AS/NZS 3112", "TR CU 020/2011"],
)  # fmt: skip
def test_standards_are_found_whole(standard):
    assert found(f"tested to {standard}, or equivalent") == [(standard, f"standard:{standard}")]


@pytest.mark.parametrize(
    "text", ["100 units, MS 3 people, UN 12", "in 2024/25, decision 12/2024", "EN 55 and IS 12", "Tel +1 202-555-1234"]
)
def test_other_numbers_are_no_references(text):
    assert found(text) == []


@given(st.text(alphabet="CFRISOECUN regulationdirective()/.:-0123456789§No,and\n", max_size=80))
def test_spans_are_ordered_and_hold_the_number(text):
    last = 0
    for spot in find_references(text, "summary"):
        assert 0 <= spot.start < spot.end <= len(text)
        assert spot.start >= last or spot.rule
        last = spot.start
        assert any(map(str.isdigit, text[spot.start : spot.end]))
