"""Our glossary of trade words: what a word in a query is called in the other language, and its HS and ICS codes.

Finds the longest entries in Korean and English text: Korean with or without blanks and followed by particles or other
nouns (리튬이온배터리를, 리튬 이온 배터리), English in any case and number. Loads a 130 kB table, no model.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from nlp.lexical.folding import fold, original_span

MAX_TEXT = 5_000
"""Characters looked at: the glossary is for queries and titles, not for whole documents."""

_HANGUL = re.compile("[가-힣]")
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[a-z0-9]+")
_ASIDE = re.compile(r"\s*\([^)]*\)")
_MAX_WORDS = 6
_PARTICLES = re.compile(
    "(?:은|는|이|가|을|를|의|에|에서|에는|에도|에게|와|과|도|만|로|으로|으로써|로써|이나|나|이란|란|까지|부터|별|들|등|및|인|이며|이고|보다|처럼|에서의|에대한|에관한)"
)
_ENDINGS = re.compile(
    "(?:용|류|형|식|제|품|기|업|사|률|법|상|시|성|적|화|된|한|할|함|될|됨|하는|되는|하여|해야|하기|되어|간|내|외|물|액|재|측|자|비|량)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the glossary; a bracket in a variant only tells homonyms apart."""

    ko: tuple[str, ...]
    en: tuple[str, ...]
    hs: tuple[str, ...]
    ics: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """``text[start:end]`` (``source_text``) may also be said as ``ko`` and ``en``; goods of that name lie under ``hs``.

    Other names come likeliest first and without the one found; codes are bare digits of 2, 4 or 6, ICS dotted.
    """

    start: int
    end: int
    source_text: str
    en: tuple[str, ...]
    ko: tuple[str, ...]
    hs: tuple[str, ...]
    ics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    key: str


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


@cache
def entries() -> tuple[Entry, ...]:
    """Every line of glossary.csv."""
    text = files("nlp.lexical").joinpath("data", "glossary.csv").read_text(encoding="utf-8")
    return tuple(
        Entry(_split(row["ko"]), _split(row["en"]), _split(row["hs"]), _split(row["ics"]), row["source"])
        for row in csv.DictReader(text.splitlines())
    )


def names() -> frozenset[str]:
    """Every name that :func:`expand` may give as another one, without its bracket."""
    return frozenset(_ASIDE.sub("", name) for entry in entries() for name in (*entry.ko, *entry.en))


def _singular(word: str) -> str:
    """A key for a word in any number: no real stem, the same for "battery" and "batteries"."""
    if len(word) < 4 or not word.isascii() or not word.isalpha() or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(?:s|x|z|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("us", "is")) else word


def _english_key(words: list[str]) -> str:
    return "".join(_singular(word) for word in words)


@lru_cache(maxsize=20_000)
def _key(variant: str) -> str:
    """How a variant is looked up: without blanks and signs; English words in the singular."""
    folded, _ = fold(variant)
    words = _WORD.findall(folded)
    return "".join(words) if _HANGUL.search(folded) else _english_key(words)


@cache
def _table() -> Mapping[str, tuple[int, ...]]:
    table: dict[str, tuple[int, ...]] = {}
    for number, entry in enumerate(entries()):
        for variant in (*entry.ko, *entry.en):
            key = _key(variant)
            table[key] = tuple(dict.fromkeys((*table.get(key, ()), number)))
    return table


@cache
def _longest() -> Mapping[str, int]:
    """The longest key with Hangul in it, by its first character."""
    longest: dict[str, int] = {}
    for key in _table():
        if _HANGUL.search(key):
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return longest


class _Compact:
    """Korean text without blanks: its characters, where each stood, and where words of the text begin."""

    def __init__(self, folded: str) -> None:
        words = list(_WORD.finditer(folded))
        self.text = "".join(word[0] for word in words)
        self.at = [place for word in words for place in range(*word.span())]
        self.begins: list[int] = []
        length = 0
        for word in words:
            self.begins.append(length)
            length += len(word[0])
        self.begins.append(length)

    def word_around(self, start: int, end: int) -> tuple[int, int, bool]:
        """Begin of the word that holds ``start``, end of the one that holds ``end - 1``, and whether they differ."""
        index = bisect_left(self.begins, start + 1) - 1
        after = bisect_left(self.begins, end)
        return self.begins[index], self.begins[after], after > index + 1


