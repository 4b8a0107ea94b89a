"""A question as retriever and refusal need it: language, what is asked for, what about, which market and year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot.words import Spotted, spot, spot_units
from nlp.lexical.analysis import analyse_query, tokens
from nlp.lexical.language import detect_language
from notices import markets
from notices.act_names import find_acts
from notices.identity import find_keys, lookup_key

MAX_QUESTION = 1_000
_HANGUL = re.compile("[가-힣]")
_WORD = re.compile(r"[A-Za-z][A-Za-z.&'-]*|[가-힣]+")
_YEAR = re.compile(r"(?<![\d./-])((?:19|20)\d{2})(?![\d./-]|\s*[/]|\s*년\s*현재)")
_SHORT_SYMBOL = re.compile(r"(?<![A-Za-z/])([A-Z]{2,4})\s?/\s?(\d{1,6})(?![\d/])")
_MEASURE = re.compile(r"(\d[\d.,]*)([A-Za-z]+)")
_ACT_NUMBER = re.compile(r"(?<![\d/])((?:19|20)\d{2})/(\d{1,4})(?![\d/])")
_FIGURE = re.compile(r"\d[\d,.]*")
_PARTICLES = re.compile(
    "(?:은|는|이|가|을|를|의|에|에서|에서는|에는|와|과|도|만|로|으로|으로의|산|제|이랑|랑|부터|까지|처럼|한테|측|내)?"
)
_SHORT_NAMES = frozenset({"EU", "US", "USA", "UK", "UAE", "KSA", "U.S"})
_NOT_NAMES = frozenset({"이유", "국내", "조지", "가나", "수단", "차드", "말리"})


@dataclass(frozen=True, slots=True)
class Concept:
    """Something the question is about: a text holds it when it holds all tokens of one of ``ways``.

    ``known`` is False for a Korean word that no table of ours can say in English.
    """

    text: str
    ways: tuple[tuple[str, ...], ...]
    known: bool
    english: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood of a question."""

    text: str
    language: str
    asks: frozenset[str]  # date, deadline, percent, amount, count, who, what, list, code, status
    concepts: tuple[Concept, ...]
    acts: tuple[tuple[str, ...], ...]  # names of acts: the words of the title first, then others
    keys: tuple[str, ...]  # lookup keys of the numbers that stand in it; "a|b": either
    markets: tuple[str, ...]
    years: tuple[str, ...]
    units: tuple[str, ...]  # what a figure must count: years, hours, employees
    marks: frozenset[str]  # "expert": asks for legal advice; "news": for something of today


def understand(text: str, language: str | None = None) -> Question:
    """Read a question; nothing is looked up. Only its first 1,000 characters are read."""
    text = text[:MAX_QUESTION]
    keys, rest = _numbers(text)
    found = spot(rest)
    classes = frozenset(kind for each in found for kind in each.classes)
    places = _markets(rest)
    return Question(
        text=text,
        language=_language(text, language),
        asks=_asks(classes),
        concepts=tuple(_concepts(rest, found, places)),
        acts=tuple(each.english for each in found if "act" in each.classes),
        keys=keys,
        markets=tuple(dict.fromkeys(code for _, _, code in places if code != "KR")),
        years=tuple(dict.fromkeys(_YEAR.findall(rest))),
        units=tuple(dict.fromkeys(word for each in spot_units(rest) for word in each)),
        marks=classes & {"expert", "news"},
    )


def _asks(classes: frozenset[str]) -> frozenset[str]:
    asks = frozenset(kind.removeprefix("ask.") for kind in classes if kind.startswith("ask."))
    return asks - {"date"} if "deadline" in asks else asks


def _language(text: str, wanted: str | None) -> str:
    if wanted in ("ko", "en"):
        return wanted
    return "ko" if _HANGUL.search(text) or detect_language(text) == "ko" else "en"


def _numbers(text: str) -> tuple[tuple[str, ...], str]:
    """The lookup keys in a text, and the text with them blanked."""
    spans = [*find_keys(text), *find_acts(text)]
    spans += [
        (match.start(), match.end(), lookup_key("symbol", f"G/TBT/N/{match[1]}/{match[2]}"))
        for match in _SHORT_SYMBOL.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end, _ in spans)
    ]
    for match in _ACT_NUMBER.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end, _ in spans):
            either = "|".join(f"celex:3{match[1]}{letter}{int(match[2]):04d}" for letter in "RLD")
            spans.append((match.start(), match.end(), either))
    rest = text
    for start, end, _ in spans:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    return tuple(dict.fromkeys(key for _, _, key in spans)), rest


def _markets(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    words = list(_WORD.finditer(text))
    for index, word in enumerate(words):
        if _HANGUL.match(word[0]):
            for end in range(len(word[0]), 1, -1):
                name = word[0][:end]
                if name not in _NOT_NAMES and _PARTICLES.fullmatch(word[0][end:]) and (code := markets.parse(name)):
                    found.append((word.start(), word.start() + end, code))
                    break
            continue
        for count in (4, 3, 2, 1):
            last = words[min(index + count, len(words)) - 1]
            name = text[word.start() : last.end()].removesuffix("'s")
            proper = name.upper() in _SHORT_NAMES if len(name) <= 3 else name[0].isupper()
            if proper and (code := markets.parse(name)):
                found.append((word.start(), last.end(), code))
                break
    return found


def _concepts(text: str, found: list[Spotted], places: list[tuple[int, int, str]]) -> list[Concept]:
    concepts: list[Concept] = []
    for each in found:
        if "content" in each.classes and not each.classes & {"act", "stop"}:
            ways = tuple(dict.fromkeys(tuple(tokens(name)) for name in (each.text, *each.english)))
            concepts.append(Concept(each.text, tuple(way for way in ways if way), True, each.english))
    taken = [(each.start, each.end) for each in found] + [(start, end) for start, end, _ in places]
    for term in analyse_query(text):
        if any(start < term.end and term.start < end for start, end in taken) or term.text.isspace():
            continue
        if _YEAR.fullmatch(term.text) or (term.text.isdigit() and text[term.end : term.end + 1] in "년월일시"):
            continue
        hangul = _HANGUL.search(term.text) is not None
        if hangul and (len(term.text) == 1 or term.tokens[0].endswith("다")):
            continue  # a verb, or a syllable that may be anything: nothing to hold against a text
        ways = (term.tokens, *((way,) for way in term.variants))
        if measure := _MEASURE.fullmatch(term.text):
            ways = (*ways, tuple(tokens(f"{measure[1]} {measure[2]}")))
        concepts.append(Concept(term.text, ways, not hangul or bool(_FIGURE.search(term.text))))
    return concepts
