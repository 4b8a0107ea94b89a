"""How a long job shows itself: live counts and ETA on a terminal, plain lines otherwise."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import (
    Progress as Bars,
)

from crawlers.job import Progress
from jobs import IndexReport, Watcher
from notices.errors import SearchError
from notices.runs import RunReport, Verdict

LINE_EVERY_S = 5.0
"""Plain lines come no faster than this, so that a log stays readable."""


def watcher_for(console: Console) -> LineWatcher | BarWatcher:
    """Bars on a terminal, lines in a log or pipe."""
    return BarWatcher(console) if console.is_terminal else LineWatcher(console)


def ended(report: RunReport) -> str:
    """One line about a run that has ended."""
    counts = f"{report.received:,} received, {report.skipped:,} skipped, {report.new:,} new, {report.revised:,} revised"
    dead = f", {report.dead:,} unreadable (kept)" if report.dead else ""
    words = f"{report.feed}: {report.verdict}, {counts}{dead}"
    return words if report.verdict is Verdict.OK else f"{words}. {report.reason}"


class LineWatcher(Watcher):
    """Plain lines, at most one about progress every few seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = 0.0

    def __enter__(self) -> LineWatcher:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def crawling(self, progress: Progress) -> None:
        """Say how far a feed has come, now and then."""
        if not progress.slice or time.monotonic() - self._last < LINE_EVERY_S:
            return
        self._last = time.monotonic()
        total = f" of {progress.expected:,}" if progress.expected is not None else ""
        self._say(f"{progress.feed}: {progress.received + progress.skipped:,}{total} records ({progress.slice})")

    def crawled(self, report: RunReport) -> None:
        """Say how a run ended."""
        self._say(ended(report))

    def indexed(self, report: IndexReport) -> None:
        """Say how much can be found."""
        self._say(f"index: {report.notices:,} notices can be found")

    def trouble(self, error: SearchError) -> None:
        """Say what is wrong with the index."""
        self._say(f"index: {error.detail} {error.hint}")

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class BarWatcher(LineWatcher):
    """One bar per feed with counts and the time it will still take."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> BarWatcher:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def crawling(self, progress: Progress) -> None:
        """Move the feed's bar."""
        task = self._tasks.get(progress.feed)
        if task is None:
            task = self._tasks[progress.feed] = self._bars.add_task(progress.feed, total=None)
        self._bars.update(task, total=progress.expected, completed=progress.received + progress.skipped)

    def crawled(self, report: RunReport) -> None:
        """Replace the bar by a line."""
        task = self._tasks.pop(report.feed, None)
        if task is not None:
            self._bars.remove_task(task)
        super().crawled(report)
