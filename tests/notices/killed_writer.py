"""A small crawl that kills itself with SIGKILL at its n-th statement or file operation; run as a subprocess.

    python killed_writer.py DATA_DIR DATABASE_URL OFFSET_SECONDS KILL_AT

KILL_AT 0 runs to the end; the number of operations is printed, so that seeds can spread over all of them.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import event

from notices.clock import FrozenClock
from notices.model import Capture, Cause, Facts, Finding, Kind, Observation
from notices.store.engine import Database, open_engine
from notices.store.open import SqlStore
from notices.store.upgrade import upgrade

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)


class Countdown:
    """Counts operations and ends the process at the chosen one."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.count = 0

    def step(self, *_: object) -> None:
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def pages(at: datetime) -> Iterator[tuple[Capture, bytes, list[Observation]]]:
    for page in range(4):
        body = f"page {page} ".encode() * 50
        name = f"capture-{page}"
        yield (
            Capture(
                name, "wto-eping", f"https://e/{page}", "https://e/", at, 200, "json", hashlib.sha256(body).hexdigest()
            ),
            body,
            [one_observation(page * 5 + place, at, name) for place in range(5)],
        )


def one_observation(number: int, at: datetime, capture: str) -> Observation:
    """Two records each of ten joint documents, on different pages; every third is an addendum to another."""
    document, member = number % 10 + 1, ("AE", "BH")[number // 10]
    tail = "/Add.1" if document % 3 == 0 else ""
    base = document - 1 if tail else document
    symbols = (f"G/TBT/N/ARE/{base}{tail}", f"G/TBT/N/BHR/{base}{tail}")
    said = Facts(Kind.REGULAR, date(2026, 9, 1), symbols, f"Title {document}", members=(member,))
    return Observation(f"wto:{symbols[0]}", "wto-eping", str(number), at, capture, "eping", 1, said)


def crawl(store: SqlStore, at: datetime) -> None:
    for capture, body, observations in pages(at):
        store.put_capture(capture, body)
        store.merge(observations, first_seen_cause=Cause.BACKFILL, at=at)
        store.note_skipped("wto-eping", [capture.id], "SPS")
    for change in store.changes(store.cursor("codes")):
        notice = store.notice(change.notice_id)
        found = Finding(notice.id, notice.revision, "codes", 1, "hs", "8507", "title", 0, 5, 0.5, "word")
        with store.transaction():
            store.put_findings(notice.id, notice.revision, "codes", 1, [found])
            store.set_cursor("codes", change.seq)


def main() -> None:
    data_dir, url, offset, kill_at = Path(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3]), int(sys.argv[4])
    engine = open_engine(data_dir, url)
    upgrade(engine, data_dir)
    countdown = Countdown(kill_at)
    event.listen(engine, "before_cursor_execute", countdown.step)
    event.listen(engine, "commit", countdown.step)
    watched = str(data_dir / "captures")

    def watch(name: str, arguments: tuple[object, ...]) -> None:
        if name in {"open", "os.rename", "os.mkdir"} and str(arguments[0]).startswith(watched):
            countdown.step()

    sys.addaudithook(watch)
    clock = FrozenClock(NOON + timedelta(seconds=offset))
    crawl(SqlStore(Database(engine), data_dir), clock.now())
    sys.stdout.write(f"{countdown.count}\n")


main()
