"""`make eval`: the figures of docs/quality.md, printed as JSON lines. Wants ../shared (labels' texts) and the replay.

Sectors are judged on labels made before the rules; the product queries of issue 1 by the codes that the source records
declare. Each figure comes with n and, where it is a share, a 95 % Wilson interval.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
REPLAY = os.environ.get("TONGBO_TEST_REPLAY_URL", "http://127.0.0.1:8900")
PRODUCT_QUERIES = ("lithium battery safety", "리튬이온 배터리 안전")
BATTERY_HS = ("8506", "8507")
BATTERY_ICS = "29.220"


def sectors(split: str) -> object:
    """Precision and recall of sector tagging on one file of labels."""
    command = [sys.executable, "-m", "nlp.evaluate_sectors", f"tests/quality/sectors/labels-{split}.jsonl"]
    done = subprocess.run(
        [*command, "--data", str(SHARED / "replay" / "data")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def carries_battery_code(hit: dict[str, list[str]]) -> bool:
    """True when the source record declares a battery code."""
    return any(code.startswith(BATTERY_HS) for code in hit["hs_codes"]) or any(
        code.startswith(BATTERY_ICS) for code in hit["ics_codes"]
    )


def product_queries(environment: dict[str, str]) -> list[dict[str, object]]:
    """How many of the first five families carry a battery code, with and without the source filter."""
    lines: list[dict[str, object]] = []
    for words in PRODUCT_QUERIES:
        for query in (f"{words} source:wto", words):
            command = [sys.executable, "-m", "cli", "search", query, "--limit", "5", "--json"]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
            page = json.loads(done.stdout)
            good = sum(carries_battery_code(hit) for hit in page["hits"])
            lines.append({"query": query, "families": page["total"], "top5_with_battery_code": good})
    return lines


def main() -> None:
    """Print everything."""
    for split in ("dev", "test"):
        print(json.dumps({"sectors": split, "result": sectors(split)}, ensure_ascii=False))
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TONGBO_")},
            "TONGBO_DATA_DIR": folder,
            "TONGBO_MIRROR": REPLAY,
            "TONGBO_CLOCK": "2026-09-30",
            "TONGBO_BACKFILL_SINCE": "2000-01-01",
        }
        for words in (("crawl", "wto-eping", "us-fr"), ("enrich",), ("index",)):
            subprocess.run(
                [sys.executable, "-m", "cli", *words], cwd=ROOT, env=environment, check=True, capture_output=True
            )
        for line in product_queries(environment):
            print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
