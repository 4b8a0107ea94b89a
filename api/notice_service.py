"""One notice as API, page and command line show it: facts, findings, codes, family state, what changed when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from api.act_service import ActView, act_view
from api.services import Services, SourceInfo
from index.documents import INHERITING
from notices.identity import from_url
from notices.model import Facts, Finding, Kind, Link, LinkRole, Notice, Provenance, Revision
from notices.nomenclature import hs, ics
from notices.symbols import parse_symbol

_CODE_LABELS = ("hs", "ics", "hs_rejected", "ics_rejected")


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A clean code with whose word it is; titles are None when the nomenclature does not list it."""

    system: str  # hs or ics
    code: str
    provenance: Provenance
    title_en: str | None
    title_ko: str | None


@dataclass(frozen=True, slots=True)
class FamilyState:
    """Where a family stands today. Only facts decide: a proposed date that has passed puts nothing into force."""

    code: str  # open, closed, no_deadline, withdrawn
    comment_until: date | None
    until_from: str | None  # the document that set it: follow-ups extend deadlines
    days_left: int | None
    latest: str  # the newest document
    text: str  # the document that carries the present text: the newest revision, else the first
    documents: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after a revision."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision with what it changed, field by field."""

    revision: Revision
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Everything about one notice."""

    notice: Notice
    revision: Revision
    findings: tuple[Finding, ...]  # without the codes, which stand in ``codes``
    codes: tuple[CodeRow, ...]
    family: tuple[Notice, ...]
    state: FamilyState
    revisions: tuple[RevisionView, ...]
    info: SourceInfo | None
    act: ActView | None = None  # of EU acts


def view_notice(services: Services, segment: str) -> NoticeView:
    """The notice under a path segment (``/`` written as ``~``). Raises NotFound, StoreUnavailable."""
    notice = services.store.notice(from_url(segment))
    family = tuple(services.store.family(notice.family)) or (notice,)
    if notice.source == "eu":  # the first consolidated version bears the day of its act, which comes before it
        family = tuple(sorted(family, key=lambda each: (each.facts.published_on, each.id != notice.family)))
    revisions = view_revisions(services, notice.id)
    current = next((view.revision for view in revisions if view.revision.number == notice.revision), None)
    found = services.store.findings([member.id for member in family])
    own = tuple(found.get((notice.id, notice.revision), ()))
    return NoticeView(
        notice=notice,
        revision=current or revisions[-1].revision,
        findings=tuple(finding for finding in own if finding.label not in _CODE_LABELS),
        codes=all_codes(notice, {member.id: member for member in family}, found),
        family=family,
        state=family_state(family, services.clock.today()),
        revisions=revisions,
        info=next(iter(services.feeds_of(notice.source)), None),
        act=act_view(notice, family, own, services.clock.today()),
    )


def view_revisions(services: Services, notice_id: str) -> tuple[RevisionView, ...]:
    """All revisions, oldest first, each against the one before it in validity. Raises NotFound."""
    views: list[RevisionView] = []
    before: Facts | None = None
    for revision in services.store.revisions(notice_id):
        changes = () if before is None else tuple(
            FieldChange(name, getattr(before, name), getattr(revision.facts, name))
            for name in revision.changed_fields
            if hasattr(before, name)
        )  # fmt: skip
        views.append(RevisionView(revision, changes))
        before = revision.facts
    return tuple(views)


def family_state(family: Sequence[Notice], today: date) -> FamilyState:
    """Where a family stands, from the facts of its documents, oldest first."""
    latest = family[-1]
    text = next((member for member in reversed(family) if member.facts.kind is Kind.REVISION), family[0])
    setter = next((member for member in reversed(family) if member.facts.comment_until is not None), None)
    until = setter.facts.comment_until if setter else None
    if all(member.withdrawn for member in family):
        code = "withdrawn"
    elif until is None:
        code = "no_deadline"
    else:
        code = "open" if until >= today else "closed"
    days = (until - today).days if until is not None else None
    return FamilyState(code, until, setter.id if setter else None, days, latest.id, text.id, len(family))


def code_rows(facts: Facts, findings: Sequence[Finding]) -> tuple[CodeRow, ...]:
    """The codes of one revision: as found and cleaned, or before enrichment those declared that exist."""
    rows: dict[tuple[str, str], CodeRow] = {}
    for finding in findings:
        if finding.label in ("hs", "ics"):
            key = (finding.label, finding.value)
            if key not in rows or finding.provenance is Provenance.NOTIFIED:
                rows[key] = _row(finding.label, finding.value, finding.provenance)
    if not any(finding.label in _CODE_LABELS for finding in findings):
        for system, codes in (("hs", facts.hs_codes), ("ics", facts.ics_codes)):
            for code in codes:
                if (hs if system == "hs" else ics).exists(code):
                    rows[system, code] = _row(system, code, Provenance.NOTIFIED)
    return tuple(sorted(rows.values(), key=_code_order))


def all_codes(
    notice: Notice, family: Mapping[str, Notice], found: Mapping[tuple[str, int], Sequence[Finding]]
) -> tuple[CodeRow, ...]:
    """Own codes, and for a follow-up that declares none of a system those of its nearest parent that does.

    The rule of ``index.documents``; ``family`` holds at least the parents (:func:`parent_ids`) that are known.
    """
    rows = list(code_rows(notice.facts, found.get((notice.id, notice.revision), ())))
    if notice.facts.kind not in INHERITING:
        return tuple(rows)
    above = [
        [row for row in code_rows(parent.facts, found.get((parent.id, parent.revision), ())) if _declared(row)]
        for parent_id in parent_ids(notice)
        if (parent := family.get(parent_id)) is not None
    ]
    for system in ("hs", "ics"):
        if any(row.system == system and _declared(row) for row in rows):
            continue
        theirs = next((own for each in above if (own := [row for row in each if row.system == system])), [])
        taken = {row.code for row in theirs}
        rows = [row for row in rows if row.system != system or row.code not in taken]
        rows += [replace(row, provenance=Provenance.INHERITED) for row in theirs]
    return tuple(sorted(rows, key=_code_order))


def parent_ids(notice: Notice) -> tuple[str, ...]:
    """The documents above a follow-up, nearest first: one suffix shorter each, then the leader of the family."""
    chain: list[str] = []
    if notice.source == "wto" and notice.facts.symbols:
        parent = parse_symbol(notice.facts.symbols[0]).parent
        while parent is not None:
            chain.append(f"wto:{parent}")
            parent = parse_symbol(parent).parent
    return tuple(dict.fromkeys(each for each in (*chain, notice.family) if each != notice.id))


def _declared(row: CodeRow) -> bool:
    return row.provenance is not Provenance.INFERRED


_ORDER = (Provenance.NOTIFIED, Provenance.EDITED, Provenance.INHERITED, Provenance.INFERRED)


def _code_order(row: CodeRow) -> tuple[str, int, str]:
    return (row.system, _ORDER.index(row.provenance), row.code)


def _row(system: str, code: str, provenance: Provenance) -> CodeRow:
    table = hs if system == "hs" else ics
    return CodeRow(system, code, provenance, table.title(code, "en"), table.title(code, "ko"))


def web_address(url: str | None) -> str | None:
    """The address when it is a plain http(s) one, else None: fetched records may hold anything."""
    if not url or len(url) > 2000 or any(char <= " " or char in "\"'<>\\`" for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def documents(facts: Facts) -> tuple[Link, ...]:
    """Safe links and attachments in reading order: source page, form, texts, others; each address once."""
    order = (LinkRole.SOURCE, LinkRole.FORM, LinkRole.DOCUMENT, LinkRole.COMMENT, LinkRole.OTHER)
    safe = {link.url: link for link in (*facts.attachments, *facts.links) if web_address(link.url)}
    return tuple(sorted(safe.values(), key=lambda link: order.index(link.role)))


def note_key(kind: Kind) -> str | None:
    """Which caution a kind of publication needs on its page."""
    if kind in (Kind.PROPOSED_RULE,):
        return "note.proposal"
    if kind in (Kind.FINAL_RULE, Kind.PRESIDENTIAL, Kind.ACT, Kind.IMPLEMENTING_ACT):
        return "note.as_published"
    if kind is Kind.CONSOLIDATED_ACT:
        return "note.consolidated"
    if kind in (Kind.NOTICE, Kind.GUIDANCE, Kind.REGIME):
        return None
    return "note.not_law"
