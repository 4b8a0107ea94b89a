"""Patterns of written dates in English and in figures; :mod:`nlp.lexical.dategrammar_ko` has the Korean ones.

Group names mean the same everywhere: ``y`` year, ``m`` month number, ``mon`` month name, ``d`` day, ``word`` day in
letters, ``q`` quarter, ``h`` half, ``n`` count, ``unit`` and ``event`` of a period, ``a`` and ``b`` day and month in
either order.
"""

from __future__ import annotations

from collections.abc import Iterable

_MONTH_NAMES = (
    "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
    "sep sept september", "oct october", "nov november", "dec december",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_ONES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = (
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth",
)  # fmt: skip
ORDINALS = {
    **{word: number for number, word in enumerate((*_ONES, *_TEENS), start=1)},
    **{f"twenty{gap}{word}": number for number, word in enumerate(_ONES, start=21) for gap in "- "},
    **{"thirtieth": 30, "thirty-first": 31, "thirty first": 31},
}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "fifteen": 15, "eighteen": 18, "twenty": 20, "twenty-four": 24, "thirty": 30,
    "thirty-six": 36, "forty-five": 45, "sixty": 60, "ninety": 90,
}  # fmt: skip
UNITS = {
    "day": "D", "calendar day": "D", "working day": "B", "business day": "B", "week": "W", "month": "M", "year": "Y",
}  # fmt: skip
_EVENT_WORDS = {
    "notification": "notification circulation distribution notified circulated",
    "publication": "publication promulgation issuance announcement published promulgated gazetted gazetting",
    "adoption": "adoption approval signature adopted",
    "entry_into_force": "entry_into_force coming_into_force effective_date",
}
EVENTS = {word.replace("_", " "): event for event, words in _EVENT_WORDS.items() for word in words.split()}


def any_of(words: Iterable[str]) -> str:
    """One pattern for all words, longest first, blanks of any kind between their parts."""
    return "|".join(sorted((word.replace(" ", r"[ \xa0]+") for word in words), key=len, reverse=True))


_B = r"(?<![\w./-])"
_S = r"[ \xa0\n]*"
_OF = rf"(?:of{_S}|in{_S})?"
_THE = rf"(?:the{_S})?"
_MON = rf"(?P<mon>{any_of(MONTHS)})\.?(?![a-z])"
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\da-z:])"
_WORD_DAY = rf"(?P<word>{any_of(ORDINALS)})(?![a-z])"
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d|-\d)"
_YEAR_ONLY = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)(?![a-z])\.?)"
    rf"(?:,|{_S}the(?![a-z]))?{_S}"
)
_WD = rf"(?:{_WEEKDAY})?"
_UNIT = rf"(?P<unit>(?:{any_of(UNITS)})s?)"
_COUNT = (
    rf"(?:(?P<word_n>{any_of(NUMBERS)})(?:[ \xa0]?\((?P<n2>\d{{1,4}})\))?"
    r"|(?P<n>\d{1,4})(?:[ \xa0]?\([a-z -]+\))?)"
)
_EVENT = rf"(?:being{_S})?(?P<event>{any_of(EVENTS)})(?![a-z])"
_FROM = rf"(?:counted{_S}from|starting{_S}from|as{_S}of|from|after|following|since|of)"
_ITS = rf"(?:(?:the|its|this|their|official|WTO|final|day{_S}of|date{_S}of){_S})*"
_BEFORE_YEAR = "|".join(f"(?<={word} )" for word in ("in", "by", "during", "until", "since", "year", "before", "after"))
_UNKNOWN = (
    r"to be (?:determined|decided|announced|confirmed|advised|specified)|t\.?b\.?[dac]\.?|undetermined|unknown"
    r"|not (?:yet )?(?:determined|decided|known|set|fixed|specified|defined)"
)

