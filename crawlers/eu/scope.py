"""Which acts are collected with their texts: ``sources/eu-scope.yml``."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from notices.errors import ConfigError
from notices.identity import base_celex


class KeyAct(BaseModel):
    """An act that is always collected."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    celex: str = Field(pattern=r"^3\d{4}[A-Z]{1,2}\d{4}$")
    name: str


class Scope(BaseModel):
    """What we want the texts of, and how many of the others in one run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_acts: tuple[KeyAct, ...]
    subjects: frozenset[str]
    title_words: tuple[str, ...]
    max_bodies_per_run: int = Field(ge=0)

    @property
    def celexes(self) -> tuple[str, ...]:
        """CELEX numbers of the key acts."""
        return tuple(act.celex for act in self.key_acts)

    def is_key(self, celex: str) -> bool:
        """Whether it is a key act, or a version or corrigendum of one."""
        return base_celex(celex) in self.celexes

    def is_relevant(self, subjects: Collection[str], title: str) -> bool:
        """Whether an act concerns goods: by EuroVoc subject or by a word of its title."""
        return bool(self.subjects.intersection(subjects)) or _words(self.title_words).search(title) is not None


@cache
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE)


@cache
def load_scope() -> Scope:
    """The scope of the release. Raises ConfigError for a malformed file."""
    text = resources.files("crawlers").joinpath("sources", "eu-scope.yml").read_text("utf-8")
    try:
        return Scope.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise ConfigError(f"crawlers/sources/eu-scope.yml: {error}") from error
