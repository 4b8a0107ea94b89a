"""Fields cut into passages of about a hundred words, at sentence ends where there are any; offsets stay exact.

The text of an act is cut by its articles, paragraphs, recitals and annex parts first: no passage crosses a border of
these, except that very short neighbours within one article share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.sections import Stretch, shared_path, stretches
from notices.model import TEXT_FIELDS, Facts, Passage, Section

TARGET_WORDS = 80
MAX_WORDS = 120
MAX_CHARS = 900
"""Texts without blanks (Chinese, or hostile) are cut by length."""

SHORT_WORDS = 25
"""A heading or paragraph of an article below this shares a passage with its neighbour."""

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


def split_sections(
    text: str, sections: Sequence[Section], language: str | None = None
) -> list[tuple[int, int, tuple[str, ...]]]:
    """(start, end, heading path) of passages in order, cut by the sections of the text."""
    if not sections:
        return [(start, end, ()) for start, end in split(text)]
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for group in _groups(text, sections):
        first, last = group[0].start, group[-1].end
        path = shared_path(group, language)
        spans = split(text[first:last])
        found.extend((first + start, first + end, path) for start, end in spans)
    return found


def _groups(text: str, sections: Sequence[Section]) -> Iterator[list[Stretch]]:
    """Stretches that are cut as one: each alone, or very short neighbours of one article."""
    group: list[Stretch] = []
    words = 0
    for stretch in stretches(len(text), sections):
        if text[stretch.start : stretch.end].isspace():
            continue
        count = len(text[stretch.start : stretch.end].split())
        if group:
            together = stretch.article is not None and stretch.article is group[-1].article
            short = min(words, count) < SHORT_WORDS and words + count <= TARGET_WORDS
            if not (together and short):
                yield group
                group, words = [], 0
        group.append(stretch)
        words += count
    if group:
        yield group


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
        sections = facts.sections if name == "body" else ()
        for ordinal, (start, end, path) in enumerate(split_sections(text, sections, facts.language)):
            found.append(Passage(notice_id, revision, name, ordinal, start, end, path, text[start:end]))
    return tuple(found)
