"""Bodies of captures as files named by their hash: written aside, synced, renamed; so a name means a whole body."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from notices.errors import CaptureCorrupt, NotFound, StoreUnavailable

COMPRESSION_LEVEL = 5
WORTH_COMPRESSING = 0.9  # workbooks and PDF are compressed already


class Bodies:
    """``root/aa/bb/<sha256>.gz``, or ``.raw`` when compression gains nothing."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, body: bytes, digest: str) -> None:
        """Store the bytes; a sound copy that is there already stays. Raises CaptureCorrupt, StoreUnavailable."""
        if hashlib.sha256(body).hexdigest() != digest:
            raise CaptureCorrupt("The body does not have the hash that its capture names.")
        with suppress(NotFound, CaptureCorrupt):
            self.get(digest, len(body))
            return
        packed = gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
        gained = len(packed) < len(body) * WORTH_COMPRESSING
        path = self._path(digest, ".gz" if gained else ".raw")
        try:
            _write_whole(path, packed if gained else body)
            self._path(digest, ".raw" if gained else ".gz").unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"A capture can't be written under {self._root}: {error.strerror}.") from error

    def get(self, digest: str, size: int) -> bytes:
        """The bytes, checked. Raises NotFound without a file, CaptureCorrupt when they are not what was stored."""
        body = self._read(digest, size)
        if len(body) != size or hashlib.sha256(body).hexdigest() != digest:
            raise CaptureCorrupt(f"The stored body {digest} no longer has its hash.")
        return body

    def _read(self, digest: str, size: int) -> bytes:
        try:
            packed = self._path(digest, ".gz")
            if packed.exists():
                unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
                return unpack.decompress(packed.read_bytes(), size + 1)
            return self._path(digest, ".raw").read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"There is no stored body {digest}.") from error
        except zlib.error as error:
            raise CaptureCorrupt(f"The stored body {digest} can't be unpacked.") from error
        except OSError as error:
            raise StoreUnavailable(f"The stored body {digest} can't be read: {error.strerror}.") from error

    def _path(self, digest: str, ending: str) -> Path:
        return self._root / digest[:2] / digest[2:4] / f"{digest}{ending}"


def _write_whole(path: Path, content: bytes) -> None:
    """File, fsync, rename, fsync of the folder: after a crash there is the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
