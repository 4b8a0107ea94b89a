"""How Formex writes what the Official Journal prints: quotation marks, numbers, bullets. Pure."""

from __future__ import annotations

import re

from lxml import etree

from crawlers.eu.nodes import elements

_BULLETS = {"DASH": "—", "NDASH": "–", "BULLET": "•"}


def quotation_mark(code: str | None) -> str:
    """The sign of QUOT.START and QUOT.END by its code point in hexadecimal."""
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return ""


def bullet(item: etree._Element) -> str:
    """The dash of an item without a number of its own."""
    parent = item.getparent()
    first = next(iter(elements(item)), None)
    if parent is None or (first is not None and first.tag == "NP"):
        return ""
    return _BULLETS.get(parent.get("TYPE") or "", "")


def grouped(kind: str, text: str) -> str:
    """Digits as the Official Journal prints them: "1 500 000", "0102 21"; Formex holds them without blanks."""
    if kind == "NUMBER" and text.isdecimal() and len(text) > 3:
        return f"{int(text):,}".replace(",", " ")
    found = re.fullmatch(r"(ex)?\s*(\d{4})((?:\d{2})*)", text) if kind == "CN" else None
    if found:
        return " ".join(filter(None, [found[1], found[2], *re.findall(r"\d{2}", found[3])]))
    return text
