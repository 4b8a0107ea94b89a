"""Which stretches of publication dates to ask for, in which order, and which of them count as covered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slice:
    """Publication dates from ``since`` to ``until``, both inclusive; ``type`` narrows an overflowing single day."""

    since: date
    until: date
    type: str | None = None

    def __str__(self) -> str:
        span = self.since.isoformat() if self.since == self.until else f"{self.since}..{self.until}"
        return f"{span} {self.type}" if self.type else span

    def smaller(self) -> list[Slice]:
        """Its months, or the halves of one month, newest first; empty for a single day."""
        if (self.since.year, self.since.month) != (self.until.year, self.until.month):
            return _cut(self.since, self.until, _month_start)
        if self.since == self.until:
            return []
        middle = self.since + (self.until - self.since) // 2
        return [Slice(middle + _DAY, self.until), Slice(self.since, middle)]


FRESH = timedelta(days=92)
"""So much is asked month by month, so that the newest notices can be searched within seconds; the rest by years."""


def calendar_slices(since: date, until: date) -> list[Slice]:
    """The newest calendar months, then whole years, newest first, cut at both ends; empty when since > until.

    Aligned to the calendar, so that repeated runs ask for the same addresses.
    """
    fresh = max(since, _month_start(max(until, date.min + FRESH) - FRESH))
    return _cut(fresh, until, _month_start) + _cut(since, fresh - _DAY, _year_start)


def _month_start(day: date) -> date:
    return day.replace(day=1)


def _year_start(day: date) -> date:
    return day.replace(month=1, day=1)


def _cut(since: date, until: date, start_of: Callable[[date], date]) -> list[Slice]:
    found = []
    while since <= until:
        start = max(since, start_of(until))
        found.append(Slice(start, until))
        until = start - _DAY
    return found


def spans_to_ask(
    covered: tuple[date, date] | None,
    *,
    today: date,
    overlap: timedelta,
    first: timedelta,
    backfill_since: date | None,
) -> list[tuple[date, date]]:
    """What a run without dates of its own asks for, newest first.

    The first run: from ``backfill_since``, or ``first`` back. Later: the overlap window before the newest covered day
    up to today (whole months, as far as they are covered), then ground before the covered span that is still wanted.
    """
    if covered is None:
        return [(min(backfill_since or today - first, today), today)]
    start, end = covered
    again = min(today, end) - overlap
    spans = [(max(again.replace(day=1), min(start, again)), today)]
    oldest = spans[0][0]
    if backfill_since is not None and backfill_since < start:
        spans.append((backfill_since, min(start, oldest) - _DAY))
    return [(since, until) for since, until in spans if since <= until]


class Coverage:
    """Grows the covered span by finished slices; a hole left by a failed slice is never covered over."""

    def __init__(self, covered: tuple[date, date] | None) -> None:
        self.span = covered
        self._done: list[tuple[date, date]] = []

    def add(self, done: Slice) -> tuple[date, date] | None:
        """Take in a reconciled slice; the new span when it grew, else None."""
        self._done.append((done.since, done.until))
        before = self.span
        self.span = _grown(before or self._done[0], self._done)
        return self.span if self.span != before else None


def _grown(span: tuple[date, date], parts: Iterable[tuple[date, date]]) -> tuple[date, date]:
    start, end = span
    waiting = sorted(parts)
    grew = True
    while grew:
        grew = False
        for since, until in waiting:
            touches = since <= end + _DAY and until >= start - _DAY
            if touches and (since < start or until > end):
                start, end, grew = min(start, since), max(end, until), True
    return start, end
