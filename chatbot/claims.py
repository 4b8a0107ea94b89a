"""From the best units to claims: what to quote, what to say beside the quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.citations import cite, cited_text
from chatbot.frames import english_frame, gloss_of, korean_frame, slots_of
from chatbot.literals import days, unsaid
from chatbot.retrieval import Found, Scored
from chatbot.segments import Segment, best_segments, focused, offered
from chatbot.understanding import Question
from notices.answers import Citation, Claim
from notices.model import Notice

MAX_CLAIMS = 4
_NEAR = 0.8
_QUOTE = 700
_APPLIES = re.compile(
    r"\b(?:shall|will) (?:\w+ )?apply (?:from|as from|as of)|\bapplicable (?:from|as of)|shall enter into force"
)
_VERB = re.compile(r"(?:하|되|받|는|면|야|나|고|게|이면|하는데)$")
_NUMBERED = re.compile(r"^(Article [0-9]+[a-z]*)\b")


def chosen(found: Found, question: Question) -> list[Scored]:
    """The units that an answer is made of, best first: near the best one, and one for each literal still missing."""
    if not found.units:
        return []
    best = _best(found.units, question)
    picked = [best]
    for unit in found.units[:12]:
        near = unit.score >= _NEAR * best.score and unit.notice.id == best.notice.id and _place(unit) == _place(best)
        if (
            near
            and unit is not best
            and len(picked) < MAX_CLAIMS - 1
            and _offers(unit, question) >= _offers(best, question)
        ):
            picked.append(unit)
    if best.unit.kind == "field":
        picked += _beside(best, question, found)
    missing = literal_asks(question) - {kind for unit in picked for kind in _offers(unit, question)}
    if missing:
        picked += _completing(found, question, best, missing)[: MAX_CLAIMS - len(picked)]
    return picked


def literal_asks(question: Question) -> frozenset[str]:
    """The asked types that need a literal."""
    return question.asks & {"date", "deadline", "percent", "amount", "count"}


def _best(units: Sequence[Scored], question: Question) -> Scored:
    """The best unit; one that offers what is asked goes before a slightly better one that does not."""
    asks = literal_asks(question)
    if not asks:
        return units[0]
    return max(units[:20], key=lambda each: each.score * (1.0 + 0.7 * len(_offers(each, question)) / len(asks)))


def _offers(unit: Scored, question: Question) -> set[str]:
    return offered(unit.unit.text, question)


def _place(scored: Scored) -> tuple[str, ...]:
    """The article or annex of a unit: what stands elsewhere is about something else. A field of a record is its own."""
    path = scored.unit.heading_path
    if scored.unit.kind == "field" or not path:
        return (scored.notice.id, str(scored.number))
    named = next((i for i, name in enumerate(path) if name.startswith(("Article", "Annex"))), len(path) - 1)
    return path[: named + 1]


def _beside(best: Scored, question: Question, found: Found) -> list[Scored]:
    """What a short record says beside its best field: who, under which number, and its summary where more is asked."""
    wanted = [field for kind, field in (("who", "agencies"), ("code", "identifiers")) if kind in question.asks]
    if best.unit.field != "summary" and (len(question.asks) > 1 or not literal_asks(question)):
        wanted.append("summary")
    units = [each for each in found.units if each.notice.id == best.notice.id and each is not best]
    return [each for field in wanted for each in [u for u in units if u.unit.field == field][:1]]


def _completing(found: Found, question: Question, best: Scored, missing: frozenset[str]) -> list[Scored]:
    """Units of the same notice that offer a missing literal; for a day, a clause on when the provision applies."""
    same = [each for each in found.units if each.notice.id == best.notice.id and each is not best]
    form = best.unit.kind == "field"
    near = 0.0 if form else 0.4 * best.score
    extra = [each for each in same if missing & _offers(each, question) and each.score >= near][:1]
    if form and not extra:
        units = enumerate(best.compiled.units)
        held = [(number, unit) for number, unit in units if missing & offered(unit.text, question)]
        return [Scored(best.compiled, unit, number, best.score / 2, frozenset()) for number, unit in held[:1]]
    if extra or not missing & {"date"}:
        return extra
    article = next((m[1] for name in best.unit.heading_path if (m := _NUMBERED.match(name))), None)
    clauses = [
        (article is not None and re.search(rf"{re.escape(article)}\b", unit.text) is not None, -number, unit, number)
        for number, unit in enumerate(best.compiled.units)
        if _APPLIES.search(unit.text) and days(unit.text) and unit.kind in ("article", "paragraph")
    ]
    if not clauses:
        return []
    _, _, unit, number = max(clauses, key=lambda each: (each[0], each[1]))
    return [Scored(best.compiled, unit, number, best.score / 2, frozenset(), article or "")]


def claims_of(picked: Sequence[Scored], found: Found, question: Question, versions: dict[str, int]) -> list[Claim]:
    """A claim for each unit: its segments cited, a frame with their literals, the quotes beside it."""
    claims: list[Claim] = []
    for scored in picked:
        whole = cited_text(scored.notice.facts, scored.unit.field)
        segments = focused(scored.unit, scored.focus) or best_segments(scored.unit, question, found.weights, whole)
        claims += _claims(scored, segments, question, versions.get(scored.notice.id, 1))
    return claims


def _claims(scored: Scored, segments: Sequence[Segment], question: Question, version: int) -> list[Claim]:
    about = [name for index in sorted(scored.covered) if not _VERB.search(name := question.concepts[index].text)]
    held = "\n".join((scored.unit.text, *scored.unit.heading_path))
    about = [name for name in about if not unsaid(name, held)]  # GCC stands in the question, perhaps not in the text
    words = [word for index in sorted(scored.covered) for word in question.concepts[index].english]
    citations: list[Citation] = []
    said: list[str] = ["[" + (" › ".join(scored.unit.heading_path[-2:]) or scored.unit.field) + "]"]
    for segment in segments:
        own = _cite(scored.notice, version, scored, segment.start, segment.end)
        lead = _cite(scored.notice, version, scored, *segment.lead) if segment.lead else None
        frame = (korean_frame if question.language == "ko" else english_frame)(about, own, lead, question.asks)
        introduces = any(other.lead == (segment.start, segment.end) for other in segments)
        said += [frame] if frame and not introduces else []
        citations += [each for each in (lead, own) if each is not None and each not in citations]
    label = "원문" if question.language == "ko" else "Original"
    quotes = "\n".join(f"{label}: “{_shown(citation.quote)}”" for citation in citations)
    text = "\n".join((*dict.fromkeys(said), quotes))
    gloss = gloss_of(" ".join(each.quote for each in citations), words) if question.language == "ko" else ()
    if gloss:
        text += "\n(" + ", ".join(f"{word} = {korean}" for word, korean in gloss) + ")"
    return [Claim(text, tuple(citations), slots_of(citations), gloss)]


def _cite(notice: Notice, version: int, scored: Scored, start: int, end: int) -> Citation:
    unit = scored.unit
    return cite(notice, version, unit.field, start, min(end, start + _QUOTE * 3), unit.heading_path)


def _shown(quote: str) -> str:
    return " ".join(quote.split())
