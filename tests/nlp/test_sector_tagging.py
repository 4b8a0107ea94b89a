"""Which sectors a notice belongs to, and why."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sectors import COMPONENT, SECTORS_VERSION, find_sectors
from notices.model import Agency, Facts, Finding, Kind, Notice, Provenance


def notice_of(source: str, title: str, **facts: Any) -> Notice:
    facts.setdefault("kind", Kind.REGULAR if source == "wto" else Kind.NOTICE)
    return Notice(
        f"{source}:1", source, f"{source}:1", 3, "", Facts(published_on=date(2024, 2, 1), title=title, **facts),
        datetime(2024, 2, 1, tzinfo=UTC),
    )  # fmt: skip


def code(label: str, value: str) -> Finding:
    return Finding("wto:1", 3, "codes", 1, label, value, f"{label}_codes", 0, len(value), 1.0, "x")


def given_to(notice: Notice, *codes: Finding) -> set[str]:
    return {finding.value for finding in find_sectors(notice, codes)}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Draft regulation on wheat harvest bread and biscuits", {"food-pharma", "agri-fishery"}),
        ("Safety of lithium-ion batteries", {"electrical-electronics", "electrical-parts"}),
        ("Regulation on brakes of motor vehicles", {"transport-safety", "automotive"}),
        ("Energy efficiency of air conditioners", {"electrical-electronics", "energy"}),
        ("화장품 표시 기준 일부개정고시", {"food-pharma"}),
        ("어린이제품 안전기준", {"household"}),
        ("자동차 및 자동차부품의 성능과 기준에 관한 규칙", {"transport-safety", "automotive"}),
        ("机动车辆安全标准", {"transport-safety", "automotive"}),
        ("Fuel cell vehicles: refuelling receptacle", {"transport-safety", "automotive", "hydrogen"}),
        ("Ecodesign requirements for footwear", {"household", "bio-environment"}),
        ("Cybersecurity of radio equipment", {"ict"}),
    ],
)
def test_a_notification_belongs_where_its_goods_do(title: str, expected: set[str]) -> None:
    assert given_to(notice_of("wto", title)) == expected


def test_declared_codes_stand_in_where_no_goods_are_named() -> None:
    bare = notice_of("wto", "Addendum", summary="The comment period is extended.")
    assert given_to(bare, code("hs", "850760")) == {"electrical-electronics", "electrical-parts"}
    assert given_to(bare, code("ics", "67.120.30")) == {"agri-fishery"}
    assert given_to(bare) == set()


def test_a_code_that_disagrees_with_the_goods_is_noise() -> None:
    pipes = notice_of("wto", "Technical regulation on steel tubes and pipes", products_text="Steel tubes and pipes")
    assert given_to(pipes, code("hs", "7306"), code("ics", "67.120.30")) == {
        "machinery-metals",
        "machinery-metal-parts",
    }


def test_names_of_framework_laws_are_not_the_goods() -> None:
    drones = notice_of(
        "wto", "Draft Food Safety and Standards (Amendment) Regulations, 2023 relating to unmanned aircraft"
    )
    assert given_to(drones) == {"transport-safety"}


@pytest.mark.parametrize(
    "title",
    [
        "Privacy Act of 1974; System of Records",
        "Sunshine Act Meetings",
        "Agency Information Collection Activities; Comment Request; Medical Devices",
        "Safety Zone; Small Lake, Somewhere, TX",
        "Air Plan Approval; Ohio; Volatile Organic Compounds",
        "Amendment of Class E Airspace; Smallville, KS",
        "Fisheries of the Northeastern United States; Cod Quota Transfer",
        "Apples Grown in Washington; Increased Assessment Rate",
        "Self-Regulatory Organizations; Some Exchange LLC; Notice of Filing",
        "Initiation of Antidumping and Countervailing Duty Administrative Reviews",
        "A Day Nobody Thought Of",
    ],
)
def test_most_federal_register_documents_belong_nowhere(title: str) -> None:
    assert given_to(notice_of("us-fr", title)) == set()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Energy Conservation Program: Energy Conservation Standards for Dishwashers",
         {"energy", "electrical-electronics"}),
        ("Airworthiness Directives; Some Company Airplanes", {"transport-safety"}),
        ("Federal Motor Vehicle Safety Standards; Side Impact", {"transport-safety", "automotive"}),
        ("Certain Hot-Rolled Steel From Atlantis: Final Results of Antidumping Duty Administrative Review",
         {"machinery-metals", "machinery-metal-parts"}),
        ("Significant New Use Rules on Certain Chemical Substances", {"chemicals-ceramics", "basic-chemicals"}),
        ("Medical Devices; Classification of a Device", {"food-pharma"}),
        ("Fludioxonil; Pesticide Tolerances", {"chemicals-ceramics", "agri-fishery"}),
        ("Importation of Fresh Pears From Atlantis", {"agri-fishery"}),
    ],
)  # fmt: skip
def test_families_of_product_rules_are_known_without_agency_or_code(title: str, expected: set[str]) -> None:
    assert given_to(notice_of("us-fr", title)) == expected


def test_an_agency_of_one_field_speaks_for_its_rules_and_only_for_rules() -> None:
    agencies = (Agency("Consumer Product Safety Commission", "consumer-product-safety-commission"),)
    rule = notice_of("us-fr", "Something New", kind=Kind.FINAL_RULE, agencies=agencies)
    assert given_to(rule) == {"household"}
    assert given_to(notice_of("us-fr", "Something New", agencies=agencies)) == set()
    summary = "The Food and Drug Administration (FDA) is amending its rules."
    named = notice_of("us-fr", "Something New", kind=Kind.PROPOSED_RULE, summary=summary)
    (finding,) = find_sectors(named, [])
    assert (finding.value, finding.field) == ("food-pharma", "summary")
    assert summary[finding.start : finding.end] == "Food and Drug Administration"


def test_a_finding_says_whose_it_is_and_points_at_its_evidence() -> None:
    notice = notice_of("wto", "Safety of toys", products_text="Toys (HS 9503)")
    (finding,) = find_sectors(notice, [code("hs", "9503")])
    assert (finding.notice_id, finding.revision, finding.component) == ("wto:1", 3, COMPONENT)
    assert (finding.component_version, finding.label, finding.value) == (SECTORS_VERSION, "sector", "household")
    assert finding.provenance is Provenance.INFERRED
    assert notice.facts.title[finding.start : finding.end] == "toys"
    assert 0 < finding.confidence <= 1
    assert finding.rule == "sector.words"


@given(
    st.text(alphabet="abcdefghij toysteelfood,;:완구식품İßＡ\n()-", max_size=80),
    st.text(alphabet="toys and food (HS 9503) 완구", max_size=60),
    st.sampled_from(["wto", "us-fr", "eu"]),
)
def test_spans_lie_inside_their_fields_and_the_order_is_fixed(title: str, products: str, source: str) -> None:
    notice = notice_of(source, title, products_text=products)
    found = find_sectors(notice, [])
    assert [each.value for each in found] == sorted({each.value for each in found})
    for each in found:
        text = getattr(notice.facts, each.field)
        assert 0 <= each.start < each.end <= len(text)
    assert found == find_sectors(notice, [])
