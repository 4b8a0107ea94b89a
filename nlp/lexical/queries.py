"""What a person typed, as terms that a text either holds or not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.lexical.citations import citation_tokens
from nlp.lexical.folding import fold, original_span
from nlp.lexical.korean import MAX_GROUP, Morpheme, analyse_hangul
from nlp.lexical.scanning import DENSE_RUN, HANGUL_ANY, SPECIAL, chunks_of
from nlp.lexical.words import cut, stem

MAX_QUERY = 2_000  # characters; nobody types more, and every term costs the engine a look-up
_CODE_CUE = re.compile(
    r"(?:hs|hsk|hts|htsus|ics)(?: ?codes?(?:\(s\))?)?(?: ?no\.?)? ?:? ?\d|codes?(?:\(s\))? ?:? ?\d\d"
)


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


def analyse_query(text: str) -> list[Term]:
    """The terms of what a person typed, in order; words that say nothing are left out.

    A code or citation in any spelling becomes one exact term; Korean without blanks falls apart into its nouns. What
    stands after MAX_QUERY characters is not read.
    """
    text = text[:MAX_QUERY]
    folded, origin = fold(text)
    terms: list[Term] = []
    taken: list[tuple[int, int]] = []
    for start, end, exact in sorted(citation_tokens(folded), key=lambda item: (item[0], -item[1])):
        if not _overlaps(start, end, taken):
            taken.append((start, end))
            terms.append(Term(folded[start:end], start, end, (cut(exact[0]),)))
    for start, end, found in chunks_of(folded):
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
    for match in DENSE_RUN.finditer(folded):
        pairs = tuple(match[0][i : i + 2] for i in range(len(match[0]) - 1)) or (match[0],)
        terms.append(Term(match[0], match.start(), match.end(), pairs, adjacent=len(pairs) > 1))
    if HANGUL_ANY.search(folded):
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
    chunks = chunks_of(folded)
    special = SPECIAL.search(folded)
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
