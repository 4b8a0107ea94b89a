"""Data folders of every release open in this one; what it can't open says what to do."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from notices.errors import MigrationNeeded, StoreUnavailable
from notices.store import upgrade as upgrading
from notices.store.schema import metadata

RELEASES = Path(__file__).parent / "releases"
KOR = "wto:G/TBT/N/KOR/1010"


@pytest.mark.parametrize("release", sorted(path.parent.name for path in RELEASES.glob("*/tongbo.db")))
def test_the_data_folder_of_a_release_opens_and_knows_the_same(sqlite_place, release):
    shutil.copytree(RELEASES / release, sqlite_place.data_dir)
    store = sqlite_place.open()
    expected = (RELEASES / release / "expected-dump.jsonl").read_text(encoding="utf-8")
    assert "".join(f"{line}\n" for line in store.dump()) == expected
    assert [revision.number for revision in store.revisions(KOR)] == [1, 2]
    assert store.body(store.capture("capture-1")) == b'{"items": []}'
    assert (store.cursor("index"), store.last_seq()) == (3, 3)
    assert store.source_status("wto-eping", "").received == 2


def test_there_is_a_folder_of_the_first_release():
    assert (RELEASES / "0.1.0" / "tongbo.db").exists()


def _schema_differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


def test_the_migrations_lead_exactly_to_the_schema(place):
    place.open().close()
    engine = create_engine(place.url or f"sqlite:///{place.data_dir / 'tongbo.db'}")
    with engine.connect() as connection:
        assert _schema_differences(connection) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == upgrading.HEAD
    engine.dispose()


def test_the_newest_migration_is_the_head():
    assert upgrading.HEAD in upgrading._known_revisions()
    assert len(upgrading._known_revisions()) == int(upgrading.HEAD)


def _set_revision(data_dir: Path, revision: str) -> None:
    with closing(sqlite3.connect(data_dir / "tongbo.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


def test_a_folder_of_a_newer_release_is_refused_untouched_with_advice(sqlite_place):
    sqlite_place.open().close()
    _set_revision(sqlite_place.data_dir, "9999")
    with pytest.raises(MigrationNeeded) as caught:
        sqlite_place.open()
    assert "9999" in caught.value.detail
    assert "release that wrote it" in caught.value.hint
    assert not list(sqlite_place.data_dir.glob("*.before-*"))


def test_a_database_of_somebody_else_is_refused(sqlite_place):
    sqlite_place.data_dir.mkdir()
    with closing(sqlite3.connect(sqlite_place.data_dir / "tongbo.db")) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(MigrationNeeded):
        sqlite_place.open()


def test_a_file_that_is_no_database_is_a_clear_error(sqlite_place):
    sqlite_place.data_dir.mkdir()
    (sqlite_place.data_dir / "tongbo.db").write_bytes(b"no database at all, but long enough to look at" * 100)
    with pytest.raises(StoreUnavailable):
        sqlite_place.open()


@pytest.fixture
def next_release(tmp_path, monkeypatch):
    """This release with one migration more, as the next one will be."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(upgrading.__file__).parent / "migrations", folder)
    (folder / "versions" / "0002_next.py").write_text(
        'from alembic import op\nimport sqlalchemy as sa\nrevision = "0002"\ndown_revision = "0001"\n'
        'def upgrade():\n    op.add_column("skipped", sa.Column("extra", sa.Text()))\n'
    )
    monkeypatch.setattr(upgrading, "MIGRATIONS", folder)
    monkeypatch.setattr(upgrading, "HEAD", "0002")
    return folder


def test_an_upgrade_copies_the_database_first(sqlite_place, next_release):
    shutil.copytree(RELEASES / "0.1.0", sqlite_place.data_dir)
    store = sqlite_place.open()
    assert store.count() == 2
    copy = sqlite_place.data_dir / "tongbo.db.before-0001"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert connection.execute("SELECT count(*) FROM notices").fetchone() == (2,)
    assert not list(sqlite_place.data_dir.glob("*.partial"))


def test_an_upgrade_that_fails_leaves_the_old_database_as_it_was(sqlite_place, next_release):
    shutil.copytree(RELEASES / "0.1.0", sqlite_place.data_dir)
    broken = next_release / "versions" / "0002_next.py"
    broken.write_text(f"{broken.read_text()}    raise RuntimeError('half way')\n")
    with pytest.raises(RuntimeError):
        sqlite_place.open()
    with closing(sqlite3.connect(sqlite_place.data_dir / "tongbo.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        names = [row[1] for row in connection.execute("PRAGMA table_info(skipped)")]
    assert "extra" not in names


def test_an_upgrade_that_can_not_copy_does_not_begin(sqlite_place, next_release):
    shutil.copytree(RELEASES / "0.1.0", sqlite_place.data_dir)
    (sqlite_place.data_dir / "tongbo.db.before-0001.partial").mkdir()
    with pytest.raises(StoreUnavailable):
        sqlite_place.open()
