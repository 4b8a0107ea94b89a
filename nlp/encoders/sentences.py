"""Sentence vectors, the same for every runtime: prefix, tokenise, batch by length, mean over tokens, length 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.encoders.folder import Manifest
from nlp.encoders.tokens import Tokens
from notices.errors import ModelUnavailable
from notices.ports import TextKind

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]

_CHUNK = 1024  # texts tokenised at a time, so that memory does not grow with the number of texts
_BATCH_TOKENS = 2048  # padded tokens a run: 4 × 512 needs 50 MB for attention; more is not faster on a CPU
_BATCH_TEXTS = 32


class Runtime(Protocol):
    """What computes the network."""

    def hidden(self, ids: Ids, mask: Ids) -> Floats:
        """Last hidden states, texts × tokens × dimensions, of padded ids. Raises ModelUnavailable."""
        ...

    def close(self) -> None:
        """Give back memory."""
        ...


class SentenceEncoder:
    """The Encoder port over a runtime and a tokenizer."""

    def __init__(self, manifest: Manifest, tokens: Tokens, runtime: Runtime) -> None:
        self.name = manifest.name
        self.dimensions = manifest.dimensions
        self.sentinel = manifest.sentinel
        self._prefixes = {"query": manifest.profile.query_prefix, "passage": manifest.profile.passage_prefix}
        self._tokens = tokens
        self._runtime = runtime

    def encode(self, texts: Sequence[str], *, kind: TextKind) -> Floats:
        """See notices.ports.Encoder."""
        prefix = self._prefixes[kind]
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _CHUNK):
            chunk = self._tokens.ids([prefix + text for text in texts[start : start + _CHUNK]])
            for places in batches([len(ids) for ids in chunk]):
                vectors[[start + place for place in places]] = self._pooled([chunk[place] for place in places])
        return vectors

    def _pooled(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Mean of the hidden states of real tokens, scaled to length 1."""
        ids = np.zeros((len(rows), max(len(row) for row in rows)), np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        hidden = self._runtime.hidden(ids, mask)
        sums = np.einsum("btd,bt->bd", hidden, mask.astype(np.float32))
        norms = np.linalg.norm(sums, axis=1, keepdims=True)  # the mean's divisor falls out of the direction
        if hidden.shape[2] != self.dimensions or not np.isfinite(norms).all() or not norms.all():
            raise ModelUnavailable(f"{self.name} gives no usable vectors")
        found: Floats = sums / norms
        return found

    def close(self) -> None:
        """Give back the model's memory."""
        self._runtime.close()


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts, grouped by similar length so that little is padded; each group bounded in texts and tokens."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda at: (-lengths[at], at)):
        if batch and (len(batch) >= _BATCH_TEXTS or (len(batch) + 1) * lengths[batch[0]] > _BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
