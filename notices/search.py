"""The language of search: query, index document, hit and page. No engine's words in here.

Semantics (one rule for search, facets and matching, DESIGN §3):
``hs:850760`` finds declared 850760 and below (direct) and 8507 or 85 (broad, ranked lower, said in ``why``);
``hs:=850760`` only itself; likewise ``ics:``. Notified and inherited codes match; inferred only with
``+inferred``. Values of one filter are alternatives; different filters must all hold. Totals and facets count families.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from notices.model import Kind, Passage, Provenance


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed; the analyser makes tokens of it, the same for both engines."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, next to each other."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin like this (typed ``batter*``)."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """The notice's passages must not match."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """All must match."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one must match."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Matches every notice: a query of filters only."""


Node = Word | Phrase | Prefix | Not | And | Or | MatchAll


class Sort(StrEnum):
    """Order of a result page. Ties always fall back to notice id."""

    RELEVANCE = "relevance"
    PUBLISHED = "published"  # newest first
    DEADLINE = "deadline"  # nearest comment deadline that has not passed first, then none, then passed


@dataclass(frozen=True, slots=True)
class CodeFilter:
    """An HS or ICS code filter; ``exact`` is ``hs:=…``, ``inferred`` is ``hs:…+inferred``."""

    code: str  # digits for HS ("850760"), dotted for ICS ("29.220")
    exact: bool = False
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class DateRange:
    """Both ends inclusive, either open."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Facts that must hold. Empty tuple or None: no such filter. ``not_*`` come from ``-market:US`` and the like."""

    hs: tuple[CodeFilter, ...] = ()
    ics: tuple[CodeFilter, ...] = ()
    markets: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    sectors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    published: DateRange | None = None
    deadline: DateRange | None = None
    open: bool | None = None  # True: comment deadline today or later; False: passed or none
    as_of: date | None = None  # the revisions valid on that day, instead of the open-ended ones
    not_markets: tuple[str, ...] = ()
    not_kinds: tuple[Kind, ...] = ()
    not_sectors: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    not_hs: tuple[CodeFilter, ...] = ()
    not_ics: tuple[CodeFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A whole question to the index. ``today`` comes from the Clock and decides ``open``."""

    node: Node
    today: date
    filters: Filters = Filters()
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    cursor: str | None = None
    facets: tuple[str, ...] = ()  # of FACET_FIELDS
    identifiers: tuple[str, ...] = ()  # lookup keys found in the text: their own notice comes first


FACET_FIELDS: tuple[str, ...] = ("market", "kind", "sector", "source", "hs", "ics", "year")
"""hs facets count chapters (2 digits), ics facets fields (2 digits)."""

TOTAL_LIMIT = 10_000
"""Totals and facet counts are exact up to here; above, ``total_relation`` is "gte"."""


@dataclass(frozen=True, slots=True)
class CodeTag:
    """A clean code on an index document, with whose word it is."""

    code: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """One revision of one notice, as the index sees it: filters, and passages to search in."""

    notice_id: str
    revision: int
    family: str
    source: str
    kind: Kind
    title: str
    markets: tuple[str, ...]
    sectors: tuple[str, ...]
    symbols: tuple[str, ...]
    identifiers: tuple[str, ...]  # lookup keys of the notice's own names (notices.identity.lookup_key)
    hs: tuple[CodeTag, ...]
    ics: tuple[CodeTag, ...]
    published_on: date
    comment_until: date | None
    valid_from: date
    valid_until: date | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Highlight:
    """``field`` text around a match: ``text`` with (start, end) pairs of matched stretches, counted in ``text``."""

    field: str
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Why:
    """One reason a hit is here; ``detail`` is what matched, e.g. "850760" or "battery".

    ``code`` is stable: term, identifier, hs_direct, hs_broad, ics_direct, ics_broad, glossary, filter.
    """

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One family, shown by its best matching notice."""

    notice_id: str
    family: str
    revision: int
    score: float
    why: tuple[Why, ...]
    highlights: tuple[Highlight, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many families carry a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What a search gives. ``total`` counts families; ``total_relation`` is "eq", or "gte" past TOTAL_LIMIT."""

    total: int
    total_relation: str
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    next_cursor: str | None
    generation: str
    warnings: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Generation:
    """One built index: its name, what it holds and how far into the change log it reaches."""

    name: str
    notices: int
    passages: int
    change_seq: int
    analysis: str  # fingerprint of text analysis and document shape; another one means: rebuild


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `tongbo index --verify` found: ids that are missing, left over or stale in the index."""

    generation: str
    checked: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True when index and store agree."""
        return not (self.missing or self.extra or self.stale)
