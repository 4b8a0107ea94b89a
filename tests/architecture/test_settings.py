"""Settings: documented, refused when wrong, never printed when secret."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from notices.errors import ConfigError
from settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("TONGBO_"):
            monkeypatch.delenv(name)


def test_every_setting_is_documented_and_nothing_else():
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    documented = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `TONGBO_")}
    assert documented == {f"TONGBO_{name.upper()}" for name in Settings.model_fields}


def test_a_bare_day_means_noon_utc(monkeypatch):
    monkeypatch.setenv("TONGBO_CLOCK", "2026-09-30")
    assert load_settings().clock == datetime(2026, 9, 30, 12, tzinfo=UTC)


def test_an_instant_without_zone_is_read_as_utc(monkeypatch):
    monkeypatch.setenv("TONGBO_CLOCK", "2026-09-30T08:15:00")
    assert load_settings().clock == datetime(2026, 9, 30, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("environment", "backend"),
    [
        ({}, "embedded"),
        ({"TONGBO_ELASTICSEARCH_URL": "http://127.0.0.1:9200"}, "elasticsearch"),
        ({"TONGBO_ELASTICSEARCH_URL": "http://x", "TONGBO_INDEX_BACKEND": "embedded"}, "embedded"),
    ],
)
def test_the_backend_setting_wins_and_a_url_alone_means_elasticsearch(monkeypatch, environment, backend):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert load_settings().backend == backend


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TONGBO_CLOCK", "yesterday"),
        ("TONGBO_MIRROR", "ftp://127.0.0.1"),
        ("TONGBO_INDEX_BACKEND", "solr"),
        ("TONGBO_PORT", "eighty"),
        ("TONGBO_ELASTICSEARCH_PREFIX", "UPPER*"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_not_repeated(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert name in caught.value.detail
    assert value not in caught.value.detail or name == "TONGBO_INDEX_BACKEND"


def test_elasticsearch_chosen_without_a_url_is_refused(monkeypatch):
    monkeypatch.setenv("TONGBO_INDEX_BACKEND", "elasticsearch")
    with pytest.raises(ConfigError, match="TONGBO_ELASTICSEARCH_URL"):
        load_settings()


def test_secrets_never_print(monkeypatch):
    monkeypatch.setenv("TONGBO_WTO_API_KEY", "s3cret-value")
    monkeypatch.setenv("TONGBO_DATABASE_URL", "postgresql+psycopg://u:s3cret-value@h/d")
    assert "s3cret-value" not in repr(load_settings())


def test_the_public_address_follows_host_and_port_unless_it_is_set(monkeypatch):
    monkeypatch.setenv("TONGBO_PORT", "8099")
    assert load_settings().address == "http://127.0.0.1:8099"
    monkeypatch.setenv("TONGBO_PUBLIC_URL", "https://tongbo.example/")
    assert load_settings().address == "https://tongbo.example"


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("TONGBO_WTO_API_KEY", "")
    assert load_settings().wto_api_key is None
