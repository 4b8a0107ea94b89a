"""Files that are whole or absent: written, flushed to disk and then named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray


def write_bytes(path: Path, data: bytes) -> None:
    """Write and flush; the folder is flushed by :func:`sync_folder`."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_array(path: Path, array: NDArray[Any]) -> None:
    """An array as .npy, flushed."""
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def read_array(path: Path) -> NDArray[Any]:
    """The array, mapped into memory when it holds anything."""
    mapped: NDArray[Any] = np.load(path, mmap_mode="r" if path.stat().st_size > 4096 else None, allow_pickle=False)
    return mapped.view(np.ndarray)


def replace_json(path: Path, value: object) -> None:
    """Put a JSON file in the place of the old one in one step that survives a crash."""
    fresh = path.with_name(path.name + ".new")
    write_bytes(fresh, orjson.dumps(value))
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's names."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
