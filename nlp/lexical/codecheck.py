"""One written code against its nomenclature: taken, taken at a broader level, or rejected with the reason in ``rule``.

Taken: ``hs.code``, ``hs.range``, ``hs.range_end``, ``hs.national_line`` (cut to six digits), ``hs.quoted_as_ics``, and
``hs.broad_of_old``, ``hs.broad_of_padded``, ``hs.broad_of_unknown`` (the nearest level that exists).
Rejected: ``hs.old_edition:<codes of 2022>``, ``hs.padded``, ``hs.no_such_subheading``, ``hs.no_such_heading``,
``hs.no_such_chapter``, ``hs.odd_length``, ``hs.ics_form``, ``hs.range_backwards``, ``hs.range_empty``,
``hs.range_too_wide``. ICS: ``ics.code``, ``ics.undotted``, ``ics.quoted_as_hs``, ``ics.broad_of_unknown``; rejected
``ics.no_such_subgroup``, ``ics.hs_form``, ``ics.unknown``. ``….unreadable``: digits in a code list in no shape we know.
"""

from __future__ import annotations

import re

from nlp.lexical.spots import Spot
from notices.nomenclature import hs, ics

MAX_RANGE = 150
"""Codes that one range may mean; a wider one says nothing about a product."""


def _spot(label: str, value: str, start: int, end: int, rule: str, confidence: float = 1.0) -> Spot:
    return Spot(label, value, "", start, end, rule, confidence)


def judge_hs(written: str, start: int, end: int) -> list[Spot]:
    """What a code written as HS is worth; ``start`` and ``end`` say where it stands."""
    if re.fullmatch(r"\d{2} ?\. ?\d{3}(?: ?\. ?\d{2})?", written):
        return _ics_as_hs(re.sub(" ", "", written), start, end)
    digits = re.sub(r"\D", "", written)
    if len(digits) % 2 and len(digits) < 8:
        return [_spot("hs_rejected", digits, start, end, "hs.odd_length")]
    code = digits[:6]
    if hs.exists(code):
        return [_spot("hs", code, start, end, "hs.code" if len(digits) <= 6 else "hs.national_line")]
    return _unknown_hs(code, start, end)


def _unknown_hs(code: str, start: int, end: int) -> list[Spot]:
    chapter, heading = code[:2], code[:4]
    if len(code) == 6 and hs.successors(code):
        now = "|".join(hs.successors(code))
        found = [_spot("hs_rejected", code, start, end, f"hs.old_edition:{now}")]
        broad = heading if hs.exists(heading) else chapter
        return [*found, _spot("hs", broad, start, end, "hs.broad_of_old", 0.7)]
    padded = code.removesuffix("00").removesuffix("00")
    if padded != code and hs.exists(padded):
        return [
            _spot("hs_rejected", code, start, end, "hs.padded"),
            _spot("hs", padded, start, end, "hs.broad_of_padded", 0.8),
        ]
    if len(code) == 6 and hs.exists(heading):
        return [
            _spot("hs_rejected", code, start, end, "hs.no_such_subheading"),
            _spot("hs", heading, start, end, "hs.broad_of_unknown", 0.6),
        ]
    reason = "hs.no_such_heading" if hs.exists(chapter) else "hs.no_such_chapter"
    return [_spot("hs_rejected", code, start, end, reason)]


def _ics_as_hs(code: str, start: int, end: int) -> list[Spot]:
    found = [_spot("hs_rejected", code, start, end, "hs.ics_form")]
    if ics.exists(code):
        found.append(_spot("ics", code, start, end, "ics.quoted_as_hs", 0.8))
    return found


def judge_range(lower: str, upper: str, start: int, end: int) -> list[Spot]:
    """Every code of the nomenclature from one code through another."""
    first, last = re.sub(r"\D", "", lower)[:6], re.sub(r"\D", "", upper)[:6]
    if first[:2] > last[:2] or (len(first) == len(last) and first > last):
        return [_spot("hs_rejected", f"{first}-{last}", start, end, "hs.range_backwards")]
    codes = hs.codes_between(first, last)
    if not codes:
        return [_spot("hs_rejected", f"{first}-{last}", start, end, "hs.range_empty")]
    if len(codes) > MAX_RANGE:
        ends = [_spot("hs", code, start, end, "hs.range_end", 0.7) for code in (first, last) if hs.exists(code)]
        return [_spot("hs_rejected", f"{first}-{last}", start, end, "hs.range_too_wide"), *ends]
    return [_spot("hs", code, start, end, "hs.range") for code in codes]


def judge_ics(written: str, start: int, end: int) -> list[Spot]:
    """What a code written as ICS is worth."""
    code = re.sub(r"[ \xa0]", "", written)
    rule, confidence = "ics.code", 1.0
    if re.fullmatch(r"\d{5}|\d{7}", code):
        code = ".".join(part for part in (code[:2], code[2:5], code[5:]) if part)
        rule, confidence = "ics.undotted", 0.9
    if ics.exists(code):
        return [_spot("ics", code, start, end, rule, confidence)]
    digits = re.sub(r"\D", "", code)
    if re.fullmatch(r"\d{2}\.\d{3}\.\d{2}", code) and ics.exists(code[:6]):
        return [
            _spot("ics_rejected", code, start, end, "ics.no_such_subgroup"),
            _spot("ics", code[:6], start, end, "ics.broad_of_unknown", 0.6),
        ]
    if len(digits) in (4, 6) and hs.exists(digits):
        return [
            _spot("ics_rejected", code, start, end, "ics.hs_form"),
            _spot("hs", digits, start, end, "hs.quoted_as_ics", 0.6),
        ]
    return [_spot("ics_rejected", code, start, end, "ics.unknown")]
