"""Equal knowledge, equal dumps: whatever the batches, their order and a kill in between, on both engines."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest

from notices.model import Cause, DeadLetter, Finding

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
KOR = "wto:G/TBT/N/KOR/1010"


def crawl_of(observe):
    """Two feeds, joint documents, re-issues and corrections: what a small world says over three weeks."""
    said = []
    for number in range(1, 13):
        joint = (f"G/TBT/N/ARE/{number}", f"G/TBT/N/BHR/{number}")
        for member in ("AE", "BH"):
            said.append(observe(record=f"{number}{ord(member[0])}", symbols=joint, members=(member,)))
        said.append(observe("wto-workbook", f"w{number}", symbols=joint, products_text="Masks", members=("AE",)))
        corrected = NOON + timedelta(days=number)
        said.append(observe(record=f"{number}65", symbols=joint, members=("AE",), title="Corrected", at=corrected))
        said.append(observe(record=f"9{number}", symbols=joint, published_on=date(2026, 9, 20), members=("KW",)))
    return said


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_dump_does_not_depend_on_batches_or_their_order(place, tmp_path, observe, seed):
    said = crawl_of(observe)
    straight = place.open()
    straight.merge(said, first_seen_cause=Cause.SOURCE, at=NOON)
    wanted = list(straight.dump())
    chance = random.Random(seed)
    other = type(place)(tmp_path / "other", None).open()
    shuffled = chance.sample(said, len(said)) + chance.sample(said, 9)
    while shuffled:
        size = chance.randint(1, 9)
        batch, shuffled = shuffled[:size], shuffled[size:]
        other.merge(batch, first_seen_cause=Cause.BACKFILL, at=NOON + timedelta(days=chance.randint(0, 99)))
    assert list(other.dump()) == wanted
    other.close()


def test_the_dump_names_everything_but_when_and_how(store, observe):
    store.merge([observe(title="A")], first_seen_cause=Cause.SOURCE, at=NOON)
    store.merge([observe(title="B", at=NOON + timedelta(days=7))], first_seen_cause=Cause.SOURCE, at=NOON)
    store.put_findings(KOR, 2, "codes", 1, [Finding(KOR, 2, "codes", 1, "hs", "8507", "title", 0, 1, 0.5, "r")])
    store.note_skipped("wto-eping", ["7"], "SPS")
    store.put_dead_letter(DeadLetter("secret-id", "us-fr", "secret-capture", "items[1]", "fr", 1, "x", "no date", NOON))
    lines = list(store.dump())
    notice, skipped, dead = (json.loads(line) for line in lines)
    assert [revision["facts"]["title"] for revision in notice["revisions"]] == ["A", "B"]
    assert [len(revision["enriched"]) for revision in notice["revisions"]] == [0, 1]
    assert skipped["skipped"] == {"feed": "wto-eping", "record_id": "7", "reason": "SPS"}
    assert dead["dead_letter"]["locator"] == "items[1]"
    assert "secret" not in "".join(lines)
    assert "2026-09-30T" not in "".join(lines)


def test_a_long_dump_pages_through_every_notice(store, observe):
    batch = [observe(record=number, symbols=(f"G/TBT/N/KOR/{number}",)) for number in range(1, 451)]
    store.merge(batch, first_seen_cause=Cause.SOURCE, at=NOON)
    names = [json.loads(line)["notice"] for line in store.dump()]
    assert len(names) == 450
    assert names == sorted(names)
