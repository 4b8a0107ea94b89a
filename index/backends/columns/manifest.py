"""The one mutable file of an index: which segments serve, which of their rows are dead, how far the log was read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from index.backends.columns.files import replace_json

NAME = "manifest.json"
FORMAT = 1
"""Another one is no index of ours: build anew."""


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment by folder name; ``dead`` names the array of its rows that no longer count."""

    folder: str
    rows: int
    live: int
    dead: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """``build`` is the generation's number; ``serial`` counts every write and names new files."""

    build: int
    serial: int
    analysis: str
    change_seq: int
    notices: int
    passages: int
    segments: tuple[SegmentEntry, ...]

    @property
    def generation(self) -> str:
        """The generation's name and folder."""
        return generation_name(self.build)


def generation_name(build: int) -> str:
    """The name of the n-th build."""
    return f"g{build:06d}"


def read_manifest(folder: Path) -> Manifest | None:
    """What serves now; None before the first build, or when another format wrote it."""
    try:
        value = orjson.loads((folder / NAME).read_bytes())
    except (FileNotFoundError, NotADirectoryError, orjson.JSONDecodeError):
        return None
    if not isinstance(value, dict) or value.pop("format", None) != FORMAT:
        return None
    segments = tuple(SegmentEntry(**entry) for entry in value.pop("segments"))
    return Manifest(segments=segments, **value)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Swap it in: from here on every reader sees the new state, and a crash before this line left the old one."""
    replace_json(folder / NAME, {"format": FORMAT, **asdict(manifest)})


def stamp(folder: Path) -> tuple[int, int, int] | None:
    """Changes whenever the manifest was replaced; None without one."""
    try:
        status = (folder / NAME).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
