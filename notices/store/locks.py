"""Job locks that go with their process: flock on a file beside SQLite, advisory locks on PostgreSQL."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from notices.errors import ConfigError, JobLocked, StoreUnavailable
from notices.store.engine import Database, translated

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}")


@contextmanager
def flock_file(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold an exclusive flock on a file for the block. Raises JobLocked, unless told to wait; StoreUnavailable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreUnavailable(f"The lock file {path} can't be opened: {error.strerror}.") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JobLocked(f"Another process holds the lock {path.stem!r}.") from error
        yield
    finally:
        os.close(handle)


@contextmanager
def hold_job_lock(database: Database, data_dir: Path, name: str) -> Iterator[None]:
    """Hold a job's lock for the block. Raises JobLocked when another process or thread holds it."""
    if not _NAME.fullmatch(name):
        raise ConfigError(f"A lock's name has lower-case letters, digits, dots and dashes: {name!r}.")
    if database.is_sqlite:
        with flock_file(data_dir / "locks" / f"{name}.lock"):
            yield
        return
    with _advisory_lock(database, name):
        yield


@contextmanager
def _advisory_lock(database: Database, name: str) -> Iterator[None]:
    """A session lock on a connection of its own: it ends with the session, however the process ends."""
    with translated():
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with translated():
            schema = connection.execute(text("SELECT current_schema()")).scalar()
            digest = hashlib.sha256(f"tongbo:{schema}:{name}".encode()).digest()
            key = int.from_bytes(digest[:8], "big", signed=True)
            held = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar()
        if not held:
            raise JobLocked(f"Another process holds the lock {name!r}.")
        yield
    finally:
        connection.invalidate()  # closes the session, and the lock with it, even when the server is gone
        connection.close()
