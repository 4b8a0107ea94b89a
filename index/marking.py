"""Where a query's tokens stand in a text: offsets for highlights, without analysing the whole text again.

A stem nearly always begins like the words that it stands for, and a Korean or Chinese token is a piece of the text
itself. So a plain search for these beginnings finds the candidates (5 µs a passage against 300 µs for an analysis of
English and 4 ms of Korean, 2 cores), and only these go through the analysis, word by word, cached.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from nlp.lexical import analysis

_WORD = re.compile(r"[^\W_]+(?:[-.'’/&,][^\W_]+)*")
_GLUE = "-.'’/&,"
_MIXED = re.compile(r"(?=.*\d)(?=.*[^\W\d])")
_BEFORE_HANGUL = re.compile(r"[^\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]*")
_ACCENTS = re.compile(r"[\u00c0-\u024f]")

MAX_PLACES = 8
"""Of one token in one passage; a highlight shows a dozen marks at most."""

_OFTEN_WITHIN = 4
"""Beginnings so short stand within other words too: "ion" in "regulation", "equi" in "requirement"."""

Mark = tuple[int, int, str]
"""Start, end and the token that matched there."""


@lru_cache(maxsize=100_000)
def _chunk_tokens(chunk: str) -> tuple[str, ...]:
    return tuple(analysis.tokens(chunk))


@lru_cache(maxsize=500)
def _analysed(text: str) -> tuple[Mark, ...]:
    return tuple((token.start, token.end, token.text) for token in analysis.analyse(text))


class Marker:
    """Finds the wanted tokens, and those that begin with a prefix, in any number of texts."""

    def __init__(self, wanted: Collection[str], prefixes: Collection[str] = ()) -> None:
        self._wanted = frozenset(wanted)
        self._prefixes = tuple(prefixes)
        beginnings = {_beginning(token) for token in self._wanted if token.isascii() and not _MIXED.match(token)}
        self._latin = tuple(beginnings | {prefix for prefix in self._prefixes if prefix.isascii()})
        self._dense = tuple(each for each in (*self._wanted, *self._prefixes) if not each.isascii())
        self._cited = tuple(re.sub(r"^\D+", "", token) for token in self._wanted if _MIXED.match(token))
        self._words_seen: dict[str, str | None] = {}
        plain = [(_beginning(token), token) for token in self._wanted if token.isascii()]
        self._short = [each for each in plain if len(each[0]) <= _OFTEN_WITHIN]
        self._signs = [*(each for each in plain if each not in self._short), *((each, each) for each in self._dense)]
        self._begun = tuple(prefix for prefix in self._prefixes if prefix.isascii())

    def tokens_at_most(self, text: str) -> list[str] | None:
        """No other tokens than these can be marked in the text, in a fraction of the time; None: can't say."""
        lower = text.lower()
        if self._cited or len(lower) != len(text) or not (text.isascii() or _ACCENTS.search(text) is None):
            return None
        found = [token for sign, token in self._signs if sign in lower]
        found += [token for sign, token in self._short if sign in lower and self._begins_a_mark(lower, sign)]
        for prefix in self._begun:
            found += {token for _, _, token in self._words(text, lower, (prefix,))}.difference(found)
        return found

    def mark(self, text: str) -> list[Mark]:
        """Every stretch that became a wanted token; in order, not nested."""
        lower = text.lower()
        if len(lower) != len(text):
            lower = text  # İ and its like grow in small letters: places would slip
        if self._cited and any(tail and tail in lower for tail in self._cited):
            return _unnested([each for each in _analysed(text) if self._hit(each[2])])
        if text.isascii():
            return _in_order(self._words(text, lower, self._latin))
        found = self._every_word(text) if _ACCENTS.search(text) else self._words(text, lower, self._latin)
        for each in self._dense:
            found += [(at, at + len(each), each) for at in _places(lower, each)]
        return _unnested(found) if len(found) > 1 else found

    def _words(self, text: str, lower: str, beginnings: Iterable[str]) -> list[Mark]:
        """By the beginnings of the wanted words: one page asks for thousands, so without calls in between."""
        found: list[Mark] = []
        known = self._words_seen
        for beginning in beginnings:
            at = lower.find(beginning)
            left = MAX_PLACES
            while at >= 0 and left:
                left -= 1
                if not at or not lower[at - 1].isalnum():
                    word = _WORD.match(text, at)
                    if word is not None:
                        chunk = word[0]
                        token = known[chunk] if chunk in known else self._token_of(chunk)
                        if token is not None:
                            found.append((at, at + len(chunk), token))
                at = lower.find(beginning, at + len(beginning))
        return found

    def _begins_a_mark(self, lower: str, sign: str) -> bool:
        """Whether it begins a word, not only the middle of one or of a compound that is marked as a whole."""
        at = lower.find(sign)
        while at > 0:
            start = at
            while start and (lower[start - 1].isalnum() or lower[start - 1] in _GLUE):
                start -= 1
            if start == at or not (lower[at - 1].isalnum() or lower.startswith(self._latin, start)):
                return True
            at = lower.find(sign, at + 1)
        return at == 0

    def _every_word(self, text: str) -> list[Mark]:
        """Accents hide beginnings."""
        marks = ((word.start(), word.end(), self._token_of(word[0])) for word in _WORD.finditer(text))
        return [(start, end, token) for start, end, token in marks if token]

    def _token_of(self, word: str) -> str | None:
        """The first wanted token of a word of the text."""
        try:
            return self._words_seen[word]
        except KeyError:
            latin = _BEFORE_HANGUL.match(word)  # "KC인증" for KC: Hangul is marked by its letters, without Kiwi
            found = next(filter(self._hit, _chunk_tokens(latin[0]) if latin and latin[0] else ()), None)
            self._words_seen[word] = found
            return found

    def _hit(self, token: str) -> bool:
        return token in self._wanted or (self._prefixes != () and token.startswith(self._prefixes))


def _beginning(token: str) -> str:
    """What every word of this stem begins with, nearly: "batteri" stands for battery and batteries."""
    if token[0].isdigit():
        return token[:2]
    return token[:-1] if len(token) > 3 else token


def _places(text: str, part: str) -> list[int]:
    """The first few places of a part."""
    found: list[int] = []
    at = text.find(part)
    while at >= 0 and len(found) < MAX_PLACES:
        found.append(at)
        at = text.find(part, at + len(part))
    return found


def _unnested(spans: list[Mark]) -> list[Mark]:
    return _outermost(sorted(spans, key=lambda each: (each[0], -each[1])))


def _in_order(spans: list[Mark]) -> list[Mark]:
    """Words in order, not nested: two that begin together end together."""
    if len(spans) < 2:
        return spans
    spans.sort()
    return _outermost(spans)


def _outermost(spans: list[Mark]) -> list[Mark]:
    found: list[Mark] = []
    for span in spans:
        if not found or span[0] >= found[-1][1]:
            found.append(span)
    return found
