"""The JSON shapes of an EU act: versions, days with evidence, table of contents."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.act_service import ActView, Version
from api.messages import Lang, known


class VersionOut(BaseModel):
    """Another version of an act, or one of its corrigenda."""

    id: str
    celex: str
    day: date
    kind: str
    text_status: str

    @classmethod
    def of(cls, version: Version | None) -> VersionOut | None:
        """From the service's value."""
        return cls.model_validate(version, from_attributes=True) if version else None


class ActDayOut(BaseModel):
    """A day of an act; ``quote`` is ``body``[start:end]. ``day`` is null where it hangs on the event in ``text``."""

    label: str
    day: date | None
    text: str
    scope: str
    quote: str
    start: int
    end: int
    section: str | None
    confidence: float


class SectionOut(BaseModel):
    """A line of the table of contents: ``body``[start:end]."""

    key: str
    kind: str
    name: str
    depth: int
    start: int
    end: int


class ActOut(BaseModel):
    """An EU act. ``text_status``: verbatim, excerpt, reconstructed, missing (listed, can't be had) or not_collected."""

    celex: str
    consolidated_on: date | None
    text_status: str
    text_status_message: str
    text_status_message_ko: str
    in_force: bool | None
    original: VersionOut | None
    newest: VersionOut | None
    corrigenda: list[VersionOut]
    days: list[ActDayOut]
    contents: list[SectionOut]

    @classmethod
    def of(cls, act: ActView) -> ActOut:
        """From the service's view."""
        key = f"text_status.{act.text_status}"
        return cls(
            celex=act.celex,
            consolidated_on=act.consolidated_on,
            text_status=act.text_status,
            text_status_message=known(Lang.EN, key, act.text_status),
            text_status_message_ko=known(Lang.KO, key, act.text_status),
            in_force=act.in_force,
            original=VersionOut.of(act.original),
            newest=VersionOut.of(act.newest),
            corrigenda=[VersionOut.model_validate(each, from_attributes=True) for each in act.corrigenda],
            days=[
                ActDayOut(
                    label=day.label, day=day.day, text=day.text, scope=day.scope, quote=day.quote,
                    start=day.start, end=day.end, section=day.key, confidence=day.confidence,
                )
                for day in act.days
            ],
            contents=[
                SectionOut(
                    key=each.key, kind=each.kind, name=each.name, depth=each.depth,
                    start=each.section.start, end=each.section.end,
                )
                for each in act.contents
            ],
        )  # fmt: skip
