"""Patterns of written dates in Korean; group names as in :mod:`nlp.lexical.dategrammar`."""

from __future__ import annotations

KOREAN_EVENTS = {
    word: event
    for event, words in {
        "notification": "통보 통지",
        "publication": "공포 고시 공고 발행 게재 공표",
        "adoption": "채택 승인",
        "entry_into_force": "시행 발효",
    }.items()
    for word in words.split()
}
KOREAN_UNITS = {"일": "D", "영업일": "B", "주": "W", "개월": "M", "달": "M", "년": "Y"}
KOREAN_NUMBERS = {"한": 1, "두": 2, "세": 3, "네": 4}

_B = r"[ \xa0]*"
_YEAR = r"(?P<y>(?:19|20)\d\d|['’]\d\d)[ \xa0]?년(?:도)?"
_MONTH = r"(?P<m>1[0-2]|0?[1-9])[ \xa0]?월"
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])[ \xa0]?일"
_WEEKDAY = r"(?:[ \xa0]?\(?[월화수목금토일](?:요일)?\)|[ \xa0]?[월화수목금토일]요일)?"
_PART = r"(?:[ \xa0]?(?:초|중순|말|중|경))?"
_SINCE = r"(?:[ \xa0]?(?:로부터|으로부터|부터|이후|후|뒤))?"
_UNTIL = r"(?:[ \xa0]?(?:이내|이?[ \xa0]?경과(?:한|된)?[ \xa0]?(?:날|후)?|후|뒤|이후|까지))?"

KOREAN: tuple[tuple[str, str], ...] = (
    ("ymd", rf"{_YEAR}{_B}{_MONTH}{_B}{_DAY}{_WEEKDAY}"),
    ("quarter", rf"{_YEAR}{_B}(?:제[ \xa0]?)?(?P<q>[1-4])[ \xa0]?(?:사)?분기"),
    ("half", rf"{_YEAR}{_B}(?P<khalf>상반기|하반기)"),
    ("my", rf"{_YEAR}{_B}{_MONTH}{_PART}"),
    ("year", rf"{_YEAR}(?!대|[ \xa0]?간){_PART}"),
    ("years", rf"{_YEAR}(?:에서|부터|~|∼){_B}(?P<y2>(?:19|20)\d\d)[ \xa0]?년"),
    ("md", rf"(?<!\d){_MONTH}{_B}{_DAY}{_WEEKDAY}"),
    (
        "after",
        rf"(?P<event>{'|'.join(KOREAN_EVENTS)})(?:한|된)?[ \xa0]?(?:일|날)?{_SINCE}{_B}"
        rf"(?P<n>\d{{1,4}}|{'|'.join(KOREAN_NUMBERS)})[ \xa0]?(?P<unit>영업일|일|주|개월|달|년){_UNTIL}",
    ),
    ("none", r"해당[ \xa0]?(?:사항[ \xa0]?)?없음|없음"),
    ("undetermined", r"미정|추후[ \xa0]?(?:결정|확정|공지|통보)(?:[ \xa0]?예정)?"),
)
