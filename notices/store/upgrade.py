"""Bring a database to this release's schema, after a copy; or say what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from notices.errors import MigrationNeeded, StoreUnavailable
from notices.store.engine import DATABASE_FILE, WRITE_OPTION, translated
from notices.store.locks import flock_file

HEAD = "0001"
"""The newest revision in ``migrations/versions``; a test compares them."""

MIGRATIONS = Path(__file__).parent / "migrations"

UPGRADE_LOCK = 0x746F6E67626F01


def upgrade(engine: Engine, data_dir: Path) -> None:
    """Create or upgrade the schema; a SQLite file of an earlier release is copied beside itself first.

    Raises MigrationNeeded when a newer release wrote it, or something else did.
    """
    with translated():
        if _stored_revision(engine) == HEAD:
            return
        with _alone(engine, data_dir):
            stored = _stored_revision(engine)
            if stored == HEAD:
                return
            known = _known_revisions()
            if stored is not None and stored not in known:
                raise MigrationNeeded(
                    f"The database is at revision {stored}, which this release (revision {HEAD}) does not know.",
                    hint="Use the release that wrote it or a newer one, or restore a copy "
                    f"({DATABASE_FILE}.before-…) that an upgrade left in the data folder.",
                )
            if stored is None and _tables(engine):
                raise MigrationNeeded(
                    "The database holds tables but no revision: it is not Tongbo's.",
                    hint="Point TONGBO_DATA_DIR or TONGBO_DATABASE_URL at an empty place.",
                )
            if stored is not None and engine.dialect.name == "sqlite":
                _copy_beside(data_dir / DATABASE_FILE, stored)
            _migrate(engine)


def _stored_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def _tables(engine: Engine) -> list[str]:
    return [name for name in inspect(engine).get_table_names() if name != "alembic_version"]


@contextmanager
def _alone(engine: Engine, data_dir: Path) -> Iterator[None]:
    """One process upgrades, the others wait for it."""
    if engine.dialect.name == "sqlite":
        with flock_file(data_dir / "locks" / "upgrade.lock", wait=True):
            yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": UPGRADE_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": UPGRADE_LOCK})


def _copy_beside(path: Path, revision: str) -> None:
    """A consistent copy, its write-ahead log included; made under another name first, so half a copy is never one."""
    target = path.with_name(f"{path.name}.before-{revision}")
    if target.exists():
        return
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"No copy could be made before the upgrade: {error}.") from error


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # 100 ms that only an upgrade needs

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config(connection: Connection | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from alembic.config import Config  # noqa: PLC0415  # as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415  # as above

    with engine.connect() as plain:
        connection = plain.execution_options(**{WRITE_OPTION: True})
        with connection.begin():
            command.upgrade(_config(connection), "head")
