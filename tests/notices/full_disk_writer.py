"""Writes until a file may grow no further (RLIMIT_FSIZE), then again with room; run as a subprocess.

    python full_disk_writer.py DATA_DIR

Prints the error code of each refusal and what the store holds after it.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from notices.clock import FrozenClock
from notices.errors import TongboError
from notices.model import Capture, Cause, Facts, Kind, Observation
from notices.store import open_store

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)


def batch(number: int) -> list[Observation]:
    made = []
    for place in range(50):
        symbol = f"G/TBT/N/KOR/{number * 50 + place}"
        said = Facts(Kind.REGULAR, date(2026, 9, 1), (symbol,), os.urandom(500).hex())
        made.append(Observation(f"wto:{symbol}", "wto-eping", symbol, NOON, "c", "eping", 1, said))
    return made


def main() -> None:
    folder = Path(sys.argv[1])
    store = open_store(folder, None, FrozenClock(NOON))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
    merged = 0
    try:
        for number in range(1000):
            store.merge(batch(number), first_seen_cause=Cause.SOURCE, at=NOON)
            merged += 50
    except TongboError as error:
        print(error.code, store.count() == merged == store.last_seq())
    body = os.urandom(700_000)
    capture = Capture("c", "f", "https://e/", "https://e/", NOON, 200, "x", hashlib.sha256(body).hexdigest())
    try:
        store.put_capture(capture, body)
    except TongboError as error:
        left = [path for path in (folder / "captures").rglob("*") if path.is_file()]
        print(error.code, left, list(store.captures("f")))
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    store.put_capture(capture, body)
    store.merge(batch(2000), first_seen_cause=Cause.SOURCE, at=NOON)
    print("recovered", store.body(capture) == body, store.count() == merged + 50)


main()
