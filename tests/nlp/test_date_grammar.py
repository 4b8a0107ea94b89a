"""Written dates: values, precision, rules counted from an event, and what is no date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.deadlines import find_deadlines
from nlp.lexical.calendar import Precision, add_months, add_period, bounds
from nlp.lexical.dates import find_dates, form_date

PUBLISHED = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("20 June 2026", "2026-06-20", "day"),
        ("Saturday, 20th of June, 2026", "2026-06-20", "day"),
        ("June 20, 2026", "2026-06-20", "day"),
        ("Jun. 20 2026", "2026-06-20", "day"),
        ("2026-06-20", "2026-06-20", "day"),
        ("2026. 6. 20.", "2026-06-20", "day"),
        ("20/06/2026", "2026-06-20", "day"),
        ("06/20/2026", "2026-06-20", "day"),
        ("20.6.2026", "2026-06-20", "day"),
        ("03/04/2026", "2026-04-03", "day"),
        ("2026년 6월 20일", "2026-06-20", "day"),
        ("2026년 6월 20일(토)", "2026-06-20", "day"),
        ("March 2026", "2026-03", "month"),
        ("2026년 3월", "2026-03", "month"),
        ("Q4 2027", "2027-Q4", "quarter"),
        ("4Q 2027", "2027-Q4", "quarter"),
        ("the fourth quarter of 2027", "2027-Q4", "quarter"),
        ("2027년 4분기", "2027-Q4", "quarter"),
        ("second half of 2027", "2027-H2", "half"),
        ("2027년 하반기", "2027-H2", "half"),
        ("end of 2027", "2027", "year"),
        ("June 20", "XXXX-06-20", "yearless"),
        ("6월 20일", "XXXX-06-20", "yearless"),
        ("60 days from notification", "P60D/notification", "relative"),
        ("sixty (60) days from the date of its circulation", "P60D/notification", "relative"),
        ("6 months after publication", "P6M/publication", "relative"),
        ("10 working days after entry into force", "P10B/entry_into_force", "relative"),
        ("upon publication", "P0D/publication", "relative"),
        ("통보일로부터 60일", "P60D/notification", "relative"),
        ("공포 후 6개월", "P6M/publication", "relative"),
        ("from 1 June to 30 June 2026", "2026-06-01/2026-06-30", "range"),
        ("N/A", "not-applicable", "none"),
        ("To be determined", "undetermined", "none"),
        ("미정", "undetermined", "none"),
    ],
)
def test_a_written_date_has_its_value_and_precision(text, value, precision):
    found = find_dates(text)
    assert [(span.value, str(span.precision)) for span in found] == [(value, precision)]


@pytest.mark.parametrize(
    "text", ["1.000 kg", "version 2.1.3", "2024-00375", "10.11.12", "31 February 2026", "Article 5", "40 CFR 52.21"]
)
def test_other_numbers_are_no_dates(text):
    assert find_dates(text) == []


def test_american_figures_put_the_month_first_and_an_ambiguous_date_says_so():
    european, american = find_dates("03/04/2026")[0], find_dates("03/04/2026", day_first=False)[0]
    assert (european.value, american.value) == ("2026-04-03", "2026-03-04")
    assert european.confidence < find_dates("20/04/2026")[0].confidence


def test_a_dash_in_a_form_says_that_there_is_no_date():
    span = form_date(" - ")
    assert span is not None
    assert span.value == "not-applicable"
    assert form_date("Q3 2027").value == "2027-Q3"
    assert form_date("see text") is None


@pytest.mark.parametrize(
    ("value", "precision", "first", "last"),
    [
        ("2024-02", Precision.MONTH, "2024-02-01", "2024-02-29"),
        ("2027-Q4", Precision.QUARTER, "2027-10-01", "2027-12-31"),
        ("2027-H1", Precision.HALF, "2027-01-01", "2027-06-30"),
        ("2027", Precision.YEAR, "2027-01-01", "2027-12-31"),
        ("P60D/notification", Precision.RELATIVE, "2026-07-31", "2026-07-31"),
        ("XXXX-05-20", Precision.YEARLESS, "2027-05-20", "2027-05-20"),
    ],
)
def test_a_value_resolves_to_its_first_and_last_day(value, precision, first, last):
    days = bounds(value, precision, {"notification": PUBLISHED})
    assert days == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_rule_stays_a_rule_while_its_event_has_no_day():
    assert bounds("P6M/entry_into_force", Precision.RELATIVE, {"notification": PUBLISHED}) is None
    assert bounds("undetermined", Precision.NONE, {}) is None


def test_periods_keep_to_the_calendar():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_period(date(2026, 6, 5), "P3B") == date(2026, 6, 10)  # a Friday
    assert add_period(date(2026, 6, 5), "P9999Y") is None


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%Y년 %m월 %d일"]),
)
def test_every_day_is_read_back(day, pattern):
    text = f"no later than {day.strftime(pattern)}, in writing"
    assert [span.value for span in find_dates(text)] == [day.isoformat()]


@given(st.text(alphabet="0123456789/.- JuneQMarchdaysfromtopublication년월일통보부터,()N/A", max_size=60))
def test_spans_are_ordered_and_never_overlap(text):
    last = 0
    for span in find_dates(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Comments must be received on or before July 4, 2026.", "2026-07-04"),
        ("Effective August 1, 2026. Submit comments by July 4, 2026.", "2026-07-04"),
        ("Interested persons may comment within 30 days of publication.", "2026-07-01"),
        ("의견은 2026년 7월 4일까지 제출할 수 있다.", "2026-07-04"),
        ("Final date for comments: 60 days from notification", "2026-07-31"),
    ],
)
def test_a_comment_deadline_in_words_is_found(text, day):
    found = find_deadlines(text, PUBLISHED, day_first=False)
    assert [each.day.isoformat() for each in found] == [day]
    assert text[found[0].start : found[0].end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "This rule is effective July 4, 2026.",
        "Comments on the draft were received until July 4, 2019.",
        "The public meeting will be held on July 4, 2026; comments are welcome.",
        "Reply comments are due July 4, 2026.",
    ],
)
def test_other_dates_are_no_comment_deadline(text):
    assert find_deadlines(text, PUBLISHED, day_first=False) == []
