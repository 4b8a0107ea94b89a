"""The International Classification for Standards, edition 7: 40 fields, 401 groups, 940 sub-groups.

Codes are dotted: "29", "29.220", "29.220.10". Sources and licences: README.md beside this file.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _table() -> Mapping[str, tuple[str, str]]:
    text = files(__package__).joinpath("ics7.csv").read_text(encoding="utf-8")
    return {row["code"]: (row["en"], row["ko"]) for row in csv.DictReader(text.splitlines())}


def exists(code: str) -> bool:
    """True when edition 7 has this field, group or sub-group."""
    return code in _table()


def title(code: str, lang: str = "en") -> str | None:
    """The title; Korean ("ko") below the 40 fields is the field's, as nobody publishes the rest.

    None for a code that does not exist. Raises ValueError for another language.
    """
    if lang not in ("en", "ko"):
        raise ValueError(f"no ICS titles in {lang!r}: en or ko")
    row = _table().get(code)
    if row is None:
        return None
    return row[0] if lang == "en" else _table()[code[:2]][1]


def parents(code: str) -> tuple[str, ...]:
    """The existing codes above, nearest first: "29.220.10" gives ("29.220", "29")."""
    parts = code.split(".")
    above = (".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
    return tuple(parent for parent in above if exists(parent))


@cache
def all_codes() -> tuple[str, ...]:
    """Every code, sorted."""
    return tuple(sorted(_table()))
