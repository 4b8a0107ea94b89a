"""Connections and write units: one engine, SQLite or PostgreSQL, and every database error in our own words."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy import exc as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from notices.errors import ConfigError, RevisionConflict, StoreError, StoreUnavailable

DATABASE_FILE = "tongbo.db"
WRITE_OPTION = "tongbo_write"
WAIT_SECONDS = 10  # busy_timeout on SQLite, lock_timeout on PostgreSQL
CHANGE_LOG_LOCK = 0x746F6E67626F  # "tongbo": the advisory lock of writers to the change log

Row = dict[str, Any]


def open_engine(data_dir: Path, database_url: str | None) -> Engine:
    """The engine of a data folder, or of a ``postgresql+psycopg://`` URL. Raises ConfigError, StoreUnavailable."""
    if database_url is None:
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"The data folder {data_dir} can't be made: {error.strerror}.") from error
        return _sqlite_engine(data_dir / DATABASE_FILE)
    try:
        url = make_url(database_url)
    except sa.ArgumentError:
        raise ConfigError("TONGBO_DATABASE_URL is not a database URL.") from None
    if url.get_backend_name() != "postgresql":
        raise ConfigError(f"TONGBO_DATABASE_URL names {url.get_backend_name()}; only postgresql+psycopg:// is known.")
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        # a plan prepared while the tables were small scanned them whole: 220 ms a batch instead of 30
        connect_args={"connect_timeout": WAIT_SECONDS, "prepare_threshold": None},
    )


def _sqlite_engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False},
        pool_size=8,
        max_overflow=24,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401  # a DBAPI connection
        connection.isolation_level = None  # or the driver begins transactions of its own, always deferred
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-32000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(WRITE_OPTION)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def translated() -> Iterator[None]:
    """Turn database errors into ours; secrets in a connection URL never appear."""
    try:
        yield
    except sa.IntegrityError as error:
        raise RevisionConflict(f"The database refused a row: {_reason(error)}") from error
    except (sa.OperationalError, sa.InterfaceError, sa.InternalError, sa.TimeoutError) as error:
        raise StoreUnavailable(f"The database can't be used: {_reason(error)}") from error
    except sa.SQLAlchemyError as error:
        if type(error) is sa.DatabaseError:  # SQLite: "file is not a database", "disk image is malformed"
            raise StoreUnavailable(f"The database can't be read: {_reason(error)}") from error
        raise StoreError(f"The database failed: {_reason(error)}") from error


def _reason(error: sa.SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


class Database:
    """Read and write units on one engine; a thread's writes inside :meth:`write` share one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._local = threading.local()

    @property
    def is_sqlite(self) -> bool:
        """True on the file database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write unit. Nested, it joins the outer one; what fails inside is undone, inside alone if caught there."""
        outer: Connection | None = getattr(self._local, "connection", None)
        with translated():
            if outer is not None:
                with outer.begin_nested():
                    yield outer
                return
            with self.engine.connect() as plain:
                connection = plain.execution_options(**{WRITE_OPTION: True})
                with connection.begin():
                    if not self.is_sqlite:
                        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                    self._local.connection = connection
                    try:
                        yield connection
                    finally:
                        self._local.connection = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A short read; inside this thread's write unit it sees that unit's own writes."""
        outer: Connection | None = getattr(self._local, "connection", None)
        with translated():
            if outer is not None:
                yield outer
                return
            with self.engine.connect() as connection:
                yield connection

    def lock_change_log(self, connection: Connection) -> None:
        """Until the write unit ends nobody else writes the change log: so seq order is commit order.

        BEGIN IMMEDIATE already says so on SQLite.
        """
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHANGE_LOG_LOCK})

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; those whose primary key is there already are left as they are."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)
    else:
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)


def insert_or_replace(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; those whose primary key is there already get the new values."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    others = [name for name in rows[0] if name not in keys]
    if connection.dialect.name == "sqlite":
        lite = sqlite.insert(table)
        connection.execute(lite.on_conflict_do_update(keys, set_={n: lite.excluded[n] for n in others}), rows)
    else:
        big = postgresql.insert(table)
        connection.execute(
            big.on_conflict_do_update(index_elements=keys, set_={n: big.excluded[n] for n in others}), rows
        )
