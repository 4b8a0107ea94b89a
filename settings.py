"""Every setting, in one frozen object read from ``TONGBO_*`` variables. Secrets never print."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from notices.errors import ConfigError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


class Settings(BaseSettings):
    """All that can be set. Unknown values are refused; every field is documented in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="TONGBO_", frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(Path("data"), description="Folder of the database, captures and the embedded index.")
    database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of PostgreSQL; without it SQLite in the data folder."
    )
    index_backend: Literal["embedded", "elasticsearch"] | None = Field(
        None, description="Search engine; without it a set Elasticsearch URL means elasticsearch, else embedded."
    )
    elasticsearch_url: str | None = Field(None, description="Base URL of Elasticsearch 8.19 or newer.")
    elasticsearch_api_key: SecretStr | None = Field(None, description="API key limited to tongbo-* indices.")
    elasticsearch_ca: Path | None = Field(None, description="CA certificate file for a private https endpoint.")
    elasticsearch_prefix: str = Field(
        "tongbo", pattern=r"^[a-z][a-z0-9-]{0,40}$", description="First part of every index and alias name."
    )
    mirror: str | None = Field(None, description="Base URL of a mirror that serves every source at its own prefix.")
    clock: datetime | None = Field(None, description="Start of a clock that ticks on from there (replays, tests).")
    backfill_since: date | None = Field(None, description="First day of the first run; default 90 days back.")
    public_url: str | None = Field(None, description="Address for people, e.g. of a proxy; default: host and port.")
    contact: str = Field(
        "https://github.com/tongbo/tongbo", description="Contact in our user agent: an address or a mail."
    )
    wto_api_key: SecretStr | None = Field(None, description="Key of the official WTO API (apiportal.wto.org).")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")

    @field_validator("clock", mode="before")
    @classmethod
    def _clock_from_day(cls, value: object) -> object:
        """A bare day means noon UTC, like the replay server's own Date header."""
        if isinstance(value, str) and len(value) == 10:
            return datetime.combine(date.fromisoformat(value), time(12), UTC)
        return value

    @field_validator("clock")
    @classmethod
    def _clock_aware(cls, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

    @field_validator("mirror", "public_url", "elasticsearch_url")
    @classmethod
    def _http_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/") if value else value

    @model_validator(mode="after")
    def _backend_has_url(self) -> Settings:
        if self.index_backend == "elasticsearch" and not self.elasticsearch_url:
            raise ValueError("TONGBO_INDEX_BACKEND=elasticsearch needs TONGBO_ELASTICSEARCH_URL")
        return self

    @property
    def backend(self) -> Literal["embedded", "elasticsearch"]:
        """The engine that these settings choose."""
        if self.index_backend:
            return self.index_backend
        return "elasticsearch" if self.elasticsearch_url else "embedded"

    @property
    def address(self) -> str:
        """The address under which people reach the service."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def replayed(self) -> bool:
        """True when the data come from a mirror: every page must say so."""
        return self.mirror is not None


def load_settings() -> Settings:
    """Settings from the environment. Raises ConfigError naming each bad variable, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{'TONGBO_' + '_'.join(str(part) for part in fault['loc']).upper() if fault['loc'] else 'settings'}: "
            f"{fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise ConfigError(faults) from None
