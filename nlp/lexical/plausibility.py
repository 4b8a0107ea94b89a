"""Codes that contradict the product: the words name another chapter, or HS and ICS belong to different worlds.

Simple and precise on purpose: a flagged code keeps its value, its confidence falls to FLAGGED and its rule ends in
``.implausible``; silence proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from nlp.lexical.analysis import split_tokens
from nlp.lexical.spots import Spot
from notices.nomenclature import hs, ics

FLAGGED = 0.3
_VAGUE = frozenset(
    split_tokens(
        "product article good part accessory material equipment apparatus machine device other general use kind type "
        "system electric electrical household standard test requirement safety purpose similar whether new prepared "
        "industrial set unit thereof therefor including made non component appliance vehicle service commercial "
        "consumer steel metal plastic power water air oil paper pressure control measuring heating"
    )[0]
)
_CODE_TALK = re.compile(r"\b(?:HS|ICS|codes?(?:\(s\))?|from|to|N/A)\b|[:;()]|\d[\d.\-]*", re.IGNORECASE)
_MAX_CHAPTERS = 4  # a word found in more chapters names none
_SAME = 4  # letters that make two stems one family
_FOOD = frozenset(f"{n:02d}" for n in range(1, 25))
_CHEMISTRY = frozenset({"28", "29", "30", "31", "32", "33", "38"})
_TEXTILE = frozenset(f"{n:02d}" for n in range(50, 64))
_MACHINES = frozenset({"21", "23", "25", "27", "29", "31", "33", "35", "43", "45", "47", "49", "53"})
_APART: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (_FOOD, _MACHINES | {"39", "61", "73", "77", "81", "91", "93", "97"}),
    (_FOOD - {"15"}, frozenset({"11.040"})),
    (frozenset({"30", "31"}), _MACHINES | {"59", "61", "67", "73", "81", "85", "91"}),
    (_TEXTILE, frozenset({"27", "29.140", "31", "33", "35", "45", "47", "67", "73"})),
    (frozenset({"86", "87", "88", "89"}), frozenset({"67", "71.100", "59", "61", "85"})),
)
"""HS chapters and ICS fields or groups that no product shares."""


@cache
def _chapters_of(word: str) -> frozenset[str]:
    return _words().get(word, frozenset())


@cache
def _words() -> dict[str, frozenset[str]]:
    """Stem → the chapters whose titles hold it."""
    found: dict[str, set[str]] = {}
    for length in (2, 4, 6):
        for code in hs.all_codes(length):
            for word in split_tokens(re.sub(r"\([^)]*excl[^)]*\)", "", hs.title(code) or ""))[0]:
                found.setdefault(word, set()).add(code[:2])
    return {word: frozenset(chapters) for word, chapters in found.items()}


def _content(text: str) -> frozenset[str]:
    return frozenset(w for w in split_tokens(text)[0] if len(w) > 2 and w.isalpha() and w.isascii())


@cache
def _beginnings() -> dict[str, frozenset[str]]:
    """First letters of a stem → the chapters whose titles hold a word that begins so (bakery, bakers' wares)."""
    found: dict[str, set[str]] = {}
    for word, chapters in _words().items():
        found.setdefault(word[:_SAME], set()).update(chapters)
    return {word: frozenset(chapters) for word, chapters in found.items()}


@cache
def _first_words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code in hs.all_codes(4):
        for word in split_tokens(hs.title(code) or "")[0][:1]:
            found.setdefault(word, set()).add(code[:2])
    return {word: frozenset(chapters) for word, chapters in found.items()}


def _led_by(word: str, words: int) -> frozenset[str]:
    """Chapters with a heading that begins with the only word (honey, tea): weaker evidence than two words."""
    return _first_words().get(word, frozenset()) if words == 1 else frozenset()


def _names_another(words: frozenset[str], chapter: str) -> bool:
    """True when no word resembles the chapter's titles, and all telling words name one other section's chapter."""
    if any(chapter in _beginnings().get(word[:_SAME], frozenset()) for word in words):
        return False
    precise = words - _VAGUE
    telling = [chapters for word in precise if 0 < len(chapters := _chapters_of(word)) <= _MAX_CHAPTERS]
    if not telling or len(telling) * 2 <= len(precise):
        return False
    shared = frozenset.intersection(*telling) if len(telling) > 1 else _led_by(next(iter(precise)), len(precise))
    own = hs.section(chapter)
    return bool(shared) and all(hs.section(other) != own for other in shared)


def _apart(chapter: str, code: str) -> bool:
    return any(chapter in chapters and (code[:2] in fields or code[:6] in fields) for chapters, fields in _APART)


def flag_implausible(spots: Sequence[Spot], products: str, title: str = "") -> list[Spot]:
    """The spots, those of HS and ICS that contradict the products' words or each other marked.

    Where HS and ICS belong to different worlds, the notice's title, then its products text, say which one is wrong.
    """
    bare = _CODE_TALK.sub(" ", products)
    words = _content(bare) if len(bare) <= 200 else frozenset()  # a long list names many products
    declared_hs = [spot for spot in spots if spot.label == "hs"]
    declared_ics = [spot for spot in spots if spot.label == "ics"]
    flagged: set[tuple[str, str]] = set()
    if words:
        flagged |= {("hs", spot.value) for spot in declared_hs if _names_another(words, spot.value[:2])}
    sound = [spot for spot in declared_hs if ("hs", spot.value) not in flagged]
    for code in declared_ics:
        if sound and all(_apart(spot.value[:2], code.value) for spot in sound):
            about = _content(title)
            ics_words = _content(ics.title(code.value) or "")
            hs_words = _content(" ".join(_titles(spot.value) for spot in sound))
            for_ics = len(about & ics_words), len(words & ics_words)
            for_hs = len(about & hs_words), len(words & hs_words)
            flagged |= {("hs", spot.value) for spot in sound} if for_ics > for_hs else {("ics", code.value)}
    return [
        replace(spot, confidence=min(spot.confidence, FLAGGED), rule=spot.rule + ".implausible")
        if (spot.label, spot.value) in flagged
        else spot
        for spot in spots
    ]


def _titles(code: str) -> str:
    return " ".join(hs.title(each) or "" for each in (code, *hs.parents(code)))
