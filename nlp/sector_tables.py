"""The tables behind sector tagging, loaded once: nlp/data/sector_*.csv, what each says is in the README beside them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FOLDER = files("nlp").joinpath("data")


@dataclass(frozen=True, slots=True)
class Words:
    """A pattern for goods or for an aspect of them, and the sectors that it means."""

    pattern: re.Pattern[str]
    sectors: tuple[str, ...]
    beside: tuple[str, ...] = ()  # an aspect that counts only where the goods belong to one of these


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of Federal Register document; without sectors and ``goods`` it belongs to no sector."""

    rule: str
    where: str  # title, or text: title and summary
    pattern: re.Pattern[str]
    sectors: tuple[str, ...]
    goods: bool  # add what the goods named in the title are


@dataclass(frozen=True, slots=True)
class Authority:
    """An agency whose rules belong to one field, by its slug or by its names in running text."""

    slug: str
    names: re.Pattern[str]
    sectors: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _words(pattern: str) -> re.Pattern[str]:
    """Whole words in scripts that have them; Korean and Chinese stand as they come."""
    return re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])", re.IGNORECASE)


@cache
def goods_words() -> tuple[Words, ...]:
    """Names of goods."""
    return tuple(Words(_words(row["pattern"]), _split(row["sectors"])) for row in _rows("sector_words.csv"))


@cache
def aspect_words() -> tuple[Words, ...]:
    """What a rule is about whatever the goods: energy efficiency, cybersecurity, residues …"""
    return tuple(
        Words(_words(row["pattern"]), _split(row["sectors"]), _split(row["beside"]))
        for row in _rows("sector_aspects.csv")
    )


@cache
def families() -> tuple[Family, ...]:
    """Kinds of Federal Register documents; the first that matches decides."""
    return tuple(
        Family(
            row["rule"],
            row["where"],
            re.compile(rf"(?<![A-Za-z])(?:{row['pattern']})", re.IGNORECASE),
            _split(row["sectors"]),
            row["goods"] == "1",
        )
        for row in _rows("sector_families.csv")
    )


@cache
def authorities() -> tuple[Authority, ...]:
    """Agencies that work in one field only."""
    return tuple(
        Authority(row["slug"], re.compile(rf"\b(?:{row['names']})\b"), _split(row["sectors"]))
        for row in _rows("sector_agencies.csv")
    )


@cache
def _codes() -> Mapping[tuple[str, str], tuple[str, ...]]:
    return {(row["system"], row["prefix"]): _split(row["sectors"]) for row in _rows("sector_codes.csv")}


@cache
def sectors_of_code(system: str, code: str) -> tuple[str, ...]:
    """The sectors of an HS ("hs", bare digits) or ICS ("ics", dotted) code: those of its longest known beginning."""
    table = _codes()
    while code:
        if (found := table.get((system, code))) is not None:
            return found
        code = code.rpartition(".")[0] if system == "ics" else code[:-1]
    return ()
