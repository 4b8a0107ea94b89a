"""A regime card as frozen values. Written by hand in ``cards/*.yml``; read by ``notices.regimes.loader``.

No figure stands in a sentence: sentences name figures as ``{figure-id}``, so that each number, date and amount has its
own record with the words of the law it was read in, or the reason why it was not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class State(StrEnum):
    """How the law stands. ``AMENDED`` is in force, but no longer as adopted."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    ENDED = "ended"


class Standing(StrEnum):
    """What kind of text a figure was read in."""

    NEWEST = "newest"  # a whole recorded text of the newest version known
    AS_ADOPTED = "as_adopted"  # the act as adopted, or a reconstruction of it; later amendments were not collected
    ABSTRACT = "abstract"  # the publisher's abstract only


class Level(StrEnum):
    """How far a figure may be trusted; only the first two may enter an answer, the second with its caveat."""

    VERIFIED = "verified"
    AS_ADOPTED = "as_adopted"
    UNVERIFIED = "unverified"


class Bound(StrEnum):
    """How a value bounds what it measures. ``NOT_BEFORE``: this day, or a later one that another act decides."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    FEWER_THAN = "fewer_than"
    FROM = "from"
    BEFORE = "before"
    BY = "by"
    UNTIL = "until"
    NOT_BEFORE = "not_before"


class Role(StrEnum):
    """Who is bound, or affected through a buyer who is."""

    MANUFACTURER = "manufacturer"
    IMPORTER = "importer"
    EXPORTER = "exporter"
    OPERATOR = "operator"
    TRADER = "trader"
    LARGE_COMPANY = "large_company"
    FINANCIAL = "financial"
    SUPPLIER = "supplier"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in Korean and English."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class TextRef:
    """The text that figures were read in: notice id, field, the publisher's version, sha256 of the field's text."""

    id: str
    field: str  # "body" | "summary"
    version: str
    sha256: str
    standing: Standing
    caveat: Bilingual | None  # holds for every figure read in it
    known_amendments: tuple[str, ...]  # later amending acts that were looked at; none of them touches a figure


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, share, amount or day of the law. ``quote`` is verbatim and contains the value."""

    id: str
    value: Decimal | date
    unit: str  # "date", "year", "%", "EUR", "USD", or a word such as "employees", "kWh", "months", "items"
    bound: Bound
    what: Bilingual
    locator: str  # "Article 8(2)(a)", "Annex I", "abstract", "26 USC 30D(e)(1)(B)"
    quote: str | None
    applies_from: date | None
    applies_until: date | None
    text: TextRef | None
    caveat: Bilingual | None
    reason: Bilingual | None  # why it is unverified

    @property
    def level(self) -> Level:
        """How far it may be trusted, by the text it was read in."""
        if self.text is None:
            return Level.UNVERIFIED
        return Level.VERIFIED if self.text.standing is Standing.NEWEST else Level.AS_ADOPTED

    @property
    def verified_against(self) -> TextRef | None:
        """The newest text that it was checked against; None for anything less."""
        return self.text if self.level is Level.VERIFIED else None


@dataclass(frozen=True, slots=True)
class RegimeStatus:
    """How the law stands. ``since`` names the figure with the day: of first application, or the last day when ended."""

    state: State
    since: str  # figure id
    note: Bilingual


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis as it is cited: scheme celex | cfr | usc | public_law | fr_number | other."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class HsScope:
    """One HS code (2022) that the regime reaches. ``listed_in`` is the locator of the law's own list, None if ours."""

    code: str
    part: bool  # "ex": only part of the code
    note: Bilingual
    listed_in: str | None
    text: TextRef | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is bound, in the law's words and ours."""

    role: Role
    who: Bilingual


@dataclass(frozen=True, slots=True)
class Duty:
    """Who must do what by when. ``by`` and ``figures`` are figure ids; ``hs`` narrows the card's scope, () = all."""

    id: str
    roles: tuple[Role, ...]
    what: Bilingual
    locator: str
    by: str | None
    figures: tuple[str, ...]
    hs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where to read it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Relation:
    """How this regime bears on another card."""

    to: str
    note: Bilingual


@dataclass(frozen=True, slots=True)
class Regime:
    """One card: everything that an exporter asks first, with where it is written."""

    id: str
    name: Bilingual
    short: Bilingual
    nicknames: tuple[str, ...]  # other names in use, both languages
    market: str  # ISO alpha-2 or EU
    basis: tuple[Basis, ...]
    status: RegimeStatus
    summary: Bilingual
    hs: tuple[HsScope, ...]
    hs_note: Bilingual
    actors: tuple[Actor, ...]
    duties: tuple[Duty, ...]
    figures: tuple[Figure, ...]
    evidence: tuple[Bilingual, ...]
    penalties: tuple[Bilingual, ...]
    exemptions: tuple[Bilingual, ...]
    direct_exporter: Bilingual
    supplier: Bilingual
    sources: tuple[Source, ...]
    relations: tuple[Relation, ...]
    texts: tuple[TextRef, ...]

    def figure(self, figure_id: str) -> Figure:
        """One of its figures. Raises KeyError."""
        for figure in self.figures:
            if figure.id == figure_id:
                return figure
        raise KeyError(figure_id)
