"""Korean by Kiwi: nouns, stems and roots kept, particles and endings dropped, compounds in parts and joined.

Kiwi takes 4 s and 520 MB to load, so it is loaded when Hangul is first met, once a process, under a lock.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from threading import Lock
from typing import Any, NamedTuple

from nlp.lexical.wordlists import word_list

USER_WORDS = word_list("korean_words.txt")
MAX_TEXT = 2_000  # characters given to Kiwi at once; its time grows with the square of an unbroken stretch
MAX_JOINED = 12  # syllables of a joined compound
MAX_GROUP = 4  # nouns written together that are still one word of a query

_NOUNS = frozenset({"NNG", "NNP", "XR", "NR"})  # not NNB: 것, 수, 등, 년 name nothing
_RELATING = frozenset("용적들별상당씩님")
_VERBS = frozenset({"VV", "VA", "VV-R", "VV-I", "VA-R", "VA-I"})
STOP_WORDS_KO = word_list("stop_korean.txt")


class Morpheme(NamedTuple):
    """A token of Korean text; ``group`` counts stretches of nouns written together, ``joined`` are their spellings."""

    text: str
    start: int
    end: int
    group: int
    main: bool


class _Kiwi:
    """The one analyser of this process."""

    def __init__(self) -> None:
        kiwi: Any = importlib.import_module("kiwipiepy")
        self._kiwi: Any = kiwi.Kiwi(num_workers=1)
        for word in sorted(USER_WORDS):
            self._kiwi.add_user_word(word, "NNG", 5.0)
        self._lock = Lock()

    def tokenize(self, text: str) -> list[Any]:
        with self._lock:
            found: list[Any] = self._kiwi.tokenize(text)
        return found


_load_lock = Lock()


@cache
def _loaded() -> _Kiwi:
    return _Kiwi()


def _kiwi() -> _Kiwi:
    with _load_lock:
        return _loaded()


def is_hangul(letter: str) -> bool:
    """True for syllables and jamo."""
    return "가" <= letter <= "힣" or "\u1100" <= letter <= "\u11ff" or "\u3130" <= letter <= "\u318f"


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Stretches of at most MAX_TEXT characters, cut at a blank where there is one."""
    start = 0
    while start < len(text):
        end = min(start + MAX_TEXT, len(text))
        if end < len(text):
            blank = text.rfind(" ", start + MAX_TEXT // 2, end)
            end = blank if blank > 0 else end
        yield start, text[start:end]
        start = end


class _Piece(NamedTuple):
    form: str
    tag: str
    start: int
    end: int


def _content(text: str) -> Iterator[_Piece]:
    """Nouns, stems and affixes in text order, with affixes still apart; "" marks a break between groups."""
    for offset, piece in _pieces(text):
        for token in _kiwi().tokenize(piece):
            start, end, tag = offset + token.start, offset + token.start + token.len, str(token.tag)
            if end <= start or not is_hangul(text[start]):
                continue
            if tag in _VERBS:
                if token.form + "다" not in STOP_WORDS_KO:
                    yield _Piece(token.form + "다", "V", start, end)
            elif tag in ("XSN", "XPN", "UN") or tag in _NOUNS:
                yield _Piece(text[start:end] if tag != "XR" else token.form, tag, start, end)


def _groups(text: str) -> Iterator[list[_Piece]]:
    """Nouns written together, one list each; a verb stands alone."""
    group: list[_Piece] = []
    for piece in _content(text):
        if group and (piece.tag == "V" or group[-1].tag == "V" or piece.start != group[-1].end):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _units(group: list[_Piece]) -> tuple[list[_Piece], list[_Piece]]:
    """The words of a group, and other spellings of them.

    Affixes go back on their nouns (충전+기 is a charger, 전기+차 an electric car, 비+금속 a non-metal) except
    those that only relate them to something (자동차+용); the noun inside, and a law's subject (화장품법), are
    other spellings.
    """
    units: list[_Piece] = []
    spellings: list[_Piece] = []
    for piece in group:
        last = units[-1] if units else None
        affix = piece.tag == "XSN" or (piece.tag in _NOUNS and len(piece.form) == 1)
        if last is None or not (affix or last.tag == "XPN") or len(last.form) + len(piece.form) > MAX_JOINED:
            units.append(piece)
            continue
        merged = _Piece(last.form + piece.form, "NNG", last.start, piece.end)
        inner = piece if last.tag == "XPN" else last
        if piece.tag == "XSN" and piece.form in _RELATING:
            spellings.append(merged)
        else:
            units[-1] = merged
            spellings += [inner] if len(inner.form) > 1 else []
    laws = [unit for unit in units if len(unit.form) > 3 and unit.form.endswith("법")]
    return units, spellings + [_Piece(law.form[:-1], law.tag, law.start, law.end - 1) for law in laws]


def analyse_hangul(text: str) -> list[Morpheme]:
    """Tokens of the Hangul in folded text, in order: each unit, then the other spellings that begin with it."""
    found: list[Morpheme] = []
    for number, group in enumerate(_groups(text)):
        units, extras = _units(group)
        kept = [unit for unit in units if unit.form not in STOP_WORDS_KO]
        if len(units) > 1:
            extras += [_Piece(a.form + b.form, "", a.start, b.end) for a, b in pairwise(units)]
            whole = "".join(unit.form for unit in units)
            if len(units) > 2 and len(whole) <= MAX_JOINED:
                extras.append(_Piece(whole, "", units[0].start, units[-1].end))
        for unit in kept:
            found.append(Morpheme(unit.form, unit.start, unit.end, number, True))
            found += [
                Morpheme(e.form, e.start, e.end, number, False)
                for e in dict.fromkeys(extras)
                if unit.start <= e.start < unit.end
            ]
    return found
