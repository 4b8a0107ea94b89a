"""One store fixture for both engines, and small observations to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from notices.clock import FrozenClock
from notices.model import Facts, Kind, Observation
from notices.ports import Store
from notices.store import open_store

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
SYMBOL = "G/TBT/N/KOR/1010"


@dataclass
class Place:
    """Where a store lives; opened as often as a test likes, as by several processes."""

    data_dir: Path
    url: str | None
    opened: list[Store] = field(default_factory=list)

    def open(self) -> Store:
        store = open_store(self.data_dir, self.url, FrozenClock(NOON))
        self.opened.append(store)
        return store


def _schema(base: str) -> Iterator[str]:
    """A schema of its own in the test database, as a URL; dropped afterwards."""
    name = f"tongbo_test_{uuid4().hex[:12]}"
    engine = create_engine(base)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    yield f"{base}{'&' if '?' in base else '?'}options=-csearch_path%3D{name}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.external("postgres"))])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty place for a store, on each engine in turn."""
    if request.param == "sqlite":
        where = Place(tmp_path / "data", None)
        yield where
        _close(where)
        return
    for url in _schema(request.getfixturevalue("postgres_url")):
        where = Place(tmp_path / "data", url)
        yield where
        _close(where)


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Iterator[Place]:
    """An empty place for a SQLite store."""
    where = Place(tmp_path / "data", None)
    yield where
    _close(where)


def _close(where: Place) -> None:
    for store in where.opened:
        store.close()


@pytest.fixture
def store(place: Place) -> Store:
    """A fresh store, on each engine in turn."""
    return place.open()


@pytest.fixture
def observe() -> Callable[..., Observation]:
    """Makes observations: ``observe("wto-eping", 880001, title="…", at=…)``; any fact by its name."""
    return make_observation


def make_observation(
    feed: str = "wto-eping",
    record: object = 880001,
    *,
    notice: str | None = None,
    at: datetime = NOON,
    version: int = 1,
    capture: str | None = None,
    **facts: object,
) -> Observation:
    said = Facts(Kind.REGULAR, date(2026, 9, 1), symbols=(SYMBOL,), title="Masks", members=("KR",))
    said = replace(said, **facts)  # type: ignore[arg-type]
    name = notice or (f"wto:{said.symbols[0]}" if said.symbols else f"us-fr:{said.published_on}/{record}")
    made = capture or f"{feed}-{at.isoformat()}"
    return Observation(name, feed, str(record), at, made, feed, version, said)
