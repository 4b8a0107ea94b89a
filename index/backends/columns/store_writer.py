"""The one writer of an index folder: builds aside, updates by adding a segment, merges, sweeps what nobody names."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import TracebackType

import numpy as np
from filelock import FileLock, Timeout

from index.backends.columns.analysing import analysed
from index.backends.columns.files import sync_folder, write_array
from index.backends.columns.manifest import Manifest, SegmentEntry, generation_name, read_manifest, write_manifest
from index.backends.columns.segment import Segment
from index.backends.columns.writing import Row, SegmentWriter
from index.fields import ANALYSIS
from notices.errors import BackendBusy, IndexNotReady
from notices.search import IndexDocument

SEGMENT_TOKENS = 6_000_000
"""A build writes a segment and begins another after so many: about 250 MB of memory."""
MAX_SEGMENTS = 8
DEAD_SHARE = 0.3
LOCK_SECONDS = 20.0


class IndexWriter:
    """Holds the folder's lock, which goes with the process. Raises BackendBusy when another writer keeps it."""

    def __init__(self, folder: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self._folder = folder
        self._lock_seconds = lock_seconds
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / "writer.lock", timeout=0)

    def __enter__(self) -> IndexWriter:
        give_up = time.monotonic() + self._lock_seconds
        while True:
            try:
                self._lock.acquire()
            except Timeout as error:
                if time.monotonic() >= give_up:
                    raise BackendBusy("another process is writing the index") from error
                time.sleep(random.uniform(0.02, 0.1))
            else:
                self._sweep(read_manifest(self._folder))
                return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def build(
        self, documents: Iterable[IndexDocument], change_seq: int, progress: Callable[[int], None] | None
    ) -> Manifest:
        """A whole generation; the old one serves until the last step."""
        old = read_manifest(self._folder)
        number = max([old.build if old else 0, *self._build_numbers()]) + 1
        home = self._folder / generation_name(number)
        home.mkdir()
        names: set[str] = set()
        entries, passages = self._write_segments(home, analysed(_told(documents, progress)), count(1), names)
        manifest = Manifest(number, len(entries) + 1, ANALYSIS, change_seq, len(names), passages, tuple(entries))
        return self._commit(manifest)

    def update(self, documents: Iterable[IndexDocument], removed: Collection[str], change_seq: int) -> Manifest:
        """Add one segment (or more) and mark the replaced rows dead, in one swap."""
        old = read_manifest(self._folder)
        if old is None or old.analysis != ANALYSIS:
            raise IndexNotReady("there is no index of this release to update", hint="Run `tongbo index --rebuild`.")
        home = self._folder / old.generation
        serials = count(old.serial + 1)
        names: set[str] = set()
        fresh, _ = self._write_segments(home, analysed(documents), serials, names)
        entries = [self._without(home, entry, names | set(removed), serials) for entry in old.segments]
        entries = [entry for entry in (*entries, *fresh) if entry.live]
        entries = self._merged(home, entries, serials)
        notices, passages = _count(home, entries)
        return self._commit(
            replace(
                old,
                serial=next(serials),
                change_seq=change_seq,
                notices=notices,
                passages=passages,
                segments=tuple(entries),
            )
        )

    def _commit(self, manifest: Manifest) -> Manifest:
        sync_folder(self._folder / manifest.generation)
        write_manifest(self._folder, manifest)
        self._sweep(manifest)
        return manifest

    def _build_numbers(self) -> list[int]:
        return [int(path.name[1:]) for path in self._folder.glob("g[0-9]*") if path.name[1:].isdigit()]

    def _write_segments(
        self, home: Path, rows: Iterable[Row], serials: Iterator[int], names: set[str]
    ) -> tuple[list[SegmentEntry], int]:
        """Segments of bounded size; ``names`` collects the notice ids."""
        entries: list[SegmentEntry] = []
        passages = 0
        writer = SegmentWriter()
        for row in rows:
            names.add(row.columns["notice_id"])
            passages += row.columns["passages"]
            writer.add(row)
            if writer.tokens >= SEGMENT_TOKENS:
                entries.append(_written(home, writer, next(serials)))
                writer = SegmentWriter()
        if writer.rows:
            entries.append(_written(home, writer, next(serials)))
        return entries, passages

    @staticmethod
    def _without(home: Path, entry: SegmentEntry, gone: set[str], serials: Iterator[int]) -> SegmentEntry:
        """The entry with the rows of these notices dead."""
        segment = _open(home, entry)
        hit = [row for row, name in enumerate(segment.names["notice_id"]) if name in gone and segment.live[row]]
        if not hit:
            return entry
        segment.live[hit] = False
        dead = np.flatnonzero(~segment.live).astype(np.int32)
        name = f"dead-{next(serials):06d}.npy"
        write_array(home / name, dead)
        return replace(entry, live=entry.rows - len(dead), dead=name)

    def _merged(self, home: Path, entries: list[SegmentEntry], serials: Iterator[int]) -> list[SegmentEntry]:
        """Small or mostly dead segments become one when there are too many, or too much is dead."""
        wasteful = [entry for entry in entries if entry.live < (1 - DEAD_SHARE) * entry.rows]
        if len(entries) > MAX_SEGMENTS:
            half = sorted(entries, key=lambda entry: entry.live)[: len(entries) - MAX_SEGMENTS // 2]
            wasteful = [entry for entry in entries if entry in wasteful or entry in half]
        if not wasteful:
            return entries
        rows = (row for entry in wasteful for row in _open(home, entry).live_rows())
        merged, _ = self._write_segments(home, rows, serials, set())
        return [entry for entry in entries if entry not in wasteful] + merged

    def _sweep(self, manifest: Manifest | None) -> None:
        """Remove generations, segments and dead lists that the manifest does not name; open readers keep theirs."""
        keep = manifest.generation if manifest else None
        for number in self._build_numbers():
            if generation_name(number) != keep:
                shutil.rmtree(self._folder / generation_name(number), ignore_errors=True)
        if manifest is None:
            return
        named = {entry.folder for entry in manifest.segments} | {entry.dead for entry in manifest.segments}
        for path in (self._folder / manifest.generation).glob("*"):
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _told(documents: Iterable[IndexDocument], progress: Callable[[int], None] | None) -> Iterator[IndexDocument]:
    for number, document in enumerate(documents, start=1):
        yield document
        if progress is not None and number % 200 == 0:
            progress(number)


def _written(home: Path, writer: SegmentWriter, serial: int) -> SegmentEntry:
    name = f"s{serial:06d}"
    writer.write(home / name)
    return SegmentEntry(name, writer.rows, writer.rows)


def _open(home: Path, entry: SegmentEntry) -> Segment:
    return Segment(home / entry.folder, home / entry.dead if entry.dead else None)


def _count(home: Path, entries: Iterable[SegmentEntry]) -> tuple[int, int]:
    """Live notices and passages."""
    names: set[str] = set()
    passages = 0
    for entry in entries:
        segment = _open(home, entry)
        names.update(segment.names["notice_id"][row] for row in np.flatnonzero(segment.live).tolist())
        passages += int(segment.columns["passages"][segment.live].sum())
    return len(names), passages
