"""Does a value stand in a quote? Numbers and days as the Union and the United States write them, and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

Style = Literal["eu", "us"]
"""1 500 000,5 or 1,500,000.5"""

_MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_MONTH = "|".join(_MONTHS)
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})\s+({_MONTH}),?\s+(\d{{4}})(?!\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\s+(\d{{1,2}}),?\s+(\d{{4}})(?!\d)", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_EU = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?(?!\d)|(?<![\d.,])\d+(?:,\d+)?(?!\d)")
_US = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|(?<![\d.,])\d+(?:\.\d+)?(?!\d)")
_SCALE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_WORDS |= {f"{ten}-{one}": _WORDS[ten] + _WORDS[one] for ten in _TENS for one in _ONES[1:10]}
_IN_WORDS = re.compile(r"\b(" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_PERCENT = re.compile(r"\s*(?:%|per\s?cent\b)", re.IGNORECASE)
_CURRENCY = {"EUR": r"(?:EUR|€)\s*$", "USD": r"(?:USD|US\$|\$)\s*$"}
_FREE = ("items", "times")
"""Units that the law does not write right after the number."""


def value_in(quote: str, value: Decimal | date, unit: str, style: Style) -> bool:
    """Whether the quote says this value in this unit: 16 of "%" in "16 % cobalt", 5 of "years" in "five years"."""
    if isinstance(value, date):
        return value in set(_days(quote))
    if unit == "year":
        return any(found == value and not before.endswith("/") for found, before, _ in _numbers(quote, style))
    return any(found == value and _unit_fits(unit, before, after) for found, before, after in _numbers(quote, style))


def _unit_fits(unit: str, before: str, after: str) -> bool:
    if unit == "%":
        return bool(_PERCENT.match(after))
    if unit in _CURRENCY:
        return bool(re.search(_CURRENCY[unit], before))
    if unit in _FREE:
        return True
    stem = unit.removesuffix("s") if len(unit) > 3 else unit
    return bool(re.match(rf"[\s-]*{re.escape(stem)}", after, re.IGNORECASE))


def _days(quote: str) -> Iterator[date]:
    parts = [(int(m[3]), _MONTHS[m[2].lower()], int(m[1])) for m in _DAY_FIRST.finditer(quote)]
    parts += [(int(m[3]), _MONTHS[m[1].lower()], int(m[2])) for m in _MONTH_FIRST.finditer(quote)]
    parts += [(int(m[1]), int(m[2]), int(m[3])) for m in _ISO.finditer(quote)]
    for year, month, day in parts:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _numbers(quote: str, style: Style) -> Iterator[tuple[Decimal, str, str]]:
    """Each number with the text before and after it; "EUR 40 million" is one number."""
    for match in (_EU if style == "eu" else _US).finditer(quote):
        yield from _scaled(_decimal(match[0], style), match, quote)
    for match in _IN_WORDS.finditer(quote):
        yield from _scaled(Decimal(_WORDS[match[0].lower()]), match, quote)


def _scaled(number: Decimal, match: re.Match[str], quote: str) -> Iterator[tuple[Decimal, str, str]]:
    before, after = quote[: match.start()], quote[match.end() :]
    scale = re.match(r"\s+(thousand|million|billion)\b", after, re.IGNORECASE)
    if scale is None:
        yield number, before, after
    else:
        yield number * _SCALE[scale[1].lower()], before, after[scale.end() :]


def _decimal(text: str, style: Style) -> Decimal:
    if style == "eu":
        return Decimal(re.sub(r"[ \u00a0\u202f]", "", text).replace(",", "."))
    return Decimal(text.replace(",", ""))
