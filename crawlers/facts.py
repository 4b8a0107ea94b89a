"""The facts of a source, read from ``sources/<feed>.yml``: addresses, rates, lookups, expectations."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from notices.errors import ConfigError
from notices.model import Kind


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(_Facts):
    """A name in Korean and English."""

    ko: str
    en: str


class Licence(_Facts):
    """Under which terms the source may be reused, and where it says so."""

    name: str
    url: str


class Rate(_Facts):
    """How fast live hosts are asked: seconds between requests, requests at once, seconds until we give up.

    ``mirror_delay`` holds on a loopback mirror too: the limit of a key is part of the source.
    """

    delay: float = Field(ge=0)
    concurrency: int = Field(ge=1, le=8)
    timeout: float = Field(gt=0)
    mirror_delay: float = Field(0, ge=0)


class Paging(_Facts):
    """Page size; the slice count at which we split; the count at which the source stops counting."""

    size: int = Field(ge=2, le=2000)
    split_at: int = Field(ge=2)
    cap: int = Field(ge=2)
    max_page: int | None = None


class Expectations(_Facts):
    """What a healthy run gives; less is a fault until proved otherwise."""

    min_per_run: int = Field(ge=0)
    max_per_run: int = Field(ge=1)
    allow_empty: bool
    max_dead_share: float = Field(ge=0, le=1)
    fill: dict[str, float] = {}
    fresh_hours: int = Field(ge=1)


class SourceFacts(_Facts):
    """Everything that is particular to one feed and is not code."""

    id: str
    title: Names
    publisher: Literal["wto", "us-fr", "eu"]
    publisher_name: Names
    licence: Licence
    spider: str
    parser: str
    url: str
    referer: str | None = None
    key_setting: str | None = None
    cadence_hours: int = Field(ge=1)
    language: str
    rate: Rate
    overlap_days: int = Field(ge=0)
    first_days: int = Field(ge=1)
    paging: Paging | None = None
    kinds: dict[str, Kind]
    areas: dict[str, Literal["keep", "skip"]] = {}
    types: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    expect: Expectations

    @property
    def overlap(self) -> timedelta:
        """How far back an ordinary run asks again."""
        return timedelta(days=self.overlap_days)

    def required_paging(self) -> Paging:
        """The paging facts. Raises ConfigError when the file has none."""
        if self.paging is None:
            raise ConfigError(f"{self.id}.yml names no paging")
        return self.paging


FEEDS: tuple[str, ...] = ("wto-eping", "wto-api", "wto-workbook", "us-fr", "eu-cellar")
"""All feeds, in the order in which a whole crawl asks them."""


@cache
def load_facts(feed: str) -> SourceFacts:
    """The facts of one feed. Raises ConfigError for an unknown feed or a malformed file."""
    if feed not in FEEDS:
        raise ConfigError(f"There is no source {feed!r}.", hint=f"Sources: {', '.join(FEEDS)}.")
    text = resources.files("crawlers").joinpath("sources", f"{feed}.yml").read_text("utf-8")
    try:
        return SourceFacts.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise ConfigError(f"crawlers/sources/{feed}.yml: {error}") from error


def all_facts() -> tuple[SourceFacts, ...]:
    """The facts of every feed."""
    return tuple(load_facts(feed) for feed in FEEDS)
