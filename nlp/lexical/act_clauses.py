"""The wording of final articles: clauses, days and the provisions that they name, in English and French. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier", "february février", "march mars", "april avril", "may mai", "june juin",
            "july juillet", "august août", "september septembre", "october octobre", "november novembre",
            "december décembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_EN = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_FR = "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième".split()
_ORDINALS = {
    **{word: number for number, word in enumerate(_EN, 1)},
    **{word: number for number, word in enumerate(_FR, 1)},
    "fifteenth": 15, "quinzième": 15, "twentieth": 20, "vingtième": 20, "thirtieth": 30, "trentième": 30,
    "fourteenth": 14, "quatorzième": 14, "twenty-first": 21, "sixtieth": 60, "ninetieth": 90, "lendemain": 1,
}  # fmt: skip
_DAY = re.compile(rf"\b(\d{{1,2}})(?:er)? ({'|'.join(_MONTHS)}) (\d{{4}})\b", re.IGNORECASE)
_AFTER = re.compile(
    r"on the (?:(?P<en>[a-z-]+|\d{1,3}(?:st|nd|rd|th)) )?day (?:following|after) (?:that of |the day of |the date of )?"
    r"(?:its|the) publication"
    r"|(?:le (?P<fr>[a-zéè]+|\d{1,3}\s?e) jour suivant celui de |au? |le )?(?P<next>lendemain(?: du jour)? de )?"
    r"(?:la |sa )publication",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(r"on the (?:day|date) of (?:its|the) publication|le jour de sa publication", re.IGNORECASE)
ENTERS = re.compile(
    r"\b(?:this|the present) (?:\w+ ){0,3}(?:regulation|directive|decision) shall enter into force"
    r"|\b(?:le|la) présente? (?:\w+ ){0,2}(?:règlement|directive|décision) entre en vigueur"
    r"|^\s*(?:\d+\.\s+)?(?:it|il|elle) (?:shall enter into force|entre en vigueur)",
    re.IGNORECASE,
)
"""The act itself enters into force."""
OWN_ACT = ENTERS
NATIONAL = re.compile(
    r"\bMember States shall (?:adopt and publish|bring into force|adopt|transpose)\b"
    r"|\bles États membres (?:adoptent et publient|mettent en vigueur|adoptent)\b",
    re.IGNORECASE,
)
"""Member States have to adopt national law."""
_APPLY = re.compile(
    r"\b(?:shall (?:then |also |only )?apply|shall be applicable|is applicable|are applicable)\b"
    r"|\b(?:est|sont) applicables?\b|\bs['’]appliquent?\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"[\s,]*(?P<measures>(?:those|these|ces) (?:measures|provisions|dispositions|mesures)\s+)?"
    r"(?P<word>from|as from|as of|starting from|until|à (?:partir|compter) d[ue]|jusqu['’]au)\s+",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"until|jusqu", re.IGNORECASE)
_EXCEPT = re.compile(r"(?:except for|with the exception of|à l['’]exception de)\s+", re.IGNORECASE)
_WHICH = re.compile(r",?\s*(?:which|qui|lesquels?)\s*$", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:\s*(?:\d{1,3}[a-z]{0,3}\.|\(?[a-z0-9]{1,4}\)|—|–|-)\s+)?"
    r"(?:(?:However|Nevertheless|Toutefois|Cependant|and|et|or|but|mais)\b,?\s+"
    r"|(?:By way of derogation from|Subject to|Notwithstanding|Without prejudice to|Par dérogation (?:à|aux?)"
    r"|Sous réserve d[eu]s?)[^,]*,\s+)*",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^(?:it|they|this (?:\w+ ){0,3}(?:regulation|directive|decision)|il|elle|(?:le|la) présente? \w+)$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)’]{2})[.;]\s+(?=[A-ZÀÉ‘])")
_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of a line, at ``start``; ``subject`` is what stands before its "shall apply"."""

    start: int
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A day that a text names, and where."""

    day: date
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Counted:
    """So many days after publication, in which words, and where they end."""

    days: int
    words: str
    end: int


@dataclass(frozen=True, slots=True)
class Applies:
    """ "``subject`` shall apply from ``when``": ``day`` is None for an event."""

    subject: str
    day: date | None
    when: str
    start: int
    end: int
    until: bool


def clauses(line: str) -> Iterator[Clause]:
    """The sentences of a line, each at its offset."""
    at = 0
    for boundary in [*_SENTENCE_END.finditer(line), None]:
        end = len(line) if boundary is None else boundary.start() + 1
        text = line[at:end]
        if text.strip():
            applied = _APPLY.search(text)
            yield Clause(at, text, text[: applied.start()] if applied else "")
        at = len(line) if boundary is None else boundary.end()


def is_list_intro(clause: Clause) -> bool:
    """Whether the clause ends in a colon after "shall apply", so that its items name the days."""
    return clause.text.rstrip().endswith(":") and _APPLY.search(clause.text) is not None


def first_day(text: str) -> Named | None:
    """The first day that the text names; impossible ones (31 June) are none."""
    for found in _DAY.finditer(text):
        try:
            day = date(int(found[3]), _MONTHS[found[2].lower()], int(found[1]))
        except ValueError:
            continue
        return Named(day, found[0], found.start(), found.end())
    return None


def day_after_publication(text: str) -> Counted | None:
    """How many days after its publication an act enters into force."""
    if same := _SAME_DAY.search(text):
        return Counted(0, same[0], same.end())
    found = _AFTER.search(text)
    if found is None:
        return None
    if found["next"]:
        return Counted(1, found[0], found.end())
    word = (found["en"] or found["fr"] or "").lower()
    if not word:
        return Counted(1, found[0], found.end()) if "day" in found[0].lower() else None
    digits = re.match(r"\d+", word)
    days = int(digits[0]) if digits else _ORDINALS.get(word)
    return None if days is None else Counted(days, found[0], found.end())


def applications(text: str) -> Iterator[Applies]:
    """Every "… shall apply from …" of a sentence, with its own subject."""
    before = 0
    for found in _APPLY.finditer(text):
        follows = _FROM.match(text, found.end())
        if follows is None:
            continue
        subject, start = text[before : found.start()], before
        if relative := _WHICH.search(subject):
            subject = subject[: relative.start()]
            if exceptions := list(_EXCEPT.finditer(subject)):
                start += exceptions[-1].end()
                subject = subject[exceptions[-1].end() :]
        lead = _LEAD.match(subject)
        skipped = lead.end() if lead else 0
        named = first_day(text[follows.end() :])
        direct = named is not None and named.start <= 3
        if direct and named is not None:
            end, when, day = follows.end() + named.end, named.words, named.day
        else:
            end = _event_end(text, follows.end())
            when, day = text[follows.end() : end].strip(), None
        if when and not when.startswith(":"):
            until = bool(_UNTIL.match(follows["word"]))
            words = (follows["measures"] or subject[skipped:]).strip(" ,;")
            yield Applies(words, day, when[:_LIMIT], start + skipped, end, until)
        before = _after(text, end)


def _event_end(text: str, start: int) -> int:
    stop = re.compile(r"[;:]|\.(?=\s|$)|,\s+(?:except|with the exception)").search(text, start)
    return stop.start() if stop else len(text)


def _after(text: str, end: int) -> int:
    """Where the next clause of the sentence begins: after "and", a comma or a semicolon."""
    found = re.compile(r"\s*(?:[,;]\s*)?(?:and\b|et\b)?\s*").match(text, end)
    return found.end() if found else end


def provision_words(subject: str) -> str:
    """The provisions that a subject names, in its own words; "" when it is the act as a whole."""
    lead = _LEAD.match(subject)
    words = " ".join(subject[lead.end() if lead else 0 :].split()).strip(" ,;:")
    return "" if _WHOLE.match(words) or not words else words[:_LIMIT]
