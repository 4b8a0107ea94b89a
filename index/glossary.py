"""What typed trade words are called in the other language, and their codes, as spans of the typed text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexical import glossary

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Expansion:
    """``text[start:end]`` may also be said as ``alternatives``; goods of that name lie under the codes."""

    start: int
    end: int
    alternatives: tuple[str, ...]
    hs: tuple[str, ...]
    ics: tuple[str, ...]


def expansions(text: str) -> list[Expansion]:
    """The glossary entries in the text, shortest first; within a longer one ("lithium-ion battery") its words' own."""
    found: dict[tuple[int, int], Expansion] = {}
    for each in glossary.expand(text):
        found[each.start, each.end] = _expansion(each, 0)
        words = list(_WORD.finditer(text, each.start, each.end))
        for word in words if len(words) > 1 else ():
            for inner in _within(word[0]):
                place = (word.start() + inner.start, word.start() + inner.end)
                found.setdefault(place, _expansion(inner, word.start()))
    return sorted(found.values(), key=lambda each: (each.end - each.start, each.start))


@lru_cache(maxsize=5_000)
def _within(word: str) -> tuple[glossary.Expansion, ...]:
    return glossary.expand(word)


def _expansion(found: glossary.Expansion, shift: int) -> Expansion:
    return Expansion(found.start + shift, found.end + shift, (*found.en, *found.ko), found.hs, found.ics)
