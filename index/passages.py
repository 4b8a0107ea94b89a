"""Fields cut into passages of about a hundred words, at sentence ends where there are any; offsets stay exact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notices.model import TEXT_FIELDS, Facts, Passage

TARGET_WORDS = 80
MAX_WORDS = 120
MAX_CHARS = 900
"""Texts without blanks (Chinese, or hostile) are cut by length."""

LIST_FIELDS: tuple[str, ...] = ("keywords", "agencies", "identifiers")
"""Fields of values: their text is the values joined by "; ", as findings count in it."""

_SENTENCE_END = re.compile(r"(?<=[.!?;:])[\"')\]]*\s+(?=[\"'(\[]*[^a-z\s])|\n+|(?<=[。！？；])")
_BLANK = re.compile(r"\s+")


def split(text: str) -> list[tuple[int, int]]:
    """(start, end) of passages in order: they never overlap, and only blanks lie between and around them."""
    found: list[tuple[int, int]] = []
    start = end = words = 0
    for first, last in _sentences(text):
        count = _words(text, first, last)
        full = words >= TARGET_WORDS or words + count > MAX_WORDS or last - start > MAX_CHARS
        if words and full:
            found.append((start, end))
            words = 0
        if not words:
            start = first
        end, words = last, words + count
    if words:
        found.append((start, end))
    return found


def _words(text: str, start: int, end: int) -> int:
    """Words, or a sixth of the characters where blanks are rare."""
    return max(len(text[start:end].split()), (end - start) // 12, 1)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences without the blanks around them; too long ones in pieces."""
    at = 0
    for match in _SENTENCE_END.finditer(text):
        yield from _pieces(text, at, match.start())
        at = match.end()
    yield from _pieces(text, at, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            return
        if end - start <= MAX_CHARS and _words(text, start, end) <= MAX_WORDS:
            yield start, end
            return
        cut = _cut(text, start, end)
        yield from _pieces(text, start, cut)
        start = cut


def _cut(text: str, start: int, end: int) -> int:
    """After at most :data:`TARGET_WORDS` words, or in mid-text where no blank comes in time."""
    limit = min(end, start + MAX_CHARS)
    blanks = [match.start() for match in _BLANK.finditer(text, start, limit)][:TARGET_WORDS]
    usable = [blank for blank in blanks if _words(text, start, blank) <= MAX_WORDS]
    return usable[-1] if usable else min(limit, start + TARGET_WORDS * 12)


def field_text(facts: Facts, name: str) -> str:
    """The text of a model field as passages, findings and citations count in it."""
    match name:
        case "keywords":
            return "; ".join(facts.keywords)
        case "agencies":
            return "; ".join(agency.name for agency in facts.agencies)
        case "identifiers":
            named = (each.value for each in facts.identifiers if each.scheme != "wto_record")
            return "; ".join((*facts.symbols, *named))
        case _:
            value = getattr(facts, name)
            return value if isinstance(value, str) else ""


def passages_of(notice_id: str, revision: int, facts: Facts) -> tuple[Passage, ...]:
    """All passages of a revision, field by field; ``ordinal`` counts within the field."""
    found: list[Passage] = []
    for name in (*TEXT_FIELDS, *LIST_FIELDS):
        text = field_text(facts, name)
        for ordinal, (start, end) in enumerate(split(text)):
            found.append(Passage(notice_id, revision, name, ordinal, start, end, (), text[start:end]))
    return tuple(found)
