"""The JSON shapes of one notice, its family and its revisions. Facts and findings never share a record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, TypeAdapter

from api.act_shapes import ActOut
from api.caveats import Caveat
from api.messages import Lang, known, say
from api.notice_service import CodeRow, NoticeView, RevisionView, documents, note_key, web_address
from api.services import Services
from api.shapes import WarningOut
from notices.identity import to_url
from notices.model import Facts, Finding, Notice

_facts = TypeAdapter(Facts)
_any: TypeAdapter[Any] = TypeAdapter(Any)


class CodeOut(BaseModel):
    """A code with its titles and whose word it is: notified, inherited, inferred or edited."""

    code: str
    provenance: str
    title: str | None
    title_ko: str | None

    @classmethod
    def of(cls, row: CodeRow) -> CodeOut:
        """From the service's row."""
        return cls(code=row.code, provenance=row.provenance, title=row.title_en, title_ko=row.title_ko)


class FindingOut(BaseModel):
    """What a component thinks; ``field``[start:end] is the evidence."""

    label: str
    value: str
    field: str
    start: int
    end: int
    confidence: float
    provenance: str
    component: str
    component_version: int
    rule: str

    @classmethod
    def of(cls, finding: Finding) -> FindingOut:
        """From the model, without the notice that it stands under."""
        return cls.model_validate(finding, from_attributes=True)


class DocumentOut(BaseModel):
    """A link to a text; ``role``: source, form, document, comment, other."""

    url: str
    role: str
    title: str | None
    language: str | None


class StateOut(BaseModel):
    """Where the family stands: open, closed, no_deadline or withdrawn."""

    code: str
    comment_until: date | None
    until_from: str | None
    days_left: int | None
    latest: str
    text: str
    documents: int


class FamilyMemberOut(BaseModel):
    """One document of a family."""

    id: str
    symbols: list[str]
    kind: str
    title: str
    published_on: date
    comment_until: date | None
    withdrawn: bool

    @classmethod
    def of(cls, notice: Notice) -> FamilyMemberOut:
        """From the notice."""
        facts = notice.facts
        return cls(
            id=notice.id,
            symbols=list(facts.symbols),
            kind=facts.kind,
            title=facts.title,
            published_on=facts.published_on,
            comment_until=facts.comment_until,
            withdrawn=notice.withdrawn,
        )


class FamilyOut(BaseModel):
    """A family, oldest document first."""

    family: str
    state: StateOut
    documents: list[FamilyMemberOut]
    replayed: bool


class FieldChangeOut(BaseModel):
    """One field before and after."""

    field: str
    before: Any
    after: Any


class RevisionOut(BaseModel):
    """One state of a notice: valid on days from ``valid_from`` up to, not including, ``valid_until``."""

    number: int
    valid_from: date
    valid_until: date | None
    captured_at: datetime
    captured_late: bool
    text_version: int
    content_hash: str
    changed_fields: list[str]
    changes: list[FieldChangeOut]

    @classmethod
    def of(cls, view: RevisionView) -> RevisionOut:
        """From the service's view."""
        revision = view.revision
        return cls(
            number=revision.number,
            valid_from=revision.valid_from,
            valid_until=revision.valid_until,
            captured_at=revision.captured_at,
            captured_late=revision.captured_late,
            text_version=revision.text_version,
            content_hash=revision.content_hash,
            changed_fields=list(revision.changed_fields),
            changes=[
                FieldChangeOut(field=c.field, before=_plain(c.before), after=_plain(c.after)) for c in view.changes
            ],
        )


class RevisionsOut(BaseModel):
    """Every revision in validity order, oldest first."""

    id: str
    revisions: list[RevisionOut]
    replayed: bool


class AttributionOut(BaseModel):
    """Whose data these are and under which terms."""

    source: str
    publisher: str
    publisher_ko: str
    licence: str
    licence_url: str


class NoticeOut(BaseModel):
    """One notice. ``facts`` is the source's word, ``findings`` ours; they never share a record."""

    id: str
    url: str
    page: str
    source: str
    family: str
    revision: int
    revisions: int
    valid_from: date
    captured_late: bool
    first_captured_at: datetime
    withdrawn: bool
    market: str
    facts: dict[str, Any]
    codes: dict[str, list[CodeOut]]
    findings: list[FindingOut]
    state: StateOut
    documents: list[DocumentOut]
    attribution: AttributionOut
    act: ActOut | None
    note: str | None
    note_ko: str | None
    replayed: bool
    warnings: list[WarningOut]

    @classmethod
    def of(cls, view: NoticeView, services: Services) -> NoticeOut:
        """From the service's view."""
        notice, info, note = view.notice, view.info, note_key(view.notice.facts.kind)
        segment = to_url(notice.id)
        return cls(
            id=notice.id,
            url=f"{services.public_url}/v1/notices/{segment}",
            page=f"{services.public_url}/notices/{segment}",
            source=notice.source,
            family=notice.family,
            revision=notice.revision,
            revisions=len(view.revisions),
            valid_from=view.revision.valid_from,
            captured_late=view.revision.captured_late,
            first_captured_at=notice.first_captured_at,
            withdrawn=notice.withdrawn,
            market=",".join(notice.facts.members),
            facts=_safe_facts(notice.facts),
            codes={system: [CodeOut.of(row) for row in view.codes if row.system == system] for system in ("hs", "ics")},
            findings=[FindingOut.of(finding) for finding in view.findings],
            state=StateOut.model_validate(view.state, from_attributes=True),
            documents=[
                DocumentOut(url=link.url, role=link.role, title=link.title, language=link.language)
                for link in documents(notice.facts)
            ],
            attribution=AttributionOut(
                source=notice.source,
                publisher=info.publisher_name if info else known(Lang.EN, f"publisher.{notice.source}", notice.source),
                publisher_ko=info.publisher_name_ko
                if info
                else known(Lang.KO, f"publisher.{notice.source}", notice.source),
                licence=info.licence if info else "",
                licence_url=info.licence_url if info else "",
            ),
            act=ActOut.of(view.act) if view.act else None,
            note=say(Lang.EN, note) if note else None,
            note_ko=say(Lang.KO, note) if note else None,
            replayed=services.replayed,
            warnings=[WarningOut.of(Caveat("replayed"))] if services.replayed else [],
        )


def _safe_facts(facts: Facts) -> dict[str, Any]:
    """The facts as JSON, without addresses that are no http(s) ones."""
    plain: dict[str, Any] = _facts.dump_python(facts, mode="json")
    for name in ("links", "attachments"):
        plain[name] = [link for link in plain[name] if web_address(link["url"])]
    return plain


def _plain(value: object) -> Any:  # noqa: ANN401 - a fact of any type, as JSON
    return _any.dump_python(value, mode="json")
