"""The store, put together from its concerns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from notices.ports import Clock, Store
from notices.store.bodies import Bodies
from notices.store.captures import CaptureRows
from notices.store.changelog import ChangeRows
from notices.store.dump import DumpRows
from notices.store.engine import Database, open_engine
from notices.store.findings import FindingRows
from notices.store.locks import hold_job_lock
from notices.store.notices import NoticeRows
from notices.store.runs import RunRows
from notices.store.upgrade import upgrade


class SqlStore(CaptureRows, NoticeRows, ChangeRows, FindingRows, RunRows, DumpRows):
    """``notices.ports.Store`` on SQLite or PostgreSQL, with bodies and locks in the data folder. Thread-safe."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self._db = database
        self._data_dir = data_dir
        self._bodies = Bodies(data_dir / "captures")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A write unit that spans several calls from this thread; nested calls join the outer one."""
        with self._db.write():
            yield

    def job_lock(self, name: str) -> AbstractContextManager[None]:
        """Hold a job's lock for the block; goes with the process. Raises JobLocked when held elsewhere."""
        return hold_job_lock(self._db, self._data_dir, name)

    def close(self) -> None:
        """Give back connections."""
        self._db.close()


def open_store(data_dir: Path, database_url: str | None, clock: Clock) -> Store:
    """The store of a data folder: SQLite in it, or PostgreSQL by URL; created or upgraded first.

    Raises ConfigError, StoreUnavailable, MigrationNeeded.
    """
    engine = open_engine(data_dir, database_url)
    try:
        upgrade(engine, data_dir)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(Database(engine), data_dir)
