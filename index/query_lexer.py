"""Cuts a query's text into pieces: words, phrases, prefixes, signs and filters, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.vocabulary import FILTER_NAMES
from notices.errors import QueryInvalid
from notices.symbols import find_symbols

MAX_LENGTH = 500
EDGES = ",;:.!?…·•/\\&|+=~`'‘’<>[]{}*_#%^-–—，。、"
"""Signs that say nothing at either end of a word; a minus before a word was taken before."""

_PLAIN = str.maketrans(  # letter for letter, so that places stay true; East Asian keyboards type ASCII in full width
    {chr(0xFF01 + code): chr(0x21 + code) for code in range(94)}
    | dict.fromkeys("“”„‟«»「」『』", '"')
    | {"\u00a0": " "}
)
_FILTER = re.compile(r"([^\W\d]+(?:_[^\W\d]+)*):")
_VALUE = re.compile(r'(?:"[^"]*"|[^\s"(),])+(?:,(?:"[^"]*"|[^\s"(),])+)*,?|,+')
OPERATORS = ("OR", "AND", "NOT")
_LABELS = frozenset({"symbol", "fr_citation", "fr_number", "cfr", "celex", "docket", "rin"})
"""What publishers, and our own ``why``, write before a name ("CELEX:32023R1542"): the name alone is looked up."""
_WORD = re.compile(r'[^\s"()]+(?:\([^\s"()]*\)[^\s"()]*)*')
_ASIDE = re.compile(r"\s+")
_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind``: word, phrase, prefix, filter, open, close, or, not. ``name`` and ``negated`` are for filters."""

    kind: str
    text: str
    start: int
    name: str = ""
    negated: bool = False


def lex(text: str) -> list[Piece]:
    """The pieces of a text in order. Raises QueryInvalid with the position of what can't be read."""
    if len(text) > MAX_LENGTH:
        raise QueryInvalid(f"a query may hold {MAX_LENGTH} characters; this has {len(text)}", position=MAX_LENGTH)
    plain = _closed_up("".join(char if char.isprintable() else " " for char in text.translate(_PLAIN)))
    pieces: list[Piece] = []
    depth = at = 0
    while at < len(plain):
        char = plain[at]
        if char.isspace():
            at += 1
        elif char in "()":
            depth += 1 if char == "(" else -1
            pieces.append(Piece("open" if char == "(" else "close", char, at))
            at += 1
        elif char == '"':
            at = _phrase(plain, at, pieces)
        else:
            at = _run(plain, at, depth, pieces)
    return pieces


def _closed_up(plain: str) -> str:
    """Blanks inside a symbol ("G/TBT/N/EU/7 /Add. 1") made joiners, so that it stays one word and places stay true."""
    chars = list(plain)
    for start, end, _ in find_symbols(plain):
        chars[start:end] = [_JOINER if char.isspace() else char for char in plain[start:end]]
    return "".join(chars)


def _phrase(plain: str, at: int, pieces: list[Piece]) -> int:
    end = plain.find('"', at + 1)
    if end < 0:
        raise QueryInvalid('this " has no closing "', position=at)
    inner = _ASIDE.sub(" ", plain[at + 1 : end].replace(_JOINER, "")).strip()
    if has_letters(inner):
        pieces.append(Piece("phrase", inner, at))
    else:
        _drop_not(pieces)
    return end + 1


def _run(plain: str, at: int, depth: int, pieces: list[Piece]) -> int:
    """A word with the minus before it, or a filter."""
    start = at
    while at < len(plain) and plain[at] in EDGES:
        at += 1
    if at >= len(plain) or plain[at].isspace() or plain[at] == ")":
        return at  # a sign between blanks is punctuation
    negated = plain[at - 1] in "-−" and at > start
    if pieces and pieces[-1].kind == "not":
        negated = False
    if at < len(plain) and plain[at] in '("':
        if negated:
            pieces.append(Piece("not", "-", start))
        return at
    named = _FILTER.match(plain, at)
    if named and named[1].casefold() in _LABELS and plain[named.end() : named.end() + 1].isalnum():
        at, named = named.end(), None
    if named and _is_filter(plain, named):
        return _filter(plain, named, depth, Piece("filter", "", start, negated=negated), pieces)
    match = _WORD.match(plain, at)
    if match is None:
        return at + 1
    _word(match[0], Piece("word", "", start, negated=negated), pieces)
    return match.end()


def _is_filter(plain: str, named: re.Match[str]) -> bool:
    """A known name, or letters, a colon and a value that is no address: then it must be one that we know."""
    name, after = named[1].casefold(), plain[named.end() : named.end() + 2]
    if name in FILTER_NAMES:
        return True
    if not after or after[0].isspace() or after[0] in ":)" or after == "//" or name in ("mailto", "urn", "doi"):
        return False
    if not named[1].replace("_", "").isalpha():
        return False
    raise QueryInvalid(
        f"there is no filter {named[1]}:; the filters are {', '.join(sorted(set(FILTER_NAMES.values())))}. "
        f"To search for these words, put them in quotes",
        position=named.start(),
    )


def _filter(plain: str, named: re.Match[str], depth: int, piece: Piece, pieces: list[Piece]) -> int:
    name = FILTER_NAMES[named[1].casefold()]
    value = _VALUE.match(plain, named.end())
    if value is None:
        raise QueryInvalid(f"{named[1]}: needs its value right after the colon", position=named.end())
    if depth > 0:
        raise QueryInvalid(
            f"{named[1]}: stands inside parentheses; filters hold for the whole query, so write it outside",
            position=named.start(),
        )
    negated = piece.negated or _drop_not(pieces)
    pieces.append(Piece("filter", value[0], named.end(), name=name, negated=negated))
    return value.end()


def _word(raw: str, piece: Piece, pieces: list[Piece]) -> None:
    raw = raw.replace(_JOINER, "")
    bare = raw.strip(EDGES)
    if raw in OPERATORS and not piece.negated:
        if raw != "AND":
            pieces.append(Piece(raw.casefold(), raw, piece.start))
        return
    if not has_letters(bare):
        _drop_not(pieces)
        return
    if bare in OPERATORS:  # a word after all, by what clings to it ("OR•"): small letters say so in the canonical text
        bare = bare.casefold()
    if piece.negated:
        pieces.append(Piece("not", "-", piece.start))
    is_prefix = raw.rstrip(",;:.!?").endswith("*")
    if is_prefix and len(bare) < 2:
        raise QueryInvalid(f"a beginning needs two letters at least: {raw}", position=piece.start)
    pieces.append(Piece("prefix" if is_prefix else "word", bare, piece.start))


def _drop_not(pieces: list[Piece]) -> bool:
    """Take back a minus whose word was nothing; True when there was one."""
    if pieces and pieces[-1].kind == "not":
        pieces.pop()
        return True
    return False


def has_letters(text: str) -> bool:
    """True when a letter or digit of any script is in the text."""
    return any(char.isalnum() for char in text)
