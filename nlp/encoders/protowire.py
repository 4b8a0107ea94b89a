"""Just enough of the ONNX format to write a graph: protobuf messages as nested bytes (field numbers of onnx.proto3).

The onnx package would be one more dependency for what is a dozen message types.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FLOAT, INT64, FLOAT16, BFLOAT16 = 1, 7, 10, 16
_IR_VERSION, _OPSET = 10, 20  # opset 20 has Gelu; ONNX Runtime reads it from 1.17 on

Attribute = int | float | Sequence[int]


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _part(number: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(raw)) + raw


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return _part(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1)
    if isinstance(value, int):
        return _part(1, name) + _number(3, value) + _number(20, 2)
    return _part(1, name) + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _value(name: str, kind: int, shape: Sequence[str | int]) -> bytes:
    dims = b"".join(_part(1, _part(2, size) if isinstance(size, str) else _number(1, size)) for size in shape)
    return _part(1, name) + _part(2, _part(1, _number(1, kind) + _part(2, dims)))


@dataclass(slots=True)
class Graph:
    """Collects nodes and constants, then writes them. Names are the caller's; every node has one output of its name."""

    name: str
    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)
    _inputs: list[bytes] = field(default_factory=list)
    _outputs: list[bytes] = field(default_factory=list)

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Attribute) -> str:
        """Add an operation; gives the name of its output."""
        raw = b"".join(_part(1, name) for name in inputs) + _part(2, output) + _part(3, output) + _part(4, kind)
        raw += b"".join(_part(5, _attribute(name, value)) for name, value in attributes.items())
        self._nodes.append(raw)
        return output

    def constant(self, name: str, kind: int, dims: Sequence[int], raw: bytes) -> str:
        """Add a small constant that stands in the graph itself (little-endian)."""
        shape = b"".join(_number(1, size) for size in dims)
        self._constants.append(shape + _number(2, kind) + _part(8, name) + _part(9, raw))
        return name

    def external(self, name: str, kind: int, dims: Sequence[int], place: Mapping[str, str | int]) -> str:
        """Add a constant whose bytes lie in a file beside the graph: place has location, offset and length."""
        raw = b"".join(_number(1, size) for size in dims) + _number(2, kind) + _part(8, name)
        raw += b"".join(_part(13, _part(1, key) + _part(2, str(value))) for key, value in place.items())
        self._constants.append(raw + _number(14, 1))
        return name

    def input(self, name: str, kind: int, shape: Sequence[str | int]) -> str:
        """Declare an input; a size given as text is free."""
        self._inputs.append(_value(name, kind, shape))
        return name

    def output(self, name: str, kind: int, shape: Sequence[str | int]) -> None:
        """Declare an output that a node gives."""
        self._outputs.append(_value(name, kind, shape))

    def to_bytes(self) -> bytes:
        """The whole model file."""
        graph = b"".join(_part(1, raw) for raw in self._nodes) + _part(2, self.name)
        for number, parts in ((5, self._constants), (11, self._inputs), (12, self._outputs)):
            graph += b"".join(_part(number, raw) for raw in parts)
        return (
            _number(1, _IR_VERSION) + _part(2, "tongbo") + _part(7, graph) + _part(8, _part(1, "") + _number(2, _OPSET))
        )
