"""References to law, standards, dockets and notifications in prose, each with one normal form.

Values are lookup keys, "scheme:value", as in :mod:`notices.identity`: ``symbol``, ``fr_citation``, ``fr_number``,
``cfr`` ("cfr:40 CFR 52.21"), ``celex``, ``docket``, ``rin``, and here also ``standard`` ("standard:IEC 62133-2:2017"),
``un`` (dangerous goods, "un:UN 3480") and ``unece`` ("unece:UN R100").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.lexical.spots import Spot
from notices.identity import find_keys, lookup_key

_CFR = re.compile(
    r"(?<![\w.])(\d{1,2})[ \xa0]*C\.?F\.?R\.?[ \xa0]*(?P<rest>(?:§+[ \xa0]*|parts?[ \xa0]+|sections?[ \xa0]+)?\d{1,4}"
    r"(?:\.\d{1,4}[a-z]?(?:-\d{1,3})?)?(?:\(\w{1,4}\))*"
    r"(?:(?:,[ \xa0]*(?:and[ \xa0]+)?|[ \xa0]+and[ \xa0]+)(?:parts?[ \xa0]+)?\d{1,4}(?:\.\d{1,4})?(?:\(\w{1,4}\))*"
    r"(?!\d|[ \xa0]*C\.?F\.?R|[ \xa0]+F\.?R\.?))*)",
    re.IGNORECASE,
)
_CFR_PLACE = re.compile(r"(\d{1,4}(?:\.\d{1,4}[a-z]?(?:-\d{1,3})?)?)(?:\(\w{1,4}\))*")
_FR_DOC = re.compile(r"FR[ \xa0]Doc\.?[ \xa0](?:No\.?[ \xa0]?)?((?:[CERXZ]\d?-)?\d{2,4}[-–]\d{2,6})(?!\d)")
_DOCKET = re.compile(
    r"(?<![\w-])([A-Z]{2,8}(?:[-–][A-Z0-9_]{1,8}){0,4}[-–](?:19|20)\d{2}(?:[-–][A-Z]{1,6}){0,4}[-–]\d{3,5})"
    r"(?![\w–]|-\w)"
)
_RIN = re.compile(r"(?<![\w-])RIN:?[ \xa0]*(?:No\.?[ \xa0]*)?(\d{4}[-–][A-Z]{2}\d{2})(?!\w)")
_UNECE = re.compile(
    r"(?<!\w)(?:(?:UN|UNECE|ECE|UN/ECE)[ \xa0-]?R[ \xa0.-]?(\d{1,3})|(?:UN|UNECE|ECE"
    r"|UN/ECE)[ \xa0]Regulations?[ \xa0](?:No\.?|Nos\.?|number)?[ \xa0]?(\d{1,3}))(?![\w.]*\d)"
)
_UN_NUMBER = re.compile(r"(?<![\w])UN[ \xa0-]?(?:No\.?|number)?[ \xa0]?((?:0|[123])\d{3})(?![\w-]|[.,:/]\d)")
_BODY = (
    r"ISO/IEC/IEEE|ISO/IEC|ISO/TS|ISO/TR|IEC/TS|IEC/TR|ISO|IEC|EN[ \xa0]ISO/IEC|EN[ \xa0]ISO|EN[ \xa0]IEC|EN"
    r"|BS[ \xa0]EN|DIN[ \xa0]EN|DIN"
    r"|NF[ \xa0]EN|ETSI[ \xa0]EN|ETSI|CISPR|ASTM|ANSI|ASME|IEEE|NFPA|SAE[ \xa0]J|SAE|UL|CSA|KS[ \xa0][A-Z]"
    r"(?:[ \xa0](?:ISO/IEC|IEC|ISO))?|JIS[ \xa0][A-Z]|GB/T|GB/Z|GB"
    r"|YY/T|YY|YD/T|QB/T|HJ|CNS|SNI(?:[ \xa0](?:ISO/IEC|IEC|ISO))?|TCVN|QCVN|GOST(?:[ \xa0]R)?|TR[ \xa0](?:CU"
    r"|EAEU)|NBR|ABNT[ \xa0]NBR|NTC|NTE[ \xa0]INEN|NCh|IRAM|AS/NZS"
    r"|NZS|PNS|SANS|SASO|GSO|UAE\.S|SLS|TIS|DEAS|DUS|DKS|DGS|EAS|KEBS|ISPM|CODEX[ \xa0]STAN|CXS|IRC|SI|BDS"
    r"|TS[ \xa0]EN|UNE|MS|IS"
)
_STANDARD = re.compile(
    rf"(?<![\w/.-])(?P<body>{_BODY})(?P<gap>[ \xa0]|-(?=\d)|:[ \xa0]?)?(?P<number>(?:[A-Z][ \xa0]?)?\d{{1,6}}"
    rf"(?:[.\-/]\d{{1,5}}|-[A-Z]{{1,3}}(?!\w))*[a-z]?)"
    r"(?:[ \xa0]?:[ \xa0]?(?P<year>(?:19|20)\d{2})(?!\d))?(?![\w]|\.\d)"
)
_UN383 = re.compile(r"(?<!\w)UN[ \xa0-]?(?:DOT[ \xa0-]?)?(38\.3)(?!\d)")
_SHORT_BODIES = frozenset({"SI", "MS", "IS", "IRC", "TIS", "EN", "UL", "TS EN", "HJ"})
"""Bodies whose letters are words too: they need at least three digits, or a year."""
_NOM = re.compile(r"(?<!\w)(NOM-\d{3}-[A-Z0-9]{2,8}(?:/[A-Z0-9]{2,8})*-(?:19|20)\d{2})(?!\w)")
_ANY_DIGIT = re.compile(r"\d")


def find_references(text: str, field: str) -> list[Spot]:
    """Every reference in the text, in order, longest first where two overlap; spans are exact."""
    if not _ANY_DIGIT.search(text):
        return []
    found = sorted(set(_all(text)), key=lambda item: (item[0], -item[1]))
    spots: list[Spot] = []
    reached = 0
    for start, end, key in found:
        same = spots and (spots[-1].start, spots[-1].end) == (start, end)  # one stretch naming several things
        if start >= reached or same:
            spots.append(Spot("reference", key, field, start, end, f"reference.{key.partition(':')[0]}"))
            reached = end
    return spots


_WORDED: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("FR", _FR_DOC, "fr_number"),
    ("20", _DOCKET, "docket"),
    ("19", _DOCKET, "docket"),
    ("RIN", _RIN, "rin"),
)
"""A literal that must stand in the text (cheaper than the pattern), the pattern, its scheme."""


def _all(text: str) -> Iterator[tuple[int, int, str]]:
    yield from (item for item in find_keys(text) if not item[2].startswith("fr_number:"))
    yield from _cfr(text)
    yield from _standards(text)
    for literal, pattern, scheme in _WORDED:
        for match in pattern.finditer(text) if literal in text else ():
            yield match.start(1), match.end(1), lookup_key(scheme, match[1])
    if "UN" in text or "ECE" in text:
        for match in _UN_NUMBER.finditer(text):
            yield match.start(), match.end(), f"un:UN {match[1]}"
        for match in _UNECE.finditer(text):
            yield match.start(), match.end(), f"unece:UN R{match[1] or match[2]}"
        for match in _UN383.finditer(text):
            yield match.start(), match.end(), "standard:UN 38.3"


def _cfr(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _CFR.finditer(text):
        first = True
        for place in _CFR_PLACE.finditer(text, match.start("rest"), match.end("rest")):
            start = match.start() if first else place.start()
            yield start, place.end(), lookup_key("cfr", f"{match[1]} CFR {place[1]}")
            first = False


def _standards(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _STANDARD.finditer(text):
        body, number, year = " ".join(match["body"].split()), " ".join(match["number"].split()), match["year"]
        digits = sum(map(str.isdigit, number))
        if body in _SHORT_BODIES and digits < 3 and not year and "-" not in number:
            continue
        if match["gap"] is None and body not in ("IEC", "ISO", "EN", "UL", "GB", "GB/T"):
            continue
        yield match.start(), match.end(), f"standard:{body} {number}" + (f":{year}" if year else "")
    for match in _NOM.finditer(text) if "NOM-" in text else ():
        yield match.start(), match.end(), f"standard:{match[1]}"
