"""Dates in English and Korean prose and in the short texts of notification forms.

``find_dates`` reads, :func:`nlp.lexical.calendar.bounds` resolves: rules ("60 days from notification") are kept as such
until somebody knows the day they count from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from nlp.lexical.calendar import DateSpan, Precision, bounds, day_value
from nlp.lexical.dategrammar import ENGLISH, EVENTS, FIGURES, MONTHS, NUMBERS, ORDINALS, UNITS
from nlp.lexical.dategrammar_ko import KOREAN, KOREAN_EVENTS, KOREAN_NUMBERS, KOREAN_UNITS

Value = tuple[str, Precision, float]
_RULES = tuple(
    (f"{language}.{name}", re.compile(pattern, re.IGNORECASE))
    for language, rules in (("figures", FIGURES), ("en", ENGLISH), ("ko", KOREAN))
    for name, pattern in rules
)
_EVENTS = EVENTS | KOREAN_EVENTS
_NUMBERS = NUMBERS | KOREAN_NUMBERS
_UNITS = UNITS | KOREAN_UNITS
_HANGUL = re.compile("[가-힣]")
_HINT = re.compile(
    r"\d|[가-힣]|determin|applicab|decided|announced|n/?a\b|tb[da]|none|unknown|upon|known|\bon\b", re.IGNORECASE
)
_RANGE = re.compile(r"[ \xa0]*(?:to|through|until|till|and|[-–—~]|부터|에서|∼)[ \xa0]*(?:the[ \xa0]+)?", re.IGNORECASE)
_FRAME_BEFORE = re.compile(r"\b(?:from|between)[ \xa0]+(?:the[ \xa0]+)?$", re.IGNORECASE)
_FRAME_AFTER = re.compile(r"[ \xa0]?(?:까지|사이)")
_FORM_DASH = re.compile(r"\s*[-–—]+\s*")


def find_dates(text: str, *, day_first: bool = True) -> list[DateSpan]:
    """Every date in the text, in order, never overlapping; the longest reading wins.

    ``day_first`` reads 03/04/2026 as 3 April (WTO forms); such a date has less confidence than one that only reads
    one way.
    """
    if not _HINT.search(text):
        return []
    found: list[DateSpan] = []
    korean = _HANGUL.search(text) is not None
    for name, pattern in _RULES:
        if not korean and name.startswith("ko."):
            continue
        for match in pattern.finditer(text):
            value = _read(name, match, day_first)
            if value:
                found.append(DateSpan(match.start(), match.end(), value[0], value[1], name, value[2]))
    return _joined(text, _longest(found))


def form_date(text: str, *, day_first: bool = True) -> DateSpan | None:
    """The one date that a short form field ("Proposed date of adoption") gives; a lone dash says that there is none."""
    if _FORM_DASH.fullmatch(text):
        return DateSpan(0, len(text), "not-applicable", Precision.NONE, "form.dash")
    found = find_dates(text, day_first=day_first)
    return found[0] if found else None


def _longest(found: list[DateSpan]) -> list[DateSpan]:
    kept: list[DateSpan] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.end - span.start > kept[-1].end - kept[-1].start:
            kept[-1] = span
    return kept


def _joined(text: str, spans: list[DateSpan]) -> list[DateSpan]:
    """Two dates with "to" between them are one range; either may borrow the other's year."""
    result: list[DateSpan] = []
    for span in spans:
        last = result[-1] if result else None
        link = _RANGE.fullmatch(text, last.end, span.start) if last else None
        both = last and link and link[0].strip() and (link[0].strip().lower() != "and" or _between(text, last.start))
        joined = _range(text, last, span) if both and last else None
        if joined:
            result[-1] = joined
        else:
            result.append(span)
    return result


def _between(text: str, start: int) -> bool:
    return text[max(start - 12, 0) : start].rstrip().lower().endswith("between")


_JOINABLE = frozenset({Precision.DAY, Precision.YEARLESS, Precision.MONTH, Precision.QUARTER, Precision.HALF})


def _range(text: str, first: DateSpan, last: DateSpan) -> DateSpan | None:
    """The range of two dates that know a year between them, with its framing words; None when it runs backwards."""
    if not {first.precision, last.precision} <= _JOINABLE:
        return None
    days = [_days(each, other) for each, other in ((first, last), (last, first))]
    if days[0] is None or days[1] is None or days[0][0] > days[1][1]:
        return None
    before, after = (
        _FRAME_BEFORE.search(text, max(first.start - 16, 0), first.start),
        _FRAME_AFTER.match(text, last.end),
    )
    start = before.start() if before and before.end() == first.start else first.start
    value = f"{days[0][0].isoformat()}/{days[1][1].isoformat()}"
    confidence = min(first.confidence, last.confidence)
    return DateSpan(start, after.end() if after else last.end, value, Precision.RANGE, "range", confidence)


