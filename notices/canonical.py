"""The one spelling of a notice's facts: normal order, canonical JSON, content hash. Pure; no I/O.

The ePing API lists the same objectives in another order from day to day, so every field whose order says nothing is
sorted here. ``symbols`` keeps its order: the first one is the identity. Defaults are left out of the JSON, so a field
that a later release adds to :class:`Facts` does not change the hash of what is already stored.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any

import orjson

from notices.identity import lookup_key
from notices.model import Facts, Identifier

FIELDS: tuple[str, ...] = tuple(item.name for item in fields(Facts))
"""Names of all facts, in the order of the model."""

DEFAULTS: Mapping[str, Any] = {item.name: item.default for item in fields(Facts) if item.default is not MISSING}

_OPTIONAL_TEXTS = tuple(item.name for item in fields(Facts) if item.type == "str | None")
_DOMAIN_TAIL = re.compile(r"\s*\((?:TBT|SPS)\)\s*$", re.IGNORECASE)


def _word_key(value: str) -> str:
    return " ".join(_DOMAIN_TAIL.sub("", value).split()).casefold()


def identifier_key(value: Identifier) -> str:
    """The lookup key of an identifier; a symbol outside the grammar is found as it was written."""
    try:
        return lookup_key(value.scheme, value.value)
    except ValueError:
        return f"{value.scheme}:{' '.join(value.value.split()).upper()}"


ELEMENT_KEYS: Mapping[str, Callable[[Any], str]] = {
    "members": str,
    "objectives": _word_key,
    "identifiers": identifier_key,
    "links": attrgetter("url"),
    "attachments": attrgetter("url"),
}
"""Fields that are merged as unions, and by which key two feeds mean the same element."""

SORTED_FIELDS: tuple[str, ...] = (
    *ELEMENT_KEYS,
    "agencies",
    "hs_codes",
    "ics_codes",
    "keywords",
    "legal_basis",
    "relations",
)


def _order(value: object) -> tuple[str, ...]:
    """A total order over every element type; dataclass ordering fails on None beside text."""
    if isinstance(value, str):
        return (value,)
    names = [item.name for item in fields(value)]  # type: ignore[arg-type]
    return tuple(text for name in names for text in _optional(getattr(value, name)))


def _optional(value: str | None) -> tuple[str, str]:
    return ("", "") if value is None else ("1", str(value))


def sort_elements(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The elements in their one order, each once."""
    if len(values) < 2:
        return values
    return tuple(sorted(dict.fromkeys(values), key=_order))


def normalise(facts: Facts) -> Facts:
    """The same facts with every order that says nothing made definite, and nothing said in one way only."""
    changed: dict[str, Any] = {name: None for name in _OPTIONAL_TEXTS if getattr(facts, name) == ""}
    for name in SORTED_FIELDS:
        values = getattr(facts, name)
        if len(values) > 1:
            ordered = sort_elements(values)
            if ordered != values:
                changed[name] = ordered
    return replace(facts, **changed) if changed else facts


def facts_document(facts: Facts) -> dict[str, Any]:
    """Plain JSON values of every field that is not at its default."""
    document: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(facts, name)
        if name in DEFAULTS and value == DEFAULTS[name]:
            continue
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = [_element_document(item) for item in value]
        document[name] = value
    return document


def _element_document(value: Any) -> Any:  # noqa: ANN401  # a text or any dataclass of the model
    if isinstance(value, str):
        return value
    pairs = ((item.name, getattr(value, item.name)) for item in fields(value))
    return {name: part for name, part in pairs if part is not None}


def canonical_json(document: object) -> str:
    """JSON with sorted keys and no blanks; text that is no valid Unicode (lone surrogates) is escaped, not lost."""
    try:
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()
    except (TypeError, orjson.JSONEncodeError):
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def json_hash(text: str) -> str:
    """sha256 of canonical JSON, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_hash(facts: Facts) -> str:
    """The hash of exactly these facts in normal order: never of times, captures or runs."""
    return json_hash(canonical_json(facts_document(normalise(facts))))


def changed_fields(before: Facts, after: Facts) -> tuple[str, ...]:
    """Names of the facts that differ, in the order of the model."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))
