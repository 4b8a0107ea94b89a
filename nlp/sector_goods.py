"""Which goods a text names and the sectors they belong to: by our word table first, else by the glossary's HS codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.lexical.glossary import expand
from nlp.sector_tables import aspect_words, goods_words, sectors_of_code

MAX_TEXT = 1_500
"""Characters of a field looked at: what a notice is about stands at its head."""

# Names of framework laws and bodies speak of goods that the notice is not about.
_LAWS = re.compile(
    r"federal food, drug,? and cosmetic act|food,? drug,? (?:and )?cosmetic|food and drug administration"
    r"|food safety and standards(?: \([^)]*\))*(?: \(?amendment\)?)?(?: regulations?)?,? \d{4}(?: relating to)?"
    r"|clean (?:air|water) act|toxic substances control act(?: \(tsca\))?|energy policy and conservation act"
    r"|(?:consumer product safety|sanitary|tobacco control|motor vehicle safety|plant protection|chips and science)"
    r"(?: improvement| modernization)? act(?: of \d{4})?|consumer product safety commission"
    r"|ministry of [a-z, ]+|department of [a-z]+|minnesota pollution control agency|standards? and technology"
    r"|east african (?:standard|community)|east africa standard|national highway traffic safety administration"
    r"|energy conservation (?:program|standards?)[^:;]{0,80}consumer products?|covered (?:consumer )?products?"
    r"|food and agriculture organi[sz]ation|the people's republic of china|republic of korea|republic of turkey",
    re.IGNORECASE,
)
_CODE_NOTE = re.compile(r"\((?:HS|ICS)[^)]*\)|\b(?:HS|ICS)(?: codes?(?:\(s\))?)?\s*:?\s*[\d.,; -]+", re.IGNORECASE)
# Glossary words that mean something else in most titles, and abbreviations that are numbers of documents.
_VAGUE = frozenset(
    {"scale", "balance", "container", "package", "switch", "mirror", "spring", "bridge", "tower", "gold", "silver"}
    | {"film", "chip", "seal", "display", "monitor", "table", "machine", "press", "part", "parts", "component"}
    | {"equipment", "material", "engine", "suspension", "coupling", "transmission", "plant", "sheet", "lead", "mask"}
)

_Hit = tuple[int, int, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for one sector: a stretch of a field."""

    sector: str
    field: str
    start: int
    end: int
    confidence: float
    rule: str


def _blanked(text: str) -> str:
    """The text at its old length, law names and code notes blank."""
    for pattern in (_LAWS, _CODE_NOTE):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def _longest(found: Iterable[_Hit]) -> list[_Hit]:
    taken: list[_Hit] = []
    for each in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        if all(each[1] <= other[0] or other[1] <= each[0] for other in taken):
            taken.append(each)
    return sorted(taken)


def _by_table(text: str) -> list[_Hit]:
    return [(*match.span(), each.sectors, "words") for each in goods_words() for match in each.pattern.finditer(text)]


def _by_glossary(text: str) -> list[_Hit]:
    found = []
    for each in expand(text):
        word = each.source_text.casefold()
        if word in _VAGUE or (word.isascii() and len(word) <= 3):
            continue
        sectors = sectors_of_code("hs", each.hs[0]) if each.hs else ()
        if sectors:
            found.append((each.start, each.end, sectors, f"glossary:{each.hs[0]}"))
    return found


def find_goods(field: str, text: str | None, confidence: float) -> list[Evidence]:
    """The goods that a field names, longest names first; a glossary name counts where the word table knows nothing."""
    if not text:
        return []
    plain = _blanked(text[:MAX_TEXT])
    known = _longest(_by_table(plain))
    free = [
        each for each in _by_glossary(plain) if all(each[1] <= start or end <= each[0] for start, end, _, _ in known)
    ]
    return [
        Evidence(sector, field, start, end, confidence if rule == "words" else confidence * 0.8, rule)
        for start, end, sectors, rule in sorted([*known, *free])
        for sector in sectors
    ]


def find_aspects(field: str, text: str | None, confidence: float, goods: Iterable[Evidence]) -> list[Evidence]:
    """What a rule is about whatever the goods; some aspects count beside goods of certain sectors only."""
    if not text:
        return []
    given = {each.sector for each in goods}
    return [
        Evidence(sector, field, *match.span(), confidence, "aspect")
        for words in aspect_words()
        if not words.beside or given & set(words.beside)
        for match in words.pattern.finditer(text[:MAX_TEXT])
        for sector in words.sectors
    ]
