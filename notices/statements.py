"""Field by field, out of what several records say at one time, the facts of one notice. Pure.

The rule is written down in :mod:`notices.merge`: the latest changed word wins, then precedence, then whoever speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notices.canonical import DEFAULTS, ELEMENT_KEYS, FIELDS, sort_elements
from notices.model import Facts

NOTHING: tuple[object, ...] = (None, "", ())


@dataclass(frozen=True, slots=True)
class Statement:
    """What one record says now, and when it changed its own word: by field, and for unions by element key."""

    facts: Facts
    changed: Mapping[str, datetime] = field(default_factory=dict)
    elements: Mapping[tuple[str, str], datetime] = field(default_factory=dict)


def elements_of(facts: Facts, name: str) -> dict[str, Any]:
    """The elements of a union field by their key; of two with one key the first in normal order stands."""
    key = ELEMENT_KEYS[name]
    found: dict[str, Any] = {}
    for value in sort_elements(getattr(facts, name)):
        found.setdefault(key(value), value)
    return found


def note_change(statement: Statement, after: Facts, at: datetime) -> Statement:
    """The statement once its record says ``after``, first seen at the given instant."""
    before = statement.facts
    fields = dict(statement.changed)
    elements = dict(statement.elements)
    for name in FIELDS:
        if getattr(before, name) == getattr(after, name):
            continue
        if name not in ELEMENT_KEYS:
            fields[name] = at
            continue
        old, new = elements_of(before, name), elements_of(after, name)
        elements.update(((name, key), at) for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return Statement(after, fields, elements)


def merge_statements(statements: Sequence[Statement]) -> Facts:
    """One set of facts out of statements given in precedence order, the first being the most trusted."""
    if len(statements) == 1:
        return statements[0].facts
    values: dict[str, Any] = {}
    for name in FIELDS:
        values[name] = _union(name, statements) if name in ELEMENT_KEYS else _single(name, statements)
    return Facts(**values)


def _single(name: str, statements: Sequence[Statement]) -> Any:  # noqa: ANN401  # the type of the named field
    changed = [statement for statement in statements if name in statement.changed]
    if changed:
        latest = max(statement.changed[name] for statement in changed)
        return next(getattr(item.facts, name) for item in changed if item.changed[name] == latest)
    said = (getattr(statement.facts, name) for statement in statements)
    return next((value for value in said if value not in NOTHING), DEFAULTS.get(name))


def _union(name: str, statements: Sequence[Statement]) -> tuple[Any, ...]:
    listed = [elements_of(statement.facts, name) for statement in statements]
    keys = dict.fromkeys(key for elements in listed for key in elements)
    chosen = (_element((name, key), statements, listed) for key in keys)
    return sort_elements(tuple(value for value in chosen if value is not None))


def _element(place: tuple[str, str], statements: Sequence[Statement], listed: Sequence[dict[str, Any]]) -> object:
    """The element as it stands, or None when the latest changed word took it out."""
    key = place[1]
    changed = [
        (statement.elements[place], elements.get(key))
        for statement, elements in zip(statements, listed, strict=True)
        if place in statement.elements
    ]
    if changed:
        latest = max(at for at, _ in changed)
        values = [value for at, value in changed if at == latest]
        return next((value for value in values if value is not None), None)
    return next(elements[key] for elements in listed if key in elements)
