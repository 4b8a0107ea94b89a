"""The one text analysis that both engines share: text in, tokens out; loads no model until Hangul is met.

Every token is free of blanks and at most 100 bytes, so an engine that splits on white space indexes exactly these
tokens. *Main* tokens come in text order and carry phrases; *extras* are other spellings of a stretch (joined compounds,
normal forms of codes and citations) and stand after all main tokens in :func:`tokens`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.metadata import version

from nlp.lexical.citations import TRIGGER, citation_tokens
from nlp.lexical.folding import fold, original_span
from nlp.lexical.korean import MAX_GROUP, STOP_WORDS_KO, USER_WORDS, Morpheme, analyse_hangul
from nlp.lexical.words import CACHE_LIMIT, STOP_WORDS, Analysed, analyse_chunk, cut, stem

ANALYSIS_REVISION = 1
"""Raise when tokens of any text change."""

_HANGUL = r"\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_DENSE = (  # scripts written without blanks: Han, Kana, Thai, Lao, Myanmar, Khmer
    r"\u3005\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff\u0e01-\u0e3a\u0e40-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17ff"
)
_MARKS = r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u0dff"
_GLUE = r"(?:[-.'/&]|(?<=\d),(?=\d))"
_ASCII_CHUNK = re.compile(rf"[a-z0-9]+(?:{_GLUE}[a-z0-9]+)*")
_LETTERS = rf"(?:(?![{_HANGUL}{_DENSE}])[^\W_]|[{_MARKS}])+"
_CHUNK = re.compile(rf"{_LETTERS}(?:{_GLUE}{_LETTERS})*")
_PLAIN_LETTERS = rf"(?:[^\W_]|[{_MARKS}])+"  # the same where no special script stands, at twice the speed
_PLAIN_CHUNK = re.compile(rf"{_PLAIN_LETTERS}(?:{_GLUE}{_PLAIN_LETTERS})*")
_DENSE_RUN = re.compile(rf"[{_DENSE}]+")
_HANGUL_ANY = re.compile(rf"[{_HANGUL}]")
_SPECIAL = re.compile(rf"[{_HANGUL}{_DENSE}]")
_CODE_CUE = re.compile(
    r"(?:hs|hsk|hts|htsus|ics)(?: ?codes?(?:\(s\))?)?(?: ?no\.?)? ?:? ?\d|codes?(?:\(s\))? ?:? ?\d\d"
)
_EXTRA, _CITED = "\x01", "\x02"  # marks inside the cache's values; no token can hold them


def _fingerprint() -> str:
    lists = (" ".join(sorted(words)) for words in (STOP_WORDS, STOP_WORDS_KO, USER_WORDS))
    parts = (version("kiwipiepy"), version("pystemmer"), *lists)
    return f"{ANALYSIS_REVISION}.{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"


ANALYSIS_VERSION = _fingerprint()
"""Names this analysis: an index built under another one must be rebuilt."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it came from: ``original[start:end]``. Tokens that share a position are spellings of one word.

    ``main`` tokens carry phrases (consecutive positions); extras match single words only.
    """

    text: str
    start: int
    end: int
    position: int
    main: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """One word, compound or code of a query. A text matches when it holds all ``tokens``, or any one of ``variants``.

    ``adjacent`` tokens must stand next to each other, in order (scripts written without blanks).
    """

    text: str
    start: int
    end: int
    tokens: tuple[str, ...]
    variants: tuple[str, ...] = ()
    adjacent: bool = False


@dataclass(frozen=True, slots=True)
class PrefixTerm:
    """What ``batter*`` asks for: all of ``lead``, and a token that begins with one of ``starts`` or is in ``exact``."""

    lead: tuple[str, ...]
    starts: tuple[str, ...]
    exact: tuple[str, ...]


class _Cache(dict[str, str]):
    """Chunk → its tokens joined by blanks, extras marked; bounded by starting anew."""

    def __missing__(self, chunk: str) -> str:
        found = analyse_chunk(chunk)
        value = " ".join((*found.tokens, *(_EXTRA + extra for extra in found.extras)))
        if TRIGGER.match(chunk):
            value += " " + _CITED
        if len(chunk) <= 60:
            if len(self) >= CACHE_LIMIT:
                self.clear()
            self[chunk] = value
        return value


_cache = _Cache()


def tokens(text: str) -> list[str]:
    """The tokens to index, without offsets: main ones in text order, then extras. Join them by blanks."""
    folded, _ = fold(text)
    if folded.isascii():
        chunks = _ASCII_CHUNK.findall(folded)
    elif _SPECIAL.search(folded):
        found = _scan(folded)
        return [t.text for t in found if t.main] + [t.text for t in found if not t.main]
    else:
        chunks = _PLAIN_CHUNK.findall(folded)
    joined = " ".join(map(_cache.__getitem__, chunks))
    listed = joined.split()
    if _EXTRA not in joined and _CITED not in joined:
        return listed
    main = [token for token in listed if token[0] > _CITED]
    main += [token[1:] for token in listed if token[0] == _EXTRA]
    if _CITED in joined:
        for _, _, exact in citation_tokens(folded):
            main += map(cut, exact)
    return main


def analyse(text: str) -> list[Token]:
    """The same tokens with offsets into the original text, ordered by position, each extra after its main token."""
    folded, origin = fold(text)
    found = _scan(folded)
    if origin is None:
        return found
    return [Token(t.text, *original_span(origin, t.start, t.end), t.position, t.main) for t in found]


def _chunks(folded: str) -> list[tuple[int, int, Analysed]]:
    pattern = _ASCII_CHUNK if folded.isascii() else _CHUNK
    return [(match.start(), match.end(), analyse_chunk(match[0])) for match in pattern.finditer(folded)]


def _bigrams(folded: str) -> list[tuple[str, int, int]]:
    found = []
    for match in _DENSE_RUN.finditer(folded):
        start, end = match.span()
        if end - start == 1:
            found.append((match[0], start, end))
        found += [(folded[i : i + 2], i, i + 2) for i in range(start, end - 1)]
    return found


def _scan(folded: str) -> list[Token]:
    """All tokens of folded text with folded offsets."""
    main: list[tuple[int, int, str]] = []
    extra: list[tuple[int, int, str]] = []
    cited = False
    for start, end, found in _chunks(folded):
        main += [(start + a, start + b, token) for token, a, b in found.main]
        extra += [(start, end, token) for token in found.extras]
        cited = cited or TRIGGER.match(folded, start, end) is not None
    if not folded.isascii():
        main += [(start, end, token) for token, start, end in _bigrams(folded)]
        if _HANGUL_ANY.search(folded):
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


def phrase_tokens(text: str) -> list[str]:
    """The main tokens of a phrase: a text holds the phrase when it holds these next to each other in this order."""
    return [token.text for token in analyse(text) if token.main]


def analyse_query(text: str) -> list[Term]:
    """The terms of what a person typed, in order; words that say nothing are left out.

    A code or citation in any spelling becomes one exact term; Korean without blanks falls apart into its nouns.
    """
    folded, origin = fold(text)
    terms: list[Term] = []
    taken: list[tuple[int, int]] = []
    for start, end, exact in sorted(citation_tokens(folded), key=lambda item: (item[0], -item[1])):
        if not _overlaps(start, end, taken):
            taken.append((start, end))
            terms.append(Term(folded[start:end], start, end, (cut(exact[0]),)))
    for start, end, found in _chunks(folded):
        cue = folded[start:end].isalpha() and _CODE_CUE.match(folded, start)
        if found.main and not cue and not _overlaps(start, end, taken):
            terms.append(Term(folded[start:end], start, end, found.tokens, found.same))
    if not folded.isascii():
        terms += [t for t in _dense_terms(folded) if not _overlaps(t.start, t.end, taken)]
    terms.sort(key=lambda term: term.start)
    placed = [(term, *original_span(origin, term.start, term.end)) for term in terms]
    return [Term(text[start:end], start, end, t.tokens, t.variants, t.adjacent) for t, start, end in placed]


def _overlaps(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(a < end and start < b for a, b in taken)


def _dense_terms(folded: str) -> list[Term]:
    terms: list[Term] = []
    for match in _DENSE_RUN.finditer(folded):
        pairs = tuple(match[0][i : i + 2] for i in range(len(match[0]) - 1)) or (match[0],)
        terms.append(Term(match[0], match.start(), match.end(), pairs, adjacent=len(pairs) > 1))
    if _HANGUL_ANY.search(folded):
        groups: dict[int, list[Morpheme]] = {}
        for morpheme in analyse_hangul(folded):
            groups.setdefault(morpheme.group, []).append(morpheme)
        for group in groups.values():
            terms += _hangul_terms(folded, group)
    return terms


def _hangul_terms(folded: str, group: list[Morpheme]) -> list[Term]:
    units = [m for m in group if m.main]
    start, end = min(m.start for m in units), max(m.end for m in units)
    whole = tuple(cut(m.text) for m in group if not m.main and (m.start, m.end) == (start, end))
    if 1 < len(units) <= MAX_GROUP:
        return [Term(folded[start:end], start, end, tuple(cut(m.text) for m in units), whole)]
    return [Term(folded[m.start : m.end], m.start, m.end, (cut(m.text),)) for m in units]


_ENDINGS = (
    "e",
    "s",
    "y",
    "n",
    "ns",
    "ion",
    "ions",
    "on",
    "ing",
    "ed",
    "es",
    "ies",
    "ry",
    "ty",
    "al",
    "ment",
    "ness",
    "le",
    "er",
)


def prefix_tokens(text: str) -> PrefixTerm | None:
    """What a typed prefix (without its ``*``) asks for; None when nothing is left of it.

    Tokens are stems, so ``regulatio`` is also looked for as the stems of the words that it may begin.
    """
    folded, _ = fold(text.rstrip("*"))
    chunks = _chunks(folded)
    special = _SPECIAL.search(folded)
    if special or not chunks:
        bare = "".join(folded.split())
        return PrefixTerm((), (cut(bare),), ()) if bare and special else None
    lead = tuple(token for _, _, found in chunks[:-1] for token in found.tokens)
    start, end, _ = chunks[-1]
    parts = re.split(r"[-'/&]", folded[start:end]) if not folded[start:end][0].isdigit() else [folded[start:end]]
    lead += tuple(token for token in map(stem, parts[:-1]) if token)
    last = parts[-1]
    stems = {stem(last + ending) for ending in _ENDINGS} | {stem(last)}
    exact = tuple(sorted(s for s in stems if s and len(s) >= 3 and last.startswith(s) and s != last))
    return PrefixTerm(lead, (cut(last),), exact)
