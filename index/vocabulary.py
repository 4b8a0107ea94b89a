"""The values that filters take, in the words that people type, Korean and English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notices import markets
from notices.model import Kind
from notices.nomenclature import hs, sectors

FILTER_NAMES: dict[str, str] = {
    **{name: name for name in ("hs", "ics", "market", "kind", "sector", "source")},
    **{name: name for name in ("published", "deadline", "open", "as_of")},
    "asof": "as_of",
    "country": "market",
    "member": "market",
    "품목번호": "hs",
    "관세번호": "hs",
    "세번": "hs",
    "국가": "market",
    "나라": "market",
    "시장": "market",
    "회원국": "market",
    "종류": "kind",
    "유형": "kind",
    "분야": "sector",
    "업종": "sector",
    "출처": "source",
    "발행": "published",
    "발행일": "published",
    "게시일": "published",
    "통보일": "published",
    "마감": "deadline",
    "마감일": "deadline",
    "의견마감": "deadline",
    "진행중": "open",
    "의견접수중": "open",
    "기준일": "as_of",
}
"""Every name under which a filter is typed, and the filter."""

_KINDS: dict[str, Kind] = {
    "정규": Kind.REGULAR,
    "일반": Kind.REGULAR,
    "통보": Kind.REGULAR,
    "긴급": Kind.URGENT,
    "emergency": Kind.URGENT,
    "추록": Kind.ADDENDUM,
    "추가": Kind.ADDENDUM,
    "보충": Kind.SUPPLEMENT,
    "정정": Kind.CORRIGENDUM,
    "정오표": Kind.CORRIGENDUM,
    "correction": Kind.CORRIGENDUM,
    "개정": Kind.REVISION,
    "번역": Kind.SUPPLEMENT,
    "규칙안": Kind.PROPOSED_RULE,
    "제안규칙": Kind.PROPOSED_RULE,
    "입법예고": Kind.PROPOSED_RULE,
    "proposal": Kind.PROPOSED_RULE,
    "proposed": Kind.PROPOSED_RULE,
    "최종규칙": Kind.FINAL_RULE,
    "rule": Kind.FINAL_RULE,
    "final": Kind.FINAL_RULE,
    "공고": Kind.NOTICE,
    "고시": Kind.NOTICE,
    "대통령": Kind.PRESIDENTIAL,
    "법률": Kind.ACT,
    "법": Kind.ACT,
    "시행령": Kind.IMPLEMENTING_ACT,
    "이행법": Kind.IMPLEMENTING_ACT,
    "통합본": Kind.CONSOLIDATED_ACT,
    "지침": Kind.GUIDANCE,
    "가이드": Kind.GUIDANCE,
    "제도": Kind.REGIME,
}

SOURCES: dict[str, str] = {
    "wto": "wto",
    "tbt": "wto",
    "eping": "wto",
    "wtoeping": "wto",
    "세계무역기구": "wto",
    "usfr": "us-fr",
    "fr": "us-fr",
    "federalregister": "us-fr",
    "연방관보": "us-fr",
    "미국연방관보": "us-fr",
    "eu": "eu",
    "eurlex": "eu",
    "유럽연합": "eu",
    "regime": "regime",
    "제도": "regime",
}
"""Publishers by every name typed for them (folded as :func:`fold` does)."""

_YES = frozenset(["true", "yes", "y", "1", "on", "예", "네", "참"])
_NO = frozenset(["false", "no", "n", "0", "off", "아니오", "아니요", "거짓"])
_HS_DIGITS = re.compile(r"\d{2}(?:\d{2}){0,4}")


@dataclass(frozen=True, slots=True)
class MarketName:
    """A country named in running text."""

    start: int
    end: int
    code: str


def markets_named(text: str) -> list[MarketName]:
    """The countries that a text names, up to three words each, longest first; short names only in capitals (US, EU)."""
    words = list(re.finditer(r"[^\s,;]+", text))
    found: list[MarketName] = []
    for size in (3, 2, 1):
        for first in range(len(words) - size + 1):
            start, end = words[first].start(), words[first + size - 1].end()
            name = text[start:end]
            if any(start < other.end and other.start < end for other in found) or not _may_be_country(name):
                continue
            code = markets.parse(name)
            if code is not None:
                found.append(MarketName(start, end, code))
    return found


def _may_be_country(name: str) -> bool:
    if not name.isascii():
        return len(name) > 1
    return len(name) > 3 or (name.isupper() and len(name) > 1)


def fold(text: str) -> str:
    """Lower case without blanks, hyphens and underscores."""
    return re.sub(r"[\s_\-]+", "", text.casefold())


def market(text: str) -> str | None:
    """The market code for a code or a name."""
    return markets.parse(text)


def kind(text: str) -> Kind | None:
    """The kind for its own name or a Korean or English word for it."""
    folded = fold(text)
    for each in Kind:
        if fold(each.value) == folded:
            return each
    return _KINDS.get(folded)


def sector(text: str) -> str | None:
    """The sector id for an id, a name or an alias."""
    return sectors.parse(text)


def source(text: str) -> str | None:
    """The publisher for its id or a usual name."""
    return SOURCES.get(fold(text))


def yes_or_no(text: str) -> bool | None:
    """What an ``open:`` value says."""
    folded = fold(text)
    return True if folded in _YES else False if folded in _NO else None


def hs_digits(text: str) -> str | None:
    """The digits of an HS code in any spelling ("8507.60", "HS 8507 60"), 2 to 10 of them and even; else None."""
    digits = re.sub(r"(?i)^hs(?:code)?|[\s.\-·]", "", text.strip())
    if not digits.isascii() or not _HS_DIGITS.fullmatch(digits) or digits[:2] == "00":
        return None
    return digits


def ics_code(text: str) -> str | None:
    """The dotted ICS code ("29.220.10"; undotted digits are dotted); None when it has no such shape."""
    digits = re.sub(r"(?i)^ics|[\s.]", "", text.strip())
    if not digits.isascii() or not re.fullmatch(r"\d{2}(?:\d{3}(?:\d{2})?)?", digits):
        return None
    return ".".join(part for part in (digits[:2], digits[2:5], digits[5:]) if part)


def is_hs(digits: str) -> bool:
    """True when these digits are a heading, subheading, or a national line under one, of the 2022 edition."""
    return len(digits) in (4, 6, 8, 10) and hs.exists(digits[:6]) if len(digits) != 4 else hs.exists(digits)
