"""Each page parser against kept captures in the true format; a golden that does not exist yet is written, and fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from crawlers.facts import load_facts
from crawlers.pages import parser_of

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(folder for folder in GOLDEN.glob("*/*") if folder.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_kept_capture_still_gives_what_it_gave(
    case: Path, make_workbook: Callable[[list[list[object]]], bytes]
) -> None:
    facts = load_facts(case.parent.name)
    rows = case / "rows.json"
    body = make_workbook(json.loads(rows.read_text("utf-8"))) if rows.exists() else (case / "capture.json").read_bytes()
    found = json.loads(json.dumps(asdict(parser_of(facts).parse(body, facts)), default=str))
    expected = case / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected} was missing and has been written: read it, then run again")
    assert found == json.loads(expected.read_text("utf-8"))
