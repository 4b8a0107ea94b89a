"""The one model that flows through Tongbo: frozen values, no I/O.

A *fact* is what the publisher says; a *finding* is what we think. They never share a record.
Facts live in :class:`Facts` inside a :class:`Notice`; findings in :class:`Finding`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of publication a notice is. The first six are the WTO's own (G/TBT/35)."""

    REGULAR = "regular"
    URGENT = "urgent"
    ADDENDUM = "addendum"
    CORRIGENDUM = "corrigendum"
    REVISION = "revision"
    SUPPLEMENT = "supplement"
    PROPOSED_RULE = "proposed_rule"
    FINAL_RULE = "final_rule"
    NOTICE = "notice"
    PRESIDENTIAL = "presidential"
    ACT = "act"
    IMPLEMENTING_ACT = "implementing_act"
    CONSOLIDATED_ACT = "consolidated_act"
    GUIDANCE = "guidance"
    REGIME = "regime"


class Provenance(StrEnum):
    """Whose word a value is."""

    NOTIFIED = "notified"
    INHERITED = "inherited"
    INFERRED = "inferred"
    EDITED = "edited"


class Cause(StrEnum):
    """Why a change entered the log. Only ``SOURCE`` may alert anybody."""

    SOURCE = "source"
    REPARSE = "reparse"
    MERGE = "merge"
    BACKFILL = "backfill"


class ChangeKind(StrEnum):
    """What happened to a notice."""

    NEW = "new"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"


class RelationType(StrEnum):
    """How one notice refers to another."""

    AMENDS = "amends"
    CORRECTS = "corrects"
    REVISES = "revises"
    SUPPLEMENTS = "supplements"
    CITES = "cites"
    IMPLEMENTS = "implements"
    NOTIFIES = "notifies"
    REPEALS = "repeals"
    CONSOLIDATES = "consolidates"


