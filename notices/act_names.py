"""EU acts by their names: "Regulation (EU) 2023/1542", "Directive 2006/66/EC", "EU 규정 2023/1542" → CELEX.

Since 2015 acts are year/number; before, regulations and "No" decisions were number/year (OJ L 2015: Interinstitutional
style guide, 1.2.2). Letters: R regulation, L directive, D decision, H recommendation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LETTERS = {
    "regulation": "R", "règlement": "R", "reglamento": "R", "verordnung": "R", "규정": "R", "규칙": "R",
    "directive": "L", "directiva": "L", "richtlinie": "L", "지침": "L",
    "decision": "D", "décision": "D", "decisión": "D", "beschluss": "D", "결정": "D",
    "recommendation": "H", "recommandation": "H", "권고": "H",
}  # fmt: skip
_UNION = r"EU|EC|EEC|UE|CE|CEE|EG|EWG|Euratom|CFSP|PESC|JHA|EURATOM"
_LATIN = "|".join(word for word in _LETTERS if "a" <= word[0] <= "z")
_KOREAN = "|".join(word for word in _LETTERS if not "a" <= word[0] <= "z")
_NUMBER = rf"(?P<a>\d{{2,4}})/(?P<b>\d{{1,5}})(?:/(?:{_UNION}))?(?![\d/])"
_ACT = re.compile(
    rf"(?:(?<!\w)(?P<before>(?-i:{_UNION}|eu))[ \xa0](?:[가-힣]{{1,12}}[ \xa0]?){{0,2}}?)?"  # "EU 배터리 규정 …"
    rf"(?P<word>(?<!\w)(?:{_LATIN})s?|(?:{_KOREAN}))"
    rf"[ \xa0]*(?P<paren>\(?(?P<union>(?:{_UNION})(?:,[ \xa0]?(?:Euratom|EURATOM))?)\)?)?"
    rf"[ \xa0]*(?P<no>N[o°r]\.?s?[ \xa0]*|제[ \xa0]?)?{_NUMBER}",
    re.IGNORECASE,
)
_MORE = re.compile(
    rf"[ \xa0]*(?:,|and|et|y|or|및|,[ \xa0]*and)[ \xa0]*(?:\((?:{_UNION})\)[ \xa0]*)?(?:N[o°]\.?[ \xa0]*)?{_NUMBER}"
)


def _year(digits: str) -> int | None:
    if len(digits) == 4 and 1951 <= int(digits) <= 2099:
        return int(digits)
    if len(digits) == 2 and int(digits) >= 52:
        return 1900 + int(digits)
    return None


def _celex(letter: str, first: str, second: str, numbered: bool, union: str) -> str | None:
    """CELEX of "first/second"; ``numbered`` when "No" stood before, ``union`` the bracketed letters."""
    ahead, behind = _year(first), _year(second)
    number_first = behind is not None and (
        numbered or ahead is None or (letter == "R" and union in ("EC", "EEC", "CE", "CEE"))
    )
    year, number = (behind, first) if number_first else (ahead, second)
    if year is None or int(number) == 0 or len(number) > 4:
        return None
    return f"celex:3{year}{letter}{int(number):04d}"


def find_acts(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, "celex:…") of every act named in the text; in a list each later number has its own span."""
    for match in _ACT.finditer(text):
        word = match["word"].lower()
        letter = _LETTERS[word if word in _LETTERS else word.removesuffix("s")]
        union = (match["union"] or match["before"] or "").upper()[:3].rstrip(",")
        if not union and not re.search(r"/[A-Za-z]+$", match[0]) and not match["no"]:
            continue  # "Decision 12/2024" alone is anybody's
        numbered = bool(match["no"]) and not match["no"].startswith("제")  # "제" says nothing about the order
        key = _celex(letter, match["a"], match["b"], numbered, union)
        if key:
            yield match.start(), match.end(), key
        end = match.end()
        while more := _MORE.match(text, end):
            if key := _celex(letter, more["a"], more["b"], numbered, union):
                yield more.start("a"), more.end(), key
            end = more.end()
