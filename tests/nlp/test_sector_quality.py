"""The scoring of sector tagging; a floor on the development labels where the recording lies beside the clone."""

import json
import os
from pathlib import Path

import pytest

from nlp.evaluate_sectors import Judged, Score, judge, report, score

ROOT = Path(__file__).resolve().parents[2]
RECORDING = Path(os.environ.get("TONGBO_TEST_REPLAY_DATA", ROOT.parent / "shared" / "replay" / "data"))
LABELS = ROOT / "tests" / "quality" / "sectors" / "labels-dev.jsonl"


def test_precision_and_recall_come_with_an_interval() -> None:
    counted = Score(right=8, wrong=2, missed=2)
    value, lower, upper = counted.precision
    assert (value, round(lower, 2), round(upper, 2)) == (0.8, 0.49, 0.94)
    assert counted.recall == counted.precision
    assert Score(0, 0, 0).precision == (0.0, 0.0, 1.0)


def test_assignments_are_counted_one_by_one_and_no_sector_is_an_answer() -> None:
    judged = [
        Judged("a", "wto-real", True, frozenset({"energy", "ict"}), frozenset({"energy", "household"})),
        Judged("b", "fr-rule", True, frozenset(), frozenset()),
        Judged("c", "wto-synthetic", False, frozenset({"ict"}), frozenset({"ict"})),
    ]
    assert score(judged) == Score(right=2, wrong=1, missed=1)
    assert score(judged, "ict") == Score(right=1, wrong=0, missed=1)
    told = report(judged)
    assert told["no_sector"]["all"] == {"labelled": 1, "given": 1, "agreed": 1}
    assert told["exact"] == 2
    assert told["parts"]["synthetic"]["right"] == 1
    json.dumps(told)


@pytest.mark.external("replay")
def test_tagging_stays_above_its_floor_on_the_development_labels() -> None:
    if not (RECORDING / "fr" / "documents.jsonl.gz").exists():
        pytest.skip("the recording does not lie beside the clone")
    counted = score(judge(LABELS, RECORDING))
    assert counted.precision[0] >= 0.9
    assert counted.recall[0] >= 0.85
