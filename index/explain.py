"""Why a hit is here and where its words stand: one function for both engines, from the stored document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.fields import best_match, code_prefixes
from index.marking import Mark, Marker
from index.plan import Plan, Term
from index.records import StoredDocument, StoredText
from notices.model import Passage, Provenance
from notices.search import CodeFilter, CodeTag, Highlight, IndexDocument, Why

SNIPPET = 260
"""Characters of a highlight, about."""
MAX_PASSAGES = 24
"""Passages of one document that are looked at for highlights."""
MAX_MARKS = 12
_TITLES = ("title", "title_original")

Shown = IndexDocument | StoredDocument
Text = Passage | StoredText
_Reason = tuple[str, str]


@dataclass(slots=True)
class Wanted:
    """A plan's tokens, made ready once per page."""

    terms: Sequence[Term]
    tokens: frozenset[str] = field(init=False)
    _prefixes: frozenset[str] = field(init=False)
    _markers: dict[frozenset[str], Marker | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = frozenset(token for term in self.terms for token in term.tokens)
        self._prefixes = frozenset(term.prefix for term in self.terms if term.prefix)

    def marker(self, absent: frozenset[str] = frozenset()) -> Marker | None:
        """A marker of the tokens without those that the document has not; None when nothing can be marked."""
        if absent not in self._markers:
            tokens = self.tokens - absent
            self._markers[absent] = Marker(tokens, self._prefixes) if tokens or self._prefixes else None
        return self._markers[absent]


def explain(
    plan: Plan, wanted: Wanted, document: Shown, absent: frozenset[str] = frozenset()
) -> tuple[tuple[Why, ...], tuple[Highlight, ...]]:
    """The reasons, identifiers first, and up to two highlights: the title's and the best other passage's.

    ``absent`` are wanted tokens that the engine knows to stand nowhere in the document: they are not looked for.
    """
    texts: Iterable[Text] = (
        document.texts(MAX_PASSAGES) if isinstance(document, StoredDocument) else document.passages[:MAX_PASSAGES]
    )
    marked = _marked(wanted, wanted.marker(absent), texts)
    why = [("identifier", key) for key in plan.identifiers if key in document.identifiers]
    why += _code_reasons(plan, document)
    why += _term_reasons(plan.terms, marked.seen, document)
    if not why:
        why = _filter_reasons(plan, document)
    return tuple(map(_why, dict.fromkeys(why))), _highlights(marked)


@lru_cache(maxsize=2_000)
def _why(reason: _Reason) -> Why:
    return Why(*reason)


def _code_reasons(plan: Plan, document: Shown) -> list[_Reason]:
    found: list[_Reason] = []
    for system, wanted in (("hs", plan.filters.hs), ("ics", plan.filters.ics)):
        best = best_match(system, wanted, document.hs if system == "hs" else document.ics) if wanted else None
        if best is not None:
            found.append((f"{system}_{best[0].value}", best[1]))
    for term in plan.terms:
        if term.origin == "term" and term.hs:
            best = best_match("hs", [CodeFilter(code) for code in term.hs], document.hs)
            if best is not None:
                found.append((f"hs_{best[0].value}", best[1]))
    return found


def _term_reasons(terms: Sequence[Term], seen: set[str], document: Shown) -> list[_Reason]:
    found: list[_Reason] = []
    coded = any(term.origin != "term" and (term.hs or term.ics) for term in terms)
    declared = {system: _declared(system, getattr(document, system)) if coded else {} for system in ("hs", "ics")}
    for term in terms:
        hit = [] if seen.isdisjoint(term.tokens) else [token for token in term.tokens if token in seen]
        if not hit and term.prefix:
            hit = sorted(token for token in seen if token.startswith(term.prefix))[:1]
        if term.origin == "term":
            found += [("term", term.typed)] if hit else []
            continue
        codes = [f"HS {declared['hs'][code]}" for code in term.hs if code in declared["hs"]]
        codes += [f"ICS {declared['ics'][code]}" for code in term.ics if code in declared["ics"]]
        if codes:
            found.append(("glossary", f"{term.typed} → {codes[0]}"))
        elif hit:
            found.append(("glossary", f"{term.typed} → {' '.join(hit)}"))
    return found


def _declared(system: str, tags: Sequence[CodeTag]) -> dict[str, str]:
    """Every declared or inherited code by itself and its broader ones."""
    own = [tag.code for tag in tags if tag.provenance is not Provenance.INFERRED]
    return {prefix: code for code in own for prefix in code_prefixes(system, code)}


def _filter_reasons(plan: Plan, document: Shown) -> list[_Reason]:
    filters = plan.filters
    found = [f"market:{value}" for value in document.markets if value in filters.markets]
    found += [f"kind:{document.kind}"] if document.kind in filters.kinds else []
    found += [f"sector:{value}" for value in document.sectors if value in filters.sectors]
    found += [f"source:{document.source}"] if document.source in filters.sources else []
    found += [f"published:{document.published_on}"] if filters.published else []
    found += [f"deadline:{document.comment_until}"] if filters.deadline or filters.open else []
    return [("filter", detail) for detail in found]


@dataclass(slots=True)
class _Marks:
    """What a document's texts show: tokens seen, the first title with a mark, the passage with most tokens."""

    seen: set[str] = field(default_factory=set)
    title: tuple[Text, list[Mark]] | None = None
    best: tuple[Text, list[Mark]] | None = None
    most: int = 0

    def take(self, text: Text, marks: list[Mark], tokens: set[str]) -> None:
        """Take a marked text in."""
        self.seen |= tokens
        if text.field in _TITLES:
            self.title = self.title or (text, marks)
        elif text.field != "identifiers" and len(tokens) > self.most:
            self.best, self.most = (text, marks), len(tokens)

    def learns_from(self, name: str, tokens: Sequence[str] | None) -> bool:
        """Whether a text of this field with no other tokens than these could change anything."""
        if tokens is None or len(tokens) > self.most or not self.seen.issuperset(tokens):
            return True
        return self.title is None and name in _TITLES


def _marked(wanted: Wanted, marker: Marker | None, texts: Iterable[Text]) -> _Marks:
    """Marks in field order; no further than needed to see every typed word, in any wording, and one passage
    with a mark."""
    found = _Marks()
    if marker is None:
        return found
    unseen = {term.typed for term in wanted.terms}
    shown = False
    for text in texts:
        if found.most and not found.learns_from(text.field, marker.tokens_at_most(text.text)):
            continue
        marks = marker.mark(text.text)
        if not marks:
            continue
        tokens = {token for _, _, token in marks}
        if not tokens <= found.seen:
            unseen -= {term.typed for term in wanted.terms if not tokens.isdisjoint(term.tokens)}
        found.take(text, marks, tokens)
        shown = shown or text.field not in _TITLES
        if shown and not unseen:
            break
    return found


def _highlights(marked: _Marks) -> tuple[Highlight, ...]:
    return tuple(_highlight(*each) for each in (marked.title, marked.best) if each is not None)


def _highlight(passage: Text, marks: list[Mark]) -> Highlight:
    """The stretch of the passage that holds most different tokens, cut at blanks."""
    text = passage.text
    if len(text) <= SNIPPET:
        return Highlight(passage.field, text, tuple((start, end) for start, end, _ in marks[:MAX_MARKS]))
    best = _densest(marks)
    start = max(0, min(best[0] - 60, len(text) - SNIPPET))
    start = 0 if start == 0 else min(text.find(" ", start) + 1 or start, best[0])
    end = min(len(text), start + SNIPPET)
    end = end if end == len(text) else max(text.rfind(" ", start, end), best[1])
    inside = [(a - start, b - start) for a, b, _ in marks if start <= a and b <= end]
    return Highlight(passage.field, text[start:end], tuple(inside[:MAX_MARKS]))


def _densest(marks: list[Mark]) -> Mark:
    """The first mark with most different tokens within a snippet from it."""
    best, most, end = marks[0], 0, 0
    inside: dict[str, int] = {}
    for first in marks:
        limit = first[0] + SNIPPET - 80
        while end < len(marks) and marks[end][0] < limit:
            inside[marks[end][2]] = inside.get(marks[end][2], 0) + 1
            end += 1
        if len(inside) > most:
            best, most = first, len(inside)
        if inside[first[2]] == 1:
            del inside[first[2]]
        else:
            inside[first[2]] -= 1
    return best
