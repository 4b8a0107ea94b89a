"""Values in quotes, and places named by locators."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.model import Facts, Kind
from notices.regimes.locators import spans
from notices.regimes.values import value_in

MONTHS = "January February March April May June July August September October November December".split()


@pytest.mark.parametrize(
    ("quote", "value", "unit"),
    [
        ("16 % cobalt", 16, "%"),
        ("16% cobalt", 16, "%"),
        ("sixteen per cent", 16, "%"),
        ("2,5 % of the turnover", Decimal("2.5"), "%"),
        ("more than 0,002 % cadmium", Decimal("0.002"), "%"),
        ("EUR 1 500 000 000", 1_500_000_000, "EUR"),
        ("EUR 40 million", 40_000_000, "EUR"),
        ("more than 5 000 employees", 5000, "employees"),
        ("greater than 2kWh", 2, "kWh"),
        ("for a 10-year period", 10, "years"),
        ("five years", 5, "years"),
        ("within 24 hours", 24, "hours"),
        ("by 2030, Union", 2030, "year"),
        ("from three to five times", 5, "times"),
    ],
)
def test_a_value_is_found_as_the_union_writes_it(quote, value, unit):
    assert value_in(quote, Decimal(value), unit, "eu")


@pytest.mark.parametrize(
    ("quote", "value", "unit"),
    [
        ("16 % cobalt", 6, "%"),
        ("116 % cobalt", 16, "%"),
        ("EUR 1 500 000 000", 500_000_000, "EUR"),
        ("EUR 1 500 000 000", 1500, "EUR"),
        ("EUR 40 million", 40, "EUR"),
        ("2,5 %", 5, "%"),
        ("12 months", 12, "years"),
        ("16 years and 5 %", 16, "%"),
        ("Regulation (EU) 2023/1542", 1542, "year"),
        ("twenty-five years", 5, "years"),
    ],
)
def test_a_part_of_a_number_or_another_unit_is_no_value(quote, value, unit):
    assert not value_in(quote, Decimal(value), unit, "eu")


def test_commas_separate_thousands_in_american_texts():
    assert value_in("$3,750", Decimal(3750), "USD", "us")
    assert not value_in("$3,750", Decimal("3.75"), "USD", "us")
    assert value_in("35.5 percent", Decimal("35.5"), "%", "us")


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_a_day_is_found_in_every_usual_spelling_and_no_other_day_is(day):
    month = MONTHS[day.month - 1]
    for said in (
        f"{day.day} {month} {day.year}",
        f"{day.day} {month}, {day.year}",
        f"{month} {day.day}, {day.year}",
        day.isoformat(),
    ):
        assert value_in(f"from {said} on", day, "date", "eu")
        assert not value_in(f"from {said} on", date(day.year + 1, 1, 1), "date", "eu")


@given(st.integers(1, 10**12))
def test_a_whole_number_is_found_with_its_groups_and_its_neighbour_is_not(number):
    said = f"more than EUR {number:,} in all".replace(",", " ")
    assert value_in(said, Decimal(number), "EUR", "eu")
    assert not value_in(said, Decimal(number + 1), "EUR", "eu")


def test_a_day_that_no_calendar_has_is_passed_over():
    assert not value_in("31 February 2027", date(2027, 2, 28), "date", "eu")


@pytest.fixture
def facts(lamps):
    return Facts(Kind.ACT, date(2024, 1, 1), body=lamps.BODY, sections=lamps.sections_of(lamps.BODY), summary="s")


@pytest.mark.parametrize(
    ("locator", "begins", "ends"),
    [
        ("Article 2", "Article 2", "five years."),
        ("Article 2(1)", "1. From", "lead."),
        ("Article 2(1)(a)", "(a) 16", "cobalt;"),
        ("Article 2(1)(b)", "(b) 85", "lead."),
        ("Annex I", "ANNEX I", "Discharge lamps"),
    ],
)
def test_a_locator_names_exactly_its_place(facts, locator, begins, ends):
    ((start, end),) = spans(facts, "body", locator)
    text = facts.body[start:end].strip()
    assert text.startswith(begins)
    assert text.endswith(ends)


@pytest.mark.parametrize(
    "locator", ["Article 9", "Article 2(7)", "Article 2(1)(c)", "Annex II", "somewhere", "abstract"]
)
def test_a_place_that_is_not_there_has_no_span(facts, locator):
    assert spans(facts, "body", locator) == []


def test_an_abstract_is_one_place(facts):
    assert spans(facts, "summary", "abstract") == [(0, 1)]
    assert spans(facts, "summary", "Article 1") == []
