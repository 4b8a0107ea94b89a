"""The encoder's own measurement counts ranks as sorting would."""

from __future__ import annotations

import numpy as np

from nlp.encoders.evaluate import query_times, ranks, read_rows
from nlp.encoders.loading import load_encoder


def test_ranks_are_those_of_sorting_by_cosine(tiny_models):
    encoder = load_encoder(tiny_models, name="tiny")
    texts = ["lithium", "battery", "배터리 안전", "abc 123", "zz", "리튬이온"]
    passages = encoder.encode(texts, kind="passage")
    queries, wanted = ["batt", "안전", "123"], [1, 2, 3]
    scores = encoder.encode(queries, kind="query") @ passages.T
    sorted_ranks = [
        list(np.argsort(-row, kind="stable")).index(place) for row, place in zip(scores, wanted, strict=True)
    ]
    assert list(ranks(encoder, queries, wanted, passages)) == sorted_ranks
    assert query_times(encoder, queries)["p95"] > 0


def test_rows_are_split_at_bars_and_empty_lines_are_left_out(tmp_path):
    path = tmp_path / "queries.txt"
    path.write_text("p1|안전|safety\n\np2 | 시험 | test\n", encoding="utf-8")
    assert read_rows(path) == [["p1", "안전", "safety"], ["p2", "시험", "test"]]
