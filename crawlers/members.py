"""Which Member a code or name of the WTO means, as ISO 3166-1 alpha-2 (or EU).

Codes are "C" + ISO numeric ("C410"), and "U918" for the European Union; names are the WTO's own spellings.
Numeric codes and plain names come from CLDR (babel); names that differ stand in ``sources/wto-members.csv``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib import resources

from babel import Locale
from babel.core import get_global

from notices.errors import UnexpectedValue

_PLAIN_CODE = re.compile(r"[A-Z]{2}")
_NOT_COUNTRIES = {"EZ", "UN", "ZZ", "XA", "XB", "QO"}


def _key(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    letters = letters.replace("&", " and ").replace("\u2019", "'")
    return " ".join(re.sub(r"[^a-z' ]", " ", letters).split())


@cache
def _names() -> dict[str, str]:
    territories = Locale("en").territories
    known = {
        _key(name): code
        for code, name in sorted(territories.items())
        if _PLAIN_CODE.fullmatch(code) and code not in _NOT_COUNTRIES
    }
    text = resources.files("crawlers").joinpath("sources", "wto-members.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    known.update({_key(row["name"]): row["code"] for row in rows})
    return known


def member_from_code(code: str) -> str:
    """The alpha-2 code of an ePing Member code. Raises UnexpectedValue."""
    text = code.strip().upper()
    if text == "U918":
        return "EU"
    digits = re.fullmatch(r"C(\d{1,3})", text)
    found = get_global("territory_aliases").get(digits[1].zfill(3), []) if digits else []
    if len(found) != 1 or found[0] not in _names().values():
        raise UnexpectedValue(f"Unknown Member code {code!r}.", value=code)
    return str(found[0])


def member_from_name(name: str) -> str:
    """The alpha-2 code of a Member by the WTO's name of it. Raises UnexpectedValue."""
    found = _names().get(_key(name))
    if found is None:
        raise UnexpectedValue(f"Unknown Member name {name!r}.", value=name)
    return found


def member_from_symbol(part: str) -> str:
    """The alpha-2 code of the Member in a symbol: ISO alpha-3 mostly, EU (EEC), TPKM. Raises UnexpectedValue."""
    special = {"EU": "EU", "EEC": "EU", "TPKM": "TW"}
    if part in special:
        return special[part]
    found = get_global("territory_aliases").get(part, [])
    if len(part) != 3 or len(found) != 1 or found[0] not in _names().values():
        raise UnexpectedValue(f"Unknown Member {part!r} in a symbol.", value=part)
    return str(found[0])
