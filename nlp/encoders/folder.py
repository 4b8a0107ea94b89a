"""An installed model's folder: its files, and the manifest that says where they came from and what they must be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from nlp.encoders.specs import CONFIG, GRAPH, MANIFEST, TOKENIZER, WEIGHTS, Profile
from notices.errors import ModelUnavailable

_FORMAT = 1
_HINT = "Run `tongbo models install`; search goes on with words only."
_MAX_MANIFEST = 100_000


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was installed."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is installed. ``origin`` says in words where it came from; ``pinned`` that its digests are ours."""

    name: str
    origin: str
    pinned: bool
    licence: str
    dimensions: int
    profile: Profile
    files: Mapping[str, FileState]

    @property
    def sentinel(self) -> str:
        """sha256 of weights, configuration, tokenizer and profile: vectors of one sentinel are comparable."""
        parts = {name: self.files[name].sha256 for name in (CONFIG, TOKENIZER, WEIGHTS)}
        text = json.dumps({"files": parts, "profile": asdict(self.profile)}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose manifest was read and whose files have the sizes it states."""

    path: Path
    manifest: Manifest


def digest(path: Path) -> FileState:
    """Size and sha256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return FileState(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it beside the files. Raises OSError."""
    text = json.dumps({"format": _FORMAT, **asdict(manifest)}, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def open_folder(path: Path) -> ModelFolder:
    """Read the manifest and compare sizes (cheap: at every start). Raises ModelUnavailable."""
    if not path.is_dir():
        raise ModelUnavailable(f"no encoder is installed in {path}", hint=_HINT)
    manifest = _read_manifest(path / MANIFEST)
    for name in (CONFIG, TOKENIZER, WEIGHTS, GRAPH):
        state = manifest.files.get(name)
        file = path / name
        if state is None or not file.is_file() or file.stat().st_size != state.size:
            raise ModelUnavailable(f"{file} is missing or not as it was installed", hint=_HINT)
    return ModelFolder(path, manifest)


def verify_folder(folder: ModelFolder) -> None:
    """Compare every sha256 (reads half a gigabyte). Raises ModelUnavailable naming the file that differs."""
    for name, state in folder.manifest.files.items():
        try:
            found = digest(folder.path / name)
        except OSError as error:
            raise ModelUnavailable(f"{folder.path / name} can't be read: {error.strerror}", hint=_HINT) from error
        if found != state:
            raise ModelUnavailable(f"{folder.path / name} is not as it was installed", hint=_HINT)


def _read_manifest(path: Path) -> Manifest:
    try:
        if path.stat().st_size > _MAX_MANIFEST:
            raise ValueError("it is too large")
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw.pop("format") != _FORMAT:
            raise ValueError("another release wrote it")
        files = {str(name): FileState(**state) for name, state in raw.pop("files").items()}
        return Manifest(**raw | {"profile": Profile(**raw["profile"]), "files": files})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnavailable(f"{path} can't be read: {error}", hint=_HINT) from error