ENGLISH: tuple[tuple[str, str], ...] = (
    ("dmy", rf"{_B}{_WD}{_THE}{_DAY}{_S}(?:day{_S})?{_OF}[-/]?{_MON}[-/]?,?{_S}{_OF}{_YEAR}"),
    ("word_dmy", rf"{_B}{_WD}{_THE}{_WORD_DAY}{_S}(?:day{_S})?of{_S}{_MON}(?:,?{_S}{_OF}{_YEAR})?"),
    ("word_dmy", rf"{_B}{_WD}{_MON}{_S}{_THE}{_WORD_DAY}(?:,?{_S}{_OF}{_YEAR})?"),
    ("mdy", rf"{_B}{_WD}{_MON}[-/]?{_S}{_THE}{_DAY}{_S},?[-/]?{_S}{_OF}{_YEAR}"),
    ("ymd", rf"{_B}{_YEAR}[-/ ]{_MON}[-/ ]{_DAY}"),
    ("my", rf"{_B}(?<!\d ){_MON},?[-/]?{_S}{_OF}{_YEAR}"),
    ("md", rf"{_B}{_WD}{_MON}{_S}{_THE}{_DAY}(?!{_S}[-/]{_S}\d)"),
    ("dm", rf"{_B}{_WD}{_THE}{_DAY}{_S}(?:day{_S})?{_OF}[-/]?{_MON}"),
    ("quarter", rf"{_B}{_THE}(?P<qword>first|second|third|fourth|last|1st|2nd|3rd|4th){_S}quarter,?{_S}{_OF}{_YEAR}"),
    ("quarter", rf"{_B}(?:Q(?P<q>[1-4])|(?P<q2>[1-4])Q),?{_S}{_OF}[/-]?{_YEAR}"),
    ("quarter", rf"{_B}(?P<y>(?:19|20)\d\d){_S}[-/]?{_S}(?:Q(?P<q>[1-4])|(?P<q2>[1-4])Q)(?!\w)"),
    ("half", rf"{_B}{_THE}(?P<hword>first|second|1st|2nd){_S}(?:half|semester){_S}{_OF}{_YEAR}"),
    ("half", rf"{_B}H(?P<h>[12]),?{_S}{_YEAR}"),
    ("half", rf"{_B}(?P<y>(?:19|20)\d\d){_S}-?H(?P<h>[12])(?!\w)"),
    (
        "years",
        rf"{_B}(?:from|between){_S}{_YEAR_ONLY}{_S}(?:to|and|through|till|until|-|~){_S}(?P<y2>(?:19|20)\d\d)(?![\d/-])",
    ),
    (
        "after",
        rf"{_B}(?:within{_S}|at{_S}least{_S})?{_COUNT}[ \xa0-]?{_UNIT}{_S}{_FROM}{_S}{_ITS}{_EVENT}(?:{_S}date)?",
    ),
    ("upon", rf"{_B}(?:up)?on{_S}{_ITS}{_EVENT}"),
    ("part_year", rf"{_B}{_THE}(?:beginning|early|middle|mid|end|late|start){_S}-?{_OF}{_YEAR}"),
    ("year", rf"{_B}(?:{_BEFORE_YEAR}){_YEAR}(?![./:\w])"),
    ("none", r"(?<![\w/])(?:n/?\.?a\.?|not applicable|none|not available)(?![\w/])"),
    ("undetermined", rf"(?<!\w)(?:{_UNKNOWN})(?!\w)"),
)
"""(rule, pattern). Where two begin at one place the longer reading stands."""

_D31, _M12 = r"3[01]|[12]\d|0?[1-9]", r"1[0-2]|0?[1-9]"
FIGURES: tuple[tuple[str, str], ...] = (
    (
        "ymd",
        rf"(?<![\w./-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])[ \xa0]?(?P<m>{_M12})(?P=sep)[ \xa0]?(?P<d>{_D31})"
        r"(?:\.(?!\d))?(?![\d/-]|\.\d)",
    ),
    ("numeric", rf"(?<![\w./-])(?P<a>{_D31})(?P<sep>[-/.])(?P<b>{_D31})(?P=sep)(?P<y>(?:19|20)\d\d)(?![\w/-]|\.\d)"),
    ("numeric", rf"(?<![\w./-])(?P<a>{_D31})/(?P<b>{_D31})/(?P<y>\d\d)(?![\w/-]|\.\d)"),
)
