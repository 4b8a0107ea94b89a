"""A notice cut into units, the places that an answer may come from: paragraphs, points, annex parts, form fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from chatbot.citations import cited_text
from index.passages import split
from nlp.lexical.analysis import tokens
from notices.model import Facts, Notice, Section

MAX_UNIT = 1_500
WINDOW = 900
_POINT = re.compile(r"\n(?=\s*(?:\(?[0-9a-zA-Z]{1,4}[).]|[—–•-])\s?)")
_NUMBERING = re.compile(r"^\(?[0-9]{1,3}[a-z]?[).]\s")
_LABELS: tuple[tuple[str, str], ...] = (
    ("title", ""),
    ("summary", ""),
    ("products_text", "Products covered"),
    ("hs_codes", "HS tariff codes of the products covered"),
    ("ics_codes", "ICS codes of the products covered"),
    ("comment_until", "Final date for comments, comment deadline"),
    ("dates_text", "Dates: effective date, comments, hearing"),
    ("action", "Action, status: proposed or final"),
    ("adopted_text", "Proposed date of adoption"),
    ("in_force_text", "Proposed date of entry into force, effective date"),
    ("in_force_on", "Date of entry into force, effective date"),
    ("objectives_text", "Objective and rationale, purpose, reason"),
    ("agencies", "Agency responsible, authority"),
    ("identifiers", "Numbers: docket, case number, citation"),
    ("title_original", ""),
)
_OUTER = frozenset({"amendment", "footnotes", "title", "final", "division_part"})


@dataclass(frozen=True, slots=True)
class Unit:
    """``text`` of a field from ``start`` to ``end``; ``lead`` is the stretch that introduces it, if it is a point."""

    field: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...]
    kind: str  # the innermost section's kind, "field" elsewhere
    lead: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A notice's units with their postings: token → {unit: how often}; headings and leads count half."""

    notice: Notice
    units: tuple[Unit, ...]
    postings: dict[str, dict[int, float]]
    lengths: tuple[int, ...]
    title: frozenset[str]


def compile_notice(notice: Notice) -> Compiled:
    """Cut and count."""
    units = tuple(units_of(notice.facts))
    title = "" if notice.facts.sections else notice.facts.title
    postings: dict[str, dict[int, float]] = {}
    lengths = []
    for number, unit in enumerate(units):
        own = tokens(_NUMBERING.sub("", unit.text))
        lengths.append(len(own))
        around = [each for each in tokens(" ".join((*unit.heading_path, title))) if not each.isdigit()]
        if unit.lead:
            around += tokens(cited_text(notice.facts, unit.field)[unit.lead[0] : unit.lead[1]])
        for words, weight in ((own, 1.0), (around, 0.6)):
            for word in words:
                counts = postings.setdefault(word, {})
                counts[number] = counts.get(number, 0.0) + weight
    return Compiled(notice, units, postings, tuple(lengths), frozenset(tokens(notice.facts.title)))


def units_of(facts: Facts) -> Iterator[Unit]:
    """Every unit of a notice, form fields first."""
    for field, label in _LABELS:
        text = cited_text(facts, field)
        path: tuple[str, ...] = (label,) if label else ()
        if len(text) <= MAX_UNIT:
            if text:
                yield Unit(field, 0, len(text), text, path, "field")
        else:
            for start, end in split(text):
                yield Unit(field, start, end, text[start:end], path, "field")
    body = facts.body or ""
    if facts.sections:
        for start, end, path, kind in _pieces(facts.sections, len(body)):
            yield from _windows(body, start, end, path, kind)
    elif body:
        for start, end in split(body):
            yield Unit("body", start, end, body[start:end], (), "text")


def _pieces(sections: tuple[Section, ...], length: int) -> Iterator[tuple[int, int, tuple[str, ...], str]]:
    """The body cut wherever a section begins or ends, each piece with the headings above it."""
    nested = [each for each in sections if each.kind not in ("amendment", "footnote", "footnotes")]
    cuts = sorted({0, length, *(each.start for each in nested), *(each.end for each in nested)})
    stack: list[Section] = []
    waiting = sorted(nested, key=lambda each: (each.start, -each.end))
    for start, end in pairwise(cuts):
        stack = [each for each in stack if each.end > start]
        while waiting and waiting[0].start <= start:
            stack.append(waiting.pop(0))
        stack = [each for each in stack if each.end > start]
        if stack:
            path = tuple(name for each in stack if each.kind not in _OUTER and (name := _name(each)))
            yield start, end, path, stack[-1].kind


def _name(section: Section) -> str:
    if section.kind == "paragraph":
        return f"({section.number})"
    return " ".join(part for part in (section.kind.capitalize(), section.number, section.title) if part)


def _windows(body: str, start: int, end: int, path: tuple[str, ...], kind: str) -> Iterator[Unit]:
    """The piece, or its points in windows, each led by the piece's first lines."""
    start, end = _stripped(body, start, end)
    if end - start <= MAX_UNIT:
        if end > start:
            yield Unit("body", start, end, body[start:end], path, kind)
        return
    marks = [start, *(match.end() for match in _POINT.finditer(body, start, end)), end]
    lead = (start, min(marks[1], start + 600)) if len(marks) > 2 and marks[1] - start <= 1_200 else None
    first = last = start
    for mark in marks[1:]:
        if mark - first > WINDOW and last > first:
            yield from _window(body, first, last, path, kind, lead)
            first = last
        last = mark
    yield from _window(body, first, end, path, kind, lead)


def _window(
    body: str, start: int, end: int, path: tuple[str, ...], kind: str, lead: tuple[int, int] | None
) -> Iterator[Unit]:
    start, end = _stripped(body, start, end)
    led = lead if lead and start >= lead[1] else None
    if end - start <= MAX_UNIT * 2:
        if end > start:
            yield Unit("body", start, end, body[start:end], path, kind, led)
        return
    for first, last in split(body[start:end]):
        yield Unit("body", start + first, start + last, body[start + first : start + last], path, kind, led)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