def _begins_well(compact: _Compact, begin: int, start: int, end: int, stop: int) -> bool:
    """A short key inside a word needs a known word before it, or the word's end behind it: no apple in 검사과정."""
    if start == begin:
        return True
    text = compact.text
    if _LATIN.match(text[start]) or end - start == 1:
        return not _LATIN.match(text[start - 1]) and _LATIN.match(text[start]) is not None
    if end - start >= 3 or text[begin:start] in _table():
        return True
    rest = text[end:stop]
    return start - begin >= 2 and (not rest or _PARTICLES.fullmatch(rest) is not None)


def _ends_well(compact: _Compact, start: int, end: int, stop: int, across: bool) -> bool:
    rest = compact.text[end:stop]
    if not rest or _PARTICLES.fullmatch(rest):
        return True
    if across or end - start == 1:
        return False
    if _LATIN.match(compact.text[end - 1]):
        return _LATIN.match(rest) is None
    if end - start >= 3 or _ENDINGS.match(rest) or len(rest) >= 2:
        return True
    return rest in _table()


def _korean(folded: str) -> Iterator[_Found]:
    """Every key with Hangul that stands in the text as a word or as a part of one."""
    compact = _Compact(folded)
    text, table = compact.text, _table()
    for start, first in enumerate(text):
        for end in range(min(len(text), start + _longest().get(first, 0)), start, -1):
            key = text[start:end]
            if key not in table or not _HANGUL.search(key):
                continue
            begin, stop, across = compact.word_around(start, end)
            if across and start != begin:
                continue
            if _begins_well(compact, begin, start, end, stop) and _ends_well(compact, start, end, stop, across):
                yield _Found(compact.at[start], compact.at[end - 1] + 1, key)
                break


def _english(folded: str) -> Iterator[_Found]:
    """Every key of Latin letters: up to six words next to each other, whatever their number."""
    words = list(_LATIN.finditer(folded))
    keys = [_singular(word[0]) for word in words]
    table = _table()
    for first in range(len(words)):
        for last in range(min(len(words), first + _MAX_WORDS), first, -1):
            key = "".join(keys[first:last])
            if key in table and _adjacent(folded, words[first:last]):
                yield _Found(words[first].start(), words[last - 1].end(), key)
                break


def _adjacent(folded: str, words: list[re.Match[str]]) -> bool:
    """Only blanks, hyphens, commas and the like between the words."""
    between = (folded[one.end() : other.start()] for one, other in pairwise(words))
    return all(len(gap) <= 3 and not _WORD.search(gap) for gap in between)


def _chosen(found: list[_Found]) -> list[_Found]:
    """The longest first, then those that do not overlap with a longer one, in the order of the text."""
    taken: list[_Found] = []
    for each in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(each.end <= other.start or other.end <= each.start for other in taken):
            taken.append(each)
    return sorted(taken, key=lambda one: one.start)


def _others(variants: Iterator[str], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ASIDE.sub("", variant) for variant in variants if _key(variant) != key))


def expand(text: str) -> tuple[Expansion, ...]:
    """The glossary words in a text (its first 5,000 characters): the longest ones, never overlapping, in order."""
    folded, origin = fold(text[:MAX_TEXT])
    found = list(_english(folded))
    if _HANGUL.search(folded):
        found += _korean(folded)
    expansions = []
    for each in _chosen(found):
        lines = [entries()[number] for number in _table()[each.key]]
        start, end = original_span(origin, each.start, each.end)
        expansions.append(
            Expansion(
                start,
                end,
                text[start:end],
                en=_others((name for line in lines for name in line.en), each.key),
                ko=_others((name for line in lines for name in line.ko), each.key),
                hs=tuple(dict.fromkeys(code for line in lines for code in line.hs)),
                ics=tuple(dict.fromkeys(code for line in lines for code in line.ics)),
            )
        )
    return tuple(expansions)
