"""Every encoder keeps the port's promises; the graph computes what BERT is defined to compute."""

from __future__ import annotations

import importlib.util
import json
import math
import struct
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.encoders.folder import ModelFolder, open_folder
from nlp.encoders.graph import build_graph
from nlp.encoders.loading import load_encoder, open_encoder
from nlp.encoders.none import NoEncoder
from nlp.encoders.onnx import OnnxRuntime
from nlp.encoders.sentences import batches
from notices.errors import ModelUnavailable

TEXTS = ["lithium", "battery: safety 50", "배터리 안전", "a, b. c", "리튬이온", "", "zzz 999", "가나다라 마바사"] * 9
RUNTIMES = ["onnx", "torch"]


@pytest.fixture(scope="module", params=RUNTIMES)
def encoder(request, tiny_models):
    if request.param == "torch" and importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is an extra and not installed")
    made = load_encoder(tiny_models, name="tiny", runtime=request.param)
    yield made
    made.close()


def test_each_text_has_a_vector_of_length_one_and_the_same_every_time(encoder):
    vectors = encoder.encode(TEXTS, kind="passage")
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors, encoder.encode(TEXTS, kind="passage"))


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode([], kind="query").shape == (0, encoder.dimensions)


def test_a_vector_depends_neither_on_neighbours_nor_on_their_order(encoder):
    alone = np.concatenate([encoder.encode([text], kind="passage") for text in TEXTS])
    order = np.random.default_rng(1).permutation(len(TEXTS))
    shuffled = encoder.encode([TEXTS[place] for place in order], kind="passage")
    np.testing.assert_allclose(alone, encoder.encode(TEXTS, kind="passage"), atol=1e-5)
    np.testing.assert_allclose(alone[order], shuffled, atol=1e-5)


def test_queries_and_passages_are_told_apart(encoder):
    query, passage = (encoder.encode(["lithium"], kind=kind)[0] for kind in ("query", "passage"))
    assert float(query @ passage) < 0.9999


def test_a_long_text_is_cut_at_the_models_maximum(encoder):
    long, longer = "ab " * 500, "ab " * 400_000
    vectors = encoder.encode([long, longer, long + "가"], kind="passage")
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)
    np.testing.assert_allclose(vectors[0], vectors[2], atol=1e-5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_has_a_usable_vector(encoder, text):
    vector = encoder.encode([text], kind="query")
    assert np.isfinite(vector).all()
    assert math.isclose(float(np.linalg.norm(vector)), 1, abs_tol=1e-4)


def test_threads_may_share_an_encoder(encoder):
    wanted = encoder.encode(TEXTS[:8], kind="passage")
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: encoder.encode(TEXTS[:8], kind="passage"), range(12)):
            np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_both_runtimes_give_the_same_vectors_under_the_same_sentinel(tiny_models):
    pytest.importorskip("torch")
    first, second = (load_encoder(tiny_models, name="tiny", runtime=runtime) for runtime in RUNTIMES)
    cosines = (first.encode(TEXTS, kind="query") * second.encode(TEXTS, kind="query")).sum(axis=1)
    assert cosines.min() >= 0.999
    assert first.sentinel == second.sentinel


def test_torch_missing_is_said_with_what_to_do(tiny_models):
    if importlib.util.find_spec("torch"):
        pytest.skip("PyTorch is installed")
    with pytest.raises(ModelUnavailable, match="PyTorch is not installed") as caught:
        load_encoder(tiny_models, name="tiny", runtime="torch")
    assert "torch" in caught.value.hint


def test_without_a_model_the_encoder_has_no_dimensions_and_says_why(tmp_path, caplog):
    encoder = open_encoder(tmp_path)
    assert isinstance(encoder, NoEncoder)
    assert (encoder.dimensions, encoder.sentinel) == (0, "")
    assert "no encoder is installed" in encoder.reason
    assert "words only" in caplog.text
    with pytest.raises(ModelUnavailable, match="no encoder is installed"):
        encoder.encode(["x"], kind="query")


@given(lengths=st.lists(st.integers(2, 512), max_size=300))
def test_batches_hold_every_text_once_and_stay_small(lengths):
    found = list(batches(lengths))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= 2048


# The definition, in NumPy, as an oracle that shares no code with the graph.


def read_weights(folder):
    raw = (folder / "model.safetensors").read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    kinds = {"F32": "<f4", "F16": "<f2"}
    found = {}
    for name, entry in json.loads(raw[8 : 8 + size]).items():
        if name != "__metadata__":
            first, last = (8 + size + one for one in entry["data_offsets"])
            found[name] = np.frombuffer(raw[first:last], kinds[entry["dtype"]]).reshape(entry["shape"]).astype("f4")
    return found


def norm(x, weights, name):
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def bert(weights, ids, layers, heads):
    erf = np.vectorize(math.erf)
    lin = lambda x, name: x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]  # noqa: E731
    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.token_type_embeddings.weight"][0]
    x = norm(x + weights["embeddings.position_embeddings.weight"][: len(ids)], weights, "embeddings.LayerNorm")
    for number in range(layers):
        at = f"encoder.layer.{number}"
        q, k, v = (
            lin(x, f"{at}.attention.self.{part}").reshape(len(ids), heads, -1) for part in ("query", "key", "value")
        )
        scores = np.einsum("ihd,jhd->hij", q, k) / math.sqrt(q.shape[-1])
        share = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = np.einsum("hij,jhd->ihd", share / share.sum(-1, keepdims=True), v).reshape(len(ids), -1)
        x = norm(x + lin(mixed, f"{at}.attention.output.dense"), weights, f"{at}.attention.output.LayerNorm")
        wide = lin(x, f"{at}.intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / math.sqrt(2)))
        x = norm(x + lin(wide, f"{at}.output.dense"), weights, f"{at}.output.LayerNorm")
    return x


@pytest.mark.parametrize("kind", ["F32", "F16", "prefixed"])
def test_the_graph_computes_bert_whatever_the_weights_precision(tiny_folder, tmp_path, kind):
    from safetensors.numpy import save_file

    weights = read_weights(tiny_folder)
    named = {f"bert.{name}" if kind == "prefixed" else name: value for name, value in weights.items()}
    save_file(
        {name: value.astype(np.float16) if kind == "F16" else value for name, value in named.items()},
        tmp_path / "model.safetensors",
    )
    (tmp_path / "config.json").write_bytes((tiny_folder / "config.json").read_bytes())
    (tmp_path / "encoder.onnx").write_bytes(build_graph(tmp_path))
    runtime = OnnxRuntime(ModelFolder(tmp_path, open_folder(tiny_folder).manifest), threads=1)
    rows = [[0, 7, 30, 12, 2], [0, 9, 2]]
    ids, mask = np.zeros((2, 5), np.int64), np.zeros((2, 5), np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)], mask[place, : len(row)] = row, 1
    found = runtime.hidden(ids, mask)
    used = {n.removeprefix("bert."): v for n, v in read_weights(tmp_path).items()}
    for place, row in enumerate(rows):
        np.testing.assert_allclose(found[place, : len(row)], bert(used, row, 2, 2), atol=2e-5)
