"""Sectors: the fields in which Korea's standards agency (KATS) sorts TBT notices, and the ten 소부장 fields."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Group(StrEnum):
    """Which of the two lists a sector belongs to."""

    KATS = "kats"
    SOBUJANG = "sobujang"  # 소재·부품·장비: materials, parts, equipment


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector; ``id`` is an ASCII slug that never changes."""

    id: str
    group: Group
    ko: str
    en: str
    definition: str
    aliases: tuple[str, ...]


@cache
def sectors() -> tuple[Sector, ...]:
    """Every sector, KATS fields first, in display order."""
    text = files(__package__).joinpath("sectors.csv").read_text(encoding="utf-8")
    return tuple(
        Sector(
            row["id"],
            Group(row["group"]),
            row["ko"],
            row["en"],
            row["definition"],
            tuple(alias for alias in row["aliases"].split("|") if alias),
        )
        for row in csv.DictReader(text.splitlines())
    )


def _key(name: str) -> str:
    return re.sub(r"[\s·∙ㆍ,./&_-]+|\band\b", "", name.casefold())


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for sector in sectors():  # KATS comes first, so a name that both lists use means the KATS field
        for name in (sector.id, sector.ko, sector.en, *sector.aliases):
            names.setdefault(_key(name), sector.id)
    return names


@cache
def _by_id() -> Mapping[str, Sector]:
    return {sector.id: sector for sector in sectors()}


def exists(sector_id: str) -> bool:
    """True when there is a sector of this id."""
    return sector_id in _by_id()


def get(sector_id: str) -> Sector | None:
    """The sector of this id."""
    return _by_id().get(sector_id)


def title(sector_id: str, lang: str = "en") -> str | None:
    """The name in "en" or "ko"; None for an unknown id. Raises ValueError for another language."""
    if lang not in ("en", "ko"):
        raise ValueError(f"no sector names in {lang!r}: en or ko")
    sector = _by_id().get(sector_id)
    if sector is None:
        return None
    return sector.ko if lang == "ko" else sector.en


def parse(text: str) -> str | None:
    """The id for an id, a Korean or an English name or alias as typed; None when it names no sector.

    "전기전자" is the KATS field, "소부장 전기전자" or "electrical-parts" the other one.
    """
    return _names().get(_key(text))
