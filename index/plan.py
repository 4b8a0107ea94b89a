"""What a query means, compiled once (``index.compiling.compile_query``) into tokens and codes for both engines.

**The indexed unit is the revision, not the passage.** Words, phrases and ``-not`` are judged over one revision of one
notice: every passage's tokens are joined per *scoring field* (``title``, ``products``, ``summary``, ``body``; see
:data:`FIELD_OF`). So "lithium battery" matches a notice that has one word in the title and the other in the body, and
``-toy`` rules out a notice that says toy anywhere. A phrase must stand within one model field (its passages are
consecutive, so it may cross a passage border, never a field border). Passages stay the unit of highlights, and later of
dense vectors. Elasticsearch therefore holds one document per revision for words, with one ``text`` field per scoring
field (``whitespace`` analyzer, ``position_increment_gap`` 100) whose values are :func:`index.fields.streams`.

How a :data:`Clause` is evaluated, on either engine:

============== ========================================== =====================================================
clause         true when                                  score
============== ========================================== =====================================================
TokenLeaf      the token stands in any scoring field      weight × BM25 over the fields (:data:`FIELD_WEIGHTS`)
PhraseLeaf     the tokens stand in order, gaps ≤ slop     weight × sum of the tokens' BM25
PrefixLeaf     a token that begins so stands anywhere     weight × 1
CodeLeaf       a notified/inherited code is one of codes, weight × 1
               or (``below``) lies under one of them;
               system "market": the notice's market is
AllOf          every part is true                         sum of the parts
AnyOf          a part is true                             the highest part (synonyms never add up)
AtLeast        ``count`` parts are true                   sum of the true parts
NoneOf         the part is false                          0
Everything     always                                     0
Nothing        never                                      0
============== ========================================== =====================================================

``truth ∪ own identifiers``, cut by the filters, is the match set: totals, facets and ``matching`` count exactly that.
``boosts`` add to the score of what matches already and decide nothing. The sum is multiplied by the kind's prior
(:data:`KIND_PRIOR`), and by :data:`BROAD_FACTOR` when an ``hs:``/``ics:`` filter holds through a broader code only.
Order by relevance: identifier hits, then score, then newest published, then notice id; a family is shown by its best.

Operator for plain words: **all are required** (DESIGN §3: And), with two reservations. Words that every notice could
carry ("regulation", 규제, 알려줘 …) only score. Beside a product that the glossary knows, words for what any rule
on goods may be about ("safety", "labelling", 안전, 표시 …) only score too: someone who exports batteries wants
every battery rule, the safety rules first. Either is required when nothing else was typed, and always when quoted.
When no notice matches, :attr:`Plan.relaxations` are tried in turn and the page says so (``warnings``: "relaxed: …");
``matching`` never relaxes.

A code filter ruled out (``-hs:8507``) rules out what ``hs:8507`` finds, direct or broad. ``matching`` looks at current
revisions whatever ``as_of`` says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from notices.model import Kind
from notices.search import Filters, Sort

FIELD_WEIGHTS: dict[str, float] = {"title": 3.0, "products": 2.5, "summary": 1.5, "body": 1.0}
"""Scoring fields and how much a word in each weighs."""

FIELD_OF: dict[str, str] = {
    "title": "title",
    "title_original": "title",
    "products_text": "products",
    "keywords": "products",
    "summary": "summary",
    "action": "summary",
    "objectives_text": "summary",
}
"""Scoring field of each model field; all others count as ``body``."""

KIND_PRIOR: dict[Kind, float] = {
    Kind.NOTICE: 0.8,  # meetings, information collections: seldom what an exporter must do
    Kind.PRESIDENTIAL: 0.7,
    Kind.ADDENDUM: 0.95,  # of a family, the measure itself before news of it
    Kind.CORRIGENDUM: 0.9,
    Kind.SUPPLEMENT: 0.9,
}
"""Factor on the score by kind; 1 where not named."""

BROAD_FACTOR = 0.5
"""Factor when a code filter holds only through a broader declared code."""

IDENTIFIER_SCORE = 1000.0
"""Added to a notice that the query names: it comes first by relevance."""

GLOSSARY_WEIGHT = 0.7
"""Weight of a translation or synonym against the typed word."""


@dataclass(frozen=True, slots=True)
class TokenLeaf:
    """One index token."""

    token: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PhraseLeaf:
    """Tokens in this order within one model field, with at most ``slop`` others between them in all."""

    tokens: tuple[str, ...]
    weight: float = 1.0
    slop: int = 0


@dataclass(frozen=True, slots=True)
class PrefixLeaf:
    """Any token that begins like this."""

    prefix: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CodeLeaf:
    """A notified or inherited code of ``system`` "hs" or "ics" or a "market"; ``below`` takes codes under each too."""

    system: str
    codes: tuple[str, ...]
    weight: float = 1.0
    below: bool = True


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part or more; the highest scores."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``count`` parts or more; those that are true score."""

    count: int
    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Not this part."""

    part: Clause


@dataclass(frozen=True, slots=True)
class Everything:
    """Every revision."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No revision."""


Leaf = TokenLeaf | PhraseLeaf | PrefixLeaf | CodeLeaf
Clause = Leaf | AllOf | AnyOf | AtLeast | NoneOf | Everything | Nothing


@dataclass(frozen=True, slots=True)
class Term:
    """What one typed word became: for ``why`` and highlights. ``origin`` is "term" or "glossary"."""

    typed: str
    origin: str
    tokens: tuple[str, ...] = ()  # any of these tokens in a text is a match of the word
    hs: tuple[str, ...] = ()
    ics: tuple[str, ...] = ()
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled query. ``day`` is as_of or today: it decides ``open`` and the order by deadline."""

    truth: Clause
    boosts: tuple[Clause, ...]
    relaxations: tuple[Clause, ...]
    identifiers: tuple[str, ...]
    filters: Filters
    sort: Sort
    day: date
    terms: tuple[Term, ...] = field(default=())

    @property
    def scored(self) -> bool:
        """False for a query of filters only: relevance is then direct before broad, newest first."""
        return not isinstance(self.truth, Everything)
