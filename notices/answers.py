"""What the chatbot gives: an answer whose every claim points at a span, a question back, or a refusal with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Status(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why it was not answered."""

    NO_EVIDENCE = "no_evidence"
    OUT_OF_SCOPE = "out_of_scope"
    STALE_SOURCE = "stale_source"
    AMBIGUOUS_PRODUCT = "ambiguous_product"
    CONFLICT = "conflict"
    NEEDS_EXPERT = "needs_expert"


@dataclass(frozen=True, slots=True)
class Citation:
    """``quote == text[start:end]`` of one field of one revision; ``sha256`` is over the quote in UTF-8.

    ``field`` is a text field of Facts, or a field of values or a day, as ``chatbot.citations.cited_text`` spells it.
    """

    notice: str
    revision: int
    text_version: int
    field: str
    start: int
    end: int
    quote: str
    sha256: str
    heading_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A typed piece of a claim, as written in a cited span. Kinds: date, threshold, product, actor, duty, article."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement with its places; ``gloss`` pairs words of the original with our glossary's Korean."""

    text: str
    citations: tuple[Citation, ...]
    slots: tuple[Slot, ...] = ()
    gloss: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh a publisher's data are: when it was last read to the end, and its newest record."""

    publisher: str
    last_success: datetime | None
    newest: date | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that the question may mean, by its HS code."""

    hs: str
    title_ko: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole of it; ``text`` is what people read, built of the claims and nothing else."""

    question: str
    language: str  # "ko" | "en"
    status: Status
    text: str
    as_of: date
    reason: Reason | None = None
    claims: tuple[Claim, ...] = ()
    sources: tuple[Freshness, ...] = ()
    degraded: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    next_step: str = ""
    candidates: tuple[Candidate, ...] = ()
    generation: str = ""
    replayed: bool = False

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every place, each once, in the order of the claims."""
        return tuple(dict.fromkeys(citation for claim in self.claims for citation in claim.citations))
