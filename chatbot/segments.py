"""A unit's text cut into sentences and list points, and which of them answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.literals import days, figures, shares
from chatbot.understanding import Concept, Question
from chatbot.units import Unit
from nlp.lexical.analysis import tokens

WHOLE = 320
"""A unit of this many characters or fewer is quoted whole."""
_BREAK = re.compile(r"\n+|(?<=[.;])[ \xa0]+(?=[A-Z(‘“])")
_POINT = re.compile(r"\s*(?:\(?[0-9a-zA-Z]{1,5}[).]|[—–•-])\s?")
_MONEY = re.compile(r"(?:EUR|USD|euros?|dollars?|[€$])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or point, counted in the field's text, with the line that introduces it."""

    start: int
    end: int
    text: str
    lead: tuple[int, int] | None


def segments_of(unit: Unit) -> list[Segment]:
    """The unit's sentences and points in order; a point carries the last line before it that ends with a colon."""
    found: list[Segment] = []
    lead = unit.lead
    at = 0
    for stop in [*(match.span() for match in _BREAK.finditer(unit.text)), (len(unit.text), len(unit.text))]:
        text = unit.text[at : stop[0]]
        if text.strip():
            start = unit.start + at + len(text) - len(text.lstrip())
            end = unit.start + at + len(text.rstrip())
            point = _POINT.match(text) is not None and lead is not None
            found.append(Segment(start, end, text.strip(), lead if point else None))
            if text.rstrip().endswith(":"):
                lead = (start, end)
        at = stop[1]
    return found


def holds(concept: Concept, words: frozenset[str]) -> bool:
    """True when these tokens hold one of the concept's ways."""
    return any(words.issuperset(way) for way in concept.ways)


def offered(text: str, asks: frozenset[str]) -> set[str]:
    """Which of the literal types asked for stand in a text: date, percent, amount, count, code."""
    found: set[str] = set()
    if asks & {"date", "deadline"} and days(text):
        found |= asks & {"date", "deadline"}
    if "percent" in asks and shares(text):
        found.add("percent")
    if "amount" in asks and (figures(text) and (_MONEY.search(text) or shares(text) or re.search(r"\d", text))):
        found.add("amount")
    if "count" in asks and figures(text):
        found.add("count")
    if "code" in asks and re.search(r"\d{2,}|[A-Z]-\d", text):
        found.add("code")
    return found


def best_segments(unit: Unit, question: Question, weights: Sequence[float], whole: str) -> list[Segment]:
    """The segments that answer, in text order: at most four, those near the best in words and asked literals.

    A point speaks together with its lead; of one list only the points that hold a word of the question are told, all
    of them when none does. ``whole`` is the field's text.
    """
    segments = segments_of(unit)
    if len(unit.text) <= WHOLE and len(segments) <= 3:
        return [Segment(unit.start, unit.end, unit.text, unit.lead)]
    own = [_weight(segment.text, question, weights) for segment in segments]
    scored = []
    for segment, weight in zip(segments, own, strict=True):
        text = segment.text
        if segment.lead:
            text = f"{whole[segment.lead[0] : segment.lead[1]]} {text}"
        score = 0.4 * weight + 0.6 * _weight(text, question, weights) + 1.5 * len(offered(text, question.asks))
        scored.append(score * (0.8 if segment.text.endswith(":") else 1.0))
    top = max(scored, default=0.0)
    if top <= 0:
        return segments[:1]
    near = [index for index, score in enumerate(scored) if score >= 0.7 * top]
    told = {segments[index].lead for index in near if own[index] > 0 and segments[index].lead}
    kept = [
        index
        for index in near
        if own[index] > 0 or (segments[index].lead is not None and segments[index].lead not in told)
    ]
    starts = sorted(kept or near, key=lambda index: (-scored[index], index))[:4]
    return [segments[index] for index in sorted(starts)]


def _weight(text: str, question: Question, weights: Sequence[float]) -> float:
    words = frozenset(tokens(text))
    return sum(weight for concept, weight in zip(question.concepts, weights, strict=True) if holds(concept, words))
