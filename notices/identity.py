"""Identity belongs to the publisher, not to the feed.

``wto:<first symbol, normalised>`` · ``us-fr:<date>/<number>`` (numbers repeat before 2016) · ``eu:<CELEX>`` ·
``regime:<id>``. An EU act (32023R1542) leads the family of its consolidated versions (02023R1542-20250731) and
corrigenda (32023R1542R(05)), each a notice of its own.
Ids travel in URLs with ``/`` written as ``~``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from notices.act_names import find_acts
from notices.symbols import Symbol, find_symbols, parse_symbol

_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})


def wto_id(symbols: Sequence[Symbol]) -> str:
    """The notice id of a WTO document from its symbol list."""
    return f"wto:{symbols[0]}"


def fr_id(published_on: date, number: str) -> str:
    """The notice id of a Federal Register document; en dashes in numbers (2024-03, usgpo/bulk-data) become hyphens."""
    return f"us-fr:{published_on.isoformat()}/{number.strip().translate(_DASHES)}"


def eu_id(celex: str) -> str:
    """The notice id of an EU act."""
    return f"eu:{celex.strip().upper()}"


def family_id(notice_id: str) -> str:
    """The id of the notice that leads the family: WTO suffixes dropped, EU versions and corrigenda to their act."""
    source, _, rest = notice_id.partition(":")
    if source == "wto":
        return f"wto:{parse_symbol(rest).base}"
    if source == "eu":
        return f"eu:{base_celex(rest)}"
    return notice_id


def base_celex(celex: str) -> str:
    """The CELEX number of the act that a consolidated version or a corrigendum belongs to; any other as it is.

    Consolidated versions are 0YYYYTNNNN-YYYYMMDD, the acts themselves stand in sector 3.
    """
    if found := _CONSOLIDATED.fullmatch(celex):
        return f"3{found[1]}"
    found = _CORRIGENDUM.fullmatch(celex)
    return found[1] if found else celex


def to_url(notice_id: str) -> str:
    """The id as one path segment."""
    return notice_id.replace("/", "~")


def from_url(segment: str) -> str:
    """The id out of a path segment."""
    return segment.replace("~", "/")


_CONSOLIDATED = re.compile(r"0(\d{4}[A-Z]{1,2}\d{4})(?:R\(\d{2}\))?(?:-\d{8})?")
_CORRIGENDUM = re.compile(r"(\d{5}[A-Z]{1,2}\d{4})R\(\d{2}\)")
_FR_CITATION = re.compile(
    r"(?<!\d)(\d{2,3})\s*(?:F\.?\s*R\.?|Fed\.?\s*Reg\.?|Federal Register(?:\s*\(FR\))?)\s*(\d{1,6})(?!\d)",
    re.IGNORECASE,
)
_FR_NUMBER = re.compile(r"(?<![\w-])((?:[CERXZ]\d?-)?(?:19|20)\d{2}-\d{3,6}|E\d{1,2}-\d{2,6}|\d{2}-\d{3,6})(?![\w-])")
_CELEX = re.compile(  # "uri=CELEX%3A32023R1542" is how EUR-Lex writes its own addresses
    r"(?:(?<!\w)|(?<=%3A))([0-9]\d{4}[A-Z]{1,2}\d{4}(?:R\(\d{2}\))?(?:-\d{8})?)(?!\w)", re.IGNORECASE
)
_ELI = re.compile(
    r"(?:https?://data\.europa\.eu/)?eli/(reg|dir|dec)(?:_impl|_del)?/(\d{4})/(\d{1,4})(?:/oj)?", re.IGNORECASE
)


def lookup_key(scheme: str, value: str) -> str:
    """The normalised key under which an identifier is found, whatever its spelling: "scheme:value"."""
    text = value.strip().translate(_DASHES)
    if scheme == "symbol":
        return f"symbol:{parse_symbol(text)}"
    if scheme == "fr_citation":
        match = _FR_CITATION.search(text)
        return f"fr_citation:{match[1]} FR {match[2]}" if match else f"fr_citation:{text}"
    return f"{scheme}:{' '.join(text.split()).upper()}"


def find_keys(text: str) -> list[tuple[int, int, str]]:
    """Every identifier that stands in a query or text, as (start, end, lookup key), longest reading first."""
    plain = text.translate(_DASHES)
    found = [(start, end, lookup_key("symbol", str(symbol))) for start, end, symbol in find_symbols(plain)]
    found += [(m.start(), m.end(), f"fr_citation:{m[1]} FR {m[2]}") for m in _FR_CITATION.finditer(plain)]
    found += [(m.start(), m.end(), lookup_key("celex", m[1])) for m in _CELEX.finditer(plain)]
    for match in _ELI.finditer(plain):
        letter = {"reg": "R", "dir": "L", "dec": "D"}[match[1].lower()]
        found.append((match.start(), match.end(), f"celex:3{match[2]}{letter}{int(match[3]):04d}"))
    if "/" in plain:
        found += find_acts(plain)
    taken = [(start, end) for start, end, _ in found]
    for match in _FR_NUMBER.finditer(plain):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append((match.start(), match.end(), lookup_key("fr_number", match[1])))
    return sorted(found)
