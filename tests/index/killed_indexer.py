"""A process that indexes a store over and over until it is killed: python killed_indexer.py FOLDER MODE."""

from __future__ import annotations

import sys
from pathlib import Path

from index.backends.embedded import EmbeddedBackend
from index.indexer import build_index, update_index
from notices.clock import SystemClock
from notices.store import open_store


def main(folder: Path, mode: str) -> None:
    store = open_store(folder, None, SystemClock())
    backend = EmbeddedBackend(folder / "index")
    print("ready", flush=True)
    while True:
        if mode == "build" or backend.generation() is None:
            build_index(store, backend)
        else:
            update_index(store, backend)


main(Path(sys.argv[1]), sys.argv[2])
