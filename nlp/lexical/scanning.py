"""Folded text cut into chunks by script, and the tokens of all of them in order."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.lexical.citations import TRIGGER, citation_tokens
from nlp.lexical.korean import analyse_hangul
from nlp.lexical.words import Analysed, analyse_chunk, cut

_HANGUL = r"\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_DENSE = (  # scripts written without blanks: Han, Kana, Thai, Lao, Myanmar, Khmer
    r"\u3005\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff\u0e01-\u0e3a\u0e40-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17ff"
)
_MARKS = r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u0dff"
_GLUE = r"(?:[-.'/&]|(?<=\d),(?=\d))"
ASCII_CHUNK = re.compile(rf"[a-z0-9]+(?:{_GLUE}[a-z0-9]+)*")
_LETTERS = rf"(?:(?![{_HANGUL}{_DENSE}])[^\W_]|[{_MARKS}])+"
_CHUNK = re.compile(rf"{_LETTERS}(?:{_GLUE}{_LETTERS})*")
_PLAIN_LETTERS = rf"(?:[^\W_]|[{_MARKS}])+"  # the same where no special script stands, at twice the speed
PLAIN_CHUNK = re.compile(rf"{_PLAIN_LETTERS}(?:{_GLUE}{_PLAIN_LETTERS})*")
DENSE_RUN = re.compile(rf"[{_DENSE}]+")
HANGUL_ANY = re.compile(rf"[{_HANGUL}]")
SPECIAL = re.compile(rf"[{_HANGUL}{_DENSE}]")


class Token(NamedTuple):  # a tuple: made three times as fast as a frozen dataclass
    """A token and where it came from: ``original[start:end]``. Tokens that share a position are spellings of one word.

    ``main`` tokens carry phrases (consecutive positions); extras match single words only.
    """

    text: str
    start: int
    end: int
    position: int
    main: bool = True

    @property
    def extra(self) -> bool:
        """True for another spelling, which carries no phrase."""
        return not self.main


def chunks_of(folded: str) -> list[tuple[int, int, Analysed]]:
    """(start, end, tokens) of every chunk of letters and digits, Hangul and scripts without blanks left out."""
    pattern = ASCII_CHUNK if folded.isascii() else _CHUNK
    return [(match.start(), match.end(), analyse_chunk(match[0])) for match in pattern.finditer(folded)]


def _bigrams(folded: str) -> list[tuple[str, int, int]]:
    found = []
    for match in DENSE_RUN.finditer(folded):
        start, end = match.span()
        if end - start == 1:
            found.append((match[0], start, end))
        found += [(folded[i : i + 2], i, i + 2) for i in range(start, end - 1)]
    return found


def scan(folded: str) -> list[Token]:
    """All tokens of folded text with folded offsets."""
    main: list[tuple[int, int, str]] = []
    extra: list[tuple[int, int, str]] = []
    cited = False
    for start, end, found in chunks_of(folded):
        main += [(start + a, start + b, token) for token, a, b in found.main]
        extra += [(start, end, token) for token in found.extras]
        cited = cited or TRIGGER.match(folded, start, end) is not None
    if not folded.isascii():
        main += [(start, end, token) for token, start, end in _bigrams(folded)]
        if HANGUL_ANY.search(folded):
            for m in analyse_hangul(folded):
                (main if m.main else extra).append((m.start, m.end, cut(m.text)))
        main.sort(key=lambda item: item[0])
    if cited:
        extra += [(start, end, cut(token)) for start, end, exact in citation_tokens(folded) for token in exact]
    return _positioned(main, extra)


def _positioned(main: list[tuple[int, int, str]], extra: list[tuple[int, int, str]]) -> list[Token]:
    extra.sort(key=lambda item: item[0])
    found: list[Token] = []
    at = 0
    for position, (start, end, text) in enumerate(main):
        while at < len(extra) and extra[at][0] < start:
            found.append(Token(extra[at][2], extra[at][0], extra[at][1], max(position - 1, 0), main=False))
            at += 1
        found.append(Token(text, start, end, position))
    last = max(len(main) - 1, 0)
    found += [Token(text, start, end, last, main=False) for start, end, text in extra[at:]]
    return found
