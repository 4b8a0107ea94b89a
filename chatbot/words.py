"""Our tables of question words and legal words: what stands in a question, and what an English text calls it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nlp.lexical import glossary

_HANGUL = re.compile("[가-힣]")
_LATIN = "A-Za-z0-9"
_PARTICLE = (
    "(?:은|는|이|가|을|를|의|에|에서|에는|에도|에게|한테|한테는|와|과|랑|이랑|도|만|로|으로|이나|나|란|까지|부터|별"
    "|요|죠|인|이며|라|야)?"
)


@dataclass(frozen=True, slots=True)
class Spotted:
    """``text[start:end]`` is a word of our tables: its classes ("content", "act", "ask.date", "stop" …) and English."""

    start: int
    end: int
    text: str
    classes: frozenset[str]
    english: tuple[str, ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    kind: str
    ko: tuple[str, ...]
    en: tuple[str, ...]


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@cache
def _lines() -> tuple[_Line, ...]:
    folder = files("chatbot").joinpath("data")
    found: list[_Line] = []
    for name in ("words.csv", "legal_words.csv"):
        rows = csv.DictReader(folder.joinpath(name).read_text(encoding="utf-8").splitlines())
        found += [_Line(row.get("class") or "content", _split(row["ko"]), _split(row["en"])) for row in rows]
    return tuple(found)


def _variants(line: _Line) -> tuple[str, ...]:
    return line.ko if line.kind == "unit" else (*line.ko, *line.en)


def _key(text: str) -> str:
    return "".join(text.casefold().split()) if _HANGUL.search(text) else " ".join(text.casefold().split())


@cache
def _table() -> dict[str, tuple[_Line, ...]]:
    table: dict[str, tuple[_Line, ...]] = {}
    for line in _lines():
        for variant in _variants(line):
            table[_key(variant)] = (*table.get(_key(variant), ()), line)
    return table


def _pattern(variant: str) -> str:
    body = r"\s*".join(re.escape(part) for part in variant.split())
    if _HANGUL.search(variant):
        if len(variant.replace(" ", "")) == 1:
            return rf"(?<![가-힣{_LATIN}]){body}(?={_PARTICLE}(?![가-힣]))"
        return body if _HANGUL.match(variant) else rf"(?<![{_LATIN}]){body}"
    body = r"\s+".join(re.escape(part) for part in variant.split())
    if variant.isupper() and len(variant) > 3:  # REACH is an act, reach is not
        body = f"(?-i:{body})"
    return rf"(?<![{_LATIN}]){body}(?:s|es)?(?![{_LATIN}])"


@cache
def _finder() -> re.Pattern[str]:
    variants = {each.casefold(): each for line in _lines() for each in _variants(line)}
    ordered = sorted(variants.values(), key=lambda each: (-len(each), each))
    return re.compile("|".join(f"(?:{_pattern(variant)})" for variant in ordered), re.IGNORECASE)


def spot(text: str) -> list[Spotted]:
    """The words of our tables and of the trade glossary in a text: the longest ones, never overlapping, in order."""
    found = [*_ours(text), *_trade(text)]
    taken: list[Spotted] = []
    for each in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        same = next((i for i, old in enumerate(taken) if (old.start, old.end) == (each.start, each.end)), None)
        if same is not None:
            old = taken[same]
            english = tuple(dict.fromkeys((*old.english, *each.english)))
            taken[same] = Spotted(old.start, old.end, old.text, old.classes | each.classes, english)
        elif all(each.end <= old.start or old.end <= each.start for old in taken):
            taken.append(each)
    return sorted(taken, key=lambda one: one.start)


def spot_units(text: str) -> list[tuple[str, ...]]:
    """What the figures asked for in a text are to count, in English: "몇 시간" → hours, hour."""
    return [each.units for each in _ours(text) if each.units]


def _ours(text: str) -> Iterator[Spotted]:
    for match in _finder().finditer(text):
        lines = _table().get(_key(match[0])) or _table().get(_key(match[0]).removesuffix("s"))
        lines = lines or _table().get(_key(match[0]).removesuffix("es"), ())
        if lines:
            english = tuple(
                dict.fromkeys(name for line in lines if line.kind in ("content", "act") for name in line.en)
            )
            units = tuple(name for line in lines if line.kind == "unit" for name in line.en)
            kinds = frozenset(line.kind for line in lines) - {"unit"}
            yield Spotted(match.start(), match.end(), match[0], kinds, english, units)


def _trade(text: str) -> Iterator[Spotted]:
    for each in glossary.expand(text):
        if len(each.source_text) == 1 and re.fullmatch(_PARTICLE, each.source_text):
            continue
        own = () if _HANGUL.search(each.source_text) else (each.source_text,)
        yield Spotted(each.start, each.end, each.source_text, frozenset({"content"}), (*own, *each.en[:6]))


@cache
def korean_of(english: str) -> str | None:
    """The plainest Korean name of an English word of our tables or the glossary; None when there is none."""
    lines = [line for line in _table().get(_key(english), ()) if line.kind == "content" and line.ko]
    exact = sorted(lines, key=lambda line: (line.en.index(english) if english in line.en else 9, len(line.en)))
    if exact:
        return exact[0].ko[0]
    found = glossary.expand(english)
    return found[0].ko[0] if len(found) == 1 and found[0].ko and len(found[0].source_text) == len(english) else None
