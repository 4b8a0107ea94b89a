"""From a locator ("Article 8(2)(a)", "Annex I", "Recital 12") to the stretches of a notice's text that it can mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notices.model import Facts

Span = tuple[int, int]

_HEAD = re.compile(r"(Article|Annex|Recital)\s+(\d+\w*|[IVXLC]+\w?)\b", re.IGNORECASE)
_LABEL = re.compile(r"\(([0-9]+[a-z]{0,2}|[a-z]{1,4})\)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def field_text(facts: Facts, field: str) -> str | None:
    """The text of the field that cards read: body or summary."""
    return facts.body if field == "body" else facts.summary


def spans(facts: Facts, field: str, locator: str) -> list[Span]:
    """Every stretch of the field that the locator can mean, narrowest reading; empty when there is no such place."""
    text = field_text(facts, field)
    if text is None:
        return []
    if field == "summary":
        return [(0, len(text))] if locator == "abstract" else []
    head = _HEAD.match(locator)
    if head is None:
        return []
    kind, number = head[1].lower(), head[2]
    found = [(s.start, s.end) for s in facts.sections if s.kind == kind and s.number.lower() == number.lower()]
    for position, label in enumerate(_LABEL.findall(locator[head.end() :])):
        found = [narrow for span in found for narrow in _narrower(facts, text, span, label, first=position == 0)]
    return found


def _narrower(facts: Facts, text: str, span: Span, label: str, *, first: bool) -> Iterator[Span]:
    """The paragraph or the points of that label within the span."""
    start, end = span
    if first:
        inside = [
            (s.start, s.end)
            for s in facts.sections
            if s.kind == "paragraph" and s.number == label and start <= s.start and s.end <= end
        ]
        if inside:
            yield from inside
            return
    for match in re.finditer(rf"^[‘“]?\({re.escape(label)}\) ", text[start:end], re.MULTILINE):
        at = start + match.start()
        follower = min((pos for name in _next(label) if (pos := _line(text, name, at + 1, end)) >= 0), default=end)
        yield at, follower


def _line(text: str, label: str, start: int, end: int) -> int:
    match = re.compile(rf"^[‘“]?\({re.escape(label)}\) ", re.MULTILINE).search(text, start, end)
    return match.start() if match else -1


def _next(label: str) -> list[str]:
    """The labels that can follow: 2 → 3, 2a; b → c, ba; ii → iii."""
    found = re.fullmatch(r"(\d+)([a-z]*)", label)
    if found:
        return [str(int(found[1]) + 1), f"{found[1]}a"]
    following = [_ROMAN[_ROMAN.index(label) + 1]] if label in _ROMAN[:-1] else []
    if len(label) == 1 and label < "z":
        following += [chr(ord(label) + 1), f"{label}a"]
    elif len(label) == 2 and label not in _ROMAN:
        following += [chr(ord(label[0]) + 1)]
    return following
