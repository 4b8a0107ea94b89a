"""The real weights, where TONGBO_TEST_MODELS names a models folder that `tongbo models install` filled."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from nlp.encoders import golden
from nlp.encoders.folder import open_folder, verify_folder
from nlp.encoders.loading import load_encoder
from nlp.encoders.specs import E5_SMALL

pytestmark = pytest.mark.external("models")

PAIRS = [
    ("리튬이온 배터리 안전 시험", "Safety tests for lithium-ion batteries", "Maximum residue limits in fruit"),
    ("어린이 장난감의 납 함량 제한", "Limits on lead in children's toys", "Noise emission of outdoor lawn mowers"),
    ("의료기기 허가 절차", "Market authorisation of medical devices", "Marking of textile fibre composition"),
    ("자동차 배출가스 기준", "Exhaust emission limits for passenger cars", "Hygiene rules for bottled water"),
    ("냉장고 에너지 효율 등급", "Energy efficiency classes of refrigerators", "Airworthiness of turbofan engines"),
]  # fmt: skip


@pytest.fixture(scope="module")
def encoder():
    import os
    from pathlib import Path

    made = load_encoder(Path(os.environ["TONGBO_TEST_MODELS"]))
    yield made
    made.close()


def test_every_file_is_as_installed_and_its_graph_maps_the_weights(models_path):
    folder = open_folder(models_path / E5_SMALL.name)
    verify_folder(folder)
    assert (folder.path / "encoder.onnx").stat().st_size < 200_000


def test_the_golden_vectors_in_this_repository_come_out(encoder):
    assert golden.check(encoder, golden.shipped(), floor=golden.SAME_MODEL_FLOOR) > golden.SAME_MODEL_FLOOR
    assert encoder.dimensions == 384


@pytest.mark.parametrize(("korean", "same", "other"), PAIRS)
def test_a_korean_query_is_nearer_to_the_english_passage_of_its_meaning(encoder, korean, same, other):
    query = encoder.encode([korean], kind="query")[0]
    near, far = encoder.encode([same, other], kind="passage") @ query
    assert near > far + 0.02


def test_long_and_short_passages_together_are_those_alone(encoder):
    texts = [PAIRS[0][1], "battery " * 2000, "", "안전 " * 700, PAIRS[1][1]]
    alone = np.concatenate([encoder.encode([text], kind="passage") for text in texts])
    together = encoder.encode(texts, kind="passage")
    assert (alone * together).sum(axis=1).min() > 0.9999


def test_pytorch_gives_the_same_vectors(encoder, models_path):
    if importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is an extra and not installed")
    other = load_encoder(models_path, runtime="torch", threads=2)
    texts = [text for pair in PAIRS for text in pair]
    cosines = (encoder.encode(texts, kind="query") * other.encode(texts, kind="query")).sum(axis=1)
    assert cosines.min() >= 0.999
    assert other.sentinel == encoder.sentinel
