"""A BERT encoder as an ONNX graph whose weights stay where they are, in model.safetensors beside it.

The graph is some 100 KB and no weight is stored twice; ONNX Runtime maps the file, so the large word table costs memory
only for rows that are used. Made without PyTorch.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path

from nlp.encoders.protowire import BFLOAT16, FLOAT, FLOAT16, INT64, Graph
from nlp.encoders.specs import CONFIG, WEIGHTS
from notices.errors import ModelUnavailable

_KINDS = {"F32": (FLOAT, 4), "F16": (FLOAT16, 2), "BF16": (BFLOAT16, 2)}
_MAX_HEADER = 10_000_000
_SIZES = (
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "vocab_size",
    "max_position_embeddings",
)


@dataclass(frozen=True, slots=True)
class BertConfig:
    """What the graph needs of config.json."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


def read_config(folder: Path) -> BertConfig:
    """Read and check config.json. Raises ModelUnavailable for any other architecture than BERT with GELU."""
    try:
        raw = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        sizes = [int(raw[name]) for name in _SIZES]
        hidden, layers, heads, feed_forward, vocabulary, positions = sizes
        epsilon = float(raw.get("layer_norm_eps", 1e-12))
        found = BertConfig(hidden, layers, heads, feed_forward, vocabulary, positions, epsilon)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"{folder / CONFIG} can't be read: {error!r}") from error
    kind = (raw.get("model_type"), raw.get("hidden_act", "gelu"), raw.get("position_embedding_type", "absolute"))
    if kind != ("bert", "gelu", "absolute") or min(sizes) < 1 or found.hidden % found.heads:
        raise ModelUnavailable(
            f"{folder / CONFIG} describes {kind}; only BERT with GELU and absolute positions is known"
        )
    return found


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor lies in the weights file."""

    kind: str
    shape: tuple[int, ...]
    offset: int
    length: int


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Name → place of every tensor of a safetensors file. Raises ModelUnavailable when it is damaged or cut short."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            (header_size,) = struct.unpack("<Q", file.read(8))
            if header_size > min(_MAX_HEADER, size):
                raise ValueError(f"a header of {header_size} bytes")
            header = json.loads(file.read(header_size))
        start = 8 + header_size
        found = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            first, last = entry["data_offsets"]
            if not 0 <= first <= last <= size - start:
                raise ValueError(f"{name} ends behind the end of the file")
            found[name.removeprefix("bert.")] = Tensor(
                str(entry["dtype"]), tuple(int(one) for one in entry["shape"]), start + first, last - first
            )
    except (OSError, struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnavailable(f"{path.name} is damaged: {error}") from error
    return found


class _Builder:
    def __init__(self, config: BertConfig, weights: dict[str, Tensor]) -> None:
        self.config = config
        self._weights = weights
        self.graph = Graph("bert")
        numbers = {"two": [-1, config.hidden], "heads": [config.heads, config.hidden // config.heads]}
        numbers |= {"first": [0], "second": [1], "third": [2], "width": [config.hidden], "mask axes": [1, 2]}
        for name, values in numbers.items():
            self.graph.constant(name, INT64, [len(values)], struct.pack(f"<{len(values)}q", *values))
        self.graph.constant("zero", INT64, [], struct.pack("<q", 0))
        for name, value in {"scale": 1 / math.sqrt(config.hidden / config.heads), "one": 1.0, "far": -1e4}.items():
            self.graph.constant(name, FLOAT, [], struct.pack("<f", value))

    def weight(self, name: str, *shape: int) -> tuple[str, bool]:
        """Declare a weight; says whether it must still be cast to float32."""
        tensor = self._weights.get(name)
        if tensor is None or tensor.shape != shape or tensor.kind not in _KINDS:
            raise ModelUnavailable(f"{WEIGHTS} has no tensor {name} of shape {shape} that we can read")
        kind, width = _KINDS[tensor.kind]
        if math.prod(shape) * width != tensor.length:
            raise ModelUnavailable(f"{WEIGHTS}: tensor {name} has {tensor.length} bytes")
        place: dict[str, str | int] = {"location": WEIGHTS, "offset": tensor.offset, "length": tensor.length}
        return self.graph.external(name, kind, shape, place), kind != FLOAT

    def floats(self, name: str, *shape: int) -> str:
        """A weight as float32 (a cast of a constant is done once, when the graph is loaded)."""
        found, cast = self.weight(name, *shape)
        return self.graph.node("Cast", [found], f"{name} f32", to=FLOAT) if cast else found

    def rows(self, name: str, count: int, places: str) -> str:
        """Rows of a table, cast after they were picked, so that the table itself is never copied."""
        table, cast = self.weight(name, count, self.config.hidden)
        picked = self.graph.node("Gather", [table, places], f"{name} rows")
        return self.graph.node("Cast", [picked], f"{name} rows f32", to=FLOAT) if cast else picked

    def norm(self, value: str, name: str) -> str:
        size = self.config.hidden
        inputs = [value, self.floats(f"{name}.weight", size), self.floats(f"{name}.bias", size)]
        return self.graph.node("LayerNormalization", inputs, name, axis=-1, epsilon=self.config.epsilon)

    def linear(self, value: str, name: str, width: int, height: int) -> str:
        inputs = [value, self.floats(f"{name}.weight", height, width), self.floats(f"{name}.bias", height)]
        return self.graph.node("Gemm", inputs, name, transB=1)

    def embeddings(self) -> str:
        graph, config = self.graph, self.config
        graph.input("ids", INT64, ["batch", "tokens"])
        graph.input("mask", INT64, ["batch", "tokens"])
        graph.node("Shape", ["ids"], "shape")
        graph.node("Slice", ["shape", "second", "third"], "tokens")
        graph.node("Concat", ["shape", "heads"], "by head", axis=0)
        graph.node("Concat", ["shape", "width"], "by text", axis=0)
        table, cast = self.weight("embeddings.position_embeddings.weight", config.positions, config.hidden)
        places = graph.node("Slice", [table, "first", "tokens"], "places")
        places = graph.node("Cast", [places], "places f32", to=FLOAT) if cast else places
        types = self._weights.get("embeddings.token_type_embeddings.weight")
        kind = self.rows("embeddings.token_type_embeddings.weight", types.shape[0] if types else 1, "zero")
        words = self.rows("embeddings.word_embeddings.weight", config.vocabulary, "ids")
        total = graph.node("Add", [graph.node("Add", [words, places], "words and places"), kind], "embedded")
        seen = graph.node("Sub", ["one", graph.node("Cast", ["mask"], "mask f32", to=FLOAT)], "unseen")
        graph.node("Unsqueeze", [graph.node("Mul", [seen, "far"], "penalty"), "mask axes"], "penalties")
        return graph.node("Reshape", [self.norm(total, "embeddings.LayerNorm"), "two"], "flat")

    def layer(self, value: str, name: str) -> str:
        graph, size, feed = self.graph, self.config.hidden, self.config.feed_forward

        def head(part: str, order: list[int]) -> str:
            own = f"{name}.attention.self.{part}"
            split = graph.node("Reshape", [self.linear(value, own, size, size), "by head"], f"{own} split")
            return graph.node("Transpose", [split], f"{own} turned", perm=order)

        query, key, content = head("query", [0, 2, 1, 3]), head("key", [0, 2, 3, 1]), head("value", [0, 2, 1, 3])
        query = graph.node("Mul", [query, "scale"], f"{name} scaled")  # the smaller factor of the product
        near = graph.node("Add", [graph.node("MatMul", [query, key], f"{name} near"), "penalties"], f"{name} kept")
        share = graph.node("Softmax", [near], f"{name} share", axis=-1)
        mixed = graph.node("Transpose", [graph.node("MatMul", [share, content], f"{name} mix")], f"{name} back",
                           perm=[0, 2, 1, 3])  # fmt: skip
        flat = graph.node("Reshape", [mixed, "two"], f"{name} flat")
        out = self.linear(flat, f"{name}.attention.output.dense", size, size)
        inner = self.norm(graph.node("Add", [value, out], f"{name} sum"), f"{name}.attention.output.LayerNorm")
        wide = graph.node("Gelu", [self.linear(inner, f"{name}.intermediate.dense", size, feed)], f"{name} gelu")
        out = self.linear(wide, f"{name}.output.dense", feed, size)
        return self.norm(graph.node("Add", [inner, out], f"{name} end"), f"{name}.output.LayerNorm")


def build_graph(folder: Path) -> bytes:
    """The ONNX file for a folder with config.json and model.safetensors.

    Inputs ids and mask (int64, batch × tokens), output hidden (float32, batch × tokens × hidden size).
    Raises ModelUnavailable when the files are damaged or of another architecture.
    """
    config = read_config(folder)
    builder = _Builder(config, read_tensors(folder / WEIGHTS))
    value = builder.embeddings()
    for number in range(config.layers):
        value = builder.layer(value, f"encoder.layer.{number}")
    builder.graph.node("Reshape", [value, "by text"], "hidden")
    builder.graph.output("hidden", FLOAT, ["batch", "tokens", config.hidden])
    return builder.graph.to_bytes()
