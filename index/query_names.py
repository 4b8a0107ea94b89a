"""Names that people paste: symbols, Federal Register citations and numbers, CELEX and ELI, HS codes in any spelling.

A name that falls into several words ("89 FR 375", "HS 8507 60") becomes one word in its normal spelling; an HS code
becomes ``HS`` and its digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.vocabulary import hs_digits, is_hs
from notices.identity import find_keys

_HS_NAMED = re.compile(
    r"(?<![^\s])HS(?:\s?codes?|\s?코드)?\s?(?:no\.?\s?)?"
    r"(\d{4}(?:[.\s\-]?\d{2}){1,3}(?!\d)|\d{4}[.\s]?\d{4}(?!\d)|\d{4}(?!\d)|\d{2}(?!\d))(?![^\s])",
    re.IGNORECASE,
)
_HS_DOTTED = re.compile(r"(?<![^\s])(\d{4}\.\d{2}(?:[.\-]?\d{2}){0,2}|\d{4}\.\d{4}|\d{6}(?:\d{2}){0,2})(?![^\s])")
_HS_ALONE = re.compile(r"\d{4}(?:[.\s\-]\d{2}){0,3}|\d{4}\.\d{4}|\d{4}(?:\d{2}){0,3}")


def keys_in(text: str) -> list[str]:
    """The lookup keys of the names that stand in a word or phrase."""
    return [key for _, _, key in find_keys(text)]


def join_names(words: Sequence[str], *, alone: bool = False) -> list[str]:
    """Neighbouring words with each name as one word, again until nothing joins; ``alone``: nothing else was typed."""
    joined = _join(words, alone)
    return joined if joined == list(words) else join_names(joined, alone=alone)


def _join(words: Sequence[str], alone: bool) -> list[str]:
    text = " ".join(words)
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    ends = {start + len(word): index + 1 for index, (start, word) in enumerate(zip(starts, words, strict=False))}
    names = _names(text, alone=alone)
    found: list[str] = []
    index = 0
    while index < len(words):
        name = next((each for each in names if each[0] == starts[index] and each[1] in ends), None)
        found.append(words[index] if name is None else name[2])
        index = index + 1 if name is None else ends[name[1]]
    return found


def _names(text: str, *, alone: bool) -> list[tuple[int, int, str]]:
    """(start, end, normal spelling), longest first at each start."""
    found = [
        (start, end, key.partition(":")[2])
        for start, end, key in find_keys(text)
        if not (key.startswith("celex:") and " " in text[start:end])  # "Regulation (EU) 2023/1542" stands so in texts
    ]
    for match in _HS_NAMED.finditer(text):
        if digits := hs_digits(match[1]):
            found.append((match.start(), match.end(), f"HS{digits}"))
    for match in _HS_DOTTED.finditer(text):
        digits = hs_digits(match[1])
        if digits and is_hs(digits):
            found.append((match.start(), match.end(), f"HS{digits}"))
    if alone and _HS_ALONE.fullmatch(text) and (digits := hs_digits(text)) and is_hs(digits):
        found.append((0, len(text), f"HS{digits}"))
    return sorted(found, key=lambda name: (name[0], -name[1]))
