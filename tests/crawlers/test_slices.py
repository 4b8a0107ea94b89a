"""Slices of dates, what a run asks for, and what counts as covered."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.slices import Coverage, Slice, calendar_slices, spans_to_ask

DAY = timedelta(days=1)
DAYS = st.dates(date(1995, 1, 1), date(2030, 12, 31))


def _days(parts: list[Slice]) -> list[date]:
    return [part.since + DAY * n for part in parts for n in range((part.until - part.since).days + 1)]


@settings(deadline=None)
@given(DAYS, DAYS)
def test_calendar_slices_hold_every_day_once_newest_first(one: date, other: date) -> None:
    since, until = min(one, other), max(one, other)
    parts = calendar_slices(since, until)
    assert sorted(_days(parts)) == [since + DAY * n for n in range((until - since).days + 1)]
    assert parts == sorted(parts, key=lambda part: part.since, reverse=True)


@settings(deadline=None)
@given(DAYS, DAYS)
def test_smaller_slices_hold_the_same_days(one: date, other: date) -> None:
    part = Slice(min(one, other), max(one, other))
    smaller = part.smaller()
    if part.since == part.until:
        assert smaller == []
    else:
        assert len(smaller) > 1
        assert sorted(_days(smaller)) == sorted(_days([part]))


def test_no_slices_when_since_is_after_until() -> None:
    assert calendar_slices(date(2024, 2, 2), date(2024, 2, 1)) == []


TODAY = date(2026, 9, 30)
WINDOW = {"overlap": timedelta(days=90), "first": timedelta(days=90)}


def test_the_first_run_goes_back_as_far_as_wanted() -> None:
    wanted = spans_to_ask(None, today=TODAY, backfill_since=date(2000, 1, 1), **WINDOW)
    assert wanted == [(date(2000, 1, 1), TODAY)]
    assert spans_to_ask(None, today=TODAY, backfill_since=None, **WINDOW) == [(TODAY - timedelta(days=90), TODAY)]


def test_a_later_run_asks_the_overlap_window_again_from_the_start_of_its_month() -> None:
    covered = (date(2000, 1, 1), date(2026, 9, 20))
    wanted = spans_to_ask(covered, today=TODAY, backfill_since=date(2000, 1, 1), **WINDOW)
    assert wanted == [(date(2026, 6, 1), TODAY)]


def test_a_run_after_an_interrupted_backfill_goes_on_below_what_is_covered() -> None:
    covered = (date(2026, 8, 1), TODAY)
    wanted = spans_to_ask(covered, today=TODAY, backfill_since=date(2000, 1, 1), **WINDOW)
    assert [wanted[0][1], wanted[-1][0]] == [TODAY, date(2000, 1, 1)]
    assert sorted(_days([Slice(*span) for span in wanted])) == _days([Slice(date(2000, 1, 1), TODAY)])


def test_after_a_year_of_silence_the_whole_gap_is_asked() -> None:
    covered = (date(2020, 1, 1), date(2025, 3, 15))
    (since, until) = spans_to_ask(covered, today=TODAY, backfill_since=None, **WINDOW)[0]
    assert since <= date(2024, 12, 15)
    assert until == TODAY


def test_a_hole_left_by_a_failed_slice_is_not_covered_over() -> None:
    coverage = Coverage((date(2024, 1, 1), date(2024, 1, 31)))
    assert coverage.add(Slice(date(2024, 3, 1), date(2024, 3, 31))) is None
    assert coverage.span == (date(2024, 1, 1), date(2024, 1, 31))
    assert coverage.add(Slice(date(2024, 2, 1), date(2024, 2, 29))) == (date(2024, 1, 1), date(2024, 3, 31))


def test_the_first_finished_slice_begins_the_covered_span() -> None:
    coverage = Coverage(None)
    assert coverage.add(Slice(date(2024, 3, 1), date(2024, 3, 31))) == (date(2024, 3, 1), date(2024, 3, 31))
    assert coverage.add(Slice(date(2024, 1, 1), date(2024, 1, 31))) is None
    assert coverage.add(Slice(date(2024, 2, 1), date(2024, 2, 29))) == (date(2024, 1, 1), date(2024, 3, 31))
