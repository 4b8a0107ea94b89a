"""Comment deadlines that a notice gives in words: "Comments must be received on or before March 4, 2024"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from nlp.lexical.calendar import DateSpan, Precision, bounds
from nlp.lexical.dates import find_dates

MAX_DAYS = 400
"""A comment period longer than this is a misreading."""

_COMMENT = re.compile(r"(?<!reply )\b(?:comments?|submissions?|views|feedback)\b|의견", re.IGNORECASE)
_DUE = re.compile(
    r"\b(?:received?|submit(?:ted)?|due|filed|sent|postmarked|by|before|until|no later than|not later than|on or before"
    r"|deadline|final date|accept(?:ed|ing)?|close[sd]?|ends?|through|within|invited)\b|까지|제출|마감",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:reply comments|meeting|hearing|workshop|webinar|petition|effective|applicable|enters? into force|"
    r"published|dated|issued|was extended from|originally|closed on|reviewed)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[a-z0-9)\]가-힣])[.;!?](?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for comments, with the words that give it."""

    day: date
    start: int
    end: int
    rule: str
    confidence: float


def find_deadlines(text: str, published_on: date, *, day_first: bool = True) -> list[Deadline]:
    """Every comment deadline that the text gives, in text order; days before publication or far after are dropped."""
    if not _COMMENT.search(text):
        return []
    anchors = {"notification": published_on, "publication": published_on}
    found: list[Deadline] = []
    for start, end in _sentences(text):
        sentence = text[start:end]
        comment = _COMMENT.search(sentence)
        if comment is None or not _DUE.search(sentence):
            continue
        spans = [span for span in find_dates(sentence, day_first=day_first) if _near(sentence, comment.start(), span)]
        found += [d for span in spans if (d := _deadline(span, start, anchors, published_on)) is not None]
    return found


def _sentences(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def _near(sentence: str, comment: int, span: DateSpan) -> bool:
    """True when the words between comment and date speak of a deadline and of nothing else."""
    between = sentence[comment : span.start] if comment < span.start else sentence[max(span.start - 60, 0) : comment]
    if _OTHER.search(between):
        return False
    around = (between, sentence[span.start : span.end], sentence[span.end : span.end + 30])
    return any(map(_DUE.search, around)) or _DUE.search(sentence[max(comment - 30, 0) : comment]) is not None


def _deadline(span: DateSpan, offset: int, anchors: Mapping[str, date], published_on: date) -> Deadline | None:
    if span.precision not in (Precision.DAY, Precision.YEARLESS, Precision.RELATIVE, Precision.RANGE):
        return None
    days = bounds(span.value, span.precision, anchors)
    if days is None or not published_on <= days[1] <= published_on + timedelta(days=MAX_DAYS):
        return None
    return Deadline(days[1], offset + span.start, offset + span.end, f"deadline.{span.rule}", span.confidence * 0.9)
