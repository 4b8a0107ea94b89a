"""Declared HS and ICS codes out of lists and prose: cleaned, checked against the nomenclatures, never guessed.

Prose gives a code only after a cue ("HS code(s):", "ICS", "tariff heading", "HS代码" …); the products field, which the
WTO form reserves for codes, also when the whole text is a list of codes or a code is dotted like a tariff line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nlp.lexical.codecheck import judge_hs, judge_ics, judge_range
from nlp.lexical.spots import Spot
from notices.model import Provenance
from notices.nomenclature import hs

CODE_FIELDS = {"hs_codes": "hs", "ics_codes": "ics"}
SEPARATOR = "; "
"""Joins the values of a list field; spans of findings count in the joined text."""

_ICS = r"\d{2} ?\. ?\d{3}(?: ?\. ?\d{2})?(?![\d.]*\d)"
_HS = (
    r"\d{4}\.\d{2,4}(?:[.\-]\d{2,4}){0,2}|\d{2}\.\d{2}(?:\.\d{2}){0,4}(?!\d)|\d{4} \d{2}(?: \d{2}){0,2}(?![\d.]|-\d)"
    r"|\d{5,10}(?!\d)|\d{4}(?!\d)|\d{2}(?![\d%])"
)
_HS_CUE = re.compile(
    r"(?:(?<![A-Za-z.])(?:H\.?S\.?|HSK|HTSUS|HTS|NCM|CCCN|CN(?= codes?))(?![A-Za-z])(?:/CN|/ICS)?"
    r"|(?i:harmoni[sz]ed (?:system|tariff schedule)(?: \(HS\))?|(?:customs |national )?tariff "
    r"(?:headings?|codes?|lines?|items?)|customs codes?)|海关编码|商品编码|税则号|税号|세번|품목번호)"
    r"(?i:[ \xa0]*(?:classification|nomenclature|tariff|sub-?headings?|headings?|chapters?|codes?(?:\(s\))?"
    r"|numbers?|nos?\.?|heading\(s\)|代码|编码|코드|번호|부호))*[ \xa0]*[:：=\-]?[ \xa0]*(?:\()?"
)
_ICS_CUE = re.compile(
    r"(?<![A-Za-z])I\.?C\.?S\.?(?![A-Za-z])"
    r"(?i:[ \xa0]*(?:codes?(?:\(s\))?|numbers?|nos?\.?|代码|编码|코드))*[ \xa0]*[:：=]?[ \xa0]*"
)
_CUE_HINT = re.compile(
    r"H\.?S|NCM|CN code|CCCN|C\.?S\b|armoni[sz]ed|ariff|ustoms code|HARMONI|TARIFF|码|号|号|세번|번호"
)
"""Stands in every text with a cue, and is ten times as fast to look for."""
_ITEM = re.compile(rf"(?P<ics>{_ICS})|(?P<hs>{_HS})")
_RANGE = re.compile(r"[ \xa0]*(?:to|through|thru|until|–|—|-|~|～|至|에서|부터)[ \xa0]*(?=\d)", re.IGNORECASE)
_GAP = re.compile(
    r"(?:[ \xa0\n,;/、，；&]|and\b|or\b|及|和|与|및|또는|ex\b|from\b|between\b|HS\b|headings?\b|sub-?headings?\b"
    r"|chapters?\b|\([^()\d]{0,60}\))*",
    re.IGNORECASE,
)
_STRONG = re.compile(r"[:：]|code|heading|chapter|line|item|[^\x00-\x7f]", re.IGNORECASE)
"""A bare "HS" in prose may be anything; with one of these it is the Harmonized System."""
_EDITION = re.compile(
    r"(?:19|20)\d\d(?! ?[.\d])[ \xa0]*(?:edition|version|nomenclature|amendment|classification|개정|판|版)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19[5-9]|20[1-4])\d")
_WORD = re.compile(r"[ \xa0]+(?!and\b|or\b|to\b|ICS|HS|ex\b)[A-Za-z]")
_TARIFF_LINE = re.compile(
    r"(?<![\w.,/\-])(?<![A-Z]{2} )\d{4}\.\d{2}(?:\d{2}|(?:[.\-]\d{2,4}){1,2})?(?![\w]|[.,\-]\d|[ \xa0]?%)"
)
_UNIT = re.compile(r"[ \xa0]*(?:kg|g|mm|cm|m|km|l|ml|W|kW|V|Hz|USD|EUR|%|°|years?|tonnes?)\b")
_LIST_ONLY = re.compile(rf"[ \xa0]*(?:{_HS})(?:{_GAP.pattern}(?:to )?(?:{_HS}))*[ \xa0.]*", re.IGNORECASE)


def list_codes(system: str, values: tuple[str, ...]) -> list[Spot]:
    """What stands in a structured list of the source ("hs" or "ics"); spans count in the values joined by "; "."""
    field = f"{system}_codes"
    spots: list[Spot] = []
    offset = 0
    for value in values:
        found = list(_items(value, _GAP.match(value).end(), system))  # type: ignore[union-attr]  # matches ""
        if not found and any(map(str.isdigit, value)):
            found = [Spot(f"{system}_rejected", value.strip(), "", 0, len(value), f"{system}.unreadable")]
        spots += [
            replace(spot, field=field, start=offset + spot.start, end=offset + spot.end, provenance=Provenance.NOTIFIED)
            for spot in found
        ]
        offset += len(value) + len(SEPARATOR)
    return spots


def text_codes(text: str, field: str) -> list[Spot]:
    """Codes in prose. Those in the products field are the source's own word (notified), others are inferred."""
    spots: list[Spot] = []
    products = field == "products_text"
    for system, cue in (("hs", _HS_CUE), ("ics", _ICS_CUE)) if _CUE_HINT.search(text) else ():
        reached = 0
        for match in cue.finditer(text):
            if match.end() >= reached and not _EDITION.match(text, match.end()):
                found = list(_items(text, _GAP.match(text, match.end()).end(), system, cued=True))  # type: ignore[union-attr]
                if not products and not _STRONG.search(match[0]):
                    found = [
                        replace(s, confidence=0.7)
                        for s in found
                        if s.label in CODE_FIELDS.values() and len(s.value) > 3
                    ]
                spots += found
                reached = max((spot.end for spot in found), default=reached)
    if products:
        spots += _uncued(text, spots)
    provenance = Provenance.NOTIFIED if products else Provenance.INFERRED
    return [replace(spot, field=field, provenance=provenance) for spot in spots]


