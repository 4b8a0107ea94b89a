"""Values of dates as written: exact days, months, quarters, years, rules counted from an event, or nothing at all."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a value names its time."""

    DAY = "day"
    YEARLESS = "yearless"  # a day or month without its year: "XXXX-06-20"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    RANGE = "range"
    RELATIVE = "relative"  # counted from an event: "P60D/notification"
    NONE = "none"  # "N/A", "to be determined": the source says that it says nothing


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date as it stands in ``text[start:end]``.

    ``value`` is ISO 8601 where it can be ("2026-06-20", "2026-06", "2027"), "2027-Q4", "2027-H1", "XXXX-06-20", a range
    "first/last", a rule "P60D/publication", or "not-applicable" and "undetermined".
    """

    start: int
    end: int
    value: str
    precision: Precision
    rule: str
    confidence: float = 1.0


_UNITS = {"D": 1, "W": 7}


def day_value(year: int | None, month: int, day: int) -> str | None:
    """ "2026-06-20" or "XXXX-06-20"; None when the calendar has no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year or 2024, month)[1]:
        return None
    return f"{year or 'XXXX'}-{month:02d}-{day:02d}"


def add_months(start: date, months: int) -> date:
    """The same day some months on, or the month's last day when it is shorter."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def add_period(start: date, period: str) -> date | None:
    """The day an ISO period ("P60D", "P6M", "P2Y", "P4W", "P10B" for business days) after ``start``.

    None past the year 9999. Business days are Monday to Friday; holidays are nobody's one list.
    """
    count, unit = int(period[1:-1]), period[-1]
    try:
        if unit in _UNITS:
            return start + timedelta(days=count * _UNITS[unit])
        if unit == "B":
            weeks, rest = divmod(count, 5)
            day = start + timedelta(weeks=weeks)
            while rest:
                day += timedelta(days=1)
                rest -= day.weekday() < 5
            return day
        return add_months(start, count * (12 if unit == "Y" else 1))
    except (OverflowError, ValueError):
        return None


def _month_span(year: int, month: int, months: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, add_months(first, months) - timedelta(days=1)


def bounds(value: str, precision: Precision, anchors: Mapping[str, date]) -> tuple[date, date] | None:
    """First and last day that a value may mean; None when it can't be known.

    ``anchors`` gives the day of each event that rules count from ("notification", "publication" …); a yearless day is
    the first one on or after ``anchors["notification"]``.
    """
    if precision is Precision.DAY:
        day = date.fromisoformat(value)
        return day, day
    if precision is Precision.MONTH:
        return _month_span(int(value[:4]), int(value[5:7]), 1)
    if precision is Precision.QUARTER:
        return _month_span(int(value[:4]), int(value[-1]) * 3 - 2, 3)
    if precision is Precision.HALF:
        return _month_span(int(value[:4]), int(value[-1]) * 6 - 5, 6)
    if precision is Precision.YEAR:
        return _month_span(int(value[:4]), 1, 12)
    if precision is Precision.RELATIVE:
        period, _, event = value.partition("/")
        anchor = anchors.get(event)
        day_after = add_period(anchor, period) if anchor else None
        return (day_after, day_after) if day_after else None
    if precision is Precision.YEARLESS:
        return _next_yearless(value, anchors.get("notification"))
    if precision is Precision.RANGE:
        first, _, last = value.partition("/")
        return date.fromisoformat(first), date.fromisoformat(last)
    return None


def _next_yearless(value: str, anchor: date | None) -> tuple[date, date] | None:
    if anchor is None or len(value) != 10:
        return None
    for year in range(anchor.year, anchor.year + 9):
        written = day_value(year, int(value[5:7]), int(value[8:]))
        if written and date.fromisoformat(written) >= anchor:
            day = date.fromisoformat(written)
            return day, day
    return None
