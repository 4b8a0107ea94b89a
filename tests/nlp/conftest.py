"""Notices for the tests of meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from notices.clock import FrozenClock
from notices.model import Cause, Facts, Kind, Notice, Observation
from notices.ports import Store
from notices.store import open_store

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def make_notice() -> Callable[..., Notice]:
    """A notice with the given facts, in no store."""

    def make(notice_id: str = "wto:G/TBT/N/KOR/1", source: str = "wto", **facts: object) -> Notice:
        given = replace(Facts(kind=Kind.REGULAR, published_on=date(2024, 2, 1)), **facts)
        return Notice(notice_id, source, notice_id, 1, "hash", given, NOW)

    return make


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty SQLite store."""
    opened = open_store(tmp_path / "data", None, FrozenClock(NOW))
    yield opened
    opened.close()


@pytest.fixture
def put(store: Store) -> Callable[..., None]:
    """Put a notice into the store, or a new word about one that is there."""

    def put_notice(notice_id: str, *, day: int = 1, **facts: object) -> None:
        at = datetime(2024, 2, day, 12, tzinfo=UTC)
        given = replace(Facts(kind=Kind.REGULAR, published_on=date(2024, 2, 1)), **facts)
        observation = Observation(notice_id, "wto-eping", notice_id, at, f"capture-{notice_id}-{day}", "page", 1, given)
        store.merge([observation], first_seen_cause=Cause.SOURCE, at=at)

    return put_notice