class LinkRole(StrEnum):
    """What stands at the other end of a link."""

    SOURCE = "source"  # the publisher's own page of this notice
    FORM = "form"  # the notification form (WTO document)
    DOCUMENT = "document"  # the notified or published text
    COMMENT = "comment"  # where to comment
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetch, stored before it is parsed. ``live_url`` never names a mirror."""

    id: str  # sha256 of source, live_url and body_sha256: the same bytes from the same place are one capture
    source: str  # feed id, e.g. "wto-eping"
    live_url: str
    final_url: str
    fetched_at: datetime  # aware, UTC
    status: int
    media_type: str
    body_sha256: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """An address with its role; ``language`` is ISO 639-1 or None when the source does not say."""

    url: str
    role: LinkRole
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """``target`` is a notice id, or the citation as written when it names nothing that we could collect."""

    type: RelationType
    target: str


@dataclass(frozen=True, slots=True, order=True)
class Agency:
    """An authority as the source names it; ``slug`` is the source's own key, if it has one."""

    name: str
    slug: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A number under which a publisher or docket knows this notice.

    Schemes: ``fr_citation`` ("89 FR 375"), ``fr_number`` ("2024-00375"), ``docket``, ``rin``, ``cfr`` ("40 CFR 52"),
    ``celex``, ``eli``, ``wto_record`` (ePing record id), ``symbol``, ``oj`` ("OJ L 191, 28.7.2023, p. 1"), ``in_force``
    (true | false, the publisher's word on the day of the crawl), ``text_status`` (verbatim | excerpt | reconstructed |
    missing | not_collected), ``text_version`` (the consolidated version's own number), ``oj_date`` (the Official
    Journal's date of the act that a version consolidates), ``incorporates`` (CELEX of an act that it has taken in).
    """

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of ``body``: ``body[start:end]`` begins with its heading, if it has one; no finding.

    Kinds: title, preamble, recital, division_part, division_title, chapter, section, subsection, article, paragraph,
    annex, appendix, part (a heading in an annex), final, footnotes, footnote; and ``amendment``, a stretch that another
    act put there ("M2"), which may overlap any other. The others nest: in the order given, the outer one comes first.
    """

    kind: str
    number: str  # "8", "XII", "A"; "" when it has none
    title: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the publisher says, field by field; the content hash of a revision is over exactly this.

    All texts are plain text (markup removed once, by the page parser, so offsets stay true). ``None`` means that the
    source said nothing; an empty tuple likewise. Codes, objectives and legal basis are verbatim.
    """

    kind: Kind
    published_on: date
    symbols: tuple[str, ...] = ()
    title: str = ""
    title_original: str | None = None
    language: str | None = None  # ISO 639-1, as the source declares it
    members: tuple[str, ...] = ()  # ISO 3166-1 alpha-2, or EU; sorted
    agencies: tuple[Agency, ...] = ()
    summary: str | None = None
    body: str | None = None
    comment_until: date | None = None
    adopted_on: date | None = None
    adopted_text: str | None = None
    in_force_on: date | None = None
    in_force_text: str | None = None
    applies_from: date | None = None
    dates_text: str | None = None  # the source's own sentence about dates (FR "DATES")
    action: str | None = None  # FR "ACTION" line
    products_text: str | None = None
    hs_codes: tuple[str, ...] = ()
    ics_codes: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    objectives_text: str | None = None
    keywords: tuple[str, ...] = ()  # ePing keywords, FR topics
    legal_basis: tuple[str, ...] = ()  # TBT articles ticked, "relevant documents" of the form
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    relations: tuple[Relation, ...] = ()
    sections: tuple[Section, ...] = ()  # of ``body``: articles, recitals, annexes of an act


TEXT_FIELDS: tuple[str, ...] = (
    "title",
    "title_original",
    "summary",
    "body",
    "products_text",
    "objectives_text",
    "dates_text",
    "action",
    "adopted_text",
    "in_force_text",
)
"""Fields of :class:`Facts` that hold prose: findings and passages point into these, in this order."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one feed said about one record at one time. Keyed by (feed, record_id)."""

    notice_id: str
    feed: str
    record_id: str
    observed_at: datetime  # when the capture was fetched; aware, UTC
    capture_id: str
    parser: str
    parser_version: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Notice:
    """One publication, as merged from every feed that reports it, in one revision."""

    id: str
    source: str  # the publisher: "wto", "us-fr", "eu", "regime"
    family: str  # the id of the notice that leads the family (its own id when alone)
    revision: int
    content_hash: str
    facts: Facts
    first_captured_at: datetime
    withdrawn: bool = False
    withdrawn_on: date | None = None  # the day on which it was seen to be withdrawn


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a notice's facts. ``number`` is by arrival; validity says which one was the truth when."""

    notice_id: str
    number: int
    content_hash: str
    changed_fields: tuple[str, ...]  # against the revision before it in validity order; () for the first
    valid_from: date
    valid_until: date | None  # exclusive; None = still valid
    captured_at: datetime
    captured_late: bool  # first captured more than 7 days after publication: say "as captured on D"
    text_version: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the append-only change log; ``seq`` order is commit order."""

    seq: int
    notice_id: str
    revision: int
    kind: ChangeKind
    cause: Cause
    changed_fields: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What a component thinks; ``text[start:end]`` of the named field is the evidence.

    ``field`` is one of :data:`TEXT_FIELDS`, or "hs_codes"/"ics_codes"/"agencies"/"keywords" (then start/end count in
    the values joined by "; "). Labels: hs, ics, hs_rejected, ics_rejected, sector, reference, date, language, deadline.
    """

    notice_id: str
    revision: int
    component: str
    component_version: int
    label: str
    value: str
    field: str
    start: int
    end: int
    confidence: float  # 0..1
    rule: str
    provenance: Provenance = Provenance.INFERRED


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one field, the unit of retrieval and citation: ``text == field_text[start:end]``."""

    notice_id: str
    revision: int
    field: str
    ordinal: int
    start: int
    end: int
    heading_path: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that its parser could not read; kept, and retried when the parser's version rises."""

    id: str  # feed + record id (or capture id and position)
    feed: str
    capture_id: str
    locator: str  # where in the capture, e.g. "items[17]"
    parser: str
    parser_version: int
    error_code: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """What a batch of observations did to the store."""

    new: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    unchanged: int = 0
    changes: tuple[Change, ...] = field(default=())
