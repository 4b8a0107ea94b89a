"""Figures in sentences: ``{figure-id}`` becomes the value, or the plain statement that it was not checked."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Literal

from notices.regimes.model import Bound, Figure, Level, Regime

Lang = Literal["ko", "en"]

UNCHECKED = {"ko": "[법령 원문으로 확인되지 않음]", "en": "[not checked against the text]"}
_PLACEHOLDER = re.compile(r"\{([a-z0-9][a-z0-9-]*)\}")
_MONTHS = ("January February March April May June July August September October November December").split()
_UNITS_KO = {
    "employees": "명",
    "persons": "명",
    "years": "년",
    "year": "년",
    "months": "개월",
    "days": "일",
    "working days": "근무일",
    "hours": "시간",
    "items": "개",
    "tonnes": "톤",
    "hectares": "헥타르",
    "times": "배",
}
_BOUNDS = {
    Bound.AT_LEAST: ("{} 이상", "at least {}"),
    Bound.MORE_THAN: ("{} 초과", "more than {}"),
    Bound.AT_MOST: ("{} 이하", "at most {}"),
    Bound.FEWER_THAN: ("{} 미만", "fewer than {}"),
    Bound.FROM: ("{}부터", "from {}"),
    Bound.BEFORE: ("{} 전", "before {}"),
    Bound.BY: ("{}까지", "by {}"),
    Bound.UNTIL: ("{}까지", "until {}"),
    Bound.NOT_BEFORE: ("{} 또는 그 이후", "{} or later"),
}
# What may stand in a sentence as it is: numbers of acts, documents and articles, and names with digits in them.
_NAMES = re.compile(
    "|".join(
        (
            r"\b(?:No )?\d{3,4}/\d+",
            r"\b(?:19|20)\d{2}-\d{5}\b",
            r"\bNo\.? ?\d+",
            r"\bArticles? \d+\w*(?:(?:, | and )\d+\w*)*",
            r"제\d+[조호절](?:의\d+)?",
            r"\bSection \d+\w*",
            r"\b\d+ USC \w+",
            r"\b(?:25E|30D|45W|45X|45Z)\b",
            r"\bPublic Law \d+-\d+",
        )
    )
)


def placeholders(text: str) -> list[str]:
    """The ids of the figures that a sentence names, in order."""
    return _PLACEHOLDER.findall(text)


def loose_numbers(text: str) -> list[str]:
    """Numbers in a sentence that are neither a figure nor part of a name."""
    return re.findall(r"\d[\d.,]*", _NAMES.sub(" ", _PLACEHOLDER.sub(" ", text)))


def say_value(figure: Figure, lang: Lang) -> str:
    """The value alone: "16 %", "2031년 8월 18일", "EUR 1,500,000,000"."""
    value = figure.value
    if isinstance(value, date):
        if lang == "ko":
            return f"{value.year}년 {value.month}월 {value.day}일"
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    if figure.unit == "year":
        return f"{value}년" if lang == "ko" else str(value)
    number = _number(value)
    if figure.unit in ("EUR", "USD"):
        return f"{figure.unit} {number}"
    if lang == "ko" and figure.unit in _UNITS_KO:
        return f"{number}{_UNITS_KO[figure.unit]}"
    if figure.unit == "items":
        return number
    return f"{number} {figure.unit.removesuffix('s') if value == 1 else figure.unit}"


def say_figure(figure: Figure, lang: Lang) -> str:
    """The value with its bound: "5 000명 초과", "by 26 July 2028"."""
    said = say_value(figure, lang)
    forms = _BOUNDS.get(figure.bound)
    return forms[0 if lang == "ko" else 1].format(said) if forms else said


def fill(text: str, card: Regime, lang: Lang, *, checked_only: bool) -> str:
    """The sentence with its figures in it; with ``checked_only`` an unverified one is named as such, not shown."""

    def put(match: re.Match[str]) -> str:
        figure = card.figure(match[1])
        if figure.level is Level.UNVERIFIED:
            return UNCHECKED[lang] if checked_only else f"{say_value(figure, lang)} {UNCHECKED[lang]}"
        return say_value(figure, lang)

    return _PLACEHOLDER.sub(put, text)


def _number(value: Decimal) -> str:
    return f"{value:,}"
