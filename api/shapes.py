"""The JSON shapes of DESIGN §6, shared by the API and `--json` of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from api.caveats import Caveat
from api.messages import Lang
from api.notice_service import CodeRow
from api.search_service import SearchAnswer
from notices.model import Change, Notice, Provenance
from notices.runs import SourceStatus
from notices.search import Hit


class WarningOut(BaseModel):
    """A stable code with its sentence in both languages."""

    code: str
    message: str
    message_ko: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, caveat: Caveat) -> WarningOut:
        """From the service's value."""
        return cls(
            code=caveat.code,
            message=caveat.sentence(Lang.EN),
            message_ko=caveat.sentence(Lang.KO),
            detail=caveat.detail(),
        )


class WhyOut(BaseModel):
    """A reason why a hit is here: term, identifier, hs_direct, hs_broad, ics_direct, ics_broad, glossary, filter."""

    code: str
    detail: str


class HighlightOut(BaseModel):
    """Text around a match; each mark is [start, end) counted in characters of ``text``."""

    field: str
    text: str
    marks: list[tuple[int, int]]


class HitOut(BaseModel):
    """One family, shown by its best matching notice. ``market``: several codes of a joint notification, by commas."""

    id: str
    symbols: list[str]
    title: str
    market: str
    kind: str
    published_on: date
    comment_until: date | None
    hs_codes: list[str]
    ics_codes: list[str]
    score: float
    why: list[WhyOut]
    highlights: list[HighlightOut]

    @classmethod
    def of(cls, hit: Hit, notice: Notice, rows: Sequence[CodeRow]) -> HitOut:
        """A hit joined with its facts; codes are cleaned, and declared by the source here or in a parent."""
        facts = notice.facts
        codes = [row for row in rows if row.provenance is not Provenance.INFERRED]
        return cls(
            id=hit.notice_id,
            symbols=list(facts.symbols),
            title=facts.title,
            market=",".join(facts.members),
            kind=facts.kind,
            published_on=facts.published_on,
            comment_until=facts.comment_until,
            hs_codes=[row.code for row in codes if row.system == "hs"],
            ics_codes=[row.code for row in codes if row.system == "ics"],
            score=hit.score,
            why=[WhyOut(code=why.code, detail=why.detail) for why in hit.why],
            highlights=[HighlightOut(field=h.field, text=h.text, marks=list(h.marks)) for h in hit.highlights],
        )


class FacetOut(BaseModel):
    """How many families carry a value."""

    value: str
    count: int


class SearchOut(BaseModel):
    """One page of families. ``total_relation`` is "eq", or "gte" past 10,000."""

    total: int
    total_relation: str
    hits: list[HitOut]
    facets: dict[str, list[FacetOut]]
    next_cursor: str | None
    generation: str
    warnings: list[WarningOut]

    @classmethod
    def of(cls, answer: SearchAnswer) -> SearchOut:
        """From the search service's answer."""
        page = answer.page
        return cls(
            total=page.total,
            total_relation=page.total_relation,
            hits=[
                HitOut.of(hit, answer.notices[hit.notice_id], answer.codes[hit.notice_id])
                for hit in page.hits
                if hit.notice_id in answer.notices
            ],
            facets={
                name: [FacetOut(value=facet.value, count=facet.count) for facet in values]
                for name, values in page.facets.items()
            },
            next_cursor=page.next_cursor,
            generation=page.generation,
            warnings=[WarningOut.of(caveat) for caveat in answer.warnings],
        )


class SourceOut(BaseModel):
    """One feed: what it holds and how its last run went."""

    source: str
    title: str
    received: int
    skipped: int
    notices: int
    expected: int | None
    last_success: datetime | None
    newest: date | None
    verdict: str
    reason: str
    dead: int
    replayed: bool

    @classmethod
    def of(cls, status: SourceStatus, *, replayed: bool) -> SourceOut:
        """From the store's status."""
        return cls(
            source=status.source,
            title=status.title,
            received=status.received,
            skipped=status.skipped,
            notices=status.notices,
            expected=status.expected,
            last_success=status.last_success,
            newest=status.newest,
            verdict=status.verdict,
            reason=status.reason,
            dead=status.dead,
            replayed=replayed,
        )


class ChangeOut(BaseModel):
    """One line of the change log."""

    seq: int
    id: str
    revision: int
    kind: str
    cause: str
    changed_fields: list[str]
    at: datetime

    @classmethod
    def of(cls, change: Change) -> ChangeOut:
        """From the log."""
        return cls(
            seq=change.seq,
            id=change.notice_id,
            revision=change.revision,
            kind=change.kind,
            cause=change.cause,
            changed_fields=list(change.changed_fields),
            at=change.at,
        )


class ChangesOut(BaseModel):
    """Changes in commit order; ask again with ``after=next_after``. ``last`` is the newest seq there is."""

    changes: list[ChangeOut]
    next_after: int
    last: int
    replayed: bool