def _days(span: DateSpan, other: DateSpan) -> tuple[date, date] | None:
    if span.precision is Precision.YEARLESS:
        if other.precision is Precision.YEARLESS:
            return None
        written = day_value(int(other.value[:4]), int(span.value[5:7]), int(span.value[8:]))
        return bounds(written, Precision.DAY, {}) if written else None
    return bounds(span.value, span.precision, {})


def _read(name: str, match: re.Match[str], day_first: bool) -> Value | None:
    return _READERS[name.partition(".")[2]](match.groupdict(), day_first)


def _year(groups: Mapping[str, str | None]) -> int | None:
    written = (groups.get("y") or "").lstrip("'’")
    if not written:
        return None
    return int(written) if len(written) == 4 else 2000 + int(written) if int(written) < 70 else 1900 + int(written)


def _month(groups: Mapping[str, str | None]) -> int:
    name = groups.get("mon")
    return MONTHS[name.lower().rstrip(".")] if name else int(groups["m"] or 0)


def _day(groups: Mapping[str, str | None], _: bool) -> Value | None:
    word = groups.get("word")
    day = ORDINALS[word.lower()] if word else int(groups["d"] or 0)
    year = _year(groups)
    value = day_value(year, _month(groups), day)
    return (value, Precision.DAY if year else Precision.YEARLESS, 1.0 if year else 0.8) if value else None


def _numeric(groups: Mapping[str, str | None], day_first: bool) -> Value | None:
    a, b, year = int(groups["a"] or 0), int(groups["b"] or 0), _year(groups)
    day, month = (a, b) if (day_first and b <= 12) or a > 12 else (b, a)
    value = day_value(year, month, day)
    return (value, Precision.DAY, 0.7 if a <= 12 and b <= 12 and a != b else 1.0) if value else None


def _of_month(groups: Mapping[str, str | None], _: bool) -> Value | None:
    return f"{_year(groups)}-{_month(groups):02d}", Precision.MONTH, 1.0


def _of_quarter(groups: Mapping[str, str | None], _: bool) -> Value | None:
    word = (groups.get("qword") or "").lower()
    number = next((groups[key] for key in ("q", "q2") if groups.get(key)), None)
    quarter = int(number) if number else 4 if word == "last" else int(word[0]) if word[0].isdigit() else ORDINALS[word]
    return f"{_year(groups)}-Q{quarter}", Precision.QUARTER, 1.0


def _of_half(groups: Mapping[str, str | None], _: bool) -> Value | None:
    word = (groups.get("hword") or "").lower()
    second = groups.get("h") == "2" or word in ("second", "2nd") or groups.get("khalf") == "하반기"
    return f"{_year(groups)}-H{2 if second else 1}", Precision.HALF, 1.0


def _of_year(groups: Mapping[str, str | None], _: bool) -> Value | None:
    return f"{_year(groups)}", Precision.YEAR, 0.8


def _years(groups: Mapping[str, str | None], _: bool) -> Value | None:
    first, last = _year(groups), int(groups["y2"] or 0)
    if first is None or first > last:
        return None
    return f"{date(first, 1, 1).isoformat()}/{date(last, 12, 31).isoformat()}", Precision.RANGE, 0.9


def _after(groups: Mapping[str, str | None], _: bool) -> Value | None:
    word = groups.get("n2") or groups.get("n") or (groups.get("word_n") or "").lower()
    count = int(word) if word.isdigit() else _NUMBERS[word]
    unit = " ".join((groups["unit"] or "").lower().split())
    return (
        f"P{count}{_UNITS[unit if unit in _UNITS else unit.removesuffix('s')]}/{_event(groups)}",
        Precision.RELATIVE,
        0.9,
    )


def _event(groups: Mapping[str, str | None]) -> str:
    return _EVENTS[" ".join((groups["event"] or "").lower().removeprefix("being").split())]


def _upon(groups: Mapping[str, str | None], _: bool) -> Value | None:
    return f"P0D/{_event(groups)}", Precision.RELATIVE, 0.8


def _none(_groups: Mapping[str, str | None], _: bool) -> Value | None:
    return "not-applicable", Precision.NONE, 1.0


def _undetermined(_groups: Mapping[str, str | None], _: bool) -> Value | None:
    return "undetermined", Precision.NONE, 1.0


_READERS: dict[str, Callable[[Mapping[str, str | None], bool], Value | None]] = {
    "numeric": _numeric, "dmy": _day, "word_dmy": _day, "mdy": _day, "ymd": _day, "md": _day, "dm": _day,
    "my": _of_month, "quarter": _of_quarter, "half": _of_half, "year": _of_year, "part_year": _of_year,
    "years": _years,
    "after": _after, "upon": _upon, "none": _none, "undetermined": _undetermined,
}  # fmt: skip
