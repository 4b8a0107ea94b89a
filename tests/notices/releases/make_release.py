"""Makes the small data folder of one release: run once at release time, commit what it writes, never run it again.

    python tests/notices/releases/make_release.py 0.1.0

The folder holds a database with a corrected notice, a joint document, findings, a run and a capture with its body.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from notices.clock import FrozenClock
from notices.model import Capture, Cause, Facts, Finding, Kind, Link, LinkRole, Observation
from notices.runs import RunReport, Verdict
from notices.store import open_store

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
BODY = b'{"items": []}'


def observation(record: str, at: datetime, said: Facts) -> Observation:
    return Observation(f"wto:{said.symbols[0]}", "wto-eping", record, at, "capture-1", "eping", 1, said)


def fill(folder: Path) -> None:
    store = open_store(folder, None, FrozenClock(NOON))
    digest = hashlib.sha256(BODY).hexdigest()
    store.put_capture(Capture("capture-1", "wto-eping", "https://e/", "https://e/", NOON, 200, "json", digest), BODY)
    masks = Facts(Kind.REGULAR, date(2026, 9, 1), ("G/TBT/N/KOR/1010",), "마스크 Masks", members=("KR",))
    link = Link("https://members.wto.org/a.pdf", LinkRole.DOCUMENT, None, "ko")
    joint = Facts(Kind.URGENT, date(2026, 6, 2), ("G/TBT/N/ARE/703", "G/TBT/N/BHR/780"), members=("AE",), links=(link,))
    store.merge(
        [observation("1", NOON, masks), observation("2", NOON, joint)], first_seen_cause=Cause.BACKFILL, at=NOON
    )
    corrected = Facts(Kind.REGULAR, date(2026, 9, 1), ("G/TBT/N/KOR/1010",), "마스크 Quasi-drug masks", members=("KR",))
    later = NOON + timedelta(days=7)
    store.merge([observation("1", later, corrected)], first_seen_cause=Cause.SOURCE, at=later)
    name = "wto:G/TBT/N/KOR/1010"
    store.put_findings(name, 2, "codes", 1, [Finding(name, 2, "codes", 1, "hs", "6307", "title", 0, 3, 0.9, "word")])
    store.put_run(RunReport("run-1", "wto-eping", NOON, NOON, None, None, 2, 2, 0, 2, 0, 0, 0, Verdict.OK, ""))
    store.note_covered("wto-eping", date(2026, 6, 1), date(2026, 9, 30))
    store.set_cursor("index", 3)
    (folder / "expected-dump.jsonl").write_text("".join(f"{line}\n" for line in store.dump()), encoding="utf-8")
    store.close()
    with sqlite3.connect(folder / "tongbo.db") as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file, no write-ahead log beside it
    connection.close()


if __name__ == "__main__":
    target = Path(__file__).parent / sys.argv[1]
    if any(target.glob("tongbo.db")):
        sys.exit(f"{target} holds a release already; it must never change.")
    fill(target)
