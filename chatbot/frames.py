"""Sentences of an answer in Korean and English: frames filled with slots that were copied from cited spans."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from chatbot.literals import numbers
from chatbot.words import korean_of
from nlp.lexical.calendar import Precision
from nlp.lexical.dates import find_dates
from notices.answers import Citation, Slot

_AFTER = re.compile(r"\b(?:after|following)\s*$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|as of|as from|starting|effective|on or after|either)\s*$", re.IGNORECASE)
_BY = re.compile(
    r"\b(?:by|until|before|no later than|not later than|up to|till|through|on or before)\s*$", re.IGNORECASE
)
_PERCENT = re.compile(r"\d[\d.,]*[ \xa0\u202f]?(?:%|per\s?cent|percent)", re.IGNORECASE)
_MONEY = re.compile(
    r"(?:EUR|USD|€|\$)[ \xa0\u202f]?\d[\d.,]*(?:[ \xa0\u202f]\d{3})*(?:[ \xa0](?:million|billion))?"
    r"|\d[\d.,]*(?:[ \xa0\u202f]\d{3})*[ \xa0](?:euros?|dollars?)"
)
_MEASURE = re.compile(
    r"(?:\d[\d.,]*(?:[ \xa0\u202f]\d{3})*|one|two|three|four|five|six|seven|eight|ten|twelve|fifteen)[ \xa0\u202f-]?"
    r"(?:kWh|kg|tonnes?|mm|km|hours?|days?|months?|years?|employees|MW|W|units?)\b(?!\w)"
)
_UNITS = {
    "hour": "시간", "day": "일", "month": "개월", "year": "년", "employee": "명", "tonne": "톤", "unit": "대",
}  # fmt: skip
_ROLES = (
    "manufacturer", "importer", "distributor", "authorised representative", "economic operator", "operator", "trader",
    "producer", "Member States", "Commission", "fulfilment service provider", "notified body",
)  # fmt: skip


def slots_of(citations: Sequence[Citation]) -> tuple[Slot, ...]:
    """Days with their direction, thresholds and actors as they stand in the citations' quotes, each once."""
    found: list[Slot] = []
    for citation in citations:
        quote = citation.quote
        found += [
            Slot("date", quote[span.start : span.end]) for span in find_dates(quote) if span.precision is Precision.DAY
        ]
        for pattern in (_PERCENT, _MONEY, _MEASURE):
            found += [Slot("threshold", match[0]) for match in pattern.finditer(quote)]
        found += [Slot("actor", role) for role in _ROLES if re.search(rf"\b{role}s?\b", quote)][:2]
    return tuple(dict.fromkeys(found))


def dates_said(quote: str, language: str) -> list[str]:
    """The days of a quote as the answer says them, with their direction: 2031년 8월 18일부터; from 18 August 2031."""
    said = []
    for span in find_dates(quote):
        if span.precision is not Precision.DAY:
            continue
        day = date.fromisoformat(span.value)
        before = quote[max(0, span.start - 24) : span.start]
        if language == "ko":
            ending = "이후" if _AFTER.search(before) else "부터" if _FROM.search(before) else ""
            ending = ending or ("까지" if _BY.search(before) else "")
            said.append(f"{day.year}년 {day.month}월 {day.day}일{ending}")
        else:
            said.append(quote[span.start : span.end])
    return list(dict.fromkeys(said))


def thresholds_said(quote: str, language: str, asks: Collection[str]) -> list[str]:
    """The shares, sums and measures of a quote, those asked for where it has them; units in Korean where we can."""
    kinds = {
        "percent": [" ".join(m[0].split()) for m in _PERCENT.finditer(quote)],
        "amount": [" ".join(m[0].split()) for m in _MONEY.finditer(quote)],
        "count": [_measure(m[0], language) for m in _MEASURE.finditer(quote)],
    }
    wanted = [kinds[kind] for kind in kinds if kind in asks and kinds[kind]]
    if not wanted and not set(asks) & {"date", "deadline"}:
        wanted = list(kinds.values())
    return list(dict.fromkeys(said for each in wanted for said in each))


def _measure(written: str, language: str) -> str:
    figure, _, unit = written.replace("\xa0", " ").replace("-", " ").rpartition(" ")
    korean = _UNITS.get(unit.rstrip("s")) if language == "ko" else None
    value = next((value for value, _ in numbers(figure)), figure)
    return f"{value}{korean}" if korean else f"{figure} {unit}"


def korean_frame(about: Sequence[str], answer: Citation, lead: Citation | None, asks: Collection[str]) -> str:
    """What the cited span says of the words asked about: "재활용 함량, 코발트: 2031년 8월 18일부터 16 %"."""
    days = dates_said(answer.quote, "ko") or (dates_said(lead.quote, "ko") if lead else [])
    amounts = thresholds_said(answer.quote, "ko", asks)
    said = " ".join((", ".join(days[:4]), ", ".join(amounts[:6]))).strip()
    if not said:
        return ""
    head = ", ".join(dict.fromkeys(about))
    return f"{head}: {said}." if head else f"{said}."


def english_frame(about: Sequence[str], answer: Citation, lead: Citation | None, asks: Collection[str]) -> str:
    """The same in English."""
    days = dates_said(answer.quote, "en") or (dates_said(lead.quote, "en") if lead else [])
    amounts = thresholds_said(answer.quote, "en", asks)
    said = "; ".join(part for part in (", ".join(days[:4]), ", ".join(amounts[:6])) if part)
    return f"{', '.join(dict.fromkeys(about))}: {said}." if said else ""


def gloss_of(quote: str, words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pairs (word of the original, Korean) for these English words, those that stand in the quote."""
    plain = quote.casefold()
    pairs = [(word, korean) for word in words if word.casefold() in plain and (korean := korean_of(word))]
    return tuple(dict.fromkeys(pairs))[:8]
