"""Golden sentences: vectors known beforehand, computed again at every load, so that a wrong runtime can't go unnoticed.

An upgraded runtime, a damaged file or another tokenizer would otherwise only make search quietly worse.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoders.specs import GOLDEN
from notices.errors import ModelUnavailable
from notices.ports import Encoder, TextKind

FLOOR = 0.98  # same weights on another machine or runtime: .9999 expected
SAME_MODEL_FLOOR = 0.90  # same model, other precision of weights; unrelated sentences are at .70 to .85 in this model
_SHIPPED = "golden-multilingual-e5-small.json"
_MAX_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Golden:
    """Texts with their kinds, and a row of int8 for each (direction only: the scale is lost)."""

    texts: tuple[tuple[TextKind, str], ...]
    vectors: NDArray[np.int8]


def shipped() -> Golden:
    """The sentences in this repository with the vectors of the default model's pinned 4-bit weights."""
    return _parsed(resources.files("nlp.encoders").joinpath(_SHIPPED).read_text(encoding="utf-8"))


def recorded(folder: Path) -> Golden:
    """The vectors that were recorded when the model was installed. Raises ModelUnavailable."""
    path = folder / GOLDEN
    try:
        if path.stat().st_size > _MAX_FILE:
            raise ValueError("it is too large")
        return _parsed(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"{path} can't be read: {error}", hint="Run `tongbo models install`.") from error


def record(encoder: Encoder, texts: Sequence[tuple[TextKind, str]]) -> Golden:
    """Encode the texts, one by one, as a query comes."""
    vectors = _encoded(encoder, texts)
    scaled = vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127
    return Golden(tuple(texts), np.rint(scaled).astype(np.int8))


def to_json(golden: Golden) -> str:
    """As a file."""
    rows = [
        {"kind": kind, "text": text, "vector": base64.b64encode(row.tobytes()).decode()}
        for (kind, text), row in zip(golden.texts, golden.vectors, strict=True)
    ]
    return json.dumps({"format": 1, "sentences": rows}, ensure_ascii=False, indent=1) + "\n"


def check(encoder: Encoder, golden: Golden, *, floor: float = FLOOR) -> float:
    """Encode again and compare; gives the lowest cosine.

    Raises ModelUnavailable below the floor, or when a sentence is nearer to another's golden vector than to its own.
    """
    if golden.vectors.shape[1] != encoder.dimensions:
        raise ModelUnavailable(f"{encoder.name} has {encoder.dimensions} dimensions, not {golden.vectors.shape[1]}")
    known = golden.vectors.astype(np.float32)
    known /= np.linalg.norm(known, axis=1, keepdims=True)
    cosines = _encoded(encoder, golden.texts) @ known.T
    own = np.diagonal(cosines)
    lowest = float(own.min())
    if lowest < floor or (own + 1e-3 < cosines.max(axis=1)).any():
        text = golden.texts[int(own.argmin())][1]
        raise ModelUnavailable(
            f"{encoder.name} does not give the golden vectors: cosine {lowest:.3f}, not {floor}, for “{text}”",
            hint="Search goes on with words only. Run `tongbo models install`, and report it if it stays.",
        )
    return lowest


def _encoded(encoder: Encoder, texts: Sequence[tuple[TextKind, str]]) -> NDArray[np.float32]:
    return np.concatenate([encoder.encode([text], kind=kind) for kind, text in texts])


def _parsed(text: str) -> Golden:
    raw = json.loads(text)
    if raw["format"] != 1 or not raw["sentences"]:
        raise ValueError("another release wrote it")
    rows = [np.frombuffer(base64.b64decode(row["vector"], validate=True), np.int8) for row in raw["sentences"]]
    return Golden(tuple((row["kind"], row["text"]) for row in raw["sentences"]), np.stack(rows))
