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
_MARK = re.compile(r"(?m)^\s*(?:\(?[0-9a-zA-Z]{1,4}[).]|[—–•-])\s")
_MEASURED = re.compile(r"\d[ \xa0]?(?:kg|g|t|kWh|MWh|kW|tonnes?|mm|units?)\b")
_CODE = re.compile(r"\d{2,}|[A-Z]-\d")
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


def offered(text: str, question: Question) -> set[str]:
    """Which of the literal types asked for stand in a text: date, deadline, percent, amount, count, code."""
    asks = question.asks
    plain = _MARK.sub(" ", text)
    found: set[str] = set()
    if asks & {"date", "deadline"} and days(plain):
        found |= asks & {"date", "deadline"}
    if "percent" in asks and shares(plain):
        found.add("percent")
    if "amount" in asks and figures(plain) and (_MONEY.search(plain) or shares(plain) or _MEASURED.search(plain)):
        found |= {"amount"} if _counts(plain, question.units if "count" not in asks else ()) else set()
    if "count" in asks and figures(plain) and _counts(plain, question.units):
        found.add("count")
    if "code" in asks and _CODE.search(plain):
        found.add("code")
    return found


def _counts(text: str, units: Sequence[str]) -> bool:
    """True when a figure is followed closely by one of the units asked for; any figure where none is named."""
    if not units:
        return True
    names = "|".join(re.escape(unit) for unit in units)
    figure = r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
    before = rf"(?<!\w){figure}(?:[- \xa0][\w-]+){{0,2}}?[- \xa0]*(?:{names})(?!\w)"
    return re.search(rf"{before}|(?:{names})[ \xa0]*{figure}", text, re.IGNORECASE) is not None


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
        score = 0.4 * weight + 0.6 * _weight(text, question, weights) + 1.5 * len(offered(text, question))
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
    best = sorted(sorted(kept or near, key=lambda index: (-scored[index], index))[:4])
    return _with_points([segments[index] for index in best], segments)


def _with_points(chosen: list[Segment], segments: list[Segment]) -> list[Segment]:
    """A line that introduces a list, none of whose points was chosen, with its points: eight at most."""
    full = list(chosen)
    for each in chosen:
        if each.text.endswith(":") and not any(other.lead == (each.start, each.end) for other in chosen):
            full += [other for other in segments if other.lead == (each.start, each.end)][:8]
    return sorted(full, key=lambda each: each.start)


def focused(unit: Unit, focus: str) -> list[Segment]:
    """The segments that name a provision; none without a focus."""
    pattern = re.compile(rf"\b{re.escape(focus)}\b")
    return [segment for segment in segments_of(unit) if pattern.search(segment.text)] if focus else []


def _weight(text: str, question: Question, weights: Sequence[float]) -> float:
    words = frozenset(tokens(text))
    return sum(weight for concept, weight in zip(question.concepts, weights, strict=True) if holds(concept, words))
