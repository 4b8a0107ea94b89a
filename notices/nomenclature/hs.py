"""The Harmonized System, edition 2022: 96 chapters, 1,228 headings, 5,612 subheadings, in English and Korean.

Codes are bare digits, 2, 4 or 6 of them ("85", "8507", "850760"). Sources and licences: README.md beside this file.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_LENGTHS = (2, 4, 6)


@dataclass(frozen=True, slots=True)
class Title:
    """One row. ``ko`` of a heading without a Korean name of its own lists the customs groups below it."""

    en: str
    ko: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the 21 sections: Roman numeral, first and last chapter, names."""

    number: str
    first: str
    last: str
    en: str
    ko: str


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _table() -> Mapping[str, Title]:
    return {row["code"]: Title(row["en"], row["ko"]) for row in _rows("hs2022.csv")}


@cache
def _codes(length: int) -> tuple[str, ...]:
    return tuple(sorted(code for code in _table() if len(code) == length))


@cache
def sections() -> tuple[Section, ...]:
    """The 21 sections in order."""
    return tuple(
        Section(row["section"], row["first_chapter"], row["last_chapter"], row["en"], row["ko"])
        for row in _rows("hs2022_sections.csv")
    )


@cache
def _changed() -> Mapping[str, tuple[str, ...]]:
    return {row["code"]: tuple(row["hs2022"].split("|")) for row in _rows("hs_changes.csv")}


def exists(code: str) -> bool:
    """True when the 2022 edition has this chapter, heading or subheading (bare digits)."""
    return code in _table()


def title(code: str, lang: str = "en") -> str | None:
    """The title in "en" or "ko"; None for a code that does not exist. Raises ValueError for another language."""
    if lang not in ("en", "ko"):
        raise ValueError(f"no HS titles in {lang!r}: en or ko")
    row = _table().get(code)
    if row is None:
        return None
    return row.ko if lang == "ko" else row.en


def parents(code: str) -> tuple[str, ...]:
    """The existing codes above, nearest first: "850760" gives ("8507", "85"); a national line its subheading too."""
    return tuple(code[:length] for length in (6, 4, 2) if length < len(code) and exists(code[:length]))


def section(code: str) -> Section | None:
    """The section that a code of any length belongs to."""
    chapter = code[:2]
    if not exists(chapter):
        return None
    return next((each for each in sections() if each.first <= chapter <= each.last), None)


def children(code: str) -> tuple[str, ...]:
    """The codes one level below: headings of a chapter, subheadings of a heading; () for a subheading."""
    if len(code) not in (2, 4):
        return ()
    return codes_between(code, code, length=len(code) + 2)


def codes_between(start: str, end: str, *, length: int | None = None) -> tuple[str, ...]:
    """Every code from ``start`` through ``end`` with all below it, at one level, in order.

    The level is the longer of both ("6401".."6405" gives five headings, "870310".."870390" subheadings) unless
    ``length`` (2, 4, 6) says otherwise; the ends need not exist. () when the range is backwards or no digits.
    """
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return ()
    start, end = start[:6], end[:6]
    level = length or max(len(start), len(end))
    if level not in _LENGTHS:
        return ()
    codes = _codes(level)
    first, last = start[:level].ljust(level, "0"), end[:level].ljust(level, "9")
    return codes[bisect_left(codes, first) : bisect_right(codes, last)]


def successors(code: str) -> tuple[str, ...]:
    """Where goods of a code of an older edition are classified in 2022; () when we do not know it as an old code.

    hs_changes.csv holds common ones only: () does not prove a wrong code.
    """
    return _changed().get(code, ())


def all_codes(length: int) -> tuple[str, ...]:
    """Every code of that length (2, 4 or 6), sorted."""
    return _codes(length) if length in _LENGTHS else ()
