"""Literals of a text in one spelling each: days, shares, figures, codes, agencies. What must never be invented."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot.words import spot
from nlp.lexical.calendar import Precision
from nlp.lexical.dates import find_dates

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
_NUMBER_WORDS = {
    **{word: str(value) for value, word in enumerate(_WORDS)},
    "twenty-four": "24", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90",
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "tenth": "10",
}  # fmt: skip
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "천": 3, "만": 4, "백만": 6, "억": 8, "조": 12}
_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[ \xa0\u202f,]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*")
_PERCENT = re.compile(r"[ \xa0\u202f]*(?:%|per\s?cent|percent|percentage points?|퍼센트|프로)", re.IGNORECASE)
_SCALE = re.compile(r"[ \xa0]*(thousand|million|billion|백만|천|만|억|조)")
_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})(?![\w-])", re.IGNORECASE)
_ACRONYM = re.compile(r"(?<![A-Za-z0-9/-])[A-Z]{3,6}(?![A-Za-z0-9/-])")
_BODY = re.compile(
    r"(?:(?:[A-Z][A-Za-z&-]+|of|for|and|on|the)[ \xa0])*"
    r"(?:Commission|Agency|Ministry|Department|Administration|Bureau|Authority|Office|Board|Council|Institute|Committee)"
    r"(?:[ \xa0](?:of|for|on)(?:[ \xa0](?:the|and|[A-Z][A-Za-z&-]+))+)?"
)
_BODY_KO = re.compile(
    r"[가-힣A-Za-z]{0,12}(?:위원회|진흥원|연구원|기술원|관리청|관리국|공단|협회|집행위|보호청|안전국|의약국)"
    r"|(?<![가-힣])[가-힣]{1,7}(?:부|청|처)(?=(?:은|는|이|가|의|에|에서|와|과|로|도)?(?![가-힣]))"
)
_NO_BODY = re.compile(
    r"(?:일|전|내|외|여|세|첨|납|교|기|대|하|상|후|초|공)부|(?:신|요|재신|재요)청|(?:출|근|조|거래|연락|접수|구입)처|상처"
)
_LEAD = re.compile(r"^(?:(?:of|for|and|on|the|The|An?|In|By|From|To|If)[ \xa0])+")


def days(text: str) -> set[str]:
    """Every day, month or range in ISO form."""
    exact = (Precision.DAY, Precision.MONTH, Precision.RANGE, Precision.YEARLESS, Precision.QUARTER, Precision.HALF)
    found: set[str] = set()
    for span in find_dates(text):
        if span.precision in exact:
            found |= set(span.value.split("/"))
    return found


def shares(text: str) -> set[str]:
    """Every percentage as a bare number."""
    return {value for value, share in numbers(text) if share}


def numbers(text: str) -> Iterator[tuple[str, bool]]:
    """Every figure outside dates as a bare number, and whether it is a percentage; number words are figures too."""
    plain = _without_dates(text)
    for match in _NUMBER.finditer(plain):
        value = _value(match[0])
        scale = _SCALE.match(plain, match.end())
        if scale:
            value = _scaled(value, _SCALES[scale[1]])
        yield value, _PERCENT.match(plain, match.end()) is not None
    for match in _WORD.finditer(plain):
        yield _NUMBER_WORDS[match[0].lower()], _PERCENT.match(plain, match.end()) is not None


def figures(text: str) -> set[str]:
    """Every figure, percentages marked: "16%" and "16" are not the same."""
    return {f"{value}%" if share else value for value, share in numbers(text)}


def agencies(text: str) -> set[str]:
    """Every acronym and every body's name, in lower case."""
    korean = {match[0].casefold() for match in _BODY_KO.finditer(text) if not _NO_BODY.fullmatch(match[0])}
    named = {_LEAD.sub("", match[0]).casefold() for match in _BODY.finditer(text)}
    return {match[0].casefold() for match in _ACRONYM.finditer(text)} | named | korean


def unsaid(text: str, sources: str) -> set[str]:
    """The literals of a text that its sources do not say; empty when it may be said.

    A Korean body's name counts as said where our table's English for it stands in the sources.
    """
    loose = {f"day {day}" for day in days(text) - days(sources)}
    said = figures(sources)
    bare = {value.removesuffix("%") for value in said}
    loose |= {
        f"figure {value}" for value in figures(text) if value not in said and (value.endswith("%") or value not in bare)
    }
    plain = " ".join(sources.casefold().split())
    for name in agencies(text):
        english = [each.casefold() for word in spot(name) if word.text == name for each in word.english]
        if " ".join(name.split()) not in plain and not any(each in plain for each in english):
            loose.add(f"agency {name}")
    return loose


def _without_dates(text: str) -> str:
    plain = text
    for span in find_dates(text):
        if span.precision in (Precision.DAY, Precision.MONTH, Precision.RANGE, Precision.YEARLESS):
            plain = plain[: span.start] + " " * (span.end - span.start) + plain[span.end :]
    return plain


def _value(written: str) -> str:
    """ "1 500 000" → "1500000", "0,1" → "0.1", "30,000" → "30000"."""
    bare = re.sub(r"[ \xa0\u202f]", "", written)
    bare = re.sub(r",(?=\d{3}(?:\D|$))", "", bare) if not bare.startswith("0,") else bare
    bare = bare.replace(",", ".")
    if bare.count(".") == 1:
        whole, _, part = bare.partition(".")
        part = part.rstrip("0")
        return f"{int(whole)}.{part}" if part else str(int(whole))
    return str(int(bare)) if bare.isdigit() else bare


def _scaled(value: str, power: int) -> str:
    whole, _, part = value.partition(".")
    return str(int(whole + part.ljust(power, "0")[:power])) if len(part) <= power else value