def _uncued(text: str, known: list[Spot]) -> list[Spot]:
    if not known and _LIST_ONLY.fullmatch(text):
        return list(_items(text, _GAP.match(text).end(), "hs"))  # type: ignore[union-attr]
    spots: list[Spot] = []
    for match in _TARIFF_LINE.finditer(text):
        if any(spot.start < match.end() and match.start() < spot.end for spot in known) or _UNIT.match(
            text, match.end()
        ):
            continue
        spots += [s for s in judge_hs(match[0], match.start(), match.end()) if s.label == "hs"]
    return [replace(spot, confidence=min(spot.confidence, 0.8), rule=spot.rule + ".uncued") for spot in spots]


def _items(text: str, at: int, system: str, *, cued: bool = False) -> Iterator[Spot]:
    """Codes of a list that begins at ``at``, until something that is neither code nor separator."""
    first = True
    while match := _ITEM.match(text, at):
        end = match.end()
        if cued and (
            _UNIT.match(text, end) or (not first and match.end() - match.start() == 2 and _WORD.match(text, end))
        ):
            return
        first = False
        follow = _RANGE.match(text, end)
        upper = _ITEM.match(text, follow.end()) if follow else None
        if upper and system == "hs" and match["hs"] and upper["hs"] and _same_kind(match[0], upper[0], follow):
            end = upper.end()
            yield from judge_range(match[0], upper[0], match.start(), end)
        elif system == "hs":
            if not (cued and _YEAR.fullmatch(match[0]) and not hs.exists(match[0])):
                yield from judge_hs(match[0], match.start(), end)
        else:
            yield from judge_ics(match[0], match.start(), end)
        gap = _GAP.match(text, end)
        at = gap.end() if gap else end
        if at == end:
            return


def _same_kind(lower: str, upper: str, link: re.Match[str] | None) -> bool:
    """A range joins codes of one length; a bare hyphen may as well belong to a national line."""
    digits = [sum(map(str.isdigit, code)) for code in (lower, upper)]
    return digits[0] == digits[1] or (link is not None and link[0].strip() != "-" and min(digits) >= 2)
