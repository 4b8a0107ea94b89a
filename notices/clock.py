"""Clocks: the only place that reads the machine's time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


class SystemClock:
    """The machine's time. With ``start`` it ticks on from that instant instead (TONGBO_CLOCK: tests and replays)."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta(0) if start is None else start - datetime.now(UTC)

    def resume(self, after: datetime | None) -> None:
        """Go on after a moment of the same day, if that is later than now.

        A started clock begins anew in every process; without this, the second crawl of a replayed day would seem to
        come before the first, and a correction would be taken for older news.
        """
        now = self.now()
        if after is not None and after >= now and after.date() == now.date():
            self._offset += after - now + timedelta(milliseconds=1)

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC) + self._offset

    def today(self) -> date:
        """The present day, UTC."""
        return self.now().date()


class FrozenClock:
    """Stands still until moved; for tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._at

    def today(self) -> date:
        """The day it was set to."""
        return self._at.date()

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self._at += by
