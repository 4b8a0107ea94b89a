"""What a chunk of letters and digits becomes: stems, parts of hyphenated words, whole numbers and codes.

A chunk gives *main* tokens, which stand in the order of the text and carry phrases, and *extras*, other spellings of
the same stretch (joined, without leading zeros, the broader code) which match single words only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import Stemmer

from nlp.lexical.folding import strip_marks
from nlp.lexical.wordlists import word_list

MAX_TOKEN_BYTES = 100
CACHE_LIMIT = 400_000

STOP_WORDS = word_list("stop_english.txt")

_CUED_CODE = re.compile(r"(?:hs|hsk|hts|htsus|ics)[.\-]?(?=\d{2}[\d.]*$)")
_SEPARATORS = re.compile(r"[-.'/&,]+")
_PART = re.compile(r"[^-./&,]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER = re.compile(r"\d+(?:[.\-/]\d+)*")
_MEASURE = re.compile(r"\d+(?:\.\d+)+[^\W\d_]{1,4}|[^\W\d_]{1,6}\d+(?:\.\d+)+")  # 3.7v, pm2.5
_ACT_NUMBER = re.compile(r"(\d{1,4}/\d{1,4})/(?:ec|eu|eec|euratom|efta|jha|cfsp)")
_LETTERS_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_HS = re.compile(r"\d{2}\.\d{2}(?:\.\d{2}){0,3}|\d{4}\.\d{2}(?:[.\-]?\d{2,4}){0,2}|\d{4}\.\d{4}")
_ICS = re.compile(r"\d{2}\.\d{3}(?:\.\d{2})?")
_STANDARD_PART = re.compile(r"(\d{3,6})(-\d{1,4})+")
_FR_NUMBER = re.compile(r"(\d{2}|(?:19|20)\d{2})-0*(\d{2,6})")


class Analysed(NamedTuple):
    """The tokens of one chunk: main ones with their place in it, extras, and those extras that mean just the same."""

    main: tuple[tuple[str, int, int], ...]
    extras: tuple[str, ...] = ()
    same: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """The main tokens alone."""
        return tuple(token for token, _, _ in self.main)


_stemmer = Stemmer.Stemmer("english")
_stemmer_lock = Lock()


def cut(token: str) -> str:
    """The token within the byte limit that both engines keep whole."""
    if len(token) * 4 <= MAX_TOKEN_BYTES or len(token.encode()) <= MAX_TOKEN_BYTES:
        return token
    return token.encode()[:MAX_TOKEN_BYTES].decode(errors="ignore")


def stem(word: str) -> str:
    """One word's token: accents off, English endings off; "" for a stop word."""
    if word in STOP_WORDS:
        return ""
    bare = strip_marks(word)
    if bare.isascii() and bare.isalpha():
        with _stemmer_lock:
            bare = _stemmer.stemWord(bare)
    return cut(bare)


def _whole(chunk: str, token: str, extras: list[str] | None = None, same: list[str] | None = None) -> Analysed:
    also = tuple(cut(extra) for extra in dict.fromkeys((*(same or ()), *(extras or ()))) if extra and extra != token)
    return Analysed(((cut(token), 0, len(chunk)),), also, tuple(cut(token) for token in same or () if token in also))


def _number(chunk: str) -> Analysed:
    same: list[str] = []
    extras: list[str] = []
    if _HS.fullmatch(chunk):
        joined = _SEPARATORS.sub("", chunk)
        same.append(joined)
        extras += [joined[:width] for width in (6, 4) if width < len(joined)]
    elif _ICS.fullmatch(chunk):
        extras += [chunk[:6]] if len(chunk) > 6 else []
    elif match := _FR_NUMBER.fullmatch(chunk):
        same.append(f"{match[1]}-{match[2]}")
    if match := _STANDARD_PART.fullmatch(chunk):
        extras.append(match[1])
    if "/" in chunk:
        extras += [part for part in chunk.split("/") if len(part) > 1]
    return _whole(chunk, chunk, extras, same)


@lru_cache(maxsize=100_000)
def analyse_chunk(chunk: str) -> Analysed:
    """Tokens of one folded chunk: letters and digits, with dots, hyphens, slashes, commas or apostrophes inside."""
    if cue := _CUED_CODE.match(chunk):
        number = analyse_chunk(chunk[cue.end() :])
        return number._replace(main=tuple((token, a + cue.end(), b + cue.end()) for token, a, b in number.main))
    if chunk.isalnum():
        word = stem(chunk)
        return Analysed(((word, 0, len(chunk)),) if word else ())
    if _THOUSANDS.fullmatch(chunk):
        return _whole(chunk, chunk.replace(",", ""))
    if _NUMBER.fullmatch(chunk) and len(chunk) <= 40:
        return _number(chunk)
    if _MEASURE.fullmatch(chunk):
        return _whole(chunk, chunk)
    if _LETTERS_DOTTED.fullmatch(chunk) and len(chunk) <= 12:
        return _whole(chunk, strip_marks(chunk.replace(".", "")))
    return _compound(chunk)


def _compound(chunk: str) -> Analysed:
    body = chunk.removesuffix("'s")
    parts = [(match[0].replace("'", ""), match.start(), match.end()) for match in _PART.finditer(body)]
    main = tuple((token, start, end) for token, start, end in ((stem(p), a, b) for p, a, b in parts) if token)
    extras = []
    if act := _ACT_NUMBER.fullmatch(body):
        extras.append(act[1])
    sentence_end = len(parts) == 2 and "." in body and body.replace(".", "").isalpha()  # "end.The"
    choice = "/" in body and body.replace("/", "").isalpha()  # "and/or"
    joined = ""
    if 2 <= len(parts) <= 8 and not sentence_end and not choice:
        joined = stem("".join(part for part, _, _ in parts))
    tokens = {token for token, _, _ in main}
    same = (joined,) if joined and joined not in tokens else ()
    return Analysed(main, tuple(dict.fromkeys((*same, *extras))), same)
