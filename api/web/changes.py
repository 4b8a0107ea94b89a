"""What changed between two values of a field, as stretches that a page can show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from difflib import SequenceMatcher

MAX_WORDS = 3_000
"""Above this a text is shown before and after; comparing words takes quadratic time."""

Stretch = tuple[str, str]  # ("same" | "gone" | "new", text)
_CONTEXT = 160  # characters of unchanged text kept on each side of a change


def difference(before: object, after: object) -> list[Stretch]:
    """The stretches of a change: words for texts, entries for lists, old and new for everything else."""
    if isinstance(before, str) and isinstance(after, str):
        return _texts(before, after)
    if isinstance(before, tuple) and isinstance(after, tuple):
        gone = [("gone", shown(item)) for item in before if item not in after]
        new = [("new", shown(item)) for item in after if item not in before]
        return [*gone, *new]
    return [(kind, shown(value)) for kind, value in (("gone", before), ("new", after)) if value not in (None, "", ())]


def shown(value: object) -> str:
    """A fact as one line of text."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, item.name) for item in fields(value)]
        return " · ".join(str(part) for part in parts if part)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _texts(before: str, after: str) -> list[Stretch]:
    one, other = _words(before), _words(after)
    if len(one) + len(other) > MAX_WORDS:
        return [("gone", _clip(before)), ("new", _clip(after))]
    stretches: list[Stretch] = []
    for kind, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            stretches.append(("same", _shorten("".join(one[i:j]), first=i == 0, last=j == len(one))))
            continue
        if i < j:
            stretches.append(("gone", "".join(one[i:j])))
        if k < m:
            stretches.append(("new", "".join(other[k:m])))
    return stretches


def _words(text: str) -> Sequence[str]:
    return re.findall(r"\s*\S+", text)


def _shorten(text: str, *, first: bool, last: bool) -> str:
    """Unchanged text, its far side left out."""
    if first:
        return text if len(text) <= _CONTEXT else "… " + text[-_CONTEXT:].lstrip()
    if last:
        return text if len(text) <= _CONTEXT else text[:_CONTEXT].rstrip() + " …"
    return text if len(text) <= 2 * _CONTEXT else f"{text[:_CONTEXT].rstrip()} … {text[-_CONTEXT:].lstrip()}"


def _clip(text: str) -> str:
    return text if len(text) <= 2_000 else text[:2_000] + " …"
