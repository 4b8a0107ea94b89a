"""When to say nothing: no evidence, out of scope, too vague a product, a lawyer's question."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.claims import literal_asks
from chatbot.retrieval import Found, Scored
from chatbot.segments import offered
from chatbot.understanding import Question
from nlp.lexical import glossary
from notices.answers import Candidate, Reason
from notices.nomenclature import hs

COVERED = 0.5
"""Least share of the question's weight that the chosen units must hold."""
NAMED_COVERED = 0.48
"""The same where the question names the act."""
NUMBERED_COVERED = 0.3
"""The same where it names the document by its number."""
KEY_SHARE = 0.4
"""A concept with this share of the weight must be held by the units that answer."""


def before_search(question: Question) -> Reason | None:
    """A reason that needs no search: legal advice, news of the day, nothing to look for."""
    if "expert" in question.marks:
        return Reason.NEEDS_EXPERT
    named = question.acts or question.keys
    if "news" in question.marks:
        return Reason.STALE_SOURCE if named else Reason.OUT_OF_SCOPE
    known = [concept for concept in question.concepts if concept.known]
    if not known and not named:
        return Reason.AMBIGUOUS_PRODUCT if question.asks and not question.concepts else Reason.OUT_OF_SCOPE
    return None


def after_search(question: Question, found: Found, picked: Sequence[Scored]) -> Reason | None:
    """Why the units found are no evidence; None when they are."""
    if found.missing:
        return Reason.NO_EVIDENCE
    if vague(question):
        return Reason.AMBIGUOUS_PRODUCT
    if not picked:
        return Reason.NO_EVIDENCE if question.acts or question.keys or _legal(question) else Reason.OUT_OF_SCOPE
    least = NUMBERED_COVERED if question.keys else NAMED_COVERED if question.acts else COVERED
    if coverage(question, found, picked) < least or _key_missing(question, found, picked):
        return Reason.NO_EVIDENCE if question.acts or question.keys or _legal(question) else Reason.OUT_OF_SCOPE
    text = "\n".join(unit.unit.text for unit in picked)
    around = " ".join(heading for unit in picked for heading in unit.unit.heading_path)
    if literal_asks(question) - offered(text, question):
        return Reason.NO_EVIDENCE
    dated = " ".join(f"{unit.notice.facts.title} {unit.notice.facts.published_on}" for unit in picked)
    if any(year not in f"{text} {around} {dated}" for year in question.years):
        return Reason.NO_EVIDENCE
    return None


def coverage(question: Question, found: Found, picked: Sequence[Scored]) -> float:
    """The share of the question's weight that the chosen units hold, with their titles; one unit counts most."""
    total = sum(found.weights)
    if total <= 0:
        return 1.0
    together = sum(found.weights[index] for index in _held(question, picked))
    alone = max((sum(found.weights[index] for index in _held(question, [unit])) for unit in picked), default=0.0)
    return (0.6 * alone + 0.4 * together) / total


def vague(question: Question) -> bool:
    """True when a question names a product or nothing, and no act, number, market or attribute to look for."""
    if question.acts or question.keys or question.markets:
        return False
    return len(question.concepts) <= 1 and all(concept.known for concept in question.concepts)


def candidates(question: Question) -> tuple[Candidate, ...]:
    """HS headings that the question's product words may mean, at most six."""
    codes = [code for each in glossary.expand(question.text) for code in each.hs]
    found = []
    for code in dict.fromkeys(codes):
        title = hs.title(code, "en")
        if title:
            found.append(Candidate(code, hs.title(code, "ko") or "", title))
    return tuple(found[:6])


def _held(question: Question, picked: Sequence[Scored]) -> set[int]:
    held = {index for unit in picked for index in unit.covered}
    for index, concept in enumerate(question.concepts):
        if any(unit.compiled.title.issuperset(way) for unit in picked for way in concept.ways):
            held.add(index)
    return held


def _key_missing(question: Question, found: Found, picked: Sequence[Scored]) -> bool:
    """True when a telling concept, or a figure of the question, is held by none of the units."""
    total = sum(found.weights) or 1.0
    held = _held(question, picked)
    return any(index not in held and weight / total >= KEY_SHARE for index, weight in enumerate(found.weights))


def _legal(question: Question) -> bool:
    return bool(question.markets) or sum(bool(concept.english) for concept in question.concepts) >= 2
